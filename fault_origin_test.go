package roughy_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"github.com/roughy-go/roughy/internal/faulttest"
)

// originFaults are hosts that send the client, and its key, to others, and those that are not who they should be.
func originFaults() (all []fault) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		all = append(all, fault{name: "a redirect to another host, by " + strconv.Itoa(status), api: sending(status, otherHost)})
	}
	return append(all,
		fault{name: "a redirect to another host, which sends back", api: sending(307, otherHost), other: sending(307, apiHost)},
		fault{name: "a redirect to itself", api: sending(307, apiHost)},
		fault{name: "a redirect to no URL", api: always(faulttest.Head("302 Found", "Location: https://%zz/?X-Sig=1", "Content-Length: 0"))},
		fault{name: "http where https is spoken", prepare: func(s *scene) { s.instead(strings.Replace(secure(s), "https:", "http:", 1)) }},
		fault{name: "https where http is spoken", prepare: func(s *scene) {
			plain := httptest.NewServer(http.NotFoundHandler())
			s.Cleanup(plain.Close)
			s.instead(strings.Replace(plain.URL, "http:", "https:", 1))
		}},
		fault{name: "a certificate of nobody", prepare: func(s *scene) { s.instead(secure(s)) }},
	)
}

// sending is a redirect to a host.
func sending(status int, host string) part {
	return func(s *scene, _ int, r *request) steps {
		return steps{faulttest.Head(strconv.Itoa(status)+" "+http.StatusText(status), "Location: "+s.urls[host]+r.URL.Path+"?X-Sig=0f1e2d", "Content-Length: 0")}
	}
}

// secure is the URL of a server whose certificate no client knows.
func secure(s *scene) string {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { s.received(otherHost, r) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	s.Cleanup(server.Close)
	return server.URL
}
