package traffic

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/secret"
)

const (
	hidden     = "…"
	hiddenLink = "%E2%80%A6" // the same within a URL, which stays one
	shortest   = 6           // letters of a secret that can be told from an ordinary word
	longWord   = 16          // letters of a query's value that is no word to filter by
	nested     = 8           // texts that are JSON within texts that are JSON
)

// Mask takes secrets out of texts about an entry: what package secret knows by its looks, and what the exchange itself used as one.
type Mask struct{ known *strings.Replacer } // nil if there are none

// NewMask learns the secrets of an entry: what its request was allowed by, what of its query looks like a secret, and the cookies of both.
func NewMask(e Entry) Mask {
	var found []string
	for name, values := range e.Request {
		if secret.IsName(name) {
			for _, value := range values {
				found = append(found, secretsIn(name, value)...)
			}
		}
	}
	for _, line := range e.Header["Set-Cookie"] {
		first, _, _ := strings.Cut(line, ";")
		found = append(found, secretsIn("Cookie", first)...)
	}
	if e.URL != nil {
		found = append(found, secretsOf(e.URL)...)
	}
	return Mask{replacer(found)}
}

// secretsIn are the secrets in the value of a header.
func secretsIn(name, value string) []string {
	if strings.HasSuffix(name, "Cookie") {
		var out []string
		for part := range strings.SplitSeq(value, ";") {
			_, v, _ := strings.Cut(part, "=")
			out = append(out, strings.Trim(v, `" `))
		}
		return out
	}
	value = strings.TrimSpace(value)
	scheme, rest, schemed := strings.Cut(value, " ")
	if !schemed {
		return []string{value}
	}
	rest = strings.TrimSpace(rest)
	out := []string{rest}
	if both, err := base64.StdEncoding.DecodeString(rest); err == nil && strings.EqualFold(scheme, "basic") {
		user, password, _ := strings.Cut(string(both), ":")
		out = append(out, string(both), user, password)
	}
	return out
}

// secretsOf are the secrets in a URL.
func secretsOf(u *url.URL) []string {
	var out []string
	if password, ok := u.User.Password(); ok {
		out = append(out, password)
	}
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(part, "=")
		if len(value) < longWord && !secret.IsName(name) {
			continue // such as state=completed, which the answer has every right to say
		}
		out = append(out, value)
		if plain, err := url.QueryUnescape(value); err == nil {
			out = append(out, plain)
		}
	}
	return append(out, u.User.Username())
}

// replacer hides all of these, also as they are written in URLs, the longest first.
func replacer(secrets []string) *strings.Replacer {
	var all []string
	for _, s := range secrets {
		if len(s) >= shortest {
			all = append(all, s, url.QueryEscape(s), url.PathEscape(s))
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, s := range slices.Compact(all) {
		pairs = append(pairs, s, hidden)
	}
	return strings.NewReplacer(pairs...)
}

var (
	fragment   = regexp.MustCompile(`(://[^\s"'<>#]*#)[^\s"'<>]*=[^\s"'<>]*`)
	reference  = regexp.MustCompile(`\?[^\s"'<>=]*=[^\s"'<>]*`)
	schemeless = regexp.MustCompile(`(^|[\s"'<(=])//[^\s/"'<>]*@`)
	anyQuery   = regexp.MustCompile(`\?[^\s"'<>]+`)
)

// Text is a text without secrets. URLs in it stay URLs.
func (m Mask) Text(text string) string {
	if m.known != nil {
		text = m.known.Replace(text)
	}
	if !strings.ContainsAny(text, "_@?# \t\n\f\r") {
		return text
	}
	masked := secret.Mask(text)
	masked = fragment.ReplaceAllString(masked, "${1}"+hidden)
	masked = reference.ReplaceAllString(masked, "?"+hidden)
	masked = schemeless.ReplaceAllString(masked, "${1}//"+hidden+"@")
	if masked != text {
		masked = inLinks.Replace(masked)
	}
	return masked
}

var inLinks = strings.NewReplacer("?"+hidden, "?"+hiddenLink, "#"+hidden, "#"+hiddenLink, "//"+hidden+"@", "//"+hiddenLink+"@")

// header is a header's value without secrets.
func (m Mask) header(name, value string) string {
	if secret.IsName(name) {
		return hidden
	}
	switch http.CanonicalHeaderKey(name) {
	case "Location", "Content-Location", "Referer", "Link", "Refresh", "Origin":
		value = anyQuery.ReplaceAllString(m.Text(value), "?"+hiddenLink)
	}
	return m.Text(value)
}

// url is a URL without its user, query and fragment, and without secrets in its path.
func (m Mask) url(u *url.URL) string {
	if u == nil {
		return ""
	}
	out := *u
	out.User, out.Fragment, out.RawFragment, out.ForceQuery = nil, "", "", false
	if out.RawQuery != "" {
		out.RawQuery = hiddenLink
	}
	if path := m.Text(out.Path); path != out.Path {
		out.Path, out.RawPath = path, ""
	}
	out.Host, out.Opaque = m.Text(out.Host), m.Text(out.Opaque)
	return out.String()
}

// json is a JSON value without secrets in its texts and names, however they are escaped, nor any text of a member that is named like
// one. All else stays as it is written. ok is
// false if it is no JSON.
func (m Mask) json(data []byte, depth int) (out []byte, ok bool) {
	if !jsontext.Value(data).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
		return nil, false
	}
	rest, confidential := data, false
	for {
		start := bytes.IndexByte(rest, '"')
		if start < 0 {
			return append(out, rest...), true
		}
		end := start + quotedLength(rest[start:])
		out = append(out, rest[:start]...)
		raw := rest[start:end]
		if confidential && string(bytes.TrimSpace(rest[:start])) == ":" {
			out = append(out, `"`+hidden+`"`...)
		} else {
			out = append(out, m.quoted(raw, depth)...)
		}
		rest = rest[end:]
		confidential = bytes.HasPrefix(bytes.TrimSpace(rest), colon) && secret.IsName(contract.Text(string(raw)))
	}
}

var colon = []byte(":")

// quotedLength is the length of the JSON string at the front of a text.
func quotedLength(text []byte) int {
	for i := 1; i < len(text); {
		i += plain(text[i:])
		if i == len(text) || text[i] == '"' {
			return min(i+1, len(text))
		}
		i += 2
	}
	return len(text)
}

// quoted is a JSON string without secrets: as it is written, if it has none.
func (m Mask) quoted(raw []byte, depth int) []byte {
	text, _ := jsontext.AppendUnquote(nil, raw)
	masked := string(text)
	if bytes.IndexByte(text, '\\') >= 0 && depth < nested {
		if inner, ok := m.json(text, depth+1); ok { // it may hold escapes of its own
			masked = string(inner)
		}
	}
	if masked = m.Text(masked); masked == string(text) {
		return raw
	}
	out, _ := jsontext.AppendQuote(nil, strings.ToValidUTF8(masked, "\uFFFD"))
	return out
}
