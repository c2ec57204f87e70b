package contract

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// route is one documented method of one path, compiled.
type route struct {
	name     string // operationId, else METHOD /path/{template}
	method   string
	template string
	pointer  string // of the operation in the document
	segments []segment
	servers  []server
	statuses map[int]*response
	ranges   map[int]*response // by the first digit of the status
	fallback *response         // the default; nil if there is none
}

// segment matches one part of a path between slashes: text, or what a template with parameters in it matches.
type segment struct {
	text       string // without the parameters
	parameters bool
	pattern    *regexp.Regexp // nil for text, and for one parameter alone
}

var parameter = regexp.MustCompile(`\{[^{}]*\}`)

func newSegments(template string) []segment {
	parts := strings.Split(template, "/")
	out := make([]segment, len(parts))
	for i, part := range parts {
		if plain, err := url.PathUnescape(part); err == nil {
			part = plain
		}
		out[i] = segment{text: parameter.ReplaceAllString(part, ""), parameters: parameter.MatchString(part)}
		if out[i].parameters && parameter.FindString(part) != part {
			out[i].pattern = regexp.MustCompile("(?s)^" + fill(part, func(string) string { return "(.+)" }) + "$")
		}
	}
	return out
}

func (s segment) matches(part string) bool {
	switch {
	case s.pattern != nil:
		return s.pattern.MatchString(part)
	case s.parameters:
		return part != ""
	}
	return part == s.text
}

// compare puts the more concrete segment first: text before parameters, and those with more text around them first.
func (s segment) compare(t segment) int {
	switch {
	case s.parameters && t.parameters:
		return len(t.text) - len(s.text)
	case s.parameters:
		return 1
	case t.parameters:
		return -1
	}
	return 0
}

// compareRoutes puts the more concrete template first, by the first segment in which they differ.
func compareRoutes(a, b *route) int {
	for i := range min(len(a.segments), len(b.segments)) {
		if n := a.segments[i].compare(b.segments[i]); n != 0 {
			return n
		}
	}
	return cmp.Or(cmp.Compare(a.template, b.template), cmp.Compare(a.method, b.method))
}

// junction is a place on the way along the segments of paths.
type junction struct {
	text       map[string]*junction
	parameters []turn            // the most concrete first
	routes     map[string]*route // that end here, by method
}

// turn is a segment with parameters, and where it leads.
type turn struct {
	segment
	part string // as the template writes it, each parameter as {}
	to   *junction
}

func newJunction() *junction {
	return &junction{text: map[string]*junction{}, routes: map[string]*route{}}
}

// add puts a route where its segments lead.
func (n *junction) add(r *route) {
	parts := strings.Split(r.template, "/")
	for i, s := range r.segments {
		n = n.next(s, parameter.ReplaceAllString(parts[i], "{}"))
	}
	n.routes[r.method] = r
}

func (n *junction) next(s segment, part string) *junction {
	if !s.parameters {
		if n.text[s.text] == nil {
			n.text[s.text] = newJunction()
		}
		return n.text[s.text]
	}
	i := slices.IndexFunc(n.parameters, func(t turn) bool { return t.part == part })
	if i >= 0 {
		return n.parameters[i].to
	}
	to := newJunction()
	n.parameters = append(n.parameters, turn{s, part, to})
	slices.SortStableFunc(n.parameters, func(a, b turn) int { return cmp.Or(a.compare(b.segment), cmp.Compare(a.part, b.part)) })
	return to
}

// path is that of a URL, or the rest of one. It is escaped only where that says more than the plain one.
type path struct {
	text    string
	escaped bool
}

func pathOf(u *url.URL) path {
	if u.RawPath != "" {
		return path{u.EscapedPath(), true}
	}
	return path{cmp.Or(u.Path, "/"), false}
}

// cut takes the front segment off.
func (p path) cut() (part string, rest path, more, ok bool) {
	part, text, more := strings.Cut(p.text, "/")
	if p.escaped {
		plain, err := url.PathUnescape(part)
		return plain, path{text, true}, more, err == nil
	}
	return part, path{text, false}, more, true
}

// find follows a path. reached tells that it is documented, if not with the method.
func (n *junction) find(method string, p path) (found *route, reached bool) {
	part, rest, more, ok := p.cut()
	if !ok {
		return nil, false
	}
	if to := n.text[part]; to != nil {
		found, reached = to.end(method, rest, more)
	}
	for i := range n.parameters {
		if found == nil && n.parameters[i].matches(part) {
			r, ok := n.parameters[i].to.end(method, rest, more)
			found, reached = r, reached || ok
		}
	}
	return found, reached
}

func (n *junction) end(method string, rest path, more bool) (found *route, reached bool) {
	if more {
		return n.find(method, rest)
	}
	return n.routes[method], len(n.routes) > 0
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
	q := query{method: method}
	whole := pathOf(u)
	if behind, ok := c.behind(u, whole); ok {
		for i := range c.sites {
			q.ask(&c.sites[i], behind)
			if rest, ok := c.sites[i].strip(u, behind, true); ok && rest != behind {
				q.ask(&c.sites[i], rest)
			}
		}
	} else {
		for i := range c.sites {
			if rest, ok := c.sites[i].strip(u, whole, c.anyHost); ok {
				q.ask(&c.sites[i], rest)
			}
		}
	}
	if q.found == nil && method == http.MethodHead && q.near == missMethod {
		return c.find(http.MethodGet, u)
	}
	return q.found, q.near
}

// behind is the path behind the base of At; ok is false for URLs that are not of it.
func (c *Contract) behind(u *url.URL, whole path) (rest path, ok bool) {
	if c.base == nil {
		return path{}, false
	}
	return c.base.strip(u, whole, false)
}

// query looks for the operation of one method and path on several sites.
type query struct {
	method string
	found  *route // the most concrete so far
	near   miss
}

func (q *query) ask(s *site, p path) {
	r, reached := s.find(q.method, p)
	q.near = max(q.near, missPath)
	if reached {
		q.near = missMethod
	}
	if r != nil && (q.found == nil || compareRoutes(r, q.found) < 0) {
		q.found = r
	}
}
