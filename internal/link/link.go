// Package link follows the signed link of a render's output to the host that has it: without the API key, over https unless the
// API itself is on this machine, and without the link's query in any text.
package link

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// mostRedirects is how many hops a link's host may ask for.
const mostRedirects = 5

// Follower follows links. It is safe for concurrent use if its fields are.
type Follower struct {
	Transport http.RoundTripper   // must add no key of its own, and give whole answers, as http.Transport does
	API       *url.URL            // where the links were read: http links are followed only if it is on this machine
	Clean     func(string) string // takes secrets out of a text from elsewhere
}

// Refusal is a link that is not followed, or a redirect of its host that is not. Reason holds no query.
type Refusal struct {
	Reason   string
	Insecure bool // it is not, or would not stay, https
}

// Error implements error.
func (r *Refusal) Error() string { return r.Reason }

// Failure is a link's host that could not be asked, or did not answer.
type Failure struct {
	Host string
	Err  error // net/http's, whose text may hold anything
}

// Error implements error, in words that may have to be cleaned.
func (f *Failure) Error() string { return "link to " + f.Host + ": " + f.Err.Error() }

// Unwrap returns what went wrong.
func (f *Failure) Unwrap() error { return f.Err }

// Get follows a link, redirects included, with these headers alone. Its errors are a *Refusal or a *Failure. It goes to the network
// by RoundTrip, because an http.Client would put the link's query into its errors and into the Referer of a redirect.
func (f *Follower) Get(ctx context.Context, link string, header http.Header) (*http.Response, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, &Refusal{Reason: "the link is not a URL"}
	}
	for range mostRedirects + 1 {
		if err := f.allowed(u); err != nil {
			return nil, err
		}
		req := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: header.Clone()}).WithContext(ctx)
		resp, err := f.ask(req)
		if err != nil {
			return nil, &Failure{f.Clean(u.Host), err}
		}
		next := redirect(resp)
		if next == "" {
			return resp, nil
		}
		_ = resp.Body.Close()
		if u, err = f.hop(u, next); err != nil {
			return nil, err
		}
	}
	return nil, &Refusal{Reason: fmt.Sprintf("more than %d redirects", mostRedirects)}
}

// ask makes one request. An error that repeats the query is no more than its words without it.
func (f *Follower) ask(req *http.Request) (*http.Response, error) {
	resp, err := f.Transport.RoundTrip(req)
	if query := req.URL.RawQuery; err != nil && query != "" && strings.Contains(err.Error(), query) {
		return nil, errors.New(strings.ReplaceAll(err.Error(), query, "…"))
	}
	return resp, err
}

// allowed refuses http links, unless the API itself is on this machine, and links with a user, which no signed link has.
func (f *Follower) allowed(u *url.URL) error {
	switch {
	case u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http":
		return &Refusal{Reason: "the link is not https://HOST/…"}
	case u.Scheme == "http" && !Loopback(f.API):
		return &Refusal{Reason: "the link to " + f.Clean(u.Host) + " is http: want https", Insecure: true}
	default:
		return nil
	}
}

// hop is where a redirect leads, which is never from https to anything else.
func (f *Follower) hop(from *url.URL, location string) (*url.URL, error) {
	to, err := from.Parse(location)
	if err != nil {
		return nil, &Refusal{Reason: "a redirect from " + f.Clean(from.Host) + " to no URL"}
	}
	if to.Scheme != "https" && (from.Scheme == "https" || to.Scheme != "http") {
		return nil, &Refusal{Reason: "a redirect from " + from.Scheme + " on " + f.Clean(from.Host) + " to " + f.Clean(to.Scheme), Insecure: from.Scheme == "https"}
	}
	return to, nil
}

// redirect is where an answer sends on to; "" if it does not.
func redirect(resp *http.Response) string {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location")
	default:
		return ""
	}
}

// Loopback reports whether a URL stays on this machine.
func Loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
