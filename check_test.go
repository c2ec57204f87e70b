package roughy_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// target is where the render of these tests is read.
const target = "/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90"

func TestCheckTreatsEachVerdictByItsMode(t *testing.T) {
	t.Parallel()
	answers := map[string]struct {
		handler http.HandlerFunc
		verdict roughy.Verdict
		rules   []string
	}{
		"a clean render":        {answer(200, render("completed", nil)), roughy.OK, nil},
		"a clean refusal":       {answer(404, `{"error":{"code":"not_found","message":"None."}}`), roughy.OK, nil},
		"a new member":          {answer(200, render("pending", members{"progress": 1})), roughy.Warning, []string{"undocumented-field /progress"}},
		"a member missing":      {answer(200, strings.Replace(render("pending", nil), `"state"`, `"State"`, 1)), roughy.Violation, []string{"schema.required /state", "undocumented-field /State"}},
		"a page of HTML":        {answer(502, "<html>", "Content-Type", "text/html"), roughy.Violation, []string{"content-type "}},
		"a link before its day": {answer(200, render("pending", members{"download_url": "https://a/"})), roughy.Violation, []string{"lifecycle.link-early /download_url"}},
		"another render":        {answer(200, render("pending", members{"id": uuid.Max})), roughy.Violation, []string{"lifecycle.id /id"}},
		"an inferred rule":      {answer(200, render("completed", members{"size_bytes": nil})), roughy.Warning, []string{"lifecycle.size-missing /size_bytes"}},
		"a strange encoding":    {answer(200, "?", "Content-Encoding", "zstd"), roughy.Unchecked, []string{"unchecked.content-encoding "}},
		"a number beyond int":   {answer(200, render("pending", members{"output": members{"video_bitrate": 1e30}})), roughy.Unchecked, []string{"model.range /output/video_bitrate"}},
	}
	for name, a := range answers {
		for _, mode := range []roughy.Mode{roughy.Enforce, roughy.ReportOnly, roughy.Off} {
			t.Run(fmt.Sprint(name, mode), func(t *testing.T) {
				t.Parallel()
				eachSide(t, func(t *testing.T, s side) {
					sent, err := s(t, a.handler, roughy.CheckOptions{Mode: roughy.Off}).read(t, "GET", target)
					require.NoError(t, err)
					told := &observer{}
					got, err := s(t, a.handler, told.options(mode)).read(t, "GET", target)
					switch {
					case mode != roughy.Enforce || a.verdict < roughy.Violation:
						require.NoError(t, err)
						require.Equal(t, sent, got)
					case err != nil:
						broken, ok := errors.AsType[*roughy.ContractError](err)
						require.True(t, ok, "%v", err)
						require.Equal(t, roughy.Violation, broken.Report.Verdict)
						require.ErrorIs(t, err, roughy.ErrContract)
					default:
						require.Equal(t, http.StatusInternalServerError, got.status)
						require.Contains(t, got.body, `"code":"contract_violation"`)
						require.Contains(t, got.body, strings.Fields(a.rules[0])[0])
					}
					if mode == roughy.Off {
						require.Zero(t, told.count())
						return
					}
					require.Equal(t, 1, told.count())
					require.ElementsMatch(t, a.rules, told.rules())
					require.Equal(t, a.verdict, told.all[0].Verdict)
					require.Equal(t, "readRender", told.all[0].Operation)
					require.Equal(t, target, told.checked[0].Request.URL.Path)
					require.Equal(t, sent.status, told.checked[0].Status)
					require.Equal(t, mode == roughy.Enforce && a.verdict == roughy.Violation, told.checked[0].Withheld)
					require.Positive(t, told.checked[0].Elapsed)
				})
			})
		}
	}
}

func TestCheckLetsOtherRequestsPass(t *testing.T) {
	t.Parallel()
	eachSide(t, func(t *testing.T, s side) {
		told := &observer{}
		check := s(t, answer(200, "anything", "Content-Type", "text/plain"), told.options(roughy.Enforce))
		for _, c := range [][2]string{{"POST", target}, {"GET", "/v1/assets/" + id.String()}, {"GET", "/a.mp4?signature=1"}, {"GET", target + "/"}} {
			got, err := check.read(t, c[0], c[1])
			require.NoError(t, err)
			require.Equal(t, reply{200, "anything"}, got)
		}
		require.Zero(t, told.count())
	})
}

