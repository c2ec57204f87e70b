package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// plainStage is an upstream and the plain proxy, in processes of their own.
func plainStage(t *testing.T) (*stage, proxies) {
	t.Helper()
	s, err := newStage(50*time.Millisecond, io.Discard)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.close()) })
	var p proxies
	p.upstream, err = s.serveRole(t.Context(), roleUpstream)
	require.NoError(t, err)
	p.plain, err = s.serveRole(t.Context(), rolePlain, p.upstream.url)
	require.NoError(t, err)
	return s, p
}

func TestLoadPassesAProxy(t *testing.T) {
	t.Parallel()
	s, p := plainStage(t)
	require.NoError(t, handsOn(t.Context(), p.plain, bodyLong))
	took, err := s.pressed(namePlain, p.plain, pumpApart).turn(t.Context())
	require.NoError(t, err)
	require.Positive(t, took)
	_, err = pumpApart(t.Context(), demand{[]string{"http://127.0.0.1:1"}, key, 1}, time.Millisecond)
	require.ErrorContains(t, err, "connection refused")
}

func TestStreamsAreSeenBeforeTheyEnd(t *testing.T) {
	t.Parallel()
	_, p := plainStage(t)
	p.ours = p.upstream
	for _, e := range streamRow(p).entries {
		took, err := e.turn(t.Context())
		require.NoError(t, err)
		require.Positive(t, took)
	}
}

func TestOtherAnswersThanTheUpstreamsAreNoticed(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			_, _ = io.WriteString(w, bodyShort)
			return
		}
		http.Error(w, "no stream", http.StatusBadGateway)
	}))
	t.Cleanup(other.Close)
	at := &server{url: other.URL}
	require.EqualError(t, handsOn(t.Context(), at, bodyLong), "another body than the upstream's came through")
	_, err := firstByte(t.Context(), other.Client(), at, at)
	require.EqualError(t, err, "status 502")
	_, err = pump(t.Context(), demand{[]string{other.URL + renderPath + "?"}, key, connections}, time.Millisecond)
	require.NoError(t, err)
	_, err = pump(t.Context(), demand{[]string{other.URL + "?" + streamQuery}, key, connections}, time.Minute) // which the first answer ends
	require.EqualError(t, err, "status 502")
}

func TestServersEndWithTheirStage(t *testing.T) {
	t.Parallel()
	s, err := newStage(time.Second, io.Discard)
	require.NoError(t, err)
	at, err := s.serveRole(t.Context(), roleUpstream)
	require.NoError(t, err)
	require.NoError(t, handsOn(t.Context(), at, bodyLong))
	require.NoError(t, s.close())
	require.Error(t, handsOn(t.Context(), at, bodyLong))
	require.NoDirExists(t, s.folder)
}

func TestServersEndWithTheirContext(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	p, err := inRole(roleUpstream)
	require.NoError(t, err)
	at, err := p.serve(ctx)
	require.NoError(t, err)
	stop()
	<-at.ended
	_, err = p.serve(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestProgramsThatDoNotListen(t *testing.T) {
	t.Parallel()
	p, err := inRole("prompter")
	require.NoError(t, err)
	p.onStderr = true
	_, err = p.serve(t.Context())
	require.EqualError(t, err, `bench.test does not listen: bench: ROUGHY_BENCH_ROLE: no role "prompter" with 0 arguments`+"\n")
}

func TestWrkIsRead(t *testing.T) {
	t.Parallel()
	const distribution = "  Latency Distribution\n     50%    2.03ms\n     99%  871.00us\n"
	a, err := wrkAnswers(distribution + "  47935 requests in 3.10s, 36.98MB read\nRequests/sec:  15461.69\nTransfer/sec:     11.93MB\n")
	require.NoError(t, err)
	require.Equal(t, answers{15461.69, 871_000}, a)
	for out, want := range map[string]string{
		distribution + "  Socket errors: connect 0, read 5, write 0, timeout 0\nRequests/sec:  1.00\n": "wrk: Socket errors: connect 0, read 5, write 0, timeout 0",
		distribution + "  Non-2xx or 3xx responses: 7\nRequests/sec:  1.00\n":                          "wrk: Non-2xx or 3xx responses: 7",
		"Requests/sec:  1.00\n": "wrk: no line of requests a second, or of 99%",
		"unable to connect\n":   "wrk: no line of requests a second, or of 99%",
	} {
		_, err := wrkAnswers(out)
		require.EqualError(t, err, want)
	}
}

func TestMemoryOfAProcess(t *testing.T) {
	t.Parallel()
	resident, err := statusBytes([]byte("VmPeak:\t 9 kB\nVmHWM:\t   2048 kB\nVmRSS:\t   1024 kB\n"), "VmRSS")
	require.NoError(t, err)
	require.Equal(t, int64(1<<20), resident)
	_, err = statusBytes([]byte("VmPeak:\t 9 kB\n"), "VmHWM")
	require.EqualError(t, err, "process status: no VmHWM")
}
