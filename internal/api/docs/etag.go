package docs

import (
	"net/http"
	"strings"
)

// quoting lets next, which writes an ETag without the quotes that HTTP has around it, and looks for one without, talk to clients.
func quoting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tag := r.Header.Get("If-None-Match"); tag != "" {
			r = r.Clone(r.Context())
			r.Header.Set("If-None-Match", strings.Trim(strings.TrimPrefix(tag, "W/"), `"`))
		}
		q := &quoted{w}
		next.ServeHTTP(q, r)
		q.quote() // in case that it wrote nothing
	})
}

type quoted struct{ http.ResponseWriter }

func (q *quoted) quote() {
	if tag := q.Header().Get("Etag"); tag != "" && tag[0] != '"' {
		q.Header().Set("Etag", `"`+tag+`"`)
	}
}

// WriteHeader implements http.ResponseWriter.
func (q *quoted) WriteHeader(status int) {
	q.quote()
	q.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (q *quoted) Write(b []byte) (int, error) {
	q.quote()
	return q.ResponseWriter.Write(b)
}
