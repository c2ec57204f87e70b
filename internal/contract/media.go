package contract

import (
	"mime"
	"strings"
)

// media is one documented media type of a response.
type media struct {
	key        string // as the document writes it
	name       string // lower case, without parameters: application/json, text/*, */*
	parameters map[string]string
	pointer    string // of the media type object
	schema     string // pointer of its schema, "" if it has none
	free       bool   // any bytes satisfy the schema
}

func newMedia(key, pointer, schema string) media {
	m := media{key: key, pointer: pointer, schema: schema}
	var err error
	if m.name, m.parameters, err = mime.ParseMediaType(key); err != nil {
		name, _, _ := strings.Cut(key, ";")
		m.name = strings.ToLower(strings.TrimSpace(name))
	}
	return m
}

// isJSON knows JSON by its own name or by the +json suffix.
func (m media) isJSON() bool { return isJSON(m.name) }

func isJSON(name string) bool {
	return name == "application/json" || name == "text/json" || strings.HasSuffix(name, "+json")
}

// fit is how well a documented type covers a stated one: 0 not at all, then any, range, type, and a point for each
// parameter that agrees. Parameters that differ do not matter: they only decide between two entries that both fit.
func (m media) fit(name string, parameters map[string]string) int {
	score := 0
	switch kind, _, _ := strings.Cut(name, "/"); m.name {
	case name:
		score = 300
	case kind + "/*":
		score = 200
	case "*/*", "*":
		score = 100
	default:
		return 0
	}
	for k, v := range m.parameters {
		if strings.EqualFold(parameters[k], v) {
			score++
		} else {
			score--
		}
	}
	return score
}

// best picks the documented type for a stated one, nil if none covers it.
func best(content []media, name string, parameters map[string]string) *media {
	var out *media
	top := 0
	for i := range content {
		if score := content[i].fit(name, parameters); score > top {
			out, top = &content[i], score
		}
	}
	return out
}

// familiar media types may be named in a finding: they cannot be a secret.
var familiar = map[string]bool{
	"application/json": true, "application/problem+json": true, "application/xml": true, "application/x-ndjson": true,
	"application/octet-stream": true, "application/x-www-form-urlencoded": true, "multipart/form-data": true, "text/html": true,
	"text/plain": true, "text/xml": true, "text/csv": true, "text/json": true, "application/pdf": true, "video/mp4": true,
}

func showMedia(name string) string {
	if familiar[name] {
		return name
	}
	return "another media type"
}

// contentType judges the stated type and picks the documented one that the body is held to. sure is false where the body
// came under another name, so that it may be something else altogether.
func (j *judge) contentType(entry *response) (m *media, sure bool) {
	stated := j.x.Header.Values("Content-Type")
	if entry == nil || len(entry.content) == 0 {
		return nil, false
	}
	if len(stated) == 0 {
		if j.hasBody() {
			j.badContentType(entry, "no Content-Type")
		}
		return only(entry.content), true
	}
	name, parameters, err := mime.ParseMediaType(stated[0])
	if err != nil && name == "" || len(stated) > 1 {
		j.badContentType(entry, "no readable Content-Type")
		return only(entry.content), false
	}
	m = best(entry.content, name, parameters)
	sure = true
	if m == nil {
		j.badContentType(entry, showMedia(name))
		if m = only(entry.content); m == nil {
			return nil, false
		}
		sure = isJSON(name) && m.isJSON()
	}
	if charset := parameters["charset"]; isJSON(name) && charset != "" && !strings.EqualFold(charset, "utf-8") {
		j.add(Finding{Rule: "charset", Severity: Warning, Layer: LayerContentType, Document: m.pointer,
			Expected: "JSON in UTF-8", Got: "another charset"})
	}
	if strings.Contains(m.name, "*") { // a range is read as what came under it
		concrete := *m
		concrete.name = name
		return &concrete, sure
	}
	return m, sure
}

// only is the documented type that a body without a fitting one is held to, if there is no choice.
func only(content []media) *media {
	if len(content) == 1 {
		return &content[0]
	}
	return nil
}

func (j *judge) badContentType(entry *response, got string) {
	keys := make([]string, len(entry.content))
	for i, m := range entry.content {
		keys[i] = m.key
	}
	j.violate(LayerContentType, "content-type", join(entry.pointer, "content"), strings.Join(keys, " or "), got)
}
