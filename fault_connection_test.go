package roughy_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/faulttest"
)

// connectionFaults are connections to the API that break, that are slow, or that there are none of.
func connectionFaults() []fault {
	twice := twice()
	byteByByte := func(s *scene, _ int, _ *request) steps {
		return steps{faulttest.Pace(time.Second, s.render(nil))}
	}
	return []fault{
		{name: "a reset at each byte of a render, then the render", api: cutting(1, sound, faulttest.Reset()), meet: eachByte(sound)},
		{name: "a reset at each byte of a render, twice, with two attempts", options: twice, api: cutting(2, sound, faulttest.Reset()), meet: eachByte(sound)},
		{name: "an end at each byte of a render, then the render", api: cutting(1, sound, faulttest.Cut()), meet: eachByte(sound)},
		{name: "an end at each byte of a render, twice, with two attempts", options: twice, api: cutting(2, sound, faulttest.Cut()), meet: eachByte(sound)},
		{name: "a reset at each byte of a 503, then the render", api: cutting(1, overloaded, faulttest.Reset()), meet: eachByte(overloaded)},
		{name: "a reset at each byte of a 503, twice, with two attempts", options: twice, api: cutting(2, overloaded, faulttest.Reset()), meet: eachByte(overloaded)},
		{name: "an end at each byte of a 503, then the render", api: cutting(1, overloaded, faulttest.Cut()), meet: eachByte(overloaded)},
		{name: "an end at each byte of a 503, twice, with two attempts", options: twice, api: cutting(2, overloaded, faulttest.Cut()), meet: eachByte(overloaded)},
		{name: "one byte a second", slow: true, api: byteByByte},
		{name: "one byte a second, then the render", slow: true, api: first(1, byteByByte)},
		{name: "one byte a second, and no timeout", slow: true, timed: true, api: byteByByte, prepare: func(s *scene) { s.timeout = 0 }},
		{name: "one byte a second, and a context that ends in 7 s", slow: true, timed: true, limit: 7 * time.Second, api: byteByByte},
		{name: "headers without end, one byte a second", slow: true,
			api: always(faulttest.Text("HTTP/1.1 200 OK\r\n"), faulttest.Repeat(1<<30, faulttest.Pace(time.Second, "X:\r\n")))},
		{name: "a body without end, one byte a second", slow: true,
			api: always(faulttest.Head("200 OK", "Content-Type: application/json"), faulttest.Repeat(1<<30, faulttest.Pace(time.Second, " ")))},
		{name: "silence", slow: true, api: always(faulttest.Wait(nil))},
		{name: "silence, cancelled after 1 s", slow: true, timed: true, cancel: time.Second, api: always(faulttest.Wait(nil))},
		{name: "silence after half of a render", slow: true, api: func(s *scene, _ int, _ *request) steps {
			return steps{faulttest.Text(s.render(nil)[:300]), faulttest.Wait(nil)}
		}},
		{name: "a connection that is refused", prepare: func(s *scene) { s.base = strings.Replace(s.base, "127.0.0.1", "127.0.0.9", 1) }},
		{name: "a host that is in no DNS", prepare: nowhere},
	}
}

// twice are two attempts.
func twice() []roughy.Option {
	return []roughy.Option{roughy.WithRetry(roughy.RetryOptions{Attempts: 2, First: time.Millisecond, Max: time.Millisecond})}
}

// sound is the API's render, and overloaded a 503, as they are on the wire.
func sound(s *scene) string { return s.render(nil) }
func overloaded(*scene) string {
	return said("503 Service Unavailable", problem("unavailable", "Busy."))
}

// cutting ends the first k answers after scene.offset bytes.
func cutting(k int, whole func(*scene) string, end faulttest.Step) part {
	return func(s *scene, _ int, _ *request) steps {
		if s.round.Add(1) > int32(k) {
			return nil
		}
		return steps{faulttest.Text(whole(s)[:s.offset.Load()]), end}
	}
}

// eachByte reads a render for each place where an answer can end too soon.
func eachByte(whole func(*scene) string) func(t *testing.T, f fault) sights {
	return func(t *testing.T, f fault) (all sights) {
		played(t, f, func(ctx context.Context, s *scene) {
			all = s.everywhere(whole(s), func() sight { return s.read(ctx) })
		})
		return all
	}
}

// everywhere does call for each place where a text can end too soon, and tells of the places at which the same is seen as one.
func (s *scene) everywhere(text string, call func() sight) (all sights) {
	first := 0
	tell := func(last int) { all[len(all)-1].sees += fmt.Sprintf("; after %d to %d bytes", first, last) }
	var before sight
	for n := range len(text) {
		s.offset.Store(int32(n))
		s.round.Store(0)
		at := call()
		s.transport.CloseIdleConnections() // a request on one that was used before would be net/http's to repeat
		if words, of, broken := strings.Cut(at.text, "connection broken: "); broken {
			_, end, _ := strings.Cut(of, " (")
			at.sees, at.text = "an error", words+"connection broken: … ("+end // net/http tells what it had read by then
		}
		if at != before {
			if n > 0 {
				tell(n - 1)
			}
			all, first, before = append(all, at), n, at
		}
	}
	tell(len(text) - 1)
	return all
}

// nowhere has the API's host looked up at a server of DNS that knows no name.
func nowhere(s *scene) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(s, err)
	done := make(chan struct{})
	s.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	go func() {
		defer close(done)
		for query := make([]byte, 4096); ; {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			query[2], query[3] = query[2]|0x80, 3 // an answer: no such name
			_, _ = server.WriteTo(query[:n], from)
		}
	}()
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
	s.transport.DialContext = (&net.Dialer{Resolver: resolver}).DialContext
	s.instead("https://gone.example.")
}
