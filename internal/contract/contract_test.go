package contract_test

import (
	"encoding/json"
	"errors"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/semver"

	"github.com/roughy-go/roughy/internal/contract"
)

func TestPositionIsTheKeywordsLine(t *testing.T) {
	t.Parallel()
	const spec = `openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                required:
                  - a
`
	c, err := contract.Load("small.yaml", []byte(spec), contract.AnyHost())
	require.NoError(t, err)
	x := answer(`{}`)
	x.URL = x.URL.JoinPath("../../../a")
	r := c.Check(x)
	require.Equal(t, "GET /a", r.Operation)
	require.Equal(t, "small.yaml:13:17", r.Findings[0].Position)
}

// An older kin-openapi skips the keywords of JSON Schema 2020-12, without a word, in every schema that has a reference in
// it. Kin is the authority on the document and a witness of verdicts, so it has to be one that looks. (Where the reference
// itself stands beside unevaluatedProperties, v0.153 refuses the members that the reference names; we do not.)
func TestKinIsNewEnoughToSeeUnevaluatedProperties(t *testing.T) {
	t.Parallel()
	info, ok := debug.ReadBuildInfo()
	require.True(t, ok)
	for _, dep := range info.Deps {
		if dep.Path == "github.com/getkin/kin-openapi" {
			require.GreaterOrEqual(t, semver.Compare(dep.Version, "v0.153.0"), 0, "kin-openapi is %s", dep.Version)
		}
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{},
		"components":{"schemas":{
			"Text":{"type":"string"},
			"Closed":{"type":"object","properties":{"a":{"$ref":"#/components/schemas/Text"}},"unevaluatedProperties":false}}}}`))
	require.NoError(t, err)
	closed := doc.Components.Schemas["Closed"].Value
	require.NoError(t, closed.VisitJSON(map[string]any{"a": "x"}, openapi3.EnableJSONSchema2020()))
	require.Error(t, closed.VisitJSON(map[string]any{"a": "x", "b": "y"}, openapi3.EnableJSONSchema2020()))
}

func TestErrorNamesWhatIsBroken(t *testing.T) {
	t.Parallel()
	var err error = &contract.Error{Report: ours(t).Check(answer(stateless))}
	require.ErrorIs(t, err, contract.ErrBroken)
	var broken *contract.Error
	require.True(t, errors.As(err, &broken))
	for _, part := range []string{"readRender", "schema.required", "/state", "openapi.yaml:"} {
		require.ErrorContains(t, err, part)
	}
}

func TestErrorOfWhatIsUncheckedDoesNotSayBroken(t *testing.T) {
	t.Parallel()
	x := answer(render)
	x.Header.Set("Content-Encoding", "zstd")
	err := &contract.Error{Report: ours(t).Check(x)}
	require.ErrorContains(t, err, "contract not checked for readRender: unchecked unchecked.content-encoding")
	require.NotContains(t, err.Error(), "broken")
	require.ErrorIs(t, err, contract.ErrBroken)
}

// The names are hidden, not the number of them.
func TestEachHiddenNameIsAFindingOfItsOwn(t *testing.T) {
	t.Parallel()
	r := ours(t).Check(answer(strings.Replace(render, `"cut_id"`, `"":1,"~":2,"a b":3,"a/b":1,"a\/b":2,"cut_id"`, 1)))
	require.Equal(t, []string{"json-duplicate /***", "undocumented-field /***", "undocumented-field /***", "undocumented-field /***",
		"undocumented-field /***"}, rules(r))
}

func TestFindingsAreCappedAndCountedAndInOrder(t *testing.T) {
	t.Parallel()
	var body strings.Builder
	body.WriteString(strings.TrimSuffix(strings.Replace(render, `"completed"`, `5`, 1), "}"))
	for range 3000 {
		body.WriteString(`,"n` + strings.Repeat("x", body.Len()%7) + jsonInt(body.Len()) + `":1`)
	}
	body.WriteString("}")
	r := ours(t, contract.MaxFindings(10)).Check(answer(body.String()))
	require.Equal(t, contract.Violation, r.Verdict)
	require.Len(t, r.Findings, 10)
	require.Equal(t, 2991, r.Omitted)
	require.Len(t, r.Of(contract.Violation), 1, "the worst are kept")
	require.Equal(t, r, ours(t, contract.MaxFindings(10)).Check(answer(body.String())))
	require.IsNonDecreasing(t, []string{r.Findings[0].Pointer, r.Findings[1].Pointer, r.Findings[9].Pointer})
}

func jsonInt(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestVerdictsAreWords(t *testing.T) {
	t.Parallel()
	for _, v := range []contract.Verdict{contract.OK, contract.Warning, contract.Unchecked, contract.Violation} {
		text, err := v.MarshalText()
		require.NoError(t, err)
		require.Equal(t, v.String(), string(text))
		var back contract.Verdict
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, v, back)
	}
	_, err := contract.Verdict(7).MarshalText()
	require.Error(t, err)
	var v contract.Verdict
	require.Error(t, v.UnmarshalText([]byte("fine")))
	require.Equal(t, "verdict(7)", contract.Verdict(7).String())
}

func TestReportTakesFindingsFromElsewhere(t *testing.T) {
	t.Parallel()
	more := contract.Finding{Rule: "lifecycle.link", Severity: contract.Violation, Layer: contract.LayerLifecycle}
	r := ours(t).Check(answer(strings.Replace(render, `"cut_id"`, `"new":1,"cut_id"`, 1)))
	both := r.With(more)
	require.Equal(t, contract.Warning, r.Verdict)
	require.Equal(t, contract.Violation, both.Verdict)
	require.Equal(t, more, both.Findings[1])
	require.Len(t, r.Findings, 1)
}

func TestOperationIsNamedBeforeThereIsAnAnswer(t *testing.T) {
	t.Parallel()
	x := answer("")
	for method, want := range map[string]string{"GET": "readRender", "HEAD": "readRender", "POST": ""} {
		name, ok := ours(t).Operation(method, x.URL)
		require.Equal(t, want, name)
		require.Equal(t, want != "", ok)
	}
	_, ok := ours(t).Operation("GET", nil)
	require.False(t, ok)
}

func TestAnyHostLooksAtThePathAlone(t *testing.T) {
	t.Parallel()
	x := answer(render)
	x.URL.Host, x.URL.Scheme = "127.0.0.1:8080", "http"
	require.Equal(t, contract.Violation, ours(t).Check(x).Verdict)
	require.Equal(t, contract.OK, ours(t, contract.AnyHost()).Check(x).Verdict)
	x.URL.Host = ""
	require.Equal(t, contract.OK, ours(t).Check(x).Verdict, "a server sees no host in the URL")
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	c := ours(t)
	want := c.Check(answer(stateless))
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if got := c.Check(answer(stateless)); len(got.Findings) != len(want.Findings) {
				t.Error("another report")
			}
		})
	}
	wg.Wait()
}
