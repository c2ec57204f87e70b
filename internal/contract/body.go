package contract

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// body judges the bytes: that there are some where some are promised and none where not, then what they say.
func (j *judge) body(entry *response, said claim) {
	short := j.length()
	switch {
	case j.isHead():
		if len(j.x.Body) > 0 {
			j.violate(LayerBody, "body", "", "no body: the method is HEAD", "bytes")
		}
	case j.silent():
		j.silence(entry)
	case entry != nil && len(entry.content) == 0 && len(j.x.Body) > 0:
		j.violate(LayerBody, "body", entry.pointer, "no body: no content is documented", "bytes")
	case j.x.Unseen != "":
		j.unseen(said)
	case entry == nil:
		j.undocumented()
	case len(entry.content) == 0:
	case !j.hasBody():
		if promised := promise(entry, said); promised != "" && !short {
			j.violate(LayerBody, "body", promised, "a body", "no bytes")
		}
	case said.media != nil:
		said.sure = said.sure && !short
		j.content(said)
	}
}

// unseen tells why a body that is not there whole is not judged.
func (j *judge) unseen(said claim) {
	expected, got := "the whole body", unseenTexts[j.x.Unseen]
	if j.x.Unseen == OverCap {
		expected = "a body within the cap"
	}
	j.unchecked(string(j.x.Unseen), "", said.pointer, expected, got)
}

var unseenTexts = map[Unseen]string{
	OverCap:    "a longer one",
	OverBudget: "a part: bodies held at once had used up their budget",
	Cut:        "a connection that broke off",
	Closed:     "a body that was closed early",
	Unrecorded: "a recording without it",
}

