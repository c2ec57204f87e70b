package intercept

import (
	"bytes"
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// Proxy hands requests on to upstream, joined to its path, and its answers back, as httputil.ReverseProxy does, and judges
// them; the package doc says what it changes and holds back. upstream has a scheme and a host; its query is not used. CONNECT is
// answered by 405. If transport is nil it is NewTransport().
func Proxy(upstream *url.URL, transport http.RoundTripper, o Options) http.Handler {
	if transport == nil {
		transport = NewTransport()
	}
	w := newWatch(o)
	p := &proxy{watch: w, upstream: *upstream, base: transport}
	p.reverse = httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      p,
		FlushInterval:  -1,
		ErrorLog:       log.New(io.Discard, "", 0), // its texts quote what was sent
		BufferPool:     &w.buffers,
		ModifyResponse: unguessed,
		ErrorHandler:   p.fail,
	}
	return p
}

type proxy struct {
	*watch
	upstream url.URL
	base     http.RoundTripper
	reverse  httputil.ReverseProxy
}

// transit is one request on its way, and what became of it.
type transit struct {
	in     *http.Request
	header http.Header // that the client will get
	seen   Seen        // its Request is nil while the exchange is not judged
	tap    *tap        // nil while there is none
}

// transitKey is the context's key for the *transit.
type transitKey struct{}

func transitOf(ctx context.Context) *transit { return ctx.Value(transitKey{}).(*transit) }

// ServeHTTP implements http.Handler.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	_ = http.NewResponseController(w).EnableFullDuplex() // HTTP/1 servers else read a request whole before they answer
	t := &transit{in: r, header: w.Header()}
	defer t.end()
	p.reverse.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), transitKey{}, t)))
}

// end closes a body that was never handed on, as when the status is none that net/http writes.
func (t *transit) end() {
	if t.tap != nil {
		_ = t.tap.Close()
	}
}

// forwarded are headers that ReverseProxy takes off.
var forwarded = [...]string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// rewrite aims a request at upstream, and undoes what ReverseProxy mends of it.
func (p *proxy) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(&p.upstream)
	r.Out.URL.RawQuery = r.In.URL.RawQuery
	for _, name := range forwarded {
		if values, ok := r.In.Header[name]; ok {
			r.Out.Header[name] = values
		}
	}
}

// unguessed keeps net/http from guessing a Content-Type: nobody would have judged it.
func unguessed(resp *http.Response) error {
	if _, ok := resp.Header["Content-Type"]; !ok {
		transitOf(resp.Request.Context()).header["Content-Type"] = nil
	}
	return nil
}

// RoundTrip implements http.RoundTripper below the ReverseProxy, where an answer is still as upstream sent it.
func (p *proxy) RoundTrip(out *http.Request) (*http.Response, error) {
	t := transitOf(out.Context())
	req := *t.in
	req.URL, req.Body = out.URL, http.NoBody
	if p.Mode != contract.Off && p.Pick(t.in) {
		t.seen = Seen{Request: &req, Exchange: contract.Exchange{Method: req.Method, URL: req.URL, Sent: time.Now()}}
	}
	resp, err := p.base.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	resp.Request = out // for unguessed
	if t.seen.Request == nil || resp.StatusCode == http.StatusSwitchingProtocols {
		return resp, nil
	}
	return p.watchOver(t, resp), nil
}

// watchOver is the answer for the client: this one, as it is judged, or another in its place.
func (p *proxy) watchOver(t *transit, resp *http.Response) *http.Response {
	pass := p.passage(t.seen.Request, resp, t.seen.Exchange.Sent)
	hold := p.Mode == contract.Enforce && (resp.Body == http.NoBody || looked(mediaType(resp.Header)))
	if p.Mode == contract.Enforce && pass.withholds(resp, hold) {
		_ = resp.Body.Close()
		return refused(resp.Request, pass.seen.Report)
	}
	if !hold {
		t.tap = &tap{ReadCloser: resp.Body, patient: true, passage: pass}
		resp.Body = t.tap
	}
	return resp
}

// refused is the answer in the place of one that is withheld.
func refused(req *http.Request, report contract.Report) *http.Response {
	body := refusal(report)
	return &http.Response{
		StatusCode:    http.StatusBadGateway,
		Header:        http.Header{"Content-Type": {"application/json"}, "Content-Length": {strconv.Itoa(len(body))}},
		ContentLength: int64(len(body)),
		Body:          io.NopCloser(bytes.NewReader(body)),
		Request:       req,
	}
}

// fail answers where upstream did not: an empty 502, as ReverseProxy does.
func (p *proxy) fail(w http.ResponseWriter, r *http.Request, err error) {
	if t := transitOf(r.Context()); t.seen.Request != nil {
		t.seen.Err, t.seen.Elapsed = unanswered(r.Context(), err), time.Since(t.seen.Exchange.Sent)
		p.OnReport(t.seen)
	}
	w.WriteHeader(http.StatusBadGateway)
}
