package lint

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// sample is a value in the document that has to keep a schema of it.
type sample struct {
	rule    string // example or default
	at      string
	value   *yaml.Node
	schema  string // a pointer
	request bool   // it is one of what is sent
	either  bool   // it is a schema's own, which may be used for what is sent and for what is received
}

// examples holds examples and defaults to their schemas.
func (l *linter) examples() {
	var all []sample
	for _, p := range l.parts {
		all = append(all, l.samples(p)...)
	}
	received := l.judge(all, false)
	doubtful := slices.ContainsFunc(all, func(s sample) bool { return s.request })
	for i, s := range all {
		doubtful = doubtful || s.either && len(received[i]) > 0
	}
	sent := received
	if doubtful {
		sent = l.judge(all, true)
	}
	for i, s := range all {
		if s.request || s.either && len(sent[i]) < len(received[i]) {
			l.found = append(l.found, sent[i]...)
		} else {
			l.found = append(l.found, received[i]...)
		}
	}
}

// samples are the examples of a part, and its default.
func (l *linter) samples(p part) []sample {
	var out []sample
	isSchema := p.isSchema()
	of := p.at
	if !isSchema {
		if of = place.Join(p.at, "schema"); l.At(of) == nil {
			return nil
		}
	}
	add := func(rule, at string) {
		if v := l.At(at); v != nil {
			out = append(out, sample{rule, at, v, of, p.request, isSchema})
		}
	}
	if p.kind == media && !contract.IsJSON(p.name) {
		return nil
	}
	add("example", place.Join(p.at, "example"))
	list := place.Join(p.at, "examples")
	if isSchema {
		add("default", place.Join(p.at, "default"))
		for i := range place.Items(l.At(list)) {
			add("example", place.Join(list, strconv.Itoa(i)))
		}
		return out
	}
	for key := range place.Members(l.At(list)) {
		add("example", place.Join(l.Resolve(place.Join(list, key.Value)), "value"))
	}
	return out
}

// judge holds samples to their schemas, as parts of requests or of responses.
func (l *linter) judge(all []sample, request bool) [][]Finding {
	out := make([][]Finding, len(all))
	if len(all) == 0 {
		return out
	}
	c, err := contract.Load(l.name, stage(l.Document, all, request), contract.AnyHost(), contract.ShowValues())
	for i, s := range all {
		if err != nil {
			out[i] = []Finding{l.verdict(s, contract.Finding{Severity: contract.Unchecked, Rule: "unchecked", Expected: "a document whose examples can be judged"})}
			continue
		}
		text, err := json.Marshal(place.Value(s.value))
		if err != nil {
			continue // a value of the document can be written as JSON
		}
		report := c.Check(contract.Exchange{Method: http.MethodGet, URL: &url.URL{Path: stagePath(i)}, Status: http.StatusOK,
			Header: http.Header{"Content-Type": {"application/json"}}, Body: text})
		for _, f := range report.Findings {
			out[i] = append(out[i], l.verdict(s, f))
		}
	}
	return out
}

// verdict is what the contract finds in a sample, at the place of the document where the sample has it.
func (l *linter) verdict(s sample, f contract.Finding) Finding {
	at := s.at + f.Pointer
	message := fmt.Sprintf("the %s breaks %s: expected %s", s.rule, f.Rule, f.Expected)
	if f.Severity != contract.Violation {
		message = fmt.Sprintf("the %s: %s: expected %s", s.rule, f.Rule, f.Expected)
	}
	if f.Got != "" {
		message += ", got " + f.Got
	}
	if f.Document != "" {
		message += "; see " + l.Position(f.Document)
	}
	return Finding{s.rule, f.Severity, at, l.Position(at), message, described(s.rule).Why}
}

func stagePath(i int) string { return "/-/samples/" + strconv.Itoa(i) }

// stage is the document with an operation for each sample, which answers with the sample's schema: so the contract's own engine is what
// judges. For requests, readOnly and writeOnly change places.
func stage(doc *place.Document, all []sample, request bool) []byte {
	root, _ := place.Value(doc.Root()).(map[string]any)
	if request {
		swap(root)
	}
	delete(root, "servers")
	paths, _ := root["paths"].(map[string]any)
	for i, s := range all {
		ref := (&url.URL{Fragment: s.schema}).String()
		paths[stagePath(i)] = map[string]any{"get": map[string]any{"responses": map[string]any{"200": map[string]any{
			"description": "", "content": map[string]any{"application/json": map[string]any{"schema": map[string]any{"$ref": ref}}}}}}}
	}
	text, err := json.Marshal(root)
	if err != nil {
		return nil // which is no document, as the contract will say
	}
	return text
}

func swap(v any) {
	switch v := v.(type) {
	case map[string]any:
		read, isRead := v["readOnly"].(bool)
		write, isWrite := v["writeOnly"].(bool)
		if isRead || isWrite {
			v["readOnly"], v["writeOnly"] = write, read
		}
		for _, child := range v {
			swap(child)
		}
	case []any:
		for _, child := range v {
			swap(child)
		}
	}
}
