package traffic

import (
	"bytes"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/roughy-go/roughy/internal/contract"
)

// The members of a HAR's entry, as the standard names them.
type (
	harEntry struct {
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"` // ms
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
	}

	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}

	harRequest struct {
		Method      string    `json:"method"`
		URL         string    `json:"url"`
		Version     string    `json:"httpVersion"`
		Cookies     []string  `json:"cookies"` // always empty, as is the query
		Headers     []harPair `json:"headers"`
		QueryString []string  `json:"queryString"`
		HeadersSize int       `json:"headersSize"`
		BodySize    int       `json:"bodySize"`
	}

	harResponse struct {
		Status      int        `json:"status"`
		StatusText  string     `json:"statusText"`
		Version     string     `json:"httpVersion"`
		Cookies     []string   `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
		Error       string     `json:"_error,omitempty"`
	}

	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}

	harContent struct {
		Size     int     `json:"size"`
		MIMEType string  `json:"mimeType"`
		Text     *string `json:"text,omitempty"`
		Encoding string  `json:"encoding,omitempty"`
		Comment  string  `json:"comment,omitempty"`
	}
)

// archived is an entry as a HAR has it, without secrets.
func archived(e Entry) harEntry {
	m := NewMask(e)
	wait := e.Elapsed
	if !e.Answered.IsZero() {
		wait = min(e.Answered.Sub(e.Sent), e.Elapsed)
	}
	out := harEntry{Started: e.Sent.Format(time.RFC3339Nano), Time: inMS(e.Elapsed), Timings: harTimings{Wait: inMS(wait), Receive: inMS(e.Elapsed - wait)}}
	out.Request = harRequest{Method: m.Text(e.Method), URL: m.url(e.URL), Cookies: []string{}, Headers: m.headers(e.Request), QueryString: []string{},
		HeadersSize: -1, BodySize: -1}
	out.Response = harResponse{Cookies: []string{}, Headers: []harPair{}, HeadersSize: -1, BodySize: -1}
	if e.Problem != "" || e.Status == 0 {
		out.Response.Error = m.Text(e.Problem)
		return out
	}
	content, header := m.content(e)
	out.Response.Status, out.Response.StatusText = e.Status, http.StatusText(e.Status)
	out.Response.Content, out.Response.Headers = content, m.headers(header)
	out.Response.RedirectURL = m.header("Location", e.Header.Get("Location"))
	return out
}

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// headers are without secrets, in the order of their names.
func (m Mask) headers(h http.Header) []harPair {
	out := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			out = append(out, harPair{m.Text(name), m.header(name, value)})
		}
	}
	return out
}

// content is the body without secrets, and the headers that say of it what those of the exchange said.
func (m Mask) content(e Entry) (harContent, http.Header) {
	out := harContent{Size: len(e.Body), MIMEType: m.header("Content-Type", e.Header.Get("Content-Type"))}
	body, comment := m.body(e)
	switch {
	case e.Unseen != "":
		out.Size, comment = -1, "left out: "+string(e.Unseen)
	case comment != "" || isSilent(&e) && len(body) == 0:
	case len(body) == 0 && fits(e):
	case utf8.Valid(body) && fits(e):
		out.Size, out.Text = len(body), new(string(body))
	default:
		out.Size, out.Text, out.Encoding = len(body), new(base64.StdEncoding.EncodeToString(body)), "base64"
		return out, misfit(e, len(body))
	}
	out.Comment = comment
	return out, e.Header
}

// body is the body without Content-Encoding and secrets, or why it is left out.
func (m Mask) body(e Entry) (body []byte, comment string) {
	if len(e.Body) == 0 {
		return nil, ""
	}
	body, err := contract.Plain(e.Header, e.Body)
	if err != nil {
		return nil, "left out: its Content-Encoding could not be undone"
	}
	if masked, ok := m.json(body, 0); ok {
		return masked, ""
	}
	kind := e.Header.Get("Content-Type")
	switch {
	case bytes.IndexByte(body, 0) >= 0, !utf8.Valid(body) && !isText(kind):
		return nil, "left out: no text"
	case bytes.IndexByte(body, '\\') >= 0, bytes.Contains(body, []byte("&#")), strings.Contains(kind, "urlencoded") && bytes.IndexByte(body, '%') >= 0:
		return nil, "left out: escapes in it could hide a secret"
	}
	return []byte(m.Text(string(body))), ""
}

// fits tells whether Content-Length is true of the body, or not there.
func fits(e Entry) bool {
	stated := e.Header["Content-Length"]
	return len(stated) == 0 || len(stated) == 1 && stated[0] == strconv.Itoa(len(e.Body))
}

// misfit are the headers for a body that is written byte by byte: its Content-Length is as wrong as it was.
func misfit(e Entry, size int) http.Header {
	out := e.Header.Clone()
	out.Del("Content-Encoding")
	if n, err := strconv.Atoi(out.Get("Content-Length")); err == nil && len(out["Content-Length"]) == 1 {
		out.Set("Content-Length", strconv.Itoa(max(0, size+n-len(e.Body))))
	}
	return out
}
