package traffic

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/roughy-go/roughy/internal/contract"
)

// mostText is how long a text may be that stands for a body: in base64, with line breaks.
const mostText = contract.DefaultCap/3*4 + contract.DefaultCap/16

// settle gives the entry what follows from all of its members: its headers, its body or why that is not there, or its problem.
func (p *pass) settle(e *Entry) {
	if p.method == "" {
		p.odd("no method")
	}
	if p.status == 0 && p.problem == "" {
		p.problem = p.failure
		p.odd("no answer was recorded")
	}
	if len(p.answered.names) == 0 && p.mime != "" && p.mime != "x-unknown" {
		p.answered.add("Content-Type", p.mime)
	}
	if p.problem == "" && p.hasText {
		p.settleText(e)
	}
	if e.Problem = p.problem; e.Problem != "" {
		e.Status, e.Body, e.Unseen = 0, nil, ""
		p.answered.reset()
	} else {
		p.settleUnseen(e)
	}
	e.Header, e.Request = p.answered.make(), p.asked.make()
}

// settleUnseen says why a body is not there.
func (p *pass) settleUnseen(e *Entry) {
	switch {
	case isSilent(e) || e.Unseen != "":
	case p.failure != "" && strings.Contains(p.failure, "ABORTED"):
		e.Unseen = contract.Closed
	case p.failure != "":
		e.Unseen = contract.Cut
	case !p.lines && len(e.Body) == 0 && p.leavesOut(e):
		e.Unseen = contract.Unrecorded
	}
}

// leavesOut tells whether a HAR says that there was a body which it does not have.
func (p *pass) leavesOut(e *Entry) bool {
	if p.size > 0 || p.hasText {
		return p.size > 0
	}
	length, _ := strconv.ParseUint(p.answered.get("Content-Length"), 10, 63)
	return p.bodySize > 0 || length > 0 || p.size < 0 && p.bodySize != 0
}

// isSilent tells whether an exchange never has a body.
func isSilent(e *Entry) bool {
	return e.Method == http.MethodHead || e.Status == http.StatusNoContent || e.Status == http.StatusNotModified || e.Status < 200
}

// settleText gives the entry its body, and takes out the headers that are not true of it.
func (p *pass) settleText(e *Entry) {
	asCame := p.encoded && p.lines
	if p.encoded {
		body, err := decode(p.body)
		if err != nil && !p.over {
			p.odd("a body in base64 that is no base64")
			return
		}
		p.body = body
		asCame = asCame || !p.over && p.answered.carries(body)
	}
	if p.over = p.over || len(p.body) > contract.DefaultCap; p.over {
		e.Unseen = contract.OverCap
	} else {
		e.Body = p.body
	}
	if !asCame {
		for _, name := range []string{"Content-Encoding", "Content-Length", "Transfer-Encoding"} {
			p.answered.drop(name)
		}
	}
}

// decode decodes base64 in its place: the decoder has taken what it writes over.
func decode(text []byte) ([]byte, error) {
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	from := bytes.NewReader(bytes.TrimRight(text, "= \t\r\n"))
	n, err := io.ReadFull(base64.NewDecoder(encoding, from), text)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	return text[:n], err
}

// carries tells whether bytes still have the Content-Encoding of their headers. Recorders undo the ones they know.
func (h *headers) carries(body []byte) bool {
	codings := h.get("Content-Encoding")
	last := codings[strings.LastIndexByte(codings, ',')+1:]
	switch strings.ToLower(strings.TrimSpace(last)) {
	case "gzip", "x-gzip":
		return bytes.HasPrefix(body, []byte("\x1f\x8b"))
	case "zstd":
		return bytes.HasPrefix(body, []byte("\x28\xb5\x2f\xfd"))
	case "br", "deflate":
		whole, err := contract.Plain(http.Header{"Content-Encoding": {codings}}, body)
		return err == nil && len(whole) > 0 && (utf8.Valid(whole) || !isText(h.get("Content-Type")))
	}
	return true
}

// isText tells whether a media type is that of a text.
func isText(mediaType string) bool {
	name, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	name = strings.TrimSpace(name)
	return strings.HasPrefix(name, "text/") || strings.HasSuffix(name, "json") || strings.HasSuffix(name, "xml") ||
		strings.HasSuffix(name, "javascript") || name == "application/x-www-form-urlencoded"
}
