package diff

import (
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

// ask lets oasdiff compare the documents, and looks up where what it found is.
func ask(base, head side) ([]finding, error) {
	from, err := spec(base)
	if err != nil {
		return nil, err
	}
	to, err := spec(head)
	if err != nil {
		return nil, err
	}
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), from, to)
	if err != nil {
		return nil, fmt.Errorf("compare %s with %s: %s", base.name, head.name, oneLine(err))
	}
	changes := checker.CheckBackwardCompatibilityUntilLevel(checker.NewConfig(checker.GetAllChecks()), report, sources, checker.NONE)
	rules, say := ruleTable(), checker.NewDefaultLocalizer()
	var out []finding
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

func spec(s side) (*load.SpecInfo, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	info, err := load.NewSpecInfoFromData(loader, s.data, s.name)
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
	severity := severityOf(c.GetLevel())
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
