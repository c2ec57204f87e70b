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
	subject
	free bool // any bytes satisfy the schema
}

func newMedia(key, pointer, schema string) media {
	m := media{key: key, pointer: pointer, subject: subject{schema: schema}}
	var err error
	if m.name, m.parameters, err = mime.ParseMediaType(key); err != nil {
		name, _, _ := strings.Cut(key, ";")
		m.name = strings.ToLower(strings.TrimSpace(name))
	}
	return m
}

// IsJSON knows the media type of JSON, lower case and without parameters, by its own name or by the +json suffix.
func IsJSON(name string) bool {
	return name == "application/json" || name == "text/json" || strings.HasSuffix(name, "+json")
}

// fit is how well a documented type covers a stated one: 0 not at all, then any, range, type, and a point for each
// parameter that agrees. Parameters that differ do not matter: they only decide between two entries that both fit.
func (m media) fit(name string, parameters map[string]string) int {
	score := 0
	switch front, ranged := strings.CutSuffix(m.name, "*"); {
	case m.name == name:
		score = 300
	case m.name == "*/*" || m.name == "*":
		score = 100
	case ranged && strings.HasSuffix(front, "/") && strings.HasPrefix(name, front):
		score = 200
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

// utf8Parameters are those of the one charset that JSON has.
var utf8Parameters = map[string]string{"charset": "utf-8"}

// parseMedia is mime.ParseMediaType, which makes a map even of nothing, without that for what nearly everybody sends.
func parseMedia(stated string) (name string, parameters map[string]string, err error) {
	switch stated {
	case "application/json":
		return stated, nil, nil
	case "application/json; charset=utf-8", "application/json;charset=utf-8":
		return "application/json", utf8Parameters, nil
	}
	return mime.ParseMediaType(stated)
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

// claim is what a body says it is.
type claim struct {
	*media        // the documented type that it is held to; nil if there is none
	name   string // its type: a documented range is read as what came under it
	sure   bool   // and it came under the documented name, so that it cannot be something else altogether
}

// contentType judges the stated type and picks the documented one.
func (j *judge) contentType(entry *response) claim {
	stated := j.x.Header["Content-Type"]
	if entry == nil || len(entry.content) == 0 {
		return claim{}
	}
	if len(stated) == 0 {
		if j.hasBody() {
			j.badContentType(entry, "no Content-Type")
		}
		return only(entry.content, true)
	}
	name, parameters, err := parseMedia(stated[0])
	if err != nil && name == "" || len(stated) > 1 {
		j.badContentType(entry, "no readable Content-Type")
		return only(entry.content, false)
	}
	m := best(entry.content, name, parameters)
	out := claim{m, name, true}
	if m == nil {
		j.badContentType(entry, showMedia(name))
		if out = only(entry.content, false); out.media == nil {
			return out
		}
		out.sure = IsJSON(name) && IsJSON(out.name)
	}
	if charset := parameters["charset"]; IsJSON(name) && charset != "" && !strings.EqualFold(charset, "utf-8") {
		j.add(j.discloseLines(Finding{Rule: "charset", Severity: Warning, Layer: LayerContentType, Document: out.pointer,
			Expected: "JSON in UTF-8", Got: "another charset"}, stated))
	}
	return out
}

// only is the documented type that a body without a fitting one is held to, if there is no choice.
func only(content []media, sure bool) claim {
	if len(content) == 1 {
		return claim{&content[0], content[0].name, sure}
	}
	return claim{}
}

func (j *judge) badContentType(entry *response, got string) {
	keys := make([]string, len(entry.content))
	for i, m := range entry.content {
		keys[i] = m.key
	}
	j.add(j.discloseLines(Finding{Rule: "content-type", Severity: Violation, Layer: LayerContentType, Document: join(entry.pointer, "content"),
		Expected: strings.Join(keys, " or "), Got: got}, j.x.Header["Content-Type"]))
}
