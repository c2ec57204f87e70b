package diff

import (
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/roughy-go/roughy/internal/secret"
)

// finding is what oasdiff says, and where, by pointers; "" where nobody knows.
type finding struct {
	Change
	base, head        string
	wasThere, isThere bool
}

// versionRules are oasdiff's own view of info.version, which the report gives once, for all changes.
var versionRules = map[string]bool{
	checker.APIVersionNotBumpedId: true, checker.APIVersionDecreasedId: true, checker.APIMajorVersionNotBumpedId: true,
}

// ask lets oasdiff compare the documents, whatever becomes of that, and looks up where what it found is.
func ask(base, head side) (out []finding, err error) {
	defer survive(&err)
	from, to, err := specs(base, head)
	if err != nil {
		return nil, err
	}
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), from, to)
	if err != nil {
		return nil, fmt.Errorf("compare %s with %s: %s", base.name, head.name, oneLine(err))
	}
	changes := checker.CheckBackwardCompatibilityUntilLevel(checker.NewConfig(checker.GetAllChecks()), report, sources, checker.NONE)
	rules, say := ruleTable(), checker.NewDefaultLocalizer()
	for _, c := range changes {
		if versionRules[c.GetId()] || c.GetLevel() == checker.NONE {
			continue
		}
		f := finding{Change: described(c, rules, say)}
		f.base, f.head = pointer(base, c.GetBaseSource()), pointer(head, c.GetRevisionSource())
		f.wasThere, f.isThere = f.base != "", f.head != ""
		if !f.wasThere && !f.isThere {
			f.base, f.head = mentioned(base, c), mentioned(head, c)
		}
		out = append(out, f)
	}
	return out, nil
}

// specs are the documents as oasdiff is to see them. They are read anew where an allOf cannot be merged, and compared with it.
func specs(base, head side) (from, to *load.SpecInfo, err error) {
	if from, to, err = loaded(base, head); err != nil {
		return nil, nil, err
	}
	first, second, err := both(func() (bool, error) { return merged(from) }, func() (bool, error) { return merged(to) })
	if err == nil && !(first && second) {
		from, to, err = loaded(base, head)
	}
	if err != nil {
		return nil, nil, err
	}
	rename(to.Spec, renamed(base, head))
	normal(from.Spec, to.Spec)
	return from, to, nil
}

func merged(s *load.SpecInfo) (done bool, err error) {
	defer survive(&err)
	return merge(s.Spec)
}

func loaded(base, head side) (from, to *load.SpecInfo, err error) {
	return both(func() (*load.SpecInfo, error) { return spec(base) }, func() (*load.SpecInfo, error) { return spec(head) })
}

// survive makes an error of a panic.
func survive(err *error) {
	if recover() != nil {
		*err = errors.New("compare: oasdiff cannot cope with these documents")
	}
}

func spec(s side) (info *load.SpecInfo, err error) {
	defer survive(&err)
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	info, err = load.NewSpecInfoFromData(loader, s.data, s.name)
	if err != nil {
		return nil, fmt.Errorf("%s: oasdiff cannot read it: %s", s.Position(""), oneLine(err))
	}
	return info, nil
}

func oneLine(err error) string {
	return fmt.Sprintf("%.300s", secret.Mask(strings.Join(strings.Fields(err.Error()), " ")))
}

// described is a change in oasdiff's words, and its consequences in ours.
func described(c checker.Change, rules map[string]checker.BackwardCompatibilityRule, say checker.Localizer) Change {
	severity := judge(c.GetId(), c.GetLevel())
	out := Change{Rule: c.GetId(), Severity: severity, Judged: severity, Text: secret.Mask(plainText(c.GetUncolorizedText(say)))}
	if c.GetPath() != "" {
		out.Operation = c.GetOperation() + " " + c.GetPath()
	}
	out.Client, out.Server = consequence(rules[c.GetId()].Rule, severity)
	return out
}

// plainText is a sentence without the quotes of Markdown.
func plainText(text string) string { return strings.ReplaceAll(text, "`", "") }

// pointer is the place that oasdiff names by its line and column.
func pointer(s side, at *checker.Source) string {
	if at == nil || at.Line == 0 {
		return ""
	}
	p, _ := s.Pointer(at.Line, at.Column)
	return p
}

// ruleTable is what oasdiff knows of its rules, by their ids.
func ruleTable() map[string]checker.BackwardCompatibilityRule {
	out := map[string]checker.BackwardCompatibilityRule{}
	for _, r := range checker.GetAllRules() {
		out[r.Id] = r
	}
	return out
}
