package contract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// site is one documented server, and the paths that are documented for it.
type site struct {
	documented *openapi3.Server
	*server
	*junction
}

// server matches the front of a URL. A base path alone, as in a document with a relative server, fits any host.
type server struct {
	scheme, host string // without the scheme's own port; both "" fits any
	base         string // of the path, without a slash at its end
	plain        string // base without its escapes

	// Where these have variables:
	originPattern *regexp.Regexp
	basePattern   *regexp.Regexp
}

// newServer compiles a server's URL. Variables take the values of their enum, or their default, or anything without a slash.
func newServer(s *openapi3.Server) *server {
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
	out := &server{base: base, plain: base}
	if plain, err := url.PathUnescape(base); err == nil {
		out.plain = plain
	}
	if parameter.MatchString(base) {
		out.basePattern = regexp.MustCompile("^" + fill(base, values(s)) + "(?:/|$)")
	}
	if parameter.MatchString(origin) {
		out.originPattern = regexp.MustCompile("(?i)^" + fill(origin, values(s)) + "$")
	} else if scheme, host, ok := strings.Cut(origin, "://"); ok {
		out.scheme, out.host = scheme, withoutPort(scheme, host)
	}
	return out
}

// values writes what a server's variables can be.
func values(s *openapi3.Server) func(name string) string {
	return func(name string) string {
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

// strip takes the server's base path off a path.
func (s *server) strip(u *url.URL, p path, anyHost bool) (rest path, ok bool) {
	if u.Host != "" && !anyHost && !s.hosts(u) {
		return path{}, false
	}
	base := s.plain
	switch {
	case s.basePattern != nil:
		base = s.basePattern.FindString(p.text)
		if base == "" {
			return path{}, false
		}
		base = strings.TrimSuffix(base, "/")
	case p.escaped:
		base = s.base
	}
	text, ok := strings.CutPrefix(p.text, base)
	return path{text, p.escaped}, ok && (text == "" || text[0] == '/')
}

// hosts tells whether a URL's scheme and host are the server's.
func (s *server) hosts(u *url.URL) bool {
	switch {
	case s.originPattern != nil:
		return slices.ContainsFunc(origins(u), s.originPattern.MatchString)
	case s.host == "":
		return true
	}
	return strings.EqualFold(u.Scheme, s.scheme) && strings.EqualFold(withoutPort(u.Scheme, u.Host), s.host)
}

// origins are the ways to write a URL's scheme and host: with its port and, where that is the scheme's own, without it.
func origins(u *url.URL) []string {
	host := withoutPort(u.Scheme, u.Host)
	if host != u.Host || u.Port() == "" {
		return []string{u.Scheme + "://" + host, u.Scheme + "://" + host + ownPort(u.Scheme)}
	}
	return []string{u.Scheme + "://" + host}
}

func withoutPort(scheme, host string) string { return strings.TrimSuffix(host, ownPort(scheme)) }

// ownPort is what a URL of the scheme need not write.
func ownPort(scheme string) string {
	switch strings.ToLower(scheme) {
	case "http":
		return ":80"
	case "https":
		return ":443"
	}
	return ""
}
