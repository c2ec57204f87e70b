package roughy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// property is one member of a documented object. Absent facts are "": no format, not nullable, nothing of ours.
type property struct {
	name       string // Schema.member
	kind       string // its type, or the schema it refers to
	format     string
	null       string // "nullable", or ""
	need       string // "required" or "optional"
	documented string // where; for a member that is another schema, where that schema is
	ours       string // the keywords that are ours all the same
}

// properties are read from the endpoint's page, the concept pages and nothing else.
var properties = []property{
	{"Render.id", "string", "uuid", "", "required", "reference", ""},
	{"Render.asset_id", "string", "uuid", "", "required", "reference", ""},
	{"Render.cut_id", "string", "uuid", "nullable", "required", "reference", ""},
	{"Render.state", "RenderState", "", "", "required", "reference", ""},
	{"Render.output", "RenderOutput", "", "", "required", "reference", ""},
	{"Render.size_bytes", "integer", "int64", "nullable", "required", "reference", "format"},
	{"Render.error_code", "string", "", "nullable", "required", "reference", ""},
	{"Render.error_message", "string", "", "nullable", "required", "reference", ""},
	{"Render.created_at", "string", "date-time", "", "required", "reference", ""},
	{"Render.started_at", "string", "date-time", "nullable", "required", "reference", ""},
	{"Render.completed_at", "string", "date-time", "nullable", "required", "reference", ""},
	{"Render.download_url", "string", "", "nullable", "optional", "reference", ""},
	{"RenderOutput.format", "RenderFormat", "", "nullable", "optional", "concepts/render", ""},
	{"RenderOutput.resolution", "RenderResolution", "", "nullable", "optional", "concepts/render", ""},
	{"RenderOutput.video_bitrate", "integer", "", "nullable", "optional", "concepts/render", "type"},
	{"RenderOutput.audio_bitrate", "integer", "", "nullable", "optional", "concepts/render", "type"},
	{"RenderOutput.frame_rate", "number", "double", "nullable", "optional", "reference", "format"},
	{"ErrorEnvelope.error", "ErrorDetail", "", "", "required", "concepts/errors", ""},
	{"ErrorDetail.code", "string", "", "", "required", "concepts/errors", ""},
	{"ErrorDetail.message", "string", "", "", "required", "concepts/errors", ""},
	{"ErrorDetail.fields", "array", "", "", "optional", "concepts/errors", ""},
	{"FieldError.field", "string", "", "", "required", "concepts/errors", ""},
	{"FieldError.message", "string", "", "", "required", "concepts/errors", ""},
}

// schemas are the objects and the closed lists themselves.
var schemas = []struct{ name, kind, enum, documented string }{
	{"Render", "object", "", "reference"},
	{"RenderState", "string", "pending processing completed failed", "reference"},
	{"RenderOutput", "object", "", "reference"},
	{"RenderFormat", "string", "mp4 mov m4a mp3", "concepts/render"},
	{"RenderResolution", "string", "720p 1080p 4k", "concepts/render"},
	{"ErrorEnvelope", "object", "", "concepts/errors"},
	{"ErrorDetail", "object", "", "concepts/errors"},
	{"FieldError", "object", "", "concepts/errors"},
}

// others are the facts around the schemas.
var others = [][2]string{
	{"openapi", "3.1.0"},
	{"info title", "Roughy renders"},
	{"info version", "1.0.0"},
	{"servers https://api.roughy.ai x-documented", "prose"},
	{"servers https://roughy-api-staging.fly.dev x-documented", "reference"},
	{"tags renders x-documented", "ours"},
	{"security apiKey", "[]"},
	{"securityScheme apiKey type", "http"},
	{"securityScheme apiKey scheme", "bearer"},
	{"securityScheme apiKey x-documented", "reference"},
	{"GET /v1/renders/{render_id} x-documented", "reference"},
	{"GET /v1/renders/{render_id} x-ours", "operationId tags"},
	{"GET /v1/renders/{render_id} operationId", "readRender"},
	{"GET /v1/renders/{render_id} tags renders", "yes"},
	{"GET /v1/renders/{render_id} parameters path render_id required", "true"},
	{"GET /v1/renders/{render_id} parameters path render_id x-documented", "reference"},
	{"GET /v1/renders/{render_id} parameters path render_id schema type", "string"},
	{"GET /v1/renders/{render_id} parameters path render_id schema format", "uuid"},
	{"GET /v1/renders/{render_id} responses 200 x-documented", "reference"},
	{"GET /v1/renders/{render_id} responses 200 content application/json schema type", "Render"},
	{"GET /v1/renders/{render_id} responses default x-documented", "concepts/errors"},
	{"GET /v1/renders/{render_id} responses default content application/json schema type", "ErrorEnvelope"},
	{"ErrorDetail.fields items type", "FieldError"},
}

