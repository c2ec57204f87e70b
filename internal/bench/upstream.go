package main

import (
	"io"
	"net/http"
	"strconv"
)

// What an upstream is asked for.
const (
	renderID    = "0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90"
	renderPath  = "/v1/renders/" + renderID
	streamQuery = "stream"   // makes it the same render, but held back after the first byte
	releasePath = "/release" // lets go of what is held back
)

// upstream answers with one and the same render.
type upstream struct{ released chan struct{} }

func newUpstream() *upstream { return &upstream{make(chan struct{})} }

// ServeHTTP implements http.Handler.
func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == releasePath:
		select {
		case u.released <- struct{}{}:
		case <-r.Context().Done():
		}
	case r.URL.RawQuery == streamQuery:
		u.stream(w, r)
	default:
		w.Header()["Content-Type"] = []string{"application/json"}
		w.Header()["Content-Length"] = []string{strconv.Itoa(len(bodyLong))}
		_, _ = io.WriteString(w, bodyLong)
	}
}

// stream sends the first byte, and the rest when it is released.
func (u *upstream) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, bodyLong[:1])
	_ = http.NewResponseController(w).Flush() // a client that is gone ends the wait below
	select {
	case <-u.released:
		_, _ = io.WriteString(w, bodyLong[1:])
	case <-r.Context().Done():
	}
}
