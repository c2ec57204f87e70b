package roughytest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// kinds are both servers, which are to do the same.
var kinds = map[string]func(roughytest.TB) *roughytest.Server{
	"over a socket": roughytest.NewServer,
	"in memory":     roughytest.NewInMemory,
}

// each runs a test with both kinds of servers.
func each(t *testing.T, test func(t *testing.T, s *roughytest.Server)) {
	t.Helper()
	for name, start := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, start(t))
		})
	}
}

// enforced is a client that never waits long, and withholds all that breaks the contract.
func enforced(s *roughytest.Server, opts ...roughy.Option) *roughy.Client {
	return s.Client(append([]roughy.Option{roughy.WithPolling(time.Millisecond, time.Millisecond)}, opts...)...)
}

// get makes one plain request with a key.
func get(t *testing.T, s *roughytest.Server, method, url, key string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.Transport().RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}

func path(id uuid.UUID) string { return "/v1/renders/" + id.String() }

func TestARenderGoesThroughItsStatesOnDemand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		cut := uuid.New()
		asked := roughytest.Render{
			ID: uuid.New(), AssetID: uuid.New(), CutID: &cut, Bytes: []byte("sound"),
			Output: roughy.Output{Format: roughy.FormatMP3, AudioBitrate: new(128_000)},
		}
		id, c := s.Add(asked), enforced(s)
		require.Equal(t, asked.ID, id)

		r, err := c.Render(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, roughy.Render{
			ID: id, AssetID: asked.AssetID, CutID: &cut, State: roughy.StatePending, Output: asked.Output, CreatedAt: r.CreatedAt,
		}, *r)

		require.Equal(t, roughy.StateProcessing, s.Advance(id))
		r, err = c.Render(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, roughy.StateProcessing, r.State)

		require.Equal(t, roughy.StateCompleted, s.Advance(id))
		var output bytes.Buffer
		n, err := c.Download(t.Context(), id, &output)
		require.NoError(t, err)
		require.Equal(t, int64(5), n)
		require.Equal(t, "sound", output.String())
	})
}

func TestAnUntouchedRenderIsEnough(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{State: roughy.StateCompleted})
		require.Equal(t, uuid.Version(7), id.Version())
		r, err := enforced(s).Render(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, roughy.FormatMP4, r.Output.Format)
		require.Positive(t, *r.SizeBytes)
		n, err := enforced(s).Download(t.Context(), id, io.Discard)
		require.NoError(t, err)
		require.Equal(t, *r.SizeBytes, n)
	})
}

func TestARenderStartsInAnyState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		ways := &roughy.Failure{Code: "source_unreadable", Message: "No video."}
		for name, c := range map[string]struct {
			asked   roughytest.Render
			state   roughy.State
			failure *roughy.Failure
		}{
			"pending":           {roughytest.Render{State: roughy.StatePending}, roughy.StatePending, nil},
			"processing":        {roughytest.Render{State: roughy.StateProcessing, Failure: ways}, roughy.StateProcessing, nil},
			"completed":         {roughytest.Render{State: roughy.StateCompleted, Failure: ways}, roughy.StateCompleted, nil},
			"failed":            {roughytest.Render{State: roughy.StateFailed, Failure: ways}, roughy.StateFailed, ways},
			"failed for itself": {roughytest.Render{State: roughy.StateFailed}, roughy.StateFailed, &roughy.Failure{Code: "internal", Message: "Something went wrong on our side."}},
		} {
			r, err := enforced(s).Render(t.Context(), s.Add(c.asked))
			require.NoError(t, err, name)
			require.Equal(t, c.state, r.State, name)
			require.Equal(t, c.failure, r.Failure, name)
		}
	})
}

func TestARenderFails(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		for _, state := range []roughy.State{roughy.StatePending, roughy.StateProcessing} {
			id := s.Add(roughytest.Render{State: state})
			s.Fail(id, "source_unreadable", "The source is no video.")
			r, err := enforced(s).Wait(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, &roughy.Failure{Code: "source_unreadable", Message: "The source is no video."}, r.Failure)
			require.Equal(t, state == roughy.StatePending, r.StartedAt == nil)
		}
	})
}

func TestARemovedRenderIsNotFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{State: roughy.StateCompleted})
		r, err := enforced(s).Render(t.Context(), id)
		require.NoError(t, err)
		s.Remove(id)
		_, err = enforced(s).Render(t.Context(), id)
		require.ErrorIs(t, err, roughy.ErrNotFound)
		resp, _ := get(t, s, "GET", r.DownloadURL, "")
		require.Equal(t, http.StatusNotFound, resp.StatusCode)
	})
}

