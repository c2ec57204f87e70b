package roughytest_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

func TestAnAnswerStreams(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id, more := s.Add(roughytest.Render{}), make(chan struct{})
		s.Answer(id, by(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "first")
			_ = http.NewResponseController(w).Flush()
			<-more
			_, _ = io.WriteString(w, " and last")
		}))
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL()+path(id), nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+s.Key())
		resp, err := s.Transport().RoundTrip(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		first := make([]byte, 5)
		_, err = io.ReadFull(resp.Body, first)
		require.NoError(t, err)
		close(more)
		rest, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, "first and last", string(first)+string(rest))
	})
}

func TestTheEndOfAContextIsTheEndOfARequest(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id, gone := s.Add(roughytest.Render{}), make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		s.Answer(id, by(func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
			close(gone)
		}))
		_, err := s.Client().Render(ctx, id)
		require.ErrorIs(t, err, context.Canceled)
		<-gone
	})
}

func TestOneServerServesManyBubbles(t *testing.T) {
	t.Parallel()
	s := roughytest.NewInMemory(t)
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			started := time.Now()
			_, err := s.Client(roughy.WithPolling(time.Hour, time.Hour)).Wait(t.Context(), s.Add(roughytest.Render{Reads: 1}))
			require.NoError(t, err)
			require.Greater(t, time.Since(started), time.Hour)
		})
	}
}

func TestABodyThatIsLeftUnreadHoldsNothingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := roughytest.NewInMemory(t)
		link := linked(t, s, roughytest.Render{Bytes: make([]byte, 1<<20)})
		req, err := http.NewRequestWithContext(t.Context(), "GET", link.String(), nil)
		require.NoError(t, err)
		resp, err := s.Transport().RoundTrip(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	})
}

func TestAnAnswerThatNeverComesEndsByTheClientsTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := roughytest.NewInMemory(t)
		id := s.Add(roughytest.Render{})
		s.Answer(id, by(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		started := time.Now()
		_, err := s.Client().Render(t.Context(), id)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 30*time.Second, time.Since(started))

		c := s.Client(roughy.WithHTTPClient(&http.Client{Transport: s.Transport(), Timeout: time.Hour}))
		started = time.Now()
		_, err = c.Render(t.Context(), id)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Hour, time.Since(started))
	})
}
