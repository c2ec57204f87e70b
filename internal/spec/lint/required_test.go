package lint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/lint"
)

// A required member that no property describes is a violation, unless the member may be described elsewhere.
func TestRequiredMembersThatAreNoProperties(t *testing.T) {
	t.Parallel()
	const pet = "Pet: {type: object, required: [id, nmae], properties: {id: {type: string}, name: {type: string}}"
	for name, c := range map[string]struct {
		schemas string
		want    contract.Verdict
	}{
		"a wrong name":                        {pet + "}", contract.Violation},
		"no other members":                    {pet + ", additionalProperties: false}", contract.Violation},
		"other members":                       {pet + ", additionalProperties: true}", contract.Warning},
		"other members of any kind":           {pet + ", additionalProperties: {}}", contract.Warning},
		"other members with a schema":         {pet + ", additionalProperties: {type: string}}", contract.OK},
		"members by their form":               {pet + ", patternProperties: {^n: {type: string}}}", contract.OK},
		"a part of another schema":            {"Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {nmae: {type: string}}}]}\n    " + pet + "}", contract.Warning},
		"members beside a reference to it":    {"Dog: {$ref: '#/components/schemas/Pet', properties: {nmae: {type: string}}}\n    " + pet + "}", contract.Warning},
		"a schema that is made of others":     {pet + ", allOf: [{properties: {nmae: {type: string}}}]}", contract.OK},
		"a reference that adds nothing to it": {"Dogs: {type: array, items: {$ref: '#/components/schemas/Pet'}}\n    " + pet + "}", contract.Violation},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := lint.Lint("pets.yaml", []byte(nothingMuch+"components:\n  schemas:\n    "+c.schemas+"\n"), lint.Auto)
			require.NoError(t, err)
			got := contract.OK
			for _, f := range r.Findings {
				if f.Rule == "required" {
					require.Equal(t, `"nmae" is required, and is no property here`, f.Message)
					require.Equal(t, contract.OK, got, "once")
					got = f.Severity
				}
			}
			require.Equal(t, c.want, got)
		})
	}
}
