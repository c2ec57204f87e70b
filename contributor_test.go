package roughy_test

import (
	"testing"

	"github.com/roughy-go/roughy/internal/racetest"
)

// What becomes of a change to the contract, in the order in which somebody who makes it sees it. README.md tells the same
// under "Change the contract".
func TestContributor(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	repository := copied(t)
	t.Run("a new optional member reaches the model and the generated client", func(t *testing.T) {
		r := repository.during(t)
		r.edit("openapi.yaml", "        output:\n          $ref", title+"        output:\n          $ref")
		r.generate()
		r.run("build", "./gen", ".", "./internal/api")
		r.add("gen/title_test.go", titleInGen)
		r.run("test", "./gen")

		r.fail([]string{
			"invented: Render.title type = string", "write each into the table in parity_test.go",
			"lost: Render.title", "internal/decode/render.go", "model.go",
			"without a row in the table in parity_test.go: Render.title",
			"+ new: gen: Render.Title *string", "go test -run TestSurface -update .",
		}, "test", "-run", facts, ".")

		r.edit("parity_test.go", `	{"Render.output",`, `	{"Render.title", "string", "", "", "optional", "reference", ""},`+"\n"+`	{"Render.output",`)
		r.edit("render.go", "	Output      Output\n", "	Output      Output\n	Title       string // \"\": none\n")
		r.edit("internal/decode/render.go", `		case "output":`, `		case "title":`+"\n			readNullable(d, &r.Title, written, asText[string])\n"+`		case "output":`)
		r.edit("model.go", "		DownloadURL: nullable(r.DownloadURL),\n", "		DownloadURL: nullable(r.DownloadURL), Title: nullable(r.Title),\n")
		r.edit("model.go", "		DownloadURL: orEmpty(g.DownloadURL),\n", "		DownloadURL: orEmpty(g.DownloadURL), Title: orEmpty(g.Title),\n")
		r.add("title_test.go", titleInRoot)
		r.restore(surfaceFile)
		r.run("test", "-run", "TestSurface", "-update", ".")
		r.run("test", "-run", facts+"|TestTitle", ".")
	})
	t.Run("a new required member stops at the adapters", func(t *testing.T) {
		r := repository.during(t)
		r.edit("openapi.yaml", "        output:\n          $ref", title+"        output:\n          $ref")
		r.edit("openapi.yaml", "        - output\n", "        - output\n        - title\n")
		r.generate()
		r.fail([]string{"lost: Render.title, which is required"}, "test", "-run", facts, ".")
	})
	t.Run("a renamed member stops the build at the adapters", func(t *testing.T) {
		r := repository.during(t)
		r.edit("openapi.yaml", "        asset_id:\n", "        source_id:\n")
		r.edit("openapi.yaml", "        - asset_id\n", "        - source_id\n")
		r.generate()
		r.fail([]string{"internal/decode/render.go:", "r.AssetID undefined (type *gen.Render has no field or method AssetID)"}, "build", ".")
		r.edit("internal/decode/render.go", "&r.AssetID", "&r.SourceID")
		r.fail([]string{"internal/lifecycle/two.go:", "r.AssetID undefined (type gen.Render has no field or method AssetID)"}, "build", ".")
		r.edit("internal/lifecycle/two.go", "r.AssetID", "r.SourceID")
		r.fail([]string{"model.go:", "unknown field AssetID in struct literal of type gen.Render"}, "build", ".")
	})
	t.Run("a second operation stops the build at the server's adapter", func(t *testing.T) {
		r := repository.during(t)
		r.edit("openapi.yaml", "\ncomponents:\n", operation+"components:\n")
		r.generate()
		r.run("build", ".")
		r.fail([]string{"internal/api/api.go:", "*Server does not implement gen.StrictServerInterface (missing method ListRenders)"}, "build", "./internal/api")
	})
	t.Run("a change to the document or the table alone is named", func(t *testing.T) {
		r := repository.during(t)
		r.edit("openapi.yaml", "format: int64", "format: int32")
		r.edit("parity_test.go", `{"Render.error_code", "string", "", "nullable"`, `{"Render.error_code", "string", "", ""`)
		r.fail([]string{
			"changed: Render.size_bytes format = int64, the document says int32",
			"invented: Render.error_code nullable = yes",
		}, "test", "-run", "TestDocumentSaysTheFacts", ".")
	})
}

// facts are the tests that a change to the contract has to do with.
const facts = "TestDocumentSaysTheFacts|TestEveryMember|TestNullableAndOptional|TestSurface"

const title = `        title:
          type: string
          description: What the render is called.
          x-documented: reference
`

const operation = `
  /v1/renders:
    get:
      operationId: listRenders
      responses:
        default:
          description: Any failure.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/ErrorEnvelope"
`

const titleInGen = `package gen_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/gen"
)

func TestTitle(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, ` + "`{\"title\":\"Dawn\"}`" + `)
	}))
	defer server.Close()
	client, err := gen.NewClientWithResponses(server.URL)
	require.NoError(t, err)
	answer, err := client.ReadRenderWithResponse(t.Context(), uuid.Max)
	require.NoError(t, err)
	require.Equal(t, "Dawn", *answer.JSON200.Title)
}
`

const titleInRoot = `package roughy_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTitle(t *testing.T) {
	url, _ := serve(t, answer(200, render("completed", members{"title": "Dawn"})))
	r, err := client(t, url).Render(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "Dawn", r.Title)
}
`
