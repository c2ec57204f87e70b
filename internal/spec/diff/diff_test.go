package diff_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/spec/diff"
)

// today is any day.
var today = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

// pair is our document before a change, and after it.
func pair(t *testing.T, changes ...string) (base, head diff.Document) {
	t.Helper()
	before := string(roughy.Spec())
	after := before
	for i := 0; i < len(changes); i += 2 {
		after = replaced(t, after, changes[i], changes[i+1])
	}
	return diff.Document{Name: "base.yaml", Data: []byte(before)}, diff.Document{Name: "head.yaml", Data: []byte(after)}
}

func replaced(t *testing.T, text, old, new string) string {
	t.Helper()
	require.Contains(t, text, old)
	return strings.Replace(text, old, new, 1)
}

func compare(t *testing.T, p diff.Policy, changes ...string) diff.Report {
	t.Helper()
	base, head := pair(t, changes...)
	r, err := diff.Compare(base, head, p, today)
	require.NoError(t, err)
	return r
}

// lineIn is the line of a position in a document.
func lineIn(t *testing.T, d diff.Document, p diff.Place) string {
	t.Helper()
	m := regexp.MustCompile(`^` + d.Name + `:(\d+):(\d+)$`).FindStringSubmatch(p.Position)
	require.NotNil(t, m, p.Position)
	n := 0
	for _, digit := range m[1] {
		n = n*10 + int(digit-'0')
	}
	return strings.TrimSpace(strings.Split(string(d.Data), "\n")[n-1])
}

func TestOneChangeIsOneChange(t *testing.T) {
	t.Parallel()
	const created = "          description: The moment the render was asked for.\n"
	for name, c := range map[string]struct {
		old, new   string
		rule       string
		severity   diff.Severity
		base, head string // what the lines in the documents begin with
		client     string
	}{
		"a new value":            {"completed, failed]", "completed, failed, cancelled]", "response-property-enum-value-added", diff.Breaking, "enum:", "enum:", "may get a value that it does not know"},
		"a value less":           {"[720p, 1080p, 4k]", "[720p, 1080p]", "response-property-enum-value-removed", diff.Note, "enum:", "enum:", "nothing follows"},
		"required no more":       {"        - created_at\n", "", "response-property-became-optional", diff.Breaking, "- created_at", "required:", "may find nothing, or null"},
		"null":                   {"        id:\n          type: string", "        id:\n          type: [string, \"null\"]", "response-property-became-nullable", diff.Breaking, "type:", "type:", "may find nothing, or null"},
		"null no more":           {"        cut_id:\n          type: [string, \"null\"]", "        cut_id:\n          type: string", "response-property-became-not-nullable", diff.Note, "type:", "type:", "nothing follows"},
		"another format":         {"          format: double", "          format: float", "response-property-type-changed", diff.Breaking, "format:", "format:", "gets what it does not expect"},
		"a new optional member":  {"        created_at:\n          type: string\n", "        title:\n          type: string\n        created_at:\n          type: string\n", "response-optional-property-added", diff.Note, "properties:", "title:", "it may read the new member"},
		"a status more":          {"        default:\n", "        \"404\":\n          description: None.\n          content: {application/json: {schema: {$ref: \"#/components/schemas/ErrorEnvelope\"}}}\n        default:\n", "status-specified", diff.Note, "responses:", `"404":`, "nothing follows"},
		"the default is gone":    {"        default:\n", "        x-default:\n", "default-response-removed", diff.Warning, "default:", "responses:", "documented nowhere"},
		"a bound of a parameter": {"            format: uuid\n", "            format: uuid\n            maxLength: 36\n", "request-parameter-max-length-set", diff.Breaking, "schema:", "maxLength:", "has to change first"},
		"other credentials":      {"      scheme: bearer", "      scheme: basic", "api-security-component-http-scheme-changed", diff.Breaking, "scheme:", "scheme:", "has to change"},
		"another name in Go":     {"operationId: readRender", "operationId: getRender", "api-operation-id-removed", diff.Note, "operationId:", "operationId:", "calls it by another name"},
		"a closed object":        {"    Render:\n      type: object\n", "    Render:\n      additionalProperties: false\n      type: object\n", "object-closed", diff.Note, "Render:", "additionalProperties:", "nothing follows"},
		"a text":                 {created, strings.Replace(created, "moment", "time", 1), "text-changed", diff.Note, "description:", "description:", "nothing follows"},
		"a source":               {"x-documented: prose", "x-documented: ours", "extension-changed", diff.Note, "x-documented:", "x-documented:", "nothing follows"},
		"an example":             {"size_bytes: 7340032", "size_bytes: 7340033", "example-changed", diff.Note, "example:", "example:", "nothing follows"},
		"an address is gone":     {"  - url: https://api.roughy.ai\n    description: Production.\n    x-documented: prose\n", "", "server-removed", diff.Warning, "- url:", "servers:", "reaches nobody"},
		"a component":            {"    FieldError:\n", "    Left:\n      type: object\n    FieldError:\n", "component-changed", diff.Note, "schemas:", "Left:", "code generated"},
		"what nobody judges":     {"        - created_at\n", "        - created_at\n        - nobody\n", "unclassified", diff.Warning, "required:", "- nobody", "nobody can tell"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, head := pair(t, c.old, c.new)
			r, err := diff.Compare(base, head, diff.Policy{}, today)
			require.NoError(t, err)
			changes := r.Changes
			if name == "the default is gone" {
				require.Len(t, changes, 2) // the other is what stands in its place
				changes = changes[:1]
			}
			require.Len(t, changes, 1)
			change := changes[0]
			require.Equal(t, c.rule, change.Rule)
			require.Equal(t, c.severity, change.Severity)
			require.Equal(t, c.severity, change.Judged)
			require.True(t, strings.HasPrefix(lineIn(t, base, change.Base), c.base), lineIn(t, base, change.Base))
			require.True(t, strings.HasPrefix(lineIn(t, head, change.Head), c.head), lineIn(t, head, change.Head))
			require.Contains(t, change.Client, c.client)
			require.NotEmpty(t, change.Server)
			require.Equal(t, c.severity == diff.Breaking, r.Broken())
		})
	}
}

