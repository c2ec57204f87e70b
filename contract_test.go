package roughy_test

import (
	"go/ast"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// TestAliasesSayWhatTheyHold: go doc prints nothing of what an alias of an internal type stands for, so its text has to.
func TestAliasesSayWhatTheyHold(t *testing.T) {
	t.Parallel()
	docs := aliasDocs(t)
	for name, of := range map[string]reflect.Type{
		"Finding":       reflect.TypeFor[roughy.Finding](),
		"Report":        reflect.TypeFor[roughy.Report](),
		"Verdict":       reflect.TypeFor[roughy.Verdict](),
		"Mode":          reflect.TypeFor[roughy.Mode](),
		"ContractError": reflect.TypeFor[roughy.ContractError](),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ElementsMatch(t, held(of), listed(docs[name]))
		})
	}
}

// held is the names of a type's fields with their types, and the names of its methods.
func held(of reflect.Type) []string {
	var out []string
	if of.Kind() == reflect.Struct {
		for field := range of.Fields() {
			out = append(out, field.Name+" "+strings.ReplaceAll(field.Type.String(), "contract.", ""))
		}
	}
	for method := range reflect.PointerTo(of).Methods() {
		out = append(out, method.Name)
	}
	return out
}

// listed is what a text lists in its indented lines, in the same form.
func listed(doc string) []string {
	var out []string
	for line := range strings.Lines(doc) {
		code, _, _ := strings.Cut(line, "//")
		if method, _, ok := strings.Cut(code, "("); ok {
			code = method
		}
		if line[0] == '\t' {
			out = append(out, strings.Join(strings.Fields(code), " "))
		}
	}
	return out
}

// aliasDocs is the text of each alias of contract.go, by its name.
func aliasDocs(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	for _, d := range parsed(t, "contract.go").Decls {
		if g, ok := d.(*ast.GenDecl); ok && len(g.Specs) == 1 {
			if spec, ok := g.Specs[0].(*ast.TypeSpec); ok {
				docs[spec.Name.Name] = g.Doc.Text()
			}
		}
	}
	return docs
}