func TestCheckSeesSuccessiveReads(t *testing.T) {
	t.Parallel()
	eachSide(t, func(t *testing.T, s side) {
		told, reads := &observer{}, 0
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reads++
			answer(200, render([]string{"failed", "processing"}[reads%2], nil))(w, r)
		})
		one, other := s(t, h, told.options(roughy.ReportOnly)), s(t, h, told.options(roughy.ReportOnly))
		for _, check := range []checked{one, other, one, other} { // each sees one of the two states
			_, err := check.read(t, "GET", target)
			require.NoError(t, err)
		}
		require.Equal(t, 4, told.count())
		require.Empty(t, told.rules(), "each check has a history of its own")
		_, err := other.read(t, "GET", target)
		require.NoError(t, err)
		_, err = other.read(t, "GET", target)
		require.NoError(t, err)
		require.Equal(t, 6, told.count())
		require.Equal(t, []string{"lifecycle.terminal /state"}, told.rules())
	})
}

func TestCheckRemembersTenThousandRenders(t *testing.T) {
	t.Parallel()
	for others, want := range map[int][]string{9_999: {"lifecycle.terminal /state"}, 10_000: {}} {
		told, body := &observer{}, render("completed", nil)
		h := roughy.CheckHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer(200, strings.Replace(body, id.String(), r.URL.Path[len("/v1/renders/"):], 1))(w, r)
		}), told.options(roughy.ReportOnly))
		read := func(id uuid.UUID) {
			h.ServeHTTP(httptest.NewRecorder(), &http.Request{Method: "GET", URL: &url.URL{Path: "/v1/renders/" + id.String()}})
		}
		read(id)
		for i := range others {
			read(uuid.UUID{byte(i), byte(i >> 8), 1})
		}
		body = render("processing", nil)
		read(id)
		require.Equal(t, want, told.rules())
	}
}

func TestCheckSamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sample      float64
		least, most int
	}{
		{0, 400, 400}, {1, 400, 400}, {1e-12, 0, 0}, {math.SmallestNonzeroFloat64, 0, 0},
		{0.5, 300, 500}, // of 800: a share beyond that is ten standard deviations away
	} {
		t.Run(fmt.Sprint(c.sample), func(t *testing.T) {
			t.Parallel()
			eachSide(t, func(t *testing.T, s side) {
				told := &observer{}
				o := told.options(roughy.ReportOnly)
				o.Sample = c.sample
				check := s(t, answer(200, render("pending", nil)), o)
				reads := 400
				if c.sample == 0.5 {
					reads = 800
				}
				for range reads {
					_, err := check.read(t, "GET", target)
					require.NoError(t, err)
				}
				require.GreaterOrEqual(t, told.count(), c.least)
				require.LessOrEqual(t, told.count(), c.most)
			})
		})
	}
}

func TestCheckOfWhatIsNotSampledWithholdsNothing(t *testing.T) {
	t.Parallel()
	eachSide(t, func(t *testing.T, s side) {
		got, err := s(t, answer(200, "{}"), roughy.CheckOptions{Sample: 1e-12}).read(t, "GET", target)
		require.NoError(t, err)
		require.Equal(t, reply{200, "{}"}, got)
	})
}

func TestCheckHoldsNoMoreThanItIsTold(t *testing.T) {
	t.Parallel()
	long := render("pending", nil) + strings.Repeat(" ", 10_000)
	for rule, o := range map[string]roughy.CheckOptions{"unchecked.cap ": {Cap: 1000}, "unchecked.budget ": {Budget: 1000}} {
		for _, mode := range []roughy.Mode{roughy.Enforce, roughy.ReportOnly} {
			t.Run(fmt.Sprint(rule, mode), func(t *testing.T) {
				t.Parallel()
				eachSide(t, func(t *testing.T, s side) {
					told := &observer{}
					limited := told.options(mode)
					limited.Cap, limited.Budget = o.Cap, o.Budget
					got, err := s(t, answer(200, long), limited).read(t, "GET", target)
					require.NoError(t, err)
					require.Equal(t, reply{200, long}, got)
					require.Equal(t, 1, told.count())
					require.Equal(t, []string{rule}, told.rules())
				})
			})
		}
	}
}