func TestStatesChangeWithReads(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		for _, reads := range []int{1, 3} {
			id := s.Add(roughytest.Render{Reads: reads, Failure: &roughy.Failure{Code: "x", Message: "y"}})
			var seen, want []roughy.State
			for range 3 * reads {
				r, err := enforced(s).Render(t.Context(), id)
				require.NoError(t, err)
				seen = append(seen, r.State)
			}
			for _, state := range []roughy.State{roughy.StatePending, roughy.StateProcessing, roughy.StateFailed} {
				for range reads {
					want = append(want, state)
				}
			}
			require.Equal(t, want, seen)
		}
	})
}

func TestStatesChangeWithTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := roughytest.NewInMemory(t)
		id, c := s.Add(roughytest.Render{Every: time.Hour}), s.Client()
		for _, want := range []roughy.State{roughy.StatePending, roughy.StateProcessing} {
			r, err := c.Render(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, want, r.State)
			time.Sleep(time.Hour)
		}
		time.Sleep(time.Hour) // nobody looks when it completes
		r, err := c.Render(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, roughy.StateCompleted, r.State)
		require.Equal(t, time.Hour, r.StartedAt.Sub(r.CreatedAt))
		require.Equal(t, 2*time.Hour, r.CompletedAt.Sub(r.CreatedAt))
	})
}

func TestAdvanceGoesOnFromWhereTheClockIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := roughytest.NewInMemory(t)
		id := s.Add(roughytest.Render{Every: time.Hour})
		time.Sleep(time.Hour)
		require.Equal(t, roughy.StateCompleted, s.Advance(id))
	})
}

func TestKeysReadTheirOwnersRendersAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		mine, theirs := s.Add(roughytest.Render{}), s.Add(roughytest.Render{Owner: "bert"})
		key := s.NewKey("bert")
		for _, c := range []struct {
			id     uuid.UUID
			key    string
			status int
		}{{mine, s.Key(), 200}, {mine, key, 404}, {theirs, s.Key(), 404}, {theirs, key, 200}, {mine, "", 401}, {mine, "sk_wrong", 401}} {
			resp, _ := get(t, s, "GET", s.URL()+path(c.id), c.key)
			require.Equal(t, c.status, resp.StatusCode)
		}
		s.Revoke(key)
		resp, body := get(t, s, "GET", s.URL()+path(theirs), key)
		require.Equal(t, 401, resp.StatusCode)
		require.Contains(t, body, `"code":"unauthenticated"`)
	})
}

func TestAKeyOfNobodyIsTheDefaultOwners(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id, theirs := s.Add(roughytest.Render{}), s.Add(roughytest.Render{Owner: "bert"})
		key := s.NewKey("")
		require.NotEqual(t, s.Key(), key)
		for id, status := range map[uuid.UUID]int{id: 200, theirs: 404} {
			resp, _ := get(t, s, "GET", s.URL()+path(id), key)
			require.Equal(t, status, resp.StatusCode)
		}
	})
}

func TestTransportReachesTheServerWhateverTheHost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{})
		for _, base := range []string{roughy.DefaultBaseURL, "http://127.0.0.1:1", "https://roughy-api-staging.fly.dev"} {
			_, err := s.Client(roughy.WithBaseURL(base)).Render(t.Context(), id)
			require.NoError(t, err, base)
		}
	})
}

func TestRequestsAreToldWithoutSecrets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		before := time.Now()
		id := s.Add(roughytest.Render{State: roughy.StateCompleted})
		_, err := enforced(s).Download(t.Context(), id, io.Discard)
		require.NoError(t, err)
		get(t, s, "HEAD", s.URL()+path(id)+"?signature=tOpSeCrEt", "sk_tOpSeCrEt")
		get(t, s, "POST", s.URL()+"/v1/sk_tOpSeCrEt", s.Key(), "Cookie", "tOpSeCrEt")
		requests := s.Requests()
		require.Len(t, requests, 4)
		for i, want := range []roughytest.Request{
			{Method: "GET", Path: path(id), Status: 200},
			{Method: "GET", Path: "/output/" + id.String() + ".mp4", Status: 200},
			{Method: "HEAD", Path: path(id), Status: 401},
			{Method: "POST", Path: "/v1/…", Status: 404},
		} {
			require.WithinRange(t, requests[i].At, before, time.Now())
			want.At = requests[i].At
			require.Equal(t, want, requests[i])
		}
		text, err := json.Marshal(requests)
		require.NoError(t, err)
		for _, secret := range []string{"tOpSeCrEt", "signature", s.Key()} {
			require.NotContains(t, string(text), secret)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		c := enforced(s)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				id := s.Add(roughytest.Render{Reads: 2})
				wg.Go(func() {
					s.Break(id, roughytest.ExtraMember)
					s.ExpireLinks()
					s.Mend(id)
				})
				_, err := c.Wait(t.Context(), id)
				if err == nil {
					_, err = c.Render(t.Context(), id)
				}
				if err != nil {
					t.Error(err)
				}
				s.Revoke(s.NewKey("anna"))
				s.Requests()
			})
		}
		wg.Wait()
	})
}
