package report_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/report"
)

// sarifResult is as much of a result as a test looks at.
type sarifResult struct {
	RuleID              string
	RuleIndex           int
	Level               string
	OccurrenceCount     int
	PartialFingerprints map[string]string
	Message             struct{ Text string }
	Suppressions        []struct{ Kind, Status, Justification string }
	Locations           []struct {
		PhysicalLocation struct {
			ArtifactLocation struct{ URI, URIBaseID string }
			Region           struct{ StartLine, StartColumn int }
		}
	}
}

// place is a result's location in one word.
func (r sarifResult) place() string {
	l := r.Locations[0].PhysicalLocation
	return l.ArtifactLocation.URIBaseID + " " + l.ArtifactLocation.URI + ":" + strconv.Itoa(l.Region.StartLine) + ":" + strconv.Itoa(l.Region.StartColumn)
}

// sarifResults are those of a log that keeps the standard's schema.
func sarifResults(t *testing.T, checks ...report.Check) []sarifResult {
	t.Helper()
	var out bytes.Buffer
	writtenWith(t, report.SARIF(&out), report.Summary{Document: "openapi.yaml"}, checks...)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	require.NoError(t, sarifSchema(t).Validate(document))
	var log struct {
		Runs []struct{ Results []sarifResult }
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &log))
	require.Len(t, log.Runs, 1)
	require.NotNil(t, log.Runs[0].Results, "null says that nothing was looked for")
	return log.Runs[0].Results
}

// sarifSchema is the schema of SARIF 2.1.0 that the library has, and keeps to itself.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	folder, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(folder)), "schema.go"), nil, 0)
	require.NoError(t, err)
	literal := file.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value
	text, err := strconv.Unquote(literal)
	require.NoError(t, err)
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("sarif.json", schema))
	compiled, err := compiler.Compile("sarif.json")
	require.NoError(t, err)
	return compiled
}

func TestSARIFIsOneResultForEachDistinctFinding(t *testing.T) {
	t.Parallel()
	results := sarifResults(t, recorded(append(checks(), repeated(7)...))...)
	var got []string
	for _, r := range results {
		got = append(got, strings.Join([]string{r.Level, r.RuleID, strconv.Itoa(r.OccurrenceCount), r.place()}, " "))
		require.NotNil(t, r.Suppressions, "all results speak of suppressions, or none")
	}
	require.Equal(t, []string{
		"error schema.required 7 %SRCROOT% openapi.yaml:85:7",
		"error schema.required 1 %SRCROOT% openapi.yaml:85:7",
		"note unchecked.cap 1 %SRCROOT% openapi.yaml:1:1",
		"warning undocumented-field 2 %SRCROOT% openapi.yaml:81:5",
		"warning undocumented-field 1 %SRCROOT% openapi.yaml:81:5",
	}, got)
	require.Equal(t, []int{0, 0, 1, 2, 2}, []int{
		results[0].RuleIndex, results[1].RuleIndex, results[2].RuleIndex, results[3].RuleIndex, results[4].RuleIndex})
	require.Empty(t, results[3].Suppressions)
	require.Equal(t, []struct{ Kind, Status, Justification string }{{"external", "accepted", "accepted by the baseline"}}, results[4].Suppressions)
	require.Equal(t, "/items/*/state of readRender: expected the member state, got nothing; in 7 exchanges, first #9 again", results[0].Message.Text)
}

func TestSARIFOfNothing(t *testing.T) {
	t.Parallel()
	require.Empty(t, sarifResults(t))
}

func TestSARIFFingerprintsOutliveMovedLines(t *testing.T) {
	t.Parallel()
	moved, other := missing, missing
	moved.Position, moved.Got = "openapi.yaml:112:7", "null"
	other.Pointer = "/id"
	same := func(f contract.Finding) string {
		prints := sarifResults(t, judged("x", contract.Violation, f))[0].PartialFingerprints
		require.Equal(t, prints["finding/v1"], prints["primaryLocationLineHash"])
		return prints["finding/v1"]
	}
	require.Equal(t, same(missing), same(moved))
	require.NotEqual(t, same(missing), same(other))
	require.Len(t, same(missing), 32)
}

func TestSARIFLocationsAreURIs(t *testing.T) {
	t.Parallel()
	for position, want := range map[string]string{
		"api/open api.yaml:3:4": "%SRCROOT% api/open%20api.yaml:3:4",
		"/etc/openapi.yaml:3:4": " file:///etc/openapi.yaml:3:4",
		"a:b/openapi.yaml:3:4":  "%SRCROOT% ./a:b/openapi.yaml:3:4",
		"100%\x00#?.yaml:3:4":   "%SRCROOT% 100%25%00%23%3F.yaml:3:4",
	} {
		f := missing
		f.Position = position
		require.Equal(t, want, sarifResults(t, judged("x", contract.Violation, f))[0].place())
	}
}

func TestSARIFOfHostileNames(t *testing.T) {
	t.Parallel()
	nasty := missing
	nasty.Rule, nasty.Pointer, nasty.Got = "schema.\x00</script>", "/\xff\u202e\x1b", "\x00"
	results := sarifResults(t, judged("sub\nject", contract.Violation, nasty))
	require.Equal(t, `/\xff\u202e\x1b of readRender: expected the member state, got \x00; in 1 exchange, first sub\nject`, results[0].Message.Text)
}