func TestDocumentSaysTheFactsAndNothingElse(t *testing.T) {
	t.Parallel()
	require.Empty(t, differences(parsedSpec(t)), `invented is what the document alone says, lost what the table alone says:
write each into the table in parity_test.go, with the page that documents it, or take it out of openapi.yaml`)
}

func TestParityNamesWhatWasChanged(t *testing.T) {
	t.Parallel()
	const (
		render    = "/components/schemas/Render"
		operation = "/paths/~1v1~1renders~1{render_id}/get"
	)
	for name, c := range map[string]struct {
		pointer string
		value   any // nil: taken out
		want    string
	}{
		"a property is lost":             {render + "/properties/cut_id", nil, "lost: Render.cut_id type = string"},
		"a property is invented":         {render + "/properties/title", map[string]any{"type": "string"}, "invented: Render.title type = string"},
		"a format is lost":               {render + "/properties/created_at/format", nil, "lost: Render.created_at format = date-time"},
		"a format is invented":           {render + "/properties/download_url/format", "uri", "invented: Render.download_url format = uri"},
		"a format is changed":            {render + "/properties/size_bytes/format", "int32", "changed: Render.size_bytes format = int64, the document says int32"},
		"a type is changed":              {render + "/properties/id/type", "integer", "changed: Render.id type = string, the document says integer"},
		"null is lost":                   {render + "/properties/cut_id/type", "string", "lost: Render.cut_id nullable = yes"},
		"null is invented":               {render + "/properties/id/type", []any{"string", "null"}, "invented: Render.id nullable = yes"},
		"null of an enum is lost":        {"/components/schemas/RenderOutput/properties/format/anyOf", []any{map[string]any{"$ref": "#/components/schemas/RenderFormat"}}, "lost: RenderOutput.format nullable = yes"},
		"a member's schema is changed":   {render + "/properties/output/$ref", "#/components/schemas/ErrorDetail", "changed: Render.output type = RenderOutput, the document says ErrorDetail"},
		"a required flag is lost":        {render + "/required", []any{"id"}, "lost: Render.state required = yes"},
		"a required flag is invented":    {"/components/schemas/RenderOutput/required", []any{"format"}, "invented: RenderOutput.format required = yes"},
		"what is required is not there":  {"/components/schemas/RenderOutput/required", []any{"codec"}, "invented: RenderOutput required codec = yes"},
		"a minimum is invented":          {render + "/properties/size_bytes/minimum", 0, "invented: Render.size_bytes minimum = 0"},
		"a pattern is invented":          {"/components/schemas/ErrorDetail/properties/code/pattern", "^[a-z]+$", "invented: ErrorDetail.code pattern = ^[a-z]+$"},
		"an object is closed":            {render + "/additionalProperties", false, "invented: Render additionalProperties = false"},
		"an object is closed otherwise":  {render + "/unevaluatedProperties", map[string]any{}, "invented: Render unevaluatedProperties = {}"},
		"an enum value is invented":      {"/components/schemas/RenderState/enum", []any{"pending", "processing", "completed", "failed", "cancelled"}, "invented: RenderState enum cancelled = yes"},
		"an enum value is lost":          {"/components/schemas/RenderResolution/enum", []any{"720p", "1080p"}, "lost: RenderResolution enum 4k = yes"},
		"an enum is opened":              {"/components/schemas/RenderState/enum", nil, "lost: RenderState enum completed = yes"},
		"a property gets an enum":        {"/components/schemas/RenderOutput/properties/audio_bitrate/enum", []any{128000}, "invented: RenderOutput.audio_bitrate enum 128000 = yes"},
		"a schema is invented":           {"/components/schemas/Asset", map[string]any{"type": "object"}, "invented: Asset type = object"},
		"the items are changed":          {"/components/schemas/ErrorDetail/properties/fields/items", map[string]any{"type": "string"}, "changed: ErrorDetail.fields items type = FieldError, the document says string"},
		"a source is changed":            {render + "/properties/id/x-documented", "ours", "changed: Render.id x-documented = reference, the document says ours"},
		"a source is lost":               {"/components/schemas/RenderState/x-documented", nil, "lost: Render.state x-documented = reference"},
		"ours is passed off as theirs":   {render + "/properties/size_bytes/x-ours", nil, "lost: Render.size_bytes x-ours = format"},
		"a description is lost":          {render + "/properties/id/description", nil, "invented: Render.id undescribed = yes"},
		"an example inside a schema":     {render + "/properties/id/example", "x", "invented: Render.id example = x"},
		"a response is invented":         {operation + "/responses/404", map[string]any{"description": "None."}, "invented: GET /v1/renders/{render_id} responses 404 = {}"},
		"a response is lost":             {operation + "/responses/default", nil, "lost: GET /v1/renders/{render_id} responses default content application/json schema type = ErrorEnvelope"},
		"a response header is invented":  {operation + "/responses/200/headers", map[string]any{"X-Request-Id": map[string]any{"schema": map[string]any{"type": "string"}}}, "invented: GET /v1/renders/{render_id} responses 200 headers X-Request-Id schema type = string"},
		"a media type is invented":       {operation + "/responses/200/content/application~1xml", map[string]any{}, "invented: GET /v1/renders/{render_id} responses 200 content application/xml = {}"},
		"a parameter is invented":        {operation + "/parameters", []any{map[string]any{"in": "query", "name": "expand"}}, "invented: GET /v1/renders/{render_id} parameters query expand = {}"},
		"a parameter is lost":            {operation + "/parameters", nil, "lost: GET /v1/renders/{render_id} parameters path render_id required = true"},
		"a parameter's format is lost":   {operation + "/parameters/0/schema/format", nil, "lost: GET /v1/renders/{render_id} parameters path render_id schema format = uuid"},
		"the operation's name is lost":   {operation + "/operationId", nil, "lost: GET /v1/renders/{render_id} operationId = readRender"},
		"the operation needs no key":     {operation + "/security", []any{}, "invented: GET /v1/renders/{render_id} security = []"},
		"a body is invented":             {operation + "/requestBody", map[string]any{"required": true}, "invented: GET /v1/renders/{render_id} requestBody required = true"},
		"a method is invented":           {"/paths/~1v1~1renders~1{render_id}/delete", map[string]any{"operationId": "deleteRender"}, "invented: paths /v1/renders/{render_id} delete operationId = deleteRender"},
		"a path is invented":             {"/paths/~1v1~1assets", map[string]any{"get": map[string]any{}}, "invented: paths /v1/assets get = {}"},
		"a server is invented":           {"/servers", []any{map[string]any{"url": "https://example.com"}}, "invented: servers https://example.com = {}"},
		"a server is lost":               {"/servers/0", map[string]any{"url": "https://roughy-api-staging.fly.dev"}, "lost: servers https://api.roughy.ai x-documented = prose"},
		"security is lost":               {"/security", nil, "lost: security apiKey = []"},
		"the scheme of keys is changed":  {"/components/securitySchemes/apiKey/scheme", "basic", "changed: securityScheme apiKey scheme = bearer, the document says basic"},
		"a scheme of keys is invented":   {"/components/securitySchemes/oauth", map[string]any{"type": "oauth2"}, "invented: securityScheme oauth type = oauth2"},
		"a webhook is invented":          {"/webhooks", map[string]any{"render.completed": map[string]any{}}, "invented: webhooks render.completed = {}"},
		"another version of the grammar": {"/openapi", "3.0.3", "changed: openapi = 3.1.0, the document says 3.0.3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := parsedSpec(t)
			alter(t, doc, c.pointer, c.value)
			require.Contains(t, differences(doc), c.want)
		})
	}
}