func TestCheckOffIsNothing(t *testing.T) {
	t.Parallel()
	off := roughy.CheckOptions{Mode: roughy.Off}
	base, mux := &http.Transport{}, http.NewServeMux()
	require.Same(t, base, roughy.CheckTransport(base, off))
	require.Same(t, http.DefaultTransport, roughy.CheckTransport(nil, off))
	require.Same(t, mux, roughy.CheckHandler(mux, off))
}

func TestCheckHandlerKeepsWhatHandlersCanDo(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]roughy.Mode{"report": roughy.ReportOnly, "enforce": roughy.Enforce} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, roughy.CheckHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				control := http.NewResponseController(w)
				if err := errors.Join(control.SetWriteDeadline(time.Now().Add(time.Minute)), control.EnableFullDuplex()); err != nil {
					panic(err)
				}
				conn, rw, err := w.(http.Hijacker).Hijack()
				if err != nil {
					panic(err)
				}
				defer conn.Close()
				_, _ = rw.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
				_ = rw.Flush()
			}), roughy.CheckOptions{Mode: mode}))
			got, err := checked{url: url, rt: connections(t)}.read(t, "GET", target)
			require.NoError(t, err)
			require.Equal(t, reply{200, "hi"}, got)
		})
	}
}

func TestCheckHoldsNoStreamBackInReportMode(t *testing.T) {
	t.Parallel()
	eachSide(t, func(t *testing.T, s side) {
		text, arrived := render("pending", nil), make(chan struct{})
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer(200, text[:20])(w, r)
			w.(http.Flusher).Flush()
			<-arrived
			_, _ = io.WriteString(w, text[20:])
		})
		resp, err := s(t, h, roughy.CheckOptions{Mode: roughy.ReportOnly}).open(t, "GET", target)
		require.NoError(t, err)
		defer resp.Body.Close()
		first := make([]byte, 20)
		_, err = io.ReadFull(resp.Body, first)
		require.NoError(t, err)
		close(arrived)
		rest, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, text, string(first)+string(rest))
	})
}

func TestCheckTellsNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "tOpSeCrEt"
	for name, body := range map[string]string{
		"in members":      render("failed", members{"id": "sk_" + secret, "error_code": secret, "sk_" + secret: 1, "state": "sk_" + secret}),
		"in a link":       render("pending", members{"download_url": "https://a.example/b?X-Sig=" + secret}),
		"in broken JSON":  `{"id": "sk_` + secret + `"` + secret,
		"in another type": `["Bearer ` + secret + `"]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachSide(t, func(t *testing.T, s side) {
				told := &observer{}
				h := answer(200, body, "Set-Cookie", "session="+secret, "X-Key", "sk_"+secret, "Authorization", "Bearer "+secret)
				got, err := s(t, h, told.options(roughy.Enforce)).read(t, "GET", target+"?key="+secret)
				if err == nil {
					require.Equal(t, http.StatusInternalServerError, got.status)
					require.NotContains(t, got.body, secret)
				} else {
					require.NotContains(t, fmt.Sprintf("%v %+v %q", err, err, err), secret)
				}
				require.Equal(t, 1, told.count())
				require.NotEmpty(t, told.all[0].Findings)
				require.NotContains(t, fmt.Sprintf("%+v", told.all), secret)
			})
		})
	}
}

func TestCheckIsSafeForManyAtOnce(t *testing.T) {
	t.Parallel()
	eachSide(t, func(t *testing.T, s side) {
		told := &observer{}
		o := told.options(roughy.Enforce)
		o.Sample = 0.5
		check := s(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer(200, render("pending", members{"id": r.URL.Path[len("/v1/renders/"):]}))(w, r)
		}), o)
		var wg sync.WaitGroup
		for i := range 32 {
			wg.Go(func() {
				for range 20 {
					got, err := check.read(t, "GET", "/v1/renders/"+uuid.UUID{byte(i % 4)}.String())
					if err != nil || got.status != 200 {
						t.Error(got, err)
					}
				}
			})
		}
		wg.Wait()
		require.Empty(t, told.rules())
	})
}

func TestCheckTransportWithoutABaseUsesTheDefaultOne(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, "{}"))
	_, err := checked{url: url, rt: roughy.CheckTransport(nil, roughy.CheckOptions{})}.read(t, "GET", target)
	require.ErrorIs(t, err, roughy.ErrContract)
}
