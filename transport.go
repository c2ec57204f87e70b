package roughy

import (
	"errors"
	"net/http"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/intercept"
)

// checked makes requests through transport, follows no redirect, and judges what comes back. What to do about a verdict is decided
// where the answer is read, which knows its status. The HTTP client's Timeout is for ask to keep.
func (c *Client) checked(transport http.RoundTripper) (gen.HttpRequestDoer, error) {
	if c.base.Path != "" {
		transport = &mount{transport, c.base.Path}
	}
	if c.mode != Off {
		var err error
		if c.document, err = document(); err != nil {
			return nil, err
		}
		transport = intercept.Transport(transport, intercept.Options{Judge: c.document, Mode: ReportOnly, OnReport: note})
	}
	if c.httpClient.Jar == nil {
		return once{transport}, nil
	}
	return &http.Client{
		Transport: transport, Jar: c.httpClient.Jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// once makes each request once: an http.Client without cookies and redirects, and without what these cost.
type once struct{ http.RoundTripper }

// Do implements gen.HttpRequestDoer.
func (o once) Do(req *http.Request) (*http.Response, error) { return o.RoundTrip(req) }

// whole gives whole answers, also of a RoundTripper that leaves out what http.Transport never does.
type whole struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (w whole) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.RoundTripper.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err
	case resp == nil:
		return nil, errors.New("the transport gave no answer")
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	resp.Request = req
	return resp, nil
}

// mount puts a base URL's path in front of the documented paths, below the place where answers are judged.
type mount struct {
	http.RoundTripper
	path string
}

// RoundTrip implements http.RoundTripper.
func (m *mount) RoundTrip(req *http.Request) (*http.Response, error) {
	below := req.Clone(req.Context())
	below.URL.Path = m.path + req.URL.Path
	below.URL.RawPath = ""
	return m.RoundTripper.RoundTrip(below)
}
