package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os/signal"
	"path"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
	"github.com/roughy-go/roughy/internal/report"
)

// headroom is what the proxy may have beside the copies before memory is collected more often.
const headroom = 64 << 20

// stopTime is how long answers under way may take to end once the proxy is to stop.
const stopTime = time.Second

// proxyOptions are the flags of proxy.
type proxyOptions struct {
	judgeOptions
	upstream string
	addr     string
	mode     mode
	cap      size
	budget   size
	sample   float64
	paths    []string
	harOut   string
}

func (p *program) proxyCommand() *cobra.Command {
	o := proxyOptions{mode: mode(contract.ReportOnly), cap: contract.DefaultCap, budget: intercept.DefaultBudget}
	cmd := &cobra.Command{
		Use:   "proxy --upstream URL",
		Short: "Stand between a client and the API, and hold every answer to the contract",
		Long: `proxy listens on this machine and hands every request on to the API that --upstream names, and every answer back, its body byte
for byte as it came: encodings, redirects, trailers, streams and broken bodies. It judges a copy of what passes. Findings
appear on stdout as they are made; Ctrl-C ends with the summary, the reports and the exit code of the run.

Modes: report, the usual one, holds nothing back and changes nothing. enforce holds each answer until it is judged, and
replaces one that breaks the contract by a 502 that names the rules; what is longer than --cap is let go unjudged, and of event
streams, video and the like only status and headers are judged before they pass.

Of each body at most --cap bytes are held for judging, and --budget of all bodies at once; what is beyond is unchecked, and
passes all the same. --sample judges a share of the exchanges, --path those alone whose path, as the client asks for it, fits one
of the patterns; in a pattern, * stands for one segment of a path, and /** at its end for all that is below.

The client's key goes to the API like every header of its requests, and to nobody else; no report holds it. --har-out records
what was judged, without keys, tokens, cookies and the queries of links, for roughy check --har.

Exit code 0 if every answer kept the contract; 1 if any did not, or has what --strict or --fail-unchecked forbid; 2 if nothing
passed that could be read.`,
		Example: `  roughy proxy --upstream https://api.roughy.ai
  roughy proxy --upstream https://api.roughy.ai --mode enforce --addr 127.0.0.1:9000
  roughy proxy --upstream https://api.roughy.ai --report junit=proxy.xml --report html=proxy.html --har-out traffic.har
  roughy proxy --upstream https://api.example/v2 --spec api.yaml --path '/users/**' --sample 0.1 --format ndjson`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.proxy(cmd.Context(), o) },
	}
	o.judgeOptions.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.upstream, "upstream", "", "the `URL` of the API that requests are handed on to")
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8081", "where to listen")
	flags.Var(&o.mode, "mode", "report or enforce")
	flags.Var(&o.cap, "cap", "how much of a body is held for judging")
	flags.Var(&o.budget, "budget", "how much of all bodies is held at once")
	flags.Float64Var(&o.sample, "sample", 1, "the share of exchanges that is judged, above 0 and at most 1")
	flags.StringArrayVar(&o.paths, "path", nil, "judge only paths that fit this `pattern`; may be repeated")
	flags.StringVar(&o.harOut, "har-out", "", "record what is judged in this HAR `file`, without keys, tokens, cookies and the queries of links")
	_ = cmd.MarkFlagRequired("upstream") // refuses unknown flags only
	modes := cobra.FixedCompletions([]string{"report", "enforce"}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("mode", modes)
	return cmd
}

func (o proxyOptions) conflict() error {
	switch {
	case !(o.sample > 0 && o.sample <= 1): // NaN is neither
		return errors.New("--sample: want a share above 0 and at most 1, such as 0.1")
	case o.cap < 1 || o.budget < 1:
		return errors.New("--cap and --budget: want a size such as 10MiB")
	}
	for _, pattern := range o.paths {
		if _, err := path.Match(pattern, "/"); err != nil || !strings.HasPrefix(pattern, "/") {
			return errors.New("--path: want a pattern such as /v1/renders/* or /v1/**")
		}
	}
	return o.judgeOptions.conflict(o.harOut)
}

