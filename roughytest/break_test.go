package roughytest_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/lifecycle"
	"github.com/roughy-go/roughy/roughytest"
)

// states are all that a render can be in.
var states = []roughy.State{roughy.StatePending, roughy.StateProcessing, roughy.StateCompleted, roughy.StateFailed}

// scene is where a break shows.
type scene struct {
	states []roughy.State // none: all
	twice  bool           // only after a read before it
	warns  bool           // its rule is a warning
	link   string         // only once the link is followed: the code of Download's error
}

// scenes are those of the breaks that do not show as violations in every state.
var scenes = map[roughytest.Break]scene{
	roughytest.ExtraMember:  {warns: true},
	roughytest.WrongCharset: {warns: true},
	roughytest.EarlyLink:    {states: []roughy.State{roughy.StatePending, roughy.StateProcessing, roughy.StateFailed}},
	roughytest.MissingLink:  {states: []roughy.State{roughy.StateCompleted}, warns: true},
	roughytest.NoReason:     {states: []roughy.State{roughy.StateFailed}},
	roughytest.NoCompletion: {states: []roughy.State{roughy.StateCompleted, roughy.StateFailed}},
	roughytest.ChangedAsset: {twice: true, warns: true},
	roughytest.Backward:     {states: []roughy.State{roughy.StateProcessing}, twice: true, warns: true},
	roughytest.Reopened:     {states: []roughy.State{roughy.StateCompleted, roughy.StateFailed}, twice: true},
	roughytest.WrongLength:  {states: []roughy.State{roughy.StateCompleted}, link: "length_mismatch"},
	roughytest.ExpiredLink:  {states: []roughy.State{roughy.StateCompleted}, link: "link_expired"},
}

// told collects the rules that are reported, each once.
type told struct {
	mu    sync.Mutex
	rules []string
}

func (l *told) add(r roughy.Report) {
	l.mu.Lock()
	defer l.mu.Unlock()
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
				for _, state := range states {
					if at := scenes[b]; at.states == nil || slices.Contains(at.states, state) {
						test(t, s, broken{at, b, state, s.Add(roughytest.Render{State: state})})
					}
				}
			})
		})
	}
}

// broken is a render that is to be broken.
type broken struct {
	scene
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
		if r.twice {
			read()
		}
		require.Empty(t, l.rules)
		s.Break(r.id, r.by)
		read()
		if r.link != "" {
			require.Empty(t, l.rules)
			l.add(followed(t, document, s, r.id))
		}
		require.Equal(t, []string{r.by.Rule()}, l.rules)

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
		Mode: roughy.ReportOnly, OnReport: func(_ *http.Request, r roughy.Report) { l.add(r) },
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

// followed is what a check says of the link of a render.
func followed(t *testing.T, document *contract.Contract, s *roughytest.Server, id uuid.UUID) roughy.Report {
	t.Helper()
	r, err := s.Client().Render(t.Context(), id)
	require.NoError(t, err)
	resp, body := get(t, s, "GET", r.DownloadURL, "")
	return lifecycle.Link(document, r.Gen(), resp.StatusCode, int64(len(body)))
}

func TestAClientMeetsEachBreak(t *testing.T) {
	t.Parallel()
	breakings(t, func(t *testing.T, s *roughytest.Server, r broken) {
		l := &told{}
		c := enforced(s, roughy.WithReports(l.add))
		if r.twice {
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
		case r.link != "":
			require.NoError(t, err)
			_, err = c.Download(t.Context(), r.id, io.Discard)
			refused, ok := errors.AsType[*roughy.Error](err)
			require.True(t, ok)
			require.Equal(t, r.link, refused.Code)
			require.Empty(t, l.rules)
			return
		case r.warns:
			require.NoError(t, err)
		case r.by == roughytest.CutBody:
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		default:
			require.ErrorIs(t, err, roughy.ErrContract)
		}
		require.Equal(t, []string{r.by.Rule()}, l.rules)
	})
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
		for b, at := range scenes {
			for _, state := range states {
				if at.states == nil || slices.Contains(at.states, state) {
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

func TestABreakHasARule(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(roughytest.Breaks()), 20)
	for _, b := range roughytest.Breaks() {
		require.NotEmpty(t, b.Rule(), b)
	}
	require.Empty(t, roughytest.Break("none").Rule())
}

func TestAnswerPutsAnyHandlerInTheirPlace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{})
		s.Answer(id, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
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
