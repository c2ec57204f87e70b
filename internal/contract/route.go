package contract

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// route is one documented method of one path, compiled.
type route struct {
	name      string // operationId, else METHOD /path/{template}
	method    string
	template  string
	pointer   string // of the operation in the document
	segments  []segment
	servers   []server
	responses map[string]*response // by status in capitals: 200, 2XX, DEFAULT
}

// segment matches one part of a path between slashes: text, or a pattern where the template has a parameter.
type segment struct {
	text    string // without the parameters
	pattern *regexp.Regexp
}

// server matches the front of a URL. A base path alone, as in a document with a relative server, fits any host.
type server struct {
	origin *regexp.Regexp // scheme and host; nil fits any
	base   *regexp.Regexp
}

var parameter = regexp.MustCompile(`\{[^{}]*\}`)

func newSegments(template string) []segment {
	parts := strings.Split(template, "/")
	out := make([]segment, len(parts))
	for i, part := range parts {
		if plain, err := url.PathUnescape(part); err == nil {
			part = plain
		}
		if parameter.MatchString(part) {
			out[i].pattern = regexp.MustCompile("(?s)^" + fill(part, func(string) string { return "(.+)" }) + "$")
		}
		out[i].text = parameter.ReplaceAllString(part, "")
	}
	return out
}

// fill quotes a template for a regular expression and puts an expression in the place of each parameter.
func fill(template string, parameterExpr func(name string) string) string {
	var b strings.Builder
	end := 0
	for _, at := range parameter.FindAllStringIndex(template, -1) {
		b.WriteString(regexp.QuoteMeta(template[end:at[0]]))
		b.WriteString(parameterExpr(template[at[0]+1 : at[1]-1]))
		end = at[1]
	}
	b.WriteString(regexp.QuoteMeta(template[end:]))
	return b.String()
}

// newServer compiles a server's URL. Variables take the values of their enum, or their default, or anything without a slash.
func newServer(s *openapi3.Server) server {
	variable := func(name string) string {
		v := s.Variables[name]
		if v == nil {
			return "[^/]+"
		}
		if len(v.Enum) == 0 {
			return "(?:" + regexp.QuoteMeta(v.Default) + "|[^/]+)"
		}
		quoted := make([]string, len(v.Enum))
		for i, e := range v.Enum {
			quoted[i] = regexp.QuoteMeta(e)
		}
		return "(?:" + strings.Join(quoted, "|") + ")"
	}
	origin, base := "", s.URL
	if i := strings.Index(base, "://"); i >= 0 {
		path := len(base)
		if j := strings.IndexByte(base[i+3:], '/'); j >= 0 {
			path = i + 3 + j
		}
		origin, base = base[:path], base[path:]
	}
	base = "/" + strings.Trim(base, "/")
	if base == "/" {
		base = ""
	}
	out := server{base: regexp.MustCompile("^" + fill(base, variable) + "(/|$)")}
	if origin != "" {
		out.origin = regexp.MustCompile("(?i)^" + fill(origin, variable) + "$")
	}
	return out
}

// strip takes the server's base path off an escaped path.
func (s server) strip(u *url.URL, anyHost bool) (path string, ok bool) {
	if s.origin != nil && u.Host != "" && !anyHost && !slices.ContainsFunc(origins(u), s.origin.MatchString) {
		return "", false
	}
	path = cmp.Or(u.EscapedPath(), "/")
	at := s.base.FindStringSubmatchIndex(path)
	if at == nil {
		return "", false
	}
	return path[at[2]:], true
}

// origins are the ways to write a URL's scheme and host: with its port and, where that is the scheme's own, without it.
func origins(u *url.URL) []string {
	own := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	host := strings.TrimSuffix(u.Host, own)
	if host != u.Host || u.Port() == "" {
		return []string{u.Scheme + "://" + host, u.Scheme + "://" + host + own}
	}
	return []string{u.Scheme + "://" + host}
}

func (r *route) matches(path string) bool {
	parts := strings.Split(path, "/")
	if len(parts) != len(r.segments) {
		return false
	}
	for i, s := range r.segments {
		part, err := url.PathUnescape(parts[i])
		if err != nil || s.pattern == nil && part != s.text || s.pattern != nil && !s.pattern.MatchString(part) {
			return false
		}
	}
	return true
}

// compareRoutes puts the more concrete template first: at the first part where they differ in kind, text before parameter, and
// a parameter with more text around it before one with less.
func compareRoutes(a, b *route) int {
	for i := range min(len(a.segments), len(b.segments)) {
		s, t := a.segments[i], b.segments[i]
		switch p, q := s.pattern != nil, t.pattern != nil; {
		case p && q && len(s.text) != len(t.text):
			return len(t.text) - len(s.text)
		case p && !q:
			return 1
		case q && !p:
			return -1
		}
	}
	return cmp.Or(cmp.Compare(a.template, b.template), cmp.Compare(a.method, b.method))
}

// miss is how near an exchange came to a documented operation.
type miss int

const (
	missServer miss = iota
	missPath
	missMethod
)

var missTexts = [...]string{"a URL of no documented server", "a path that is not documented", "a method that is not documented for the path"}

// find picks the operation that an exchange answers; HEAD falls back to the GET of the same URL. If there is none, near
// says why.
func (c *Contract) find(method string, u *url.URL) (found *route, near miss) {
	for _, r := range c.routes {
		way := r.distance(u, c.anyHost)
		near = max(near, way)
		if way < missMethod {
			continue
		}
		if r.method == method {
			return r, near
		}
		if method == http.MethodHead && r.method == http.MethodGet && found == nil {
			found = r
		}
	}
	return found, near
}

// distance says how much of a URL fits the route: missMethod if all of it does.
func (r *route) distance(u *url.URL, anyHost bool) miss {
	near := missServer
	for _, s := range r.servers {
		path, ok := s.strip(u, anyHost)
		if ok {
			near = max(near, missPath)
		}
		if ok && r.matches(path) {
			return missMethod
		}
	}
	return near
}