// length holds the bytes to Content-Length, and says whether they fall short of it.
func (j *judge) length() (short bool) {
	stated := j.x.Header["Content-Length"]
	if len(stated) == 0 || j.isHead() || j.silent() || j.x.Unseen != "" {
		return false
	}
	n, ok := oneLength(stated)
	if !ok {
		j.add(j.discloseLines(Finding{Rule: "header", Severity: Violation, Layer: LayerHeader, Pointer: "Content-Length",
			Expected: "one number of bytes", Got: "string"}, stated))
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
	first := true
	for _, line := range stated {
		for text := range strings.SplitSeq(line, ",") {
			next, err := strconv.ParseUint(strings.Trim(text, " \t"), 10, 63)
			if err != nil || !first && next != n {
				return 0, false
			}
			n, first = next, false
		}
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
	if IsJSON(m.name) && j.hasBody() {
		j.content(claim{&m, m.name, true})
	}
}

// promise is the stated type if that has a schema, else the first documented one that has.
func promise(entry *response, said claim) (pointer string) {
	content := entry.content
	if said.media != nil {
		content = []media{*said.media}
	}
	for _, m := range content {
		if m.schema != "" && !m.free {
			return m.pointer
		}
	}
	return ""
}

// content judges the bytes as what they say they are. Where they came under another name or are cut short, that they cannot
// be read is the same defect, told already.
func (j *judge) content(said claim) {
	if !IsJSON(said.name) && (said.schema == "" || said.free) {
		return
	}
	data, err := undo(j.x.Header["Content-Encoding"], j.x.Body, max(DefaultCap, len(j.x.Body)))
	j.plain = data
	switch {
	case errors.Is(err, errCap):
		j.unchecked("cap", "", said.pointer, "a body within the cap", "a longer one once decoded")
	case errors.Is(err, errEncoding):
		j.add(j.discloseLines(Finding{Rule: "unchecked.content-encoding", Severity: Unchecked, Layer: LayerBody, Document: said.pointer,
			Expected: "gzip, deflate or br", Got: "another Content-Encoding"}, j.x.Header["Content-Encoding"]))
	case err != nil:
		if said.sure {
			j.violate(LayerBody, "body", "", "bytes as Content-Encoding says", "bytes that cannot be decoded")
		}
	case len(data) == 0:
		j.violate(LayerBody, "body", said.pointer, "a body", "no bytes once decoded")
	case IsJSON(said.name):
		j.json(said, data)
	case said.uncompiled:
		j.unchecked("schema", "", said.schema, "a schema that compiles", "")
	case strings.HasPrefix(said.name, "text/plain") && len(data) > mostText:
		j.unchecked("size", "", said.schema, "a text of at most 256 KiB", "a longer one")
	case strings.HasPrefix(said.name, "text/plain") && utf8.Valid(data):
		j.hushed(string(data), func() { j.value(said.state.schemas, said.state.reading(string(data)), nil) })
	case said.sure:
		j.unchecked("media-type", "", said.pointer, "a media type that can be decoded", showMedia(said.name))
	}
}

// json judges the bytes by admit, and by the full engine where that cannot say.
func (j *judge) json(said claim, data []byte) {
	if said.uncompiled {
		j.unchecked("schema", "", said.schema, "a schema that compiles", "")
	}
	whole := spot{end: len(data), state: cmp.Or(said.state, j.anything), said: unsure}
	if j.c.engineOnly || j.admit(whole.state, data) == broken {
		j.ask(data, whole, said)
		return
	}
	for _, s := range j.strangers.list {
		j.undocumentedMember(data[s.start:s.end], *s.stranger, tokensOf(s.at))
	}
	j.omitted += j.strangers.more
	for _, s := range j.questions.list {
		j.ask(data, s, said)
	}
	if j.questions.more > 0 {
		j.tooLarge(nil, said.pointer)
	}
}

// undocumentedMember adds the finding on a member that no schema names, whose value is written so.
func (j *judge) undocumentedMember(written []byte, f Finding, at []string) {
	f.Got = startKinds[written[0]].String()
	if j.c.showValues {
		left := mostValues
		if value, err := decode(written, &left, func(Finding, func() jsontext.Pointer) {}); err == nil {
			f = j.disclose(f, value, at, nil)
		}
	}
	j.addAt(f, at)
}

// ask judges a value by the full engine. Where the body came under another name, that it is no JSON is no news.
func (j *judge) ask(data []byte, s spot, said claim) {
	at := tokensOf(s.at)
	value, err := decode(data[s.start:s.end], &j.left, func(f Finding, where func() jsontext.Pointer) {
		if (f.Rule != "json-syntax" || said.sure) && !j.full(f.Severity) {
			f.Document = said.pointer
			j.addAt(f, slices.Concat(at, tokens(string(where()))))
		}
	})
	switch {
	case err == nil && j.tooHard(s.schemas, value):
		if s.said == refused {
			document := j.c.schemas.pointers[s.schemas[0]]
			f := defect{keyword: "unlisted", document: document, expected: "a value that the schema accepts", got: typeName(value)}.finding()
			j.addAt(j.disclose(f, value, at, nil), at)
		}
		j.tooLarge(at, said.pointer)
	case err == nil:
		j.value(s.schemas, value, at)
	case errors.Is(err, errSize):
		j.tooLarge(at, said.pointer)
	}
}

func (j *judge) tooLarge(at []string, document string) {
	j.addAt(Finding{Rule: "unchecked.size", Severity: Unchecked, Layer: LayerBody, Document: document,
		Expected: "a body small enough to list all that is wrong with it"}, at)
}

// value judges a decoded value by all schemas that hold for it.
func (j *judge) value(schemas []*jsonschema.Schema, value any, at []string) {
	for _, s := range schemas {
		for _, d := range j.c.schemas.defects(s, value) {
			j.addAt(j.disclose(d.finding(), value, at, d.at), slices.Concat(at, d.at))
		}
	}
	walk := &walker{schemas: j.c.schemas, at: at, tell: func(f Finding, way []string) {
		j.addAt(j.disclose(f, value, at, way[len(at):]), way)
	}}
	walk.visit(value, schemas...)
}
