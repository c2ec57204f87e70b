package api_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
)

// BenchmarkRead is what one read of a completed render costs from the first handler to the last, without a socket and with a
// store and links that cost nothing. A bare handler that writes the same bytes stands beside it.
func BenchmarkRead(b *testing.B) {
	rows := newRows()
	key, hash, err := api.NewKey()
	require.NoError(b, err)
	rows.owners[hash] = "anna"
	h, err := api.New(api.Config{
		Store: rows, Links: &linksThatCount{}, Logger: slog.New(slog.NewJSONHandler(io.Discard, nil)),
		KeyMemory: api.DefaultKeyMemory, Rate: 1 << 30,
	})
	require.NoError(b, err)
	q := httptest.NewRequest("GET", "/v1/renders/"+rows.addRender("anna", roughy.StateCompleted).ID.String(), nil)
	q.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, q)
	require.Equal(b, 200, w.Code)
	bare := http.HandlerFunc(func(to http.ResponseWriter, _ *http.Request) {
		to.Header().Set("Content-Type", "application/json")
		_, _ = to.Write(w.Body.Bytes())
	})
	for name, h := range map[string]http.Handler{"served": h, "bare": bare} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(&nowhere{http.Header{}}, q)
			}
		})
	}
}

// nowhere takes an answer and keeps nothing of it.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n *nowhere) WriteHeader(int)             {}
