package contract_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/contract/contracttest"
)

// TestCoverage runs testdata/coverage/*.txtar: a document, or ours if there is none, exchanges as in TestCases, and all parts, with
// how many of the exchanges showed each.
func TestCoverage(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/coverage/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			require.NoError(t, err)
			c, want := ours(t), &archive.Files[len(archive.Files)-1]
			if archive.Files[0].Name == "spec.yaml" {
				c = load(t, archive.Files[0].Data)
			}
			v := c.Coverage()
			for _, f := range archive.Files {
				if f.Name == "exchange" {
					observe(c, v, exchange(t, f.Data))
				}
			}
			got := quoted(t, covered(v))
			if *update {
				want.Data = []byte(got)
				require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
			}
			require.Equal(t, string(want.Data), got)
		})
	}
}

func observe(c *contract.Contract, v *contract.Coverage, x contract.Exchange) {
	_, body := c.Judge(x)
	v.Add(x, body)
}

// covered is a line for each part.
func covered(v *contract.Coverage) string {
	var b strings.Builder
	for _, p := range v.Parts() {
		words := []string{p.Kind, p.Operation, p.Status, p.Property, fmt.Sprintf("%q", p.Name), p.Document, p.Position}
		fmt.Fprintf(&b, "%d %s\n", p.Seen, strings.Join(strings.Fields(strings.Join(words, " ")), " "))
	}
	return b.String()
}

func TestCoverageCountsWhatComesAtOnce(t *testing.T) {
	t.Parallel()
	const callers, each = 16, 200
	c := ours(t)
	v := c.Coverage()
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range each {
				observe(c, v, answer(render))
				observe(c, v, answer("{}"))
				v.Parts()
			}
		})
	}
	wg.Wait()
	counts := map[int]int{}
	for _, p := range v.Parts() {
		counts[p.Seen]++
	}
	require.Equal(t, map[int]int{0: 19, callers * each: 16, 2 * callers * each: 2}, counts)
}

func TestCoverageLeavesOutWhatIsNotThere(t *testing.T) {
	t.Parallel()
	c := ours(t)
	for name, change := range map[string]func(x *contract.Exchange){
		"a body that was cut":        func(x *contract.Exchange) { x.Unseen = contract.Cut },
		"no body":                    func(x *contract.Exchange) { x.Body = nil },
		"a HEAD":                     func(x *contract.Exchange) { x.Method = http.MethodHead },
		"an encoding unknown here":   func(x *contract.Exchange) { x.Header.Set("Content-Encoding", "zstd") },
		"a body that is no JSON":     func(x *contract.Exchange) { x.Body = []byte("<html>") },
		"a body of another type":     func(x *contract.Exchange) { x.Body = []byte("[1]") },
		"a member of another's name": func(x *contract.Exchange) { x.Body = []byte(`{"ID":1,"new":{"id":1}}`) },
	} {
		v, x := c.Coverage(), answer(render)
		change(&x)
		observe(c, v, x)
		seen := slices.DeleteFunc(v.Parts(), func(p contract.Part) bool { return p.Seen == 0 })
		require.Len(t, seen, 2, name)
		require.Equal(t, []string{"operation", "status"}, []string{seen[0].Kind, seen[1].Kind}, name)
	}
	v := c.Coverage()
	v.Add(contract.Exchange{Method: "GET", Status: 200}, []byte(render))
	require.NotContains(t, covered(v), "\n1 ")
}

// That this takes no long time and no memory to speak of is what go test's own limits see to.
func TestCoverageOfAHostileDocumentIsBounded(t *testing.T) {
	t.Parallel()
	many := func(n int, each func(i int) string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = each(i)
		}
		return strings.Join(parts, ",")
	}
	doubled := func(keyword func(next string) string) string {
		return many(40, func(i int) string {
			return fmt.Sprintf(`"S%d":%s`, i, keyword(fmt.Sprintf(`{"$ref":"#/components/schemas/S%d"}`, i+1)))
		}) + `,"S40":{}`
	}
	for name, c := range map[string]struct {
		schemas string
		parts   int
	}{
		"properties that double at every level": {doubled(func(next string) string { return `{"properties":{"a":` + next + `,"b":` + next + `}}` }), 10_000},
		"items that double":                     {doubled(func(next string) string { return `{"prefixItems":[` + next + `,` + next + `]}` }), 2},
		"branches that double":                  {doubled(func(next string) string { return `{"anyOf":[` + next + `,{"properties":{"a":` + next + `}}]}` }), 2 + 40*41/2},
		"many properties":                       {`"S0":{"properties":{` + many(11_000, func(i int) string { return fmt.Sprintf(`"p%d":{"type":"string"}`, i) }) + `}}`, 10_000},
		"many values":                           {`"S0":{"enum":[` + many(11_000, strconv.Itoa) + `]}`, 10_000},
		"long names":                            {`"S0":{"properties":{"` + strings.Repeat("n", 100_000) + `":{"properties":{` + many(100, func(i int) string { return fmt.Sprintf(`"p%d":{}`, i) }) + `}}}}`, 22},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := load(t, []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/v1/renders/{id}":{"get":{"responses":{"200":{"description":"x",
				"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S0"}}}}}}}},"components":{"schemas":{`+c.schemas+`}}}`))
			v := made.Coverage()
			require.Len(t, v.Parts(), c.parts)
			observe(made, v, answer(`{"a":{"b":{"a":{}}},"z":[[[]]]}`))
			require.Equal(t, 1, v.Parts()[1].Seen)
		})
	}
}

func TestCoverageOfAHostileBodyIsBounded(t *testing.T) {
	t.Parallel()
	c := load(t, guardedBy("{}", `{"$ref":"#/components/schemas/Pet"}`))
	tree := load(t, guardedBy("{}", `{"anyOf":[{"$ref":"#/components/schemas/Tree"},{"properties":{"tree":{"$ref":"#/components/schemas/Tree"}}}]}`))
	for _, body := range []string{
		strings.Repeat(`{"tree":`, 100_000) + "1" + strings.Repeat("}", 100_000),
		strings.Repeat("[", 1_000_000),
		`[` + strings.Repeat(`{"leaf":"red","tree":{"leaf":"green"}},`, 50_000) + `{}]`,
		strings.Repeat(`{"kind":"Bird","tree":`, 10_000) + "1" + strings.Repeat("}", 10_000),
	} {
		for _, made := range []*contract.Contract{c, tree} {
			v := made.Coverage()
			v.Add(answer(body), []byte(body))
			require.Equal(t, 1, v.Parts()[1].Seen)
		}
	}
}

func TestCoverageOfMadeUpDocuments(t *testing.T) {
	t.Parallel()
	for seed := range *seeds / 10 {
		d := contracttest.New(seed)
		c, err := contract.Load("made.json", d.Text)
		require.NoError(t, err)
		v, twice := c.Coverage(), c.Coverage()
		for range 20 {
			x := contracttest.Answer(d.Body())
			observe(c, v, x)
			observe(c, twice, x)
			observe(c, twice, x)
		}
		for i, p := range twice.Parts() {
			require.LessOrEqual(t, v.Parts()[i].Seen, 20, "seed %d", seed)
			require.Equal(t, 2*v.Parts()[i].Seen, p.Seen, "seed %d, part %v", seed, p)
		}
	}
}

func BenchmarkCoverageOfARender(b *testing.B) {
	c := ours(b)
	v, x := c.Coverage(), answer(render)
	_, body := c.Judge(x)
	b.ReportAllocs()
	for b.Loop() {
		v.Add(x, body)
	}
}
