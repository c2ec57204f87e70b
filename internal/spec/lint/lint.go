// Package lint looks for what is wrong with an OpenAPI document by itself, before anything is made of it.
//
// Lint says all that it finds, each with its line and with why the rule is there. Rules lists the rules.
//
// # Rules of any document, and of the house
//
// Rules that hold for any document: it keeps OpenAPI's grammar (as kin-openapi reads that), its examples and defaults keep
// their schemas (as package contract judges them), and nothing in it is lost or unused. The rules of the house are about where each fact
// is documented, and about names and descriptions. They are for documents that say x-documented anywhere, unless House or Generic asks
// for something else.
//
// # Severities
//
// They are those of package contract: a violation has to be mended, a warning should be, and what is unchecked could not be judged.
package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/secret"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// Finding is one thing that is wrong.
type Finding struct {
	Rule     string           `json:"rule"`
	Severity contract.Verdict `json:"severity"` // Warning, Unchecked or Violation
	Document string           `json:"document"` // JSON pointer
	Position string           `json:"position"` // file:line:column of that place
	Message  string           `json:"message"`
	Why      string           `json:"why"` // why there is this rule
}

// Report is what Lint says of a document.
type Report struct {
	Document string    `json:"document"` // its name
	House    bool      `json:"house"`    // the rules of the house were asked too
	Findings []Finding `json:"findings"` // in the order of the document
}

// Count is how many findings have a severity.
func (r Report) Count(v contract.Verdict) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == v {
			n++
		}
	}
	return n
}

// Scope is which rules are asked.
type Scope int

const (
	Auto    Scope = iota // those of the house too where the document says x-documented anywhere; the zero value
	House                // all
	Generic              // those of any document
)

// Lint looks at a document, whose name stands in every position. One that place.Parse or contract.Load does not take is an error of
// one line.
func Lint(name string, data []byte, scope Scope) (Report, error) {
	doc, err := place.Parse(name, data) // before Load, which takes aliases that stand for ten million values
	if err != nil {
		return Report{}, err
	}
	if _, err := contract.Load(name, data); err != nil {
		return Report{}, err
	}
	l := &linter{Document: doc, name: name, parts: parts(doc), known: map[Finding]bool{}}
	l.uses = l.used()
	l.grammar(data)
	l.examples()
	l.unused()
	l.required()
	l.twice()
	l.types()
	house := scope == House || scope == Auto && l.keepsSources()
	if house {
		l.sources()
		l.names()
		l.descriptions()
		l.nulls()
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int {
		return cmp.Or(slices.Compare(lineOf(a.Position), lineOf(b.Position)), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return Report{name, house, append([]Finding{}, l.found...)}, nil
}

// linter is one document and what was found in it.
type linter struct {
	*place.Document
	name  string
	parts []part
	uses  map[string][]string // which component is referred to, and from where
	found []Finding
	known map[Finding]bool
}

// say notes a finding at a pointer, as severe as its rule has it.
func (l *linter) say(rule, at, format string, args ...any) {
	l.add(rule, described(rule).Severity, at, l.Position(at), fmt.Sprintf(format, args...))
}

// add notes a finding, once.
func (l *linter) add(rule string, severity contract.Verdict, at, position, message string) {
	f := Finding{rule, severity, secret.Mask(at), position, secret.Mask(message), described(rule).Why}
	if !l.known[f] {
		l.known[f] = true
		l.found = append(l.found, f)
	}
}

// lineOf is the line and the column of a position.
func lineOf(position string) []int {
	fields := strings.Split(position, ":")
	var out []int
	for _, f := range fields[max(0, len(fields)-2):] {
		n, _ := strconv.Atoi(f) // ours, so it is a number
		out = append(out, n)
	}
	return out
}
