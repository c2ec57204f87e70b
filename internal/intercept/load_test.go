package intercept_test

import (
	"io"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/faulttest"
	"github.com/roughy-go/roughy/internal/intercept"
)

func TestProxyJudgesTenThousandExchanges(t *testing.T) {
	t.Parallel()
	const exchanges, connections = 10_000 / 2, 200 // in each mode
	upstream := front(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("broken") {
			answer(200, broken)(w, r)
		} else {
			answer(200, clean)(w, r)
		}
	}))
	for _, mode := range []contract.Mode{contract.ReportOnly, contract.Enforce} {
		o, _ := options(t, mode)
		var verdicts [contract.Violation + 1]atomic.Int64
		var told sync.WaitGroup // a client may have its answer before the verdict is there
		told.Add(exchanges)
		o.OnReport = func(seen intercept.Seen) {
			verdicts[seen.Report.Verdict].Add(1)
			told.Done()
		}
		url := proxied(t, upstream, o) + path
		transport := &http.Transport{MaxIdleConnsPerHost: connections}
		defer transport.CloseIdleConnections()
		client := &http.Client{Transport: transport}
		var running sync.WaitGroup
		for n := range connections {
			running.Go(func() {
				for i := range exchanges / connections {
					target, want, odd := url, clean, (n+i)%2 == 1
					if odd {
						target, want = url+"?broken", broken
					}
					resp, err := client.Get(target)
					if err != nil {
						t.Error(err)
						return
					}
					body, err := io.ReadAll(resp.Body)
					_ = resp.Body.Close()
					switch refused := resp.StatusCode == 502; {
					case err != nil:
						t.Error(err)
					case refused != (mode == contract.Enforce && odd) || !refused && string(body) != want:
						t.Errorf("%d %s", resp.StatusCode, body)
					}
				}
			})
		}
		running.Wait()
		told.Wait()
		require.EqualValues(t, exchanges/2, verdicts[contract.OK].Load())
		require.EqualValues(t, exchanges/2, verdicts[contract.Violation].Load())
	}
}

// It is not parallel, since it measures what the whole process holds.
func TestProxyHoldsNoMoreThanItsBudget(t *testing.T) {
	const bodies, part, budget = 1000, 256 << 10, 16 << 20
	held := func(m contract.Mode) uint64 {
		gate := make(chan struct{})
		upstream := faulttest.Serve(t, faulttest.Head("200 OK", jsonType, "Content-Length: 10485760"), faulttest.Repeat(part>>10, faulttest.Text(spaces)),
			faulttest.Wait(gate), faulttest.Cut())
		o, _ := options(t, m)
		o.Budget = budget
		var told sync.WaitGroup
		var over atomic.Int64
		o.OnReport = func(seen intercept.Seen) {
			if seen.Exchange.Unseen == contract.OverBudget {
				over.Add(1)
			}
			told.Done()
		}
		url := proxied(t, upstream, o)
		var arrived, gone sync.WaitGroup
		for range bodies {
			c := dial(t, url)
			send(t, c, "GET", path)
			arrived.Add(1)
			if m != contract.Off {
				told.Add(1)
			}
			gone.Go(func() {
				_, err := io.CopyN(io.Discard, c, part)
				arrived.Done()
				if err == nil {
					_, err = io.Copy(io.Discard, c)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		arrived.Wait()
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		close(gate)
		gone.Wait()
		told.Wait()
		if m != contract.Off {
			require.Greater(t, over.Load(), int64(bodies-budget/part))
		}
		return stats.HeapAlloc
	}
	without := held(contract.Off)
	with := held(contract.ReportOnly)
	t.Logf("%d MiB without copies, %d MiB with", without>>20, with>>20)
	require.Less(t, with, without+budget+16<<20)
}
