// Package contracttest makes up documents and answers to them, for tests that hold package contract to itself and to other
// validators. What is made follows from a seed alone.
//
// Half of the answers are made to fit their schema as well as can be done without understanding all of it, and then, often,
// bent in one or two places: a member lost, added, renamed or said twice, a value of another type or beyond a bound, a spelling
// that is odd or that is no JSON.
//
// A Trial holds package contract to another validator on them. Each of its disagreements has to be explained by the rows of
// one table, Disagreements, which cite the clauses that make ours right. A row explains what it predicts: it misreads the
// answer and its document as the witness does, and ours has to say of that what the witness said.
package contracttest

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/url"

	"github.com/roughy-go/roughy/internal/contract"
)

// Path is the one path of a made up document, and Host its server's.
const (
	Path = "/made/up"
	Host = "https://made.up"
)

// Document is a made up OpenAPI document with one operation, GET Path, whose 200 has a JSON body.
type Document struct {
	Text []byte // as JSON
	Is30 bool   // OpenAPI 3.0.3, else 3.1.0

	schema  any            // of the body
	defs    map[string]any // components/schemas
	numbers *rand.Rand
}

// New makes up the document of a seed.
func New(seed uint64) *Document {
	d := &Document{defs: map[string]any{}, numbers: rand.New(rand.NewPCG(seed, 1))}
	d.Is30 = d.one(4)
	for _, name := range names {
		d.defs[name] = d.typed(3) // a name that refers to another could refer to itself
	}
	d.schema = d.makeSchema(4)
	version := "3.1.0"
	if d.Is30 {
		version = "3.0.3"
	}
	d.Text = text(version, d.schema, d.defs)
	return d
}

// text is a document of which the answer has a schema.
func text(version string, schema any, components object) []byte {
	out, _ := json.Marshal(object{ // maps, lists, scalars and valid JSON always marshal
		"openapi": version, "info": object{"title": "made up", "version": "1"}, "servers": list{object{"url": Host}},
		"paths": object{Path: object{"get": object{"operationId": "made", "responses": object{"200": object{
			"description": "made up", "content": object{"application/json": object{"schema": schema}},
		}}}}},
		"components": object{"schemas": components},
	})
	return out
}

// Answer is a 200 with a body.
func Answer(body []byte) contract.Exchange {
	u, _ := url.Parse(Host + Path) // constants parse
	return contract.Exchange{Method: http.MethodGet, URL: u, Status: http.StatusOK, Body: body,
		Header: http.Header{"Content-Type": {"application/json"}}}
}

type (
	object = map[string]any
	list   = []any
)

// one is true once in n times.
func (d *Document) one(n int) bool { return d.numbers.IntN(n) == 0 }

func pick[T any](d *Document, from ...T) T { return from[d.numbers.IntN(len(from))] }
