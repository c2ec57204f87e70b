package api

import (
	"net/http"
	"path"
	"strings"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
)

// routes puts the generated routing around s, with every hook of it answering in our envelope.
func routes(s *Server, l logger) http.Handler {
	strict := gen.NewStrictHandlerWithOptions(s, nil, gen.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  l.fail,
		ResponseErrorHandlerFunc: l.fail,
	})
	return gen.HandlerWithOptions(strict, gen.StdHTTPServerOptions{
		BaseRouter:  newRouter(l),
		Middlewares: []gen.MiddlewareFunc{l.hyphenated},
		ErrorHandlerFunc: func(w http.ResponseWriter, r *http.Request, _ error) {
			l.fail(w, r, errRenderID) // the binder's own error quotes the id
		},
	})
}

var errRenderID = &invalid{field: "path.render_id", message: "This must be a UUID in its hyphenated form."}

// hyphenated refuses the forms of an id that the generated binder takes beside the documented one: urn:uuid:…, braces, and
// 32 bare digits. An operation without an id passes.
func (l logger) hyphenated(next http.Handler) http.Handler {
	const length = len("00000000-0000-0000-0000-000000000000")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("render_id")
		if id != "" && (len(id) != length || uuid.Validate(id) != nil) {
			l.fail(w, r, errRenderID)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// router is a ServeMux that never answers by itself: 404 and 405 come in our envelope, and a path that is not in its
// simplest form is not found instead of redirected.
type router struct {
	mux     *http.ServeMux
	log     logger
	methods map[string][]string // by path
}

var _ gen.ServeMux = (*router)(nil)

func newRouter(l logger) *router {
	m := &router{http.NewServeMux(), l, map[string][]string{}}
	m.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { l.fail(w, r, errPath) })
	return m
}

// HandleFunc takes the patterns that the generator writes, "GET /path", and answers the path's other methods.
func (m *router) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	m.mux.HandleFunc(pattern, handler)
	method, path, _ := strings.Cut(pattern, " ")
	if m.methods[path] == nil {
		m.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", strings.Join(m.methods[path], ", "))
			m.log.fail(w, r, errMethod)
		})
	}
	m.methods[path] = append(m.methods[path], method)
	if method == http.MethodGet {
		m.methods[path] = append(m.methods[path], http.MethodHead)
	}
}

// ServeHTTP takes a path and a query alone: a target that names a host is one for a proxy.
func (m *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p := r.URL.EscapedPath(); r.URL.Scheme != "" || r.URL.Host != "" || !path.IsAbs(p) || p != path.Clean(p) {
		m.log.fail(w, r, errPath)
		return
	}
	m.mux.ServeHTTP(w, r)
}
