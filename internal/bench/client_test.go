package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClientsReadTheSameRender(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status   int
		body     string
		noticing []string
	}{
		"clean":             {http.StatusOK, bodyLong, nil},
		"without its state": {http.StatusOK, string(bodyStateless()), []string{nameOurs}},
		"refused": {http.StatusNotFound, `{"error":{"code":"not_found","message":"no such render"}}`,
			[]string{nameOurs, nameBare, nameBareEnd}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != renderPath || r.Header.Get("Authorization") != authorization || r.Header.Get("Accept-Encoding") != "gzip" {
					http.Error(w, "not what all ask", http.StatusTeapot)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			t.Cleanup(at.Close)
			r, err := clientRow(t.Context(), at.URL)
			require.NoError(t, err)
			require.Len(t, r.entries, 3)
			for _, e := range r.entries {
				for range 2 {
					require.Equal(t, slices.Contains(c.noticing, e.contender), e.run(), e.contender)
				}
			}
		})
	}
}
