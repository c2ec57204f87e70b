package contract

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// body judges the bytes: that there are some where some are promised and none where not, then what they say.
func (j *judge) body(entry *response, m *media, sure bool) {
	short := j.length()
	switch {
	case j.isHead():
		if len(j.x.Body) > 0 {
			j.violate(LayerBody, "body", "", "no body: the method is HEAD", "bytes")
		}
	case j.silent():
		j.silence(entry)
	case entry == nil:
		j.undocumented()
	case len(entry.content) == 0:
		if j.hasBody() {
			j.violate(LayerBody, "body", entry.pointer, "no body: no content is documented", "bytes")
		}
	case !j.hasBody():
		if promised := promise(entry); promised != "" && !short {
			j.violate(LayerBody, "body", promised, "a body", "no bytes")
		}
	case m != nil:
		j.content(m, sure && !short)
	}
}

// length holds the bytes to Content-Length, and says whether they fall short of it.
func (j *judge) length() (short bool) {
	stated := j.x.Header.Values("Content-Length")
	if len(stated) == 0 || j.isHead() || j.silent() || j.x.Truncated {
		return false
	}
	n, ok := oneLength(stated)
	if !ok {
		j.add(Finding{Rule: "header", Severity: Violation, Layer: LayerHeader, Pointer: "Content-Length", Expected: "one number of bytes", Got: "string"})
		return false
	}
	if got := uint64(len(j.x.Body)); got != n {
		j.violate(LayerBody, "body", "", fmt.Sprintf("%d bytes, as Content-Length says", n), fmt.Sprintf("%d bytes", got))
		return got < n
	}
	return false
}

// oneLength reads a Content-Length. RFC 9110 lets it be repeated, as long as it stays the same.
func oneLength(stated []string) (n uint64, ok bool) {
	for i, text := range strings.Split(strings.Join(stated, ","), ",") {
		next, err := strconv.ParseUint(strings.Trim(text, " \t"), 10, 63)
		if err != nil || i > 0 && next != n {
			return 0, false
		}
		n = next
	}
	return n, true
}

// silence judges a status that cannot have a body: an entry that documents one can never be kept.
func (j *judge) silence(entry *response) {
	if entry != nil && len(entry.content) > 0 {
		j.violate(LayerBody, "body", join(entry.pointer, "content"), "the documented content",
			fmt.Sprintf("status %d, which never has a body", j.x.Status))
	} else if len(j.x.Body) > 0 {
		j.violate(LayerBody, "body", "", fmt.Sprintf("no body: the status is %d", j.x.Status), "bytes")
	}
}

// undocumented judges the body of an undocumented status: it can still be broken JSON.
func (j *judge) undocumented() {
	m := newMedia(j.x.Header.Get("Content-Type"), "", "")
	if m.isJSON() && j.hasBody() {
		j.content(&m, true)
	}
}

// promise is the first documented type that has a schema.
func promise(entry *response) (pointer string) {
	for _, m := range entry.content {
		if m.schema != "" && !m.free {
			return m.pointer
		}
	}
	return ""
}

// content judges the bytes as one media type. Where they came under another name or are cut short, that they cannot be
// read is the same defect, told already.
func (j *judge) content(m *media, sure bool) {
	if j.x.Truncated {
		j.unchecked("cap", "", m.pointer, "a body within the cap", "a longer one")
		return
	}
	if !m.isJSON() && (m.schema == "" || m.free) {
		return
	}
	data, err := undo(j.x.Header.Values("Content-Encoding"), j.x.Body, max(DefaultCap, len(j.x.Body)))
	switch {
	case errors.Is(err, errCap):
		j.unchecked("cap", "", m.pointer, "a body within the cap", "a longer one once decoded")
	case errors.Is(err, errEncoding):
		j.unchecked("content-encoding", "", m.pointer, "gzip, deflate or br", "another Content-Encoding")
	case err != nil:
		if sure {
			j.violate(LayerBody, "body", "", "bytes as Content-Encoding says", "bytes that cannot be decoded")
		}
	case len(data) == 0:
		j.violate(LayerBody, "body", m.pointer, "a body", "no bytes once decoded")
	case m.isJSON():
		j.json(m, data, sure)
	case strings.HasPrefix(m.name, "text/plain") && utf8.Valid(data):
		j.value(m.schema, string(data))
	case sure:
		j.unchecked("media-type", "", m.pointer, "a media type that can be decoded", showMedia(m.name))
	}
}

func (j *judge) json(m *media, data []byte, sure bool) {
	value, found, err := decode(data)
	if err != nil && !sure {
		return
	}
	for _, f := range found {
		f.Document = m.pointer
		j.addAt(f, tokens(f.Pointer))
	}
	if err == nil && m.schema != "" {
		j.value(m.schema, value)
	}
}

// value judges a decoded body by a schema.
func (j *judge) value(schema string, value any) {
	root := j.c.schemas.roots[schema]
	for _, d := range j.c.schemas.defects(root, schema, value) {
		j.addAt(d.finding(), d.at)
	}
	if root != nil {
		walk := &walker{judge: j}
		walk.visit(value, root)
	}
}
