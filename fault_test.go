package roughy_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/faulttest"
)

// fault is a row of the table of faults: what goes wrong, between a client and the three hosts that it may meet.
type fault struct {
	name             string
	api, link, other part                               // nil: nothing goes wrong there
	slow             bool                               // in virtual time, by connections in memory, and with the default RetryOptions
	timed            bool                               // the table says when the call returned
	options          []roughy.Option                    // beside those of every row
	limit            time.Duration                      // of the context; 0: none
	cancel           time.Duration                      // when the context is cancelled; 0: never
	pauses           time.Duration                      // each pause has to be as long, or up to a tenth longer; 0: of any length
	prepare          func(s *scene)                     // what else there is to do before the client is made
	meet             func(t *testing.T, f fault) sights // nil: Render, once
}

// part is what a host does in answer to its n-th request, counted from 1. Nil is what a sound host does.
type part func(s *scene, n int, r *request) steps

type (
	steps   = []faulttest.Step
	request = http.Request
)

// always is the same at every request.
func always(list ...faulttest.Step) part {
	return func(*scene, int, *request) steps { return list }
}

// first is p at the first k requests.
func first(k int, p part) part { return until(k, p, nil) }

// until is p at the first k requests, and then another.
func until(k int, p, then part) part {
	return func(s *scene, n int, r *request) steps {
		now := p
		if n > k {
			now = then
		}
		if now == nil {
			return nil
		}
		return now(s, n, r)
	}
}

// The hosts of a scene, as the table names them.
const (
	apiHost    = "api.example"
	linkHost   = "files.example"
	otherHost  = "other.example"
	nobodyHost = "nobody.example"
)

// scene is where one fault is met, once.
type scene struct {
	*testing.T
	fault
	witness
	base      string            // where the client looks for the API
	urls      map[string]string // of the hosts
	transport *http.Transport
	timeout   time.Duration // of a request to the API
	client    *roughy.Client
	good      string       // what is told of an output that is as it should be
	want      []byte       // the output
	folder    string       // of the file
	theirs    []byte       // what somebody else wrote under its name meanwhile
	late      []byte       // another output, which is as right
	offset    atomic.Int32 // where an answer ends too soon, in rows that go through all
	round     atomic.Int32 // the requests to the host that cuts, at this offset
}

// played runs f in a scene, in which call does what a caller does. Whatever it sees, nobody may have seen a secret.
func played(t *testing.T, f fault, call func(ctx context.Context, s *scene)) {
	t.Helper()
	if f.slow {
		synctest.Test(t, func(t *testing.T) { newScene(t, f).play(call) })
		return
	}
	newScene(t, f).play(call)
}

func newScene(t *testing.T, f fault) *scene {
	t.Helper()
	s := &scene{T: t, fault: f, urls: map[string]string{}, transport: &http.Transport{}, timeout: 30 * time.Second, want: small, good: "the output"}
	dials := map[string]func(context.Context, string, string) (net.Conn, error){}
	for host, p := range map[string]part{apiHost: f.api, linkHost: f.link, otherHost: f.other} {
		s.urls[host] = "https://" + host
		if f.slow {
			dials[host+":443"] = faulttest.Dialer(t, s.plan(host, p))
		} else {
			s.urls[host] = faulttest.Play(t, s.plan(host, p))
		}
	}
	if f.slow {
		s.transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			return dials[address](ctx, network, address)
		}
	}
	s.base = s.urls[apiHost]
	if f.prepare != nil {
		f.prepare(s)
	}
	s.connect()
	return s
}

// plan is a host's part, of which every request is witnessed.
func (s *scene) plan(host string, p part) faulttest.Plan {
	var n atomic.Int32
	return func(r *request) steps {
		s.received(host, r)
		if p != nil {
			if list := p(s, int(n.Add(1)), r); list != nil {
				return list
			}
		}
		return s.sound(host, r)
	}
}

// sound is what a host without a fault answers: the API a completed render, any other its output.
func (s *scene) sound(host string, r *request) steps {
	switch {
	case host != apiHost:
		return steps{faulttest.Text(served(r, small, `"v1"`))}
	case r.Header.Get("Authorization") != "Bearer "+key:
		return steps{faulttest.Text(said("401 Unauthorized", problem("unauthenticated", "No key.")))}
	default:
		return steps{faulttest.Text(s.render(nil))}
	}
}

// render is the API's answer, as it is on the wire, with some of the render's members changed.
func (s *scene) render(changed members) string {
	m := members{"size_bytes": len(small), "download_url": s.urls[linkHost] + "/a.mp4?X-Sig=0f1e2d"}
	for name, value := range changed {
		m[name] = value
	}
	return said("200 OK", render("completed", m), "Set-Cookie: session=tOpSeCrEt; Path=/")
}

// said is an answer in JSON, as it is on the wire.
func said(status, body string, headers ...string) string {
	lines := append([]string{"HTTP/1.1 " + status, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body))}, headers...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// connect makes the client. It has a jar, whose cookies no other host may see.
func (s *scene) connect() {
	s.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s, err)
	s.Cleanup(s.transport.CloseIdleConnections)
	options := []roughy.Option{
		roughy.WithBaseURL(s.base), roughy.WithLogger(s.logger()), roughy.WithReports(s.report),
		roughy.WithHTTPClient(&http.Client{Transport: s.through(s.transport), Jar: jar, Timeout: s.timeout}),
	}
	if !s.slow {
		options = append(options, quick)
	}
	s.client, err = roughy.NewClient(key, append(options, s.options...)...)
	require.NoError(s, err)
	s.mu.Lock() // for the hosts, which take it before they look at what was set here
	defer s.mu.Unlock()
	s.requests, s.asked = map[string]int{}, map[string][]time.Time{}
}

// play does call within the fault's context.
func (s *scene) play(call func(ctx context.Context, s *scene)) {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	if s.limit > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, s.limit)
		defer stop()
	}
	if s.cancel > 0 {
		defer time.AfterFunc(s.cancel, cancel).Stop()
	}
	call(ctx, s)
	s.clean(s.T)
}

// instead answers for the API by another server, which is asked at base.
func (s *scene) instead(base string) {
	s.base, s.urls[apiHost] = base, base
}

// host is the name of a URL's host in the table.
func (s *scene) host(u *url.URL) string {
	for name, base := range s.urls {
		if base == u.Scheme+"://"+u.Host {
			return name
		}
	}
	return nobodyHost
}