// differences compares the table with a document, both ways.
func differences(doc map[string]any) []string {
	want, got := tabled(), stated(doc)
	var out []string
	for fact, value := range want {
		switch said, there := got[fact]; {
		case !there:
			out = append(out, "lost: "+fact+" = "+value)
		case said != value:
			out = append(out, "changed: "+fact+" = "+value+", the document says "+said)
		}
	}
	for fact, value := range got {
		if _, there := want[fact]; !there {
			out = append(out, "invented: "+fact+" = "+value)
		}
	}
	slices.Sort(out)
	return out
}

// tabled spells the table out, one entry a fact.
func tabled() map[string]string {
	facts := map[string]string{}
	put := func(fact, value string) {
		if value != "" {
			facts[fact] = value
		}
	}
	for _, p := range properties {
		put(p.name+" type", p.kind)
		put(p.name+" format", p.format)
		put(p.name+" x-documented", p.documented)
		put(p.name+" x-ours", p.ours)
		put(p.name+" nullable", map[string]string{"nullable": "yes"}[p.null])
		put(p.name+" required", map[string]string{"required": "yes"}[p.need])
	}
	for _, s := range schemas {
		put(s.name+" type", s.kind)
		put(s.name+" x-documented", s.documented)
		for value := range strings.FieldsSeq(s.enum) {
			put(s.name+" enum "+value, "yes")
		}
	}
	for _, o := range others {
		put(o[0], o[1])
	}
	return facts
}