// proxy runs until ctx ends, which is how a run of it is meant to end.
func (p *program) proxy(ctx context.Context, o proxyOptions) error {
	if err := o.conflict(); err != nil {
		return p.usage(err)
	}
	if p.baseURL != "" {
		return p.usage(errors.New("--base-url: the proxy's API is --upstream"))
	}
	upstream, err := parseBase("--upstream", o.upstream)
	if err != nil {
		return p.usage(err)
	}
	run := &proxyRun{o: o}
	if run.session, err = newSession(o.judgeOptions, upstream); err != nil {
		return err
	}
	debug.SetMemoryLimit(int64(o.budget) + headroom) // what copies leave behind is collected in time
	signal.Ignore(syscall.SIGPIPE)                   // who reads our stdout may go, and the traffic stays
	stdout := newAside(p.stdout)
	if run.har, err = newHARFile(o.harOut); err != nil {
		return err
	}
	if err := run.open(p, stdout, true); err != nil {
		return errors.Join(err, run.har.close())
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.addr)
	if err != nil {
		return errors.Join(fmt.Errorf("%v; choose another address with --addr", err), run.out.closeFiles(), run.har.close())
	}
	if listener.Addr().String() == upstream.Host {
		return errors.Join(errors.New("--upstream is this proxy itself"), listener.Close(), run.out.closeFiles(), run.har.close())
	}
	p.say(fmt.Sprintf("http://%s hands on to %s; Ctrl-C ends", listener.Addr(), clean(upstream.String())))
	served := run.serve(ctx, listener, upstream)
	source := "proxy of " + clean(upstream.String())
	finished := run.finish(context.WithoutCancel(ctx), report.Summary{Source: source, Skipped: int(run.skipped.Load())})
	if err := errors.Join(served, finished, run.har.close(), stdout.close()); err != nil {
		return ended{err}
	}
	return run.nothingRead("what passed")
}

// proxyRun is a proxy at work.
type proxyRun struct {
	*session
	o       proxyOptions
	har     *harFile
	skipped atomic.Int64
	gate    sync.RWMutex // read by each exchange that is under way
}

// serve ends when ctx does. Answers under way get a moment to end by themselves; streams that go on are cut.
func (r *proxyRun) serve(ctx context.Context, listener net.Listener, upstream *url.URL) error {
	requests, cut := context.WithCancelCause(context.WithoutCancel(ctx))
	handler := intercept.Proxy(upstream, intercept.NewTransport(), intercept.Options{
		Judge: r.session, Mode: contract.Mode(r.o.mode), Cap: int64(r.o.cap), Budget: int64(r.o.budget),
		Pick: r.pick, OnReport: r.told,
	})
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			r.gate.RLock()
			defer r.gate.RUnlock()
			handler.ServeHTTP(w, req)
		}),
		BaseContext:       func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0), // what matters of it is in the reports
	}
	broken := make(chan error, 1)
	go func() { broken <- server.Serve(listener) }()
	var failed error
	select {
	case err := <-broken:
		failed = fmt.Errorf("proxy: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close() // cuts what did not end
	}
	cut(errStopped) // upgraded connections too, which the server does not know any more
	r.gate.Lock()   // for good: from here on nothing is told
	return failed
}

// errStopped is why requests end that the proxy cuts.
var errStopped = errors.New("the proxy was stopped")

// pick tells whether an exchange is judged, and counts those that are not.
func (r *proxyRun) pick(req *http.Request) bool {
	picked := r.listed(req.URL.Path) && (r.o.sample == 1 || rand.Float64() < r.o.sample)
	if !picked {
		r.skipped.Add(1)
	}
	return picked
}

// listed tells whether a path fits a pattern of the list, or that there is no list.
func (r *proxyRun) listed(at string) bool {
	for _, pattern := range r.o.paths {
		below, all := strings.CutSuffix(pattern, "/**")
		if fits, _ := path.Match(pattern, at); fits || all && (at == below || strings.HasPrefix(at, below+"/")) {
			return true
		}
	}
	return len(r.o.paths) == 0
}

// told reports and records an exchange.
func (r *proxyRun) told(seen intercept.Seen) {
	r.har.add(seen)
	r.add(r.seen(seen))
}

// noArguments refuses arguments, and does not repeat them.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return errors.New("no arguments are needed")
	}
	return nil
}
