package roughy

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// mostRedirects is how many hops a link's host may ask for.
const mostRedirects = 5

// get follows a signed link, redirects included, with its own few headers and never the API key. It goes to the network by
// RoundTrip, because an http.Client would put the link's query into its errors and into the Referer of a redirect.
func (c *Client) get(ctx context.Context, link string, header http.Header) (*http.Response, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, &Error{Code: codeLink, Message: "the link is not a URL"}
	}
	for range mostRedirects + 1 {
		if err := c.allowed(u); err != nil {
			return nil, err
		}
		req := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: header.Clone()}).WithContext(ctx)
		resp, err := c.links.RoundTrip(req)
		if err != nil {
			return nil, c.wrap("link to "+c.clean(u.Host), err)
		}
		next := redirect(resp)
		if next == "" {
			return resp, nil
		}
		_ = resp.Body.Close()
		to, err := u.Parse(next)
		if err != nil {
			return nil, &Error{Code: codeLink, Message: "a redirect from " + c.clean(u.Host) + " to no URL"}
		}
		if u.Scheme == "https" && to.Scheme != "https" {
			return nil, &Error{Code: codeInsecure, Message: "a redirect from https on " + c.clean(u.Host) + " to " + c.clean(to.Scheme)}
		}
		u = to
	}
	return nil, &Error{Code: codeLink, Message: fmt.Sprintf("more than %d redirects", mostRedirects)}
}

// allowed refuses http links, unless the API itself is on this machine, and links with a user, which no signed link has.
func (c *Client) allowed(u *url.URL) error {
	switch {
	case u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http":
		return &Error{Code: codeLink, Message: "the link is not https://HOST/…"}
	case u.Scheme == "http" && !loopback(c.base):
		return &Error{Code: codeInsecure, Message: "the link to " + c.clean(u.Host) + " is http: want https"}
	default:
		return nil
	}
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

// completed is nil for a render whose output can be fetched.
func (c *Client) completed(r *Render) error {
	switch {
	case r.State == StateFailed:
		e := &Error{Code: codeFailed, Message: "no reason was given"}
		if r.Failure != nil && r.Failure.Code != "" {
			e.Message = c.clean(r.Failure.Code + ": " + r.Failure.Message)
		}
		return e
	case r.State != StateCompleted:
		return &Error{Code: codeNotCompleted, Message: "its state is " + c.clean(string(r.State))}
	case r.DownloadURL == "":
		return &Error{Code: codeNoLink, Message: "it is completed, but has no link"}
	default:
		return nil
	}
}
