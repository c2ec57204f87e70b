package lint

import (
	"slices"
	"strings"

	"github.com/roughy-go/roughy/internal/contract"
)

// Rule is one rule, and why there is one.
type Rule struct {
	ID       string           `json:"id"`
	Severity contract.Verdict `json:"severity"` // the worst that a finding of it can be
	House    bool             `json:"house"`    // it is for documents of the house alone
	Why      string           `json:"why"`      // a sentence
}

// Rules lists all rules. That of OpenAPI's grammar is many: behind a full stop, findings of it have kin-openapi's name of the one that was
// broken, such as openapi.path-parameters-mismatch.
func Rules() []Rule {
	const violation, warning = contract.Violation, contract.Warning
	return []Rule{
		{"openapi", violation, false, "Generators and validators each read a document that breaks OpenAPI's grammar in their own way."},
		{"type", violation, false, "A type that there is not makes a schema that nothing can be held to."},
		{"example", violation, false, "People copy examples, and servers that answer with them serve what the contract forbids."},
		{"default", violation, false, "A client that fills a default in sends what the contract forbids."},
		{"required", violation, false, "An answer without the member breaks the contract, and one with it has a member that nobody described."},
		{"enum-twice", warning, false, "One of the two values was meant to be another."},
		{"unused", warning, false, "What nothing refers to is not part of the API: it is a leftover, or a reference that was forgotten."},

		{"source", violation, true, "Each fact says by x-documented where it was read, so that a reader can tell what the vendor promises from what we made up."},
		{"source-word", violation, true, "x-documented is reference (the endpoint's page), concepts/… (a concept page), prose (running text) or ours (nobody documents it)."},
		{"source-observed", warning, true, "What was only seen in traffic is no promise: look it up and name the page, or say ours."},
		{"ours", violation, true, "x-ours lists the keywords beside it that nobody documents; one that is not there is a leftover."},
		{"name-property", violation, true, "The API writes members in snake_case, and the generated Go names are made from that."},
		{"name-parameter", violation, true, "The API writes parameters in snake_case, and headers in Train-Case."},
		{"name-schema", violation, true, "Schemas become Go types by their names, so they are in PascalCase, singular."},
		{"name-operation", violation, true, "Operations become Go methods by their operationId, so it is camelCase and starts with a verb: readRender."},
		{"name-path", violation, true, "A path is /v1/ and plural nouns in snake_case, as all that are documented are; parameters are in snake_case."},
		{"name-tag", violation, true, "Tags are headings of the documentation's sidebar: lower case, words joined by a hyphen."},
		{"name-value", violation, true, "Values of an enum become Go constants, so they are lower-case letters, digits and _ alone, as the documented ones are."},
		{"description", violation, true, "The descriptions are all that a reader of the generated Go code and of /docs gets to see."},
		{"description-form", violation, true, "A description is one or more whole sentences in our own words: a capital first, a full stop last."},
		{"summary", violation, true, "A summary is a heading: at most 60 letters, a capital first, no full stop."},
		{"enum-null", violation, true, "oapi-codegen cannot generate an enum that holds null: write anyOf with the enum's schema and type null."},
	}
}

// described is the rule of that id.
func described(id string) Rule {
	family, _, _ := strings.Cut(id, ".")
	all := Rules()
	return all[slices.IndexFunc(all, func(r Rule) bool { return r.ID == family })]
}
