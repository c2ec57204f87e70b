package main

import (
	_ "embed"
	"net/http"
	"net/url"

	"github.com/roughy-go/roughy"
)

// kind is the Go type that a typed contender decodes a body into.
type kind int

const (
	oneRender kind = iota
	manyRenders
	oneEvent
)

// shape is a kind of response: the document that promises it, which URL it answers, and its schema for contenders that
// know no HTTP.
type shape struct {
	kind     kind
	document []byte
	url      string
	schema   string // JSON pointer
}

// sample is one response. All are a 200 to a GET.
type sample struct {
	shape  shape
	name   string
	body   []byte
	defect bool
}

var (
	//go:embed testdata/renders.yaml
	rendersDocument []byte
	//go:embed testdata/event.yaml
	eventDocument []byte
)

func renderShape() shape {
	return shape{oneRender, roughy.Spec(),
		"https://api.roughy.ai/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90", "/components/schemas/Render"}
}

func rendersShape() shape {
	return shape{manyRenders, rendersDocument, "https://api.roughy.ai/v1/renders", "/components/schemas/RenderList"}
}

func eventShape() shape {
	return shape{oneEvent, eventDocument,
		"https://api.roughy.ai/v1/events/0192f0c2-55d0-7be4-8a10-9c4f7d2e6b31", "/components/schemas/Event"}
}

// samples are the responses of the table's rows, in its order.
func samples() []sample {
	return []sample{
		{renderShape(), rowClean, []byte(bodyShort), false},
		{renderShape(), rowLong, []byte(bodyLong), false},
		{renderShape(), rowUnknown, bodyUnknown(), true},
		{renderShape(), rowDefective, bodyStateless(), true},
		{rendersShape(), rowList, bodyList(), false},
		{eventShape(), rowEvent, []byte(bodyEvent), false},
	}
}

// request is what the sample answers.
func (s sample) request() (*http.Request, error) {
	return http.NewRequest(http.MethodGet, s.shape.url, nil)
}

// address is the request's URL, parsed.
func (s sample) address() (*url.URL, error) { return url.Parse(s.shape.url) }

// header is the sample's.
func (s sample) header() http.Header { return http.Header{"Content-Type": {"application/json"}} }