func TestARenamedParameterBreaksNothing(t *testing.T) {
	t.Parallel()
	r := compare(t, diff.Policy{}, "renders/{render_id}", "renders/{id}", "name: render_id", "name: id")
	require.Len(t, r.Changes, 1)
	require.Equal(t, "path-parameter-renamed", r.Changes[0].Rule)
	require.Equal(t, diff.Note, r.Changes[0].Severity)
}

func TestARemovedRequiredMemberIsOneChange(t *testing.T) {
	t.Parallel()
	r := compare(t, diff.Policy{}, "        - created_at\n", "",
		"        created_at:\n          type: string\n          format: date-time\n          description: The moment the render was asked for.\n          x-documented: reference\n", "")
	require.Equal(t, "response-required-property-removed", r.Changes[0].Rule)
	require.Equal(t, "/components/schemas/Render/properties/created_at", r.Changes[0].Base.Pointer)
	require.True(t, r.Changes[0].Base.There)
	require.False(t, r.Changes[0].Head.There)
	require.Len(t, r.Changes, 1)
}

func TestTheWorstComesFirst(t *testing.T) {
	t.Parallel()
	r := compare(t, diff.Policy{}, "The moment the render", "The time the render", "https://api.roughy.ai", "https://api.roughy.com", "        - created_at\n", "")
	var severities []diff.Severity
	for _, c := range r.Changes {
		severities = append(severities, c.Severity)
	}
	require.Equal(t, []diff.Severity{diff.Breaking, diff.Warning, diff.Note, diff.Note}, severities)
}

func TestNoChange(t *testing.T) {
	t.Parallel()
	r := compare(t, diff.Policy{}, "# The contract", "#   The contract", "[pending, processing,", "[ pending,  processing,")
	require.Empty(t, r.Changes)
	require.False(t, r.Broken())
}

func TestWhatCannotBeCompared(t *testing.T) {
	t.Parallel()
	const pets = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {/pets: {get: {responses: {'200': {description: All.}}}}}\n"
	for name, c := range map[string]struct{ head, want string }{
		"another API":       {pets, "base.yaml and head.yaml are documents of two APIs: neither a path nor info.title is the same"},
		"another dialect":   {strings.Replace(string(roughy.Spec()), "openapi: 3.1.0", "openapi: 3.0.3", 1), "base.yaml is OpenAPI 3.1.0, head.yaml is 3.0.3: "},
		"no YAML":           {"a: [\n", "head.yaml:"},
		"no OpenAPI":        {"hello\n", "head.yaml:1:1: not an OpenAPI document"},
		"a lost reference":  {strings.Replace(string(roughy.Spec()), "    RenderState:", "    State:", 1), "leads nowhere"},
		"nothing":           {"", "head.yaml:1:1: "},
		"Swagger, long ago": {"swagger: '2.0'\npaths: {}\n", "Swagger"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, head := pair(t)
			head.Data = []byte(c.head)
			_, err := diff.Compare(base, head, diff.Policy{}, today)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestChangesShowNoSecrets(t *testing.T) {
	t.Parallel()
	r := compare(t, diff.Policy{}, "completed, failed]", "completed, failed, sk_live_0123456789abcdef]",
		"https://api.roughy.ai", "https://user:pa55word@api.roughy.ai")
	require.NotEmpty(t, r.Changes)
	for _, c := range r.Changes {
		require.NotContains(t, c.Text, "0123456789abcdef")
		require.NotContains(t, c.Text, "pa55word")
	}
}

func TestEachRuleIsDescribed(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, r := range diff.Rules() {
		require.False(t, ids[r.ID], r.ID)
		ids[r.ID] = true
		require.NotEmpty(t, r.Meaning, r.ID)
		require.NotEmpty(t, r.Client, r.ID)
		require.NotEmpty(t, r.Server, r.ID)
		if r.Severity == diff.Breaking {
			require.NotContains(t, r.Client, "nothing follows", r.ID)
		}
		require.NotContains(t, r.Meaning, "-description", r.ID)
	}
	require.True(t, ids["response-property-enum-value-added"])
	require.True(t, ids["unclassified"])
}
