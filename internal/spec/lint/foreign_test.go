package lint_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/lint"
)

// foreign is a document of nobody's house.
const foreign = `openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /Pets:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Pet"}
            example: {petName: Rex, password: x}
          application/xml:
            schema: {$ref: "#/components/schemas/Pet"}
            example: <pet/>
      responses:
        "200":
          description: ok
          headers:
            x-left: {schema: {type: integer}, example: 3}
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Pet"}
              examples:
                one: {value: {id: 1, petName: null}}
                two: {$ref: "#/components/examples/two"}
components:
  examples:
    two: {value: {id: 2, petName: Tom}}
  schemas:
    Pet:
      type: object
      required: [id, petName, password]
      properties:
        id: {type: integer, readOnly: true, default: 1}
        petName: {type: string, nullable: true}
        password: {type: string, writeOnly: true}
`

func lineOf(t *testing.T, position string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.Split(position, ":")[1])
	require.NoError(t, err)
	return n
}

func TestForeignDocumentIsHeldToTheRulesOfAny(t *testing.T) {
	t.Parallel()
	r, err := lint.Lint("pets.yaml", []byte(foreign), lint.Auto)
	require.NoError(t, err)
	require.Empty(t, r.Findings)
	require.False(t, r.House)

	r, err = lint.Lint("pets.yaml", []byte(foreign), lint.House)
	require.NoError(t, err)
	require.True(t, r.House)
	require.Positive(t, r.Count(contract.Violation))
}

func TestHouseCanBeLeftOut(t *testing.T) {
	t.Parallel()
	document := strings.Replace(foreign, "description: ok", "description: ok\n          x-documented: nowhere", 1)
	r, err := lint.Lint("pets.yaml", []byte(document), lint.Generic)
	require.NoError(t, err)
	require.Empty(t, r.Findings)
	r, err = lint.Lint("pets.yaml", []byte(document), lint.Auto)
	require.NoError(t, err)
	require.True(t, r.House)
}

func TestExamplesOfAllKinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old, new, rule, message string
		line                    int
	}{
		"of a request":   {"{petName: Rex, password: x}", "{petName: Rex}", "example", `expected member "password"`, 10},
		"of a header":    {"example: 3}", "example: three}", "example", "expected integer, got string", 18},
		"one of several": {"{id: 1, petName: null}", "{id: x, petName: null}", "example", "expected integer, got string", 23},
		"a component":    {"{id: 2, petName: Tom}", "{id: 2, petName: 3}", "example", "got number 3", 27},
		"a default":      {"default: 1", "default: one", "default", "expected integer, got string", 33},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, foreign, c.old)
			r, err := lint.Lint("pets.yaml", []byte(strings.Replace(foreign, c.old, c.new, 1)), lint.Auto)
			require.NoError(t, err)
			require.Len(t, r.Findings, 1)
			f := r.Findings[0]
			require.Equal(t, c.rule, f.Rule)
			require.Equal(t, contract.Violation, f.Severity)
			require.Contains(t, f.Message, c.message)
			require.Equal(t, c.line, lineOf(t, f.Position))
		})
	}
}

func TestWhatCannotBeJudgedIsSaid(t *testing.T) {
	t.Parallel()
	document := strings.Replace(foreign, "petName: {type: string, nullable: true}", `petName: {type: string, nullable: true, pattern: "(?=x)y"}`, 1)
	r, err := lint.Lint("pets.yaml", []byte(document), lint.Auto)
	require.NoError(t, err)
	require.Positive(t, r.Count(contract.Unchecked))
	require.Zero(t, r.Count(contract.Violation))
}

func TestFindingsShowNoSecrets(t *testing.T) {
	t.Parallel()
	document := strings.Replace(foreign, "petName: {type: string", "petName: {format: uuid, type: string", 1)
	document = strings.Replace(document, "{id: 2, petName: Tom}", "{id: 2, petName: sk_live_0123456789abcdef}", 1)
	r, err := lint.Lint("pets.yaml", []byte(document), lint.Auto)
	require.NoError(t, err)
	require.NotEmpty(t, r.Findings)
	for _, f := range r.Findings {
		require.NotContains(t, f.Message, "0123456789abcdef")
	}
}

func TestWhatDoesNotLoadIsAnError(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no YAML":               "a: [\n",
		"no OpenAPI":            "hello\n",
		"a reference to naught": strings.Replace(foreign, "schemas/Pet\"}", "schemas/Cat\"}", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := lint.Lint("pets.yaml", []byte(text), lint.Auto)
			require.ErrorContains(t, err, "pets.yaml:")
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestAnAnchorIsUsedByItsWholeName(t *testing.T) {
	t.Parallel()
	document := nothingMuch + `components:
  schemas:
    Left: {$anchor: at, type: string}
    Hat: {$anchor: hat, type: string}
    Cat: {$id: "https://example.com/cat", type: string}
    All: {type: array, prefixItems: [{$ref: "#hat"}, {$ref: "https://example.com/cat#"}, {$ref: "#/components/schemas/All"}]}
`
	r, err := lint.Lint("anchors.yaml", []byte(document), lint.Auto)
	require.NoError(t, err)
	var unused []string
	for _, f := range r.Findings {
		if f.Rule == "unused" {
			unused = append(unused, f.Document)
		}
	}
	require.Equal(t, []string{"/components/schemas/Left", "/components/schemas/All"}, unused)
}

func TestFindingsAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	first, err := lint.Lint("pets.yaml", []byte(foreign), lint.House)
	require.NoError(t, err)
	for range 5 {
		again, err := lint.Lint("pets.yaml", []byte(foreign), lint.House)
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
}
