package roughytest_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/lifecycle"
	"github.com/roughy-go/roughy/roughytest"
)

// states are all that a render can be in.
var states = []roughy.State{roughy.StatePending, roughy.StateProcessing, roughy.StateCompleted, roughy.StateFailed}

// told collects the rules that are reported, each once, and the worst verdict.
type told struct {
	mu    sync.Mutex
	rules []string
	worst roughy.Verdict
}

func (l *told) add(r roughy.Report) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.worst = max(l.worst, r.Verdict)
	for _, f := range r.Findings {
		if !slices.Contains(l.rules, f.Rule) {
			l.rules = append(l.rules, f.Rule)
		}
	}
}

// breakings runs a test for each break, in each state that it shows in.
func breakings(t *testing.T, test func(t *testing.T, s *roughytest.Server, r broken)) {
	t.Helper()
	for _, b := range roughytest.Breaks() {
		t.Run(string(b), func(t *testing.T) {
			each(t, func(t *testing.T, s *roughytest.Server) {
				for _, state := range b.States() {
					test(t, s, broken{b, state, s.Add(roughytest.Render{State: state})})
				}
			})
		})
	}
}

// broken is a render that is to be broken.
type broken struct {
	by    roughytest.Break
	state roughy.State
	id    uuid.UUID
}

func TestEachBreakIsReportedByItsRuleAlone(t *testing.T) {
	t.Parallel()
	document, err := contract.Load("openapi.yaml", roughy.Spec())
	require.NoError(t, err)
	breakings(t, func(t *testing.T, s *roughytest.Server, r broken) {
		l := &told{}
		read := reading(t, s, r, l)
		if r.by.Reads() == 2 {
			read()
		}
		require.Empty(t, l.rules)
		s.Break(r.id, r.by)
		read()
		if r.by.Reads() == 0 {
			require.Empty(t, l.rules)
			l.add(followed(t, document, s, r.id))
		}
		require.Equal(t, []string{r.by.Rule()}, l.rules)
		require.Equal(t, r.by.Severity(), l.worst)

		s.Mend(r.id)
		mended := &told{}
		reading(t, s, r, mended)()
		require.Empty(t, mended.rules)
	})
}

// reading makes a function that reads a render through a check of its own.
func reading(t *testing.T, s *roughytest.Server, r broken, l *told) func() {
	t.Helper()
	checked := roughy.CheckTransport(s.Transport(), roughy.CheckOptions{
		Mode: roughy.ReportOnly, OnReport: func(c roughy.Checked) { l.add(c.Report) },
	})
	return func() {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL()+path(r.id), nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+s.Key())
		req.Header.Set("Accept-Encoding", "gzip") // so that net/http leaves it to the check
		resp, err := checked.RoundTrip(req)
		require.NoError(t, err)
		if _, err = io.Copy(io.Discard, resp.Body); r.by != roughytest.CutBody {
			require.NoError(t, err)
		}
		require.NoError(t, resp.Body.Close())
	}
}

// followed is what a check says of the link of a render, which it asks for once.
func followed(t *testing.T, document *contract.Contract, s *roughytest.Server, id uuid.UUID) roughy.Report {
	t.Helper()
	r, err := s.Client().Render(t.Context(), id)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), "GET", r.DownloadURL, nil)
	require.NoError(t, err)
	resp, err := s.Transport().RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	n, _ := io.Copy(io.Discard, resp.Body) // a body that breaks off is short
	return lifecycle.Link(document, r.Gen(), resp.StatusCode, n)
}

// refusals are the codes of what Download refuses, of the breaks that the link shows. It gets over the others.
var refusals = map[roughytest.Break]string{roughytest.WrongLength: "length_mismatch", roughytest.ExpiredLink: "link_expired"}

func TestAClientMeetsEachBreak(t *testing.T) {
	t.Parallel()
	breakings(t, func(t *testing.T, s *roughytest.Server, r broken) {
		l := &told{}
		c := enforced(s, roughy.WithReports(l.add))
		if r.by.Reads() == 2 {
			watch(t, s, c, r)
			if r.state.Terminal() { // nobody reads on
				require.Empty(t, l.rules)
			} else {
				require.Equal(t, []string{r.by.Rule()}, l.rules)
			}
			return
		}
		s.Break(r.id, r.by)
		_, err := c.Render(t.Context(), r.id)
		switch {
		case r.by.Reads() == 0:
			require.NoError(t, err)
			download(t, s, r)
			require.Empty(t, l.rules)
			return
		case r.by.Severity() == roughy.Warning:
			require.NoError(t, err)
		case r.by == roughytest.CutBody:
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		default:
			require.ErrorIs(t, err, roughy.ErrContract)
		}
		require.Equal(t, []string{r.by.Rule()}, l.rules)
	})
}

