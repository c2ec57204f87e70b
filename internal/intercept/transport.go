package intercept

import (
	"net"
	"net/http"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// Transport judges what comes back through base. In Enforce an answer that breaks the contract becomes a *contract.Error,
// and its body is closed; a stream is held to its status and headers alone, as the package doc says. In ReportOnly an answer
// is judged when its body has been read to the end or is closed. Bytes, headers and errors of base are handed on unchanged; a
// request to something that is not documented is a violation. A Content-Encoding that base undoes itself, as net/http does
// with a gzip that it asked for, is not seen. If base is nil it is http.DefaultTransport.
func Transport(base http.RoundTripper, o Options) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	if o.Mode == contract.Off {
		return base
	}
	return &transport{base, newWatch(o)}
}

type transport struct {
	base http.RoundTripper
	*watch
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.Pick(req) {
		return t.base.RoundTrip(req)
	}
	started := time.Now()
	resp, err := t.base.RoundTrip(req)
	if err != nil || resp == nil || resp.StatusCode == http.StatusSwitchingProtocols || req.Method == http.MethodConnect {
		return resp, err
	}
	p := t.passage(req, resp, started)
	hold := t.Mode == contract.Enforce && (resp.Body == http.NoBody || !endless(mediaType(resp.Header)))
	if t.Mode == contract.Enforce && p.withholds(resp, hold) {
		_ = resp.Body.Close()
		return nil, &contract.Error{Report: p.seen.Report}
	}
	if !hold {
		resp.Body = &tap{ReadCloser: resp.Body, passage: p}
	}
	return resp, nil
}

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for: base's, if it has any to close.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// NewTransport is http.DefaultTransport for one host that is asked much: it leaves bodies encoded as they come, and keeps as
// many connections open as were used at once, up to 256. It goes through the proxy that the environment names, as curl does.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   256,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true,
	}
}
