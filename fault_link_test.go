package roughy_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/roughy-go/roughy/internal/faulttest"
)

// linked is a completed render with another link, as the API answers it.
func linked(link func(s *scene) string) part {
	return func(s *scene, _ int, _ *request) steps {
		return steps{faulttest.Text(s.render(members{"download_url": link(s)}))}
	}
}

// to is a link that is always the same.
func to(link string) part { return linked(func(*scene) string { return link }) }

// withMembers is a completed render with other members, as the API answers it.
func withMembers(changed members) part {
	return func(s *scene, _ int, _ *request) steps {
		return steps{faulttest.Text(s.render(changed))}
	}
}

// rendered is a render in another state, as the API answers it.
func rendered(state string) part { return always(faulttest.Text(said("200 OK", render(state, nil)))) }

// refusing is a plain answer of a link's host.
func refusing(status string, headers ...string) part {
	return always(faulttest.Head(status, append(headers, "Content-Length: 0")...))
}

// linkFaults are links that lead elsewhere or nowhere, and hosts that say no.
func linkFaults() []fault {
	all := []fault{
		{name: "none: a link to another host"},
		{name: "a render that is pending", api: rendered("pending")},
		{name: "a render that failed", api: rendered("failed")},
		{name: "a completed render without a link", api: withMembers(members{"download_url": nil})},
		{name: "no such render", api: saying(404)},
		{name: "503 of the API, then the render", api: first(1, saying(503))},
		{name: "a link with a redirect to a third host", link: sending(307, otherHost)},
		{name: "a link with a redirect to the API", link: sending(302, apiHost)},
		{name: "a link with a redirect to a third host, and from there to the API", link: sending(307, otherHost), other: sending(302, apiHost)},
		{name: "a link with a redirect to itself", link: sending(307, linkHost)},
		{name: "a link with a redirect to a third host, and back again and again", link: sending(307, otherHost), other: sending(307, linkHost)},
		{name: "a link with a redirect from https to http", slow: true, link: refusing("302 Found", "Location: http://other.example/?X-Sig=1")},
		{name: "a link with a redirect to a file", link: refusing("302 Found", "Location: file:///etc/passwd?X-Sig=1")},
		{name: "a link with a redirect to no URL", link: refusing("302 Found", "Location: https://%zz/?X-Sig=1")},
		{name: "an http link of an https API", slow: true, api: to("http://files.example/a?X-Sig=1")},
		{name: "a link with a user", api: to("https://me:tOpSeCrEt@files.example/?X-Sig=1")},
		{name: "a link to a file", api: to("file:///etc/passwd?X-Sig=1")},
		{name: "a link that is no URL", api: to("https://%zz?X-Sig=1")},
		{name: "a link without a host", api: to("/a.mp4?X-Sig=1")},
		{name: "403, then another link works", link: first(1, refusing("403 Forbidden"))},
		{name: "410, then another link works", link: first(1, refusing("410 Gone"))},
		{name: "403 for every link", link: refusing("403 Forbidden")},
		{name: "403, and by then the render is gone", link: refusing("403 Forbidden"), api: until(1, withMembers(nil), saying(404))},
		{name: "403, and by then size_bytes is another", link: refusing("403 Forbidden"), api: func(s *scene, n int, _ *request) steps {
			return steps{faulttest.Text(s.render(members{"size_bytes": len(small) + n}))}
		}},
		{name: "404 of the link", link: refusing("404 Not Found")},
		{name: "400 of the link", link: refusing("400 Bad Request", "X-Amz-Request-Id: 4711")},
		{name: "429 of the link with Retry-After: 20, then the output", slow: true, pauses: 20 * time.Second,
			link: first(1, refusing("429 Too Many Requests", "Retry-After: 20"))},
		{name: "503 of the link, then the output", slow: true, link: first(1, refusing("503 Service Unavailable"))},
		{name: "503 of the link for ever", slow: true, link: refusing("503 Service Unavailable")},
		{name: "503 of the link with Retry-After: 3600", slow: true, timed: true, link: refusing("503 Service Unavailable", "Retry-After: 3600")},
		{name: "503 of the link with Retry-After: 20, cancelled after 1 s", slow: true, timed: true, cancel: time.Second,
			link: refusing("503 Service Unavailable", "Retry-After: 20")},
		{name: "a link's host that is down", api: linked(func(s *scene) string {
			return strings.Replace(s.urls[linkHost], "127.0.0.1", "127.0.0.9", 1) + "/?X-Sig=1"
		})},
		{name: "a link's host with a certificate of nobody", prepare: func(s *scene) { s.urls[linkHost] = secure(s) }},
		{name: "a link's host that speaks http where https is asked for", prepare: func(s *scene) {
			plain := httptest.NewServer(http.NotFoundHandler())
			s.Cleanup(plain.Close)
			s.urls[linkHost] = strings.Replace(plain.URL, "http:", "https:", 1)
		}},
		{name: "garbage of the link's host, then the output", link: first(1, always(faulttest.Text("tOpSeCrEt?X-Sig=1\r\n\r\n"), faulttest.Cut()))},
		{name: "headers of the link's host that never end, with two attempts", options: twice(), link: endlessHeaders()},
	}
	return downloads(all)
}

// downloads are faults that a download meets.
func downloads(all []fault) []fault {
	for i := range all {
		if all[i].meet == nil {
			all[i].meet = download
		}
	}
	return all
}