// download downloads a render whose link is broken.
func download(t *testing.T, s *roughytest.Server, r broken) {
	t.Helper()
	var output bytes.Buffer
	again := roughy.WithRetry(roughy.RetryOptions{First: time.Millisecond, Max: time.Millisecond})
	_, err := s.Client(again).Download(t.Context(), r.id, &output)
	if code := refusals[r.by]; code != "" {
		refused, ok := errors.AsType[*roughy.Error](err)
		require.True(t, ok)
		require.Equal(t, code, refused.Code)
		return
	}
	require.NoError(t, err)
	require.Equal(t, "the output of a render\n", output.String())
}

// watch watches a render that is broken after its first read, until it has changed or is at its end.
func watch(t *testing.T, s *roughytest.Server, c *roughy.Client, r broken) {
	t.Helper()
	reads := 0
	for _, err := range c.Watch(t.Context(), r.id) {
		require.NoError(t, err)
		if reads++; reads == 2 {
			return
		}
		s.Break(r.id, r.by)
	}
}

func TestABreakLeavesOtherStatesAsTheyAre(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		for _, b := range roughytest.Breaks() {
			for _, state := range states {
				if slices.Contains(b.States(), state) {
					continue
				}
				l := &told{}
				id := s.Add(roughytest.Render{State: state})
				s.Break(id, b)
				_, err := enforced(s, roughy.WithReports(l.add)).Render(t.Context(), id)
				require.NoError(t, err)
				require.Empty(t, l.rules, "%s while %s", b, state)
			}
		}
	})
}

func TestABreakTellsNothingWithoutAKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{})
		for _, b := range roughytest.Breaks() {
			s.Break(id, b)
			for key, status := range map[string]int{"": 401, "sk_wrong": 401, s.NewKey("bert"): 404} {
				resp, _ := get(t, s, "GET", s.URL()+path(id), key)
				require.Equal(t, status, resp.StatusCode)
				require.Equal(t, "application/json", resp.Header.Get("Content-Type"))
			}
		}
	})
}

func TestABreakSaysHowItShows(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(roughytest.Breaks()), 20)
	for _, b := range roughytest.Breaks() {
		require.NotEmpty(t, b.Rule(), b)
		require.NotEmpty(t, b.States(), b)
		b.States()[0] = "another"
		require.Subset(t, states, b.States(), b)
	}
	none := roughytest.Break("none")
	require.Empty(t, none.Rule())
	require.Empty(t, none.States())
	require.Equal(t, roughy.OK, none.Severity())
	require.Zero(t, none.Reads())
}

func TestABreakOfALinkHappensOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		for b, status := range map[roughytest.Break]int{roughytest.RefusedLink: 403, roughytest.CutLink: 206} {
			id := s.Add(roughytest.Render{Bytes: []byte("0123456789"), State: roughy.StateCompleted})
			r, err := s.Client().Render(t.Context(), id)
			require.NoError(t, err)
			ask := func() (int, string, error) {
				req, err := http.NewRequestWithContext(t.Context(), "GET", r.DownloadURL, nil)
				require.NoError(t, err)
				req.Header.Set("Range", "bytes=2-")
				resp, err := s.Transport().RoundTrip(req)
				require.NoError(t, err)
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				return resp.StatusCode, string(body), err
			}
			for range 2 { // it may be broken again
				s.Break(id, b)
				resp, _ := get(t, s, "GET", r.DownloadURL+"0", "")
				require.Equal(t, 403, resp.StatusCode, "what is refused anyway does not count")
				got, body, err := ask()
				require.Equal(t, status, got)
				require.NotEqual(t, "23456789", body)
				if b == roughytest.CutLink {
					require.ErrorIs(t, err, io.ErrUnexpectedEOF)
					require.Equal(t, "2345", body)
				}
				got, body, err = ask()
				require.NoError(t, err)
				require.Equal(t, 206, got)
				require.Equal(t, "23456789", body)
			}
			s.Break(id, b)
			s.Mend(id)
			_, body, err := ask()
			require.NoError(t, err)
			require.Equal(t, "23456789", body)
		}
	})
}
