package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "cuelang.org/go/cue/token" // only so that its module is here, which ships the suite
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/stretchr/testify/require"
)

// suiteFolder is the JSON-Schema-Test-Suite of draft 2020-12 in the module cuelang.org/go, which adds notes of its own and no case.
const suiteFolder = "encoding/jsonschema/testdata/external/tests/draft2020-12"

// suiteGroup is one schema of the suite and the values that it is tried on.
type suiteGroup struct {
	name        string // FILE: DESCRIPTION
	Description string
	Schema      json.RawMessage
	Tests       []suiteCase
}

type suiteCase struct {
	Description string
	Data        json.RawMessage
	Valid       bool
}

// suiteOut is how many cases are left out, by the reason.
func suiteOut() map[string]int {
	return map[string]int{
		"a schema outside of the document":        74,
		"a meta-schema of its own":                11,
		"a keyword of draft 7":                    72,
		"a format that is unchecked":              146,
		"formats as annotations, which we assert": 266,
	}
}

// suiteTried is how many cases are tried. All come out right.
const suiteTried = 3091

// The suite's schemas as those of responses, its values as bodies. Each schema is tried twice, once as a resource of its own and once
// as a component, where that comes to the same.
func TestSuite(t *testing.T) {
	t.Parallel()
	run := suiteRun{out: map[string]int{}}
	for _, g := range suiteGroups(t) {
		run.judge(t, g, suiteResource)
		run.judge(t, g, suiteComponent)
	}
	require.Equal(t, suiteOut(), run.out)
	require.Equal(t, suiteTried, run.tried)
}

// outside is why a group is none of ours, "" where it is.
func (g suiteGroup) outside() string {
	file, _, _ := strings.Cut(g.name, ": ")
	var head struct {
		Schema string `json:"$schema"`
	}
	_ = json.Unmarshal(g.Schema, &head) // which fails on a schema that is true or false, and has no dialect
	switch {
	case head.Schema != "" && head.Schema != "https://json-schema.org/draft/2020-12/schema":
		return "a meta-schema of its own"
	case file == "format.json":
		return "formats as annotations, which we assert"
	case file == "optional/dependencies-compatibility.json":
		return "a keyword of draft 7"
	}
	switch strings.TrimPrefix(file, "optional/format/") {
	case "idn-email.json", "idn-hostname.json", "unknown.json":
		return "a format that is unchecked"
	}
	return ""
}

// suiteRun is what came of the cases.
type suiteRun struct {
	tried int
	out   map[string]int
}

// judge tries all values of a group on its schema, put into a document by place.
func (r *suiteRun) judge(t *testing.T, g suiteGroup, place func(any) (inline, component any)) {
	inline, component := place(suiteDecode(t, g.Schema))
	if inline == nil {
		return
	}
	c, err := contract.Load("suite.json", suiteDocument(t, inline, component), contract.AnyHost())
	reason := g.outside()
	if err != nil {
		require.ErrorContains(t, err, "leaves the document", g.name)
		reason = "a schema outside of the document"
	}
	if reason != "" {
		r.out[reason] += len(g.Tests)
		return
	}
	for _, one := range g.Tests {
		r.check(t, c, g.name, one)
	}
}

func (r *suiteRun) check(t *testing.T, c *contract.Contract, group string, one suiteCase) {
	r.tried++
	report := c.Check(suiteExchange(one.Data))
	right := report.Verdict != contract.Unchecked && one.Valid == (report.Verdict != contract.Violation)
	require.True(t, right, "%s: %s: valid is %t, and Check says %v", group, one.Description, one.Valid, report)
}

// suiteResource puts a schema where a response wants one, as a resource of its own: its references stay what they are.
func suiteResource(schema any) (inline, component any) {
	if object, ok := schema.(map[string]any); ok && object["$id"] == nil {
		object["$id"] = "https://suite.test/schema"
	}
	return schema, true
}

// suiteComponent puts a schema under the components, as documents have it, and its references with it. One with an $id is not for
// this: that is a resource anyway.
func suiteComponent(schema any) (inline, component any) {
	if object, ok := schema.(map[string]any); ok && object["$id"] != nil {
		return nil, nil
	}
	suiteMove(schema)
	return map[string]any{"$ref": suitePointer}, schema
}

const suitePointer = "#/components/schemas/Subject"

// suiteMove makes references to the schema's root ones to the component, except inside of resources of their own.
func suiteMove(schema any) {
	switch v := schema.(type) {
	case []any:
		for _, item := range v {
			suiteMove(item)
		}
	case map[string]any:
		if _, own := v["$id"].(string); own {
			return
		}
		for name, value := range v {
			ref, isText := value.(string)
			switch {
			case isText && (name == "$ref" || name == "$dynamicRef") && (ref == "#" || strings.HasPrefix(ref, "#/")):
				v[name] = suitePointer + ref[1:]
			case name != "const" && name != "enum":
				suiteMove(value)
			}
		}
	}
}

func suiteDocument(t *testing.T, inline, component any) []byte {
	t.Helper()
	type object = map[string]any
	content := object{"application/json": object{"schema": inline}}
	data, err := json.Marshal(object{
		"openapi": "3.1.0", "info": object{"title": "suite", "version": "1"},
		"paths":      object{"/a": object{"get": object{"responses": object{"200": object{"description": "a", "content": content}}}}},
		"components": object{"schemas": object{"Subject": component}},
	})
	require.NoError(t, err)
	return data
}

func suiteExchange(body []byte) contract.Exchange {
	return contract.Exchange{Method: http.MethodGet, URL: &url.URL{Path: "/a"}, Status: http.StatusOK,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
}

// suiteDecode keeps numbers as they are written.
func suiteDecode(t *testing.T, data []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

// suiteGroups is the whole suite.
func suiteGroups(t *testing.T) (all []suiteGroup) {
	t.Helper()
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "cuelang.org/go").Output()
	require.NoError(t, err)
	folder := os.DirFS(filepath.Join(strings.TrimSpace(string(module)), suiteFolder))
	err = fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(folder, path)
		require.NoError(t, err)
		var groups []suiteGroup
		require.NoError(t, json.Unmarshal(data, &groups), path)
		for _, g := range groups {
			g.name = path + ": " + g.Description
			all = append(all, g)
		}
		return nil
	})
	require.NoError(t, err)
	return all
}
