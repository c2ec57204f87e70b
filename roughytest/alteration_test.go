package roughytest_test

import (
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

// itself is what Answer is told to change nothing.
func itself(next http.Handler) http.Handler { return next }

// by is what Answer is told to put a function in the endpoint's place.
func by(f http.HandlerFunc) func(http.Handler) http.Handler {
	return func(http.Handler) http.Handler { return f }
}

func TestAnswerPutsAnyHandlerInTheirPlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{})
		s.Answer(id, by(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"error":{"code":"rate_limited","message":"Slow down."}}`)
		}))
		_, err := enforced(s).Render(t.Context(), id)
		require.ErrorIs(t, err, roughy.ErrRateLimited)
		require.NotErrorIs(t, err, roughy.ErrContract)
		require.ErrorContains(t, err, "ask again in 7s")
		s.Mend(id)
		_, err = enforced(s).Render(t.Context(), id)
		require.NoError(t, err)
	})
}

// unavailable is next, after so many times 503.
func unavailable(times int) func(next http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if times--; times >= 0 {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusServiceUnavailable)
				_, _ = io.WriteString(w, `{"error":{"code":"unavailable","message":"Later."}}`)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func TestAnAnswerThatIsNotTheEndpointsIsNoRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{Reads: 2})
		s.Answer(id, unavailable(5))
		for range 5 {
			resp, _ := get(t, s, "GET", s.URL()+path(id), s.Key())
			require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
		}
		for _, want := range []roughy.State{"pending", "pending", "processing", "processing", "completed"} {
			r, err := s.Client().Render(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, want, r.State)
		}
	})
}

func TestAnAnswerMayBeSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := roughytest.NewInMemory(t)
		id := s.Add(roughytest.Render{State: roughy.StateCompleted, Bytes: []byte("sound")})
		s.Answer(id, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(29 * time.Second)
				next.ServeHTTP(w, r)
			})
		})
		started := time.Now()
		r, err := s.Client().Render(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, int64(5), *r.SizeBytes)
		require.Equal(t, 29*time.Second, time.Since(started))
	})
}

func TestAnAnswerWaitsForTheClockAsTheEndpointDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := roughytest.NewInMemory(t)
		id := s.Add(roughytest.Render{Every: time.Hour})
		s.Answer(id, itself)
		time.Sleep(2 * time.Hour)
		r, err := s.Client().Render(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, 2*time.Hour, r.CompletedAt.Sub(r.CreatedAt))
	})
}

func TestAnAnswerTellsNothingWithoutAKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{})
		s.Answer(id, by(func(http.ResponseWriter, *http.Request) { t.Error("asked") }))
		for key, status := range map[string]int{"": 401, "sk_wrong": 401, s.NewKey("bert"): 404} {
			resp, _ := get(t, s, "GET", s.URL()+path(id), key)
			require.Equal(t, status, resp.StatusCode)
		}
		resp, _ := get(t, s, "POST", s.URL()+path(id), s.Key())
		require.Equal(t, 405, resp.StatusCode)
		resp, _ = get(t, s, "GET", s.URL()+"/v2/renders/"+id.String(), s.Key())
		require.Equal(t, 404, resp.StatusCode)
	})
}

func TestAnAnswerAndABreakReplaceEachOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{State: roughy.StateCompleted})
		s.Break(id, roughytest.CutLink)
		s.Answer(id, unavailable(1))
		_, err := s.Client().Render(t.Context(), id)
		require.Error(t, err)
		n, err := s.Client().Download(t.Context(), id, io.Discard)
		require.NoError(t, err)
		require.Positive(t, n)
		require.Len(t, s.Requests(), 3, "the link was not cut")

		for _, b := range []roughytest.Break{roughytest.ExtraMember, roughytest.CutLink} {
			s.Answer(id, unavailable(1))
			s.Break(id, b)
			_, err = s.Client().Render(t.Context(), id)
			require.NoError(t, err)
		}
	})
}

func TestAnAnswerIsGivenToManyAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{Reads: 1})
		s.Answer(id, itself)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, err := s.Client().Render(t.Context(), id); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.Len(t, s.Requests(), 20)
	})
}
