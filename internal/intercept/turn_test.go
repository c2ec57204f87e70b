package intercept_test

import (
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// slow is a judge who takes until the gate is closed.
type slow struct {
	asked atomic.Int64
	gate  chan struct{}
}

func (s *slow) Judge(contract.Exchange) (contract.Report, []byte) {
	s.asked.Add(1)
	<-s.gate
	return contract.Report{}, nil
}

func (s *slow) Operation(string, *url.URL) (string, bool) { return "slow", true }

// always answers with a body and an encoding.
type always struct{ body, encoding string }

func (a always) RoundTrip(*http.Request) (*http.Response, error) {
	h := http.Header{}
	if a.encoding != "" {
		h.Set("Content-Encoding", a.encoding)
	}
	return &http.Response{StatusCode: 200, Header: h, ContentLength: -1, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

func TestCostlyBodiesAreJudgedOneAProcessor(t *testing.T) {
	const exchanges = 100
	few := runtime.GOMAXPROCS(0)
	for name, tt := range map[string]struct {
		answer always
		want   int
	}{
		"small": {always{body: clean}, exchanges}, "encoded": {always{clean, "br"}, few}, "large": {always{body: strings.Repeat(clean, 200)}, few},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				judge := &slow{gate: make(chan struct{})}
				transport := intercept.Transport(tt.answer, intercept.Options{Judge: judge})
				for range exchanges {
					go func() {
						resp, err := transport.RoundTrip(&http.Request{URL: &url.URL{}})
						if err != nil {
							t.Error(err)
							return
						}
						_ = resp.Body.Close()
					}()
				}
				synctest.Wait()
				atOnce := judge.asked.Load()
				close(judge.gate)
				synctest.Wait()
				require.EqualValues(t, tt.want, atOnce)
				require.EqualValues(t, exchanges, judge.asked.Load())
			})
		})
	}
}
