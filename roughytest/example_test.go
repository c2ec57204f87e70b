package roughytest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/roughytest"
)

// tbThatLogs stands for a *testing.T, which examples do not have.
type tbThatLogs struct{ cleanups []func() }

func (*tbThatLogs) Helper() {}

func (l *tbThatLogs) Cleanup(f func()) { l.cleanups = append(l.cleanups, f) }

func (*tbThatLogs) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }

func (l *tbThatLogs) end() {
	for _, f := range l.cleanups {
		f()
	}
}

// A render that goes on when the test says so, and whose link leads to its bytes.
func ExampleNewServer() {
	t := &tbThatLogs{} // in your test: its *testing.T, and nothing to end
	defer t.end()

	server := roughytest.NewServer(t)
	id := server.Add(roughytest.Render{Bytes: []byte("video\n")})
	client, err := roughy.NewClient(server.Key(), roughy.WithBaseURL(server.URL()))
	if err != nil {
		log.Fatal(err)
	}

	fmt.Println(server.Advance(id))
	fmt.Println(server.Advance(id))
	n, err := client.Download(context.Background(), id, os.Stdout)
	fmt.Println(n, err)
	// Output:
	// processing
	// completed
	// video
	// 6 <nil>
}

// A render that is a step further at each read, without a socket.
func ExampleNewInMemory() {
	t := &tbThatLogs{}
	defer t.end()

	server := roughytest.NewInMemory(t)
	id := server.Add(roughytest.Render{Reads: 1})
	client := server.Client(roughy.WithPolling(time.Millisecond, time.Millisecond))
	for render, err := range client.Watch(context.Background(), id) {
		fmt.Println(render.State, err)
	}
	fmt.Println(len(server.Requests()), "requests")
	// Output:
	// pending <nil>
	// processing <nil>
	// completed <nil>
	// 3 requests
}

// What your code does when the API breaks its contract.
func ExampleServer_Break() {
	t := &tbThatLogs{}
	defer t.end()

	server := roughytest.NewInMemory(t)
	id := server.Add(roughytest.Render{})
	server.Break(id, roughytest.MissingState)
	_, err := server.Client().Render(context.Background(), id)
	fmt.Println(errors.Is(err, roughy.ErrContract), roughytest.MissingState.Rule())

	server.Mend(id)
	_, err = server.Client().Render(context.Background(), id)
	fmt.Println(err)
	// Output:
	// true schema.required
	// <nil>
}

// What your code does at each break that one read of it shows. In your test, each is a subtest.
func ExampleBreaks() {
	t := &tbThatLogs{}
	defer t.end()

	server, withheld := roughytest.NewInMemory(t), 0
	for _, b := range roughytest.Breaks() {
		if b.Reads() != 1 || b.Severity() != roughy.Violation {
			continue
		}
		id := server.Add(roughytest.Render{State: b.States()[0]})
		server.Break(id, b)
		if _, err := server.Client().Render(context.Background(), id); err == nil {
			log.Fatalf("%s: the answer was taken, against %s", b, b.Rule())
		}
		withheld++
	}
	fmt.Println(withheld, "answers were withheld")
	// Output: 19 answers were withheld
}

// What your code does when the API keeps its contract and has no render at first.
func ExampleServer_Answer() {
	t := &tbThatLogs{}
	defer t.end()

	server := roughytest.NewInMemory(t)
	id := server.Add(roughytest.Render{})
	server.Answer(id, func(next http.Handler) http.Handler {
		calls := 0
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if calls++; calls > 2 {
				next.ServeHTTP(w, r) // after a time.Sleep, an answer that is slow
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"error": {"code": "rate_limited", "message": "Slow down."}}`)
		})
	})
	for range 3 {
		_, err := server.Client().Render(context.Background(), id)
		limited, _ := errors.AsType[*roughy.Error](err)
		fmt.Println(errors.Is(err, roughy.ErrRateLimited), limited != nil && limited.RetryAfter == 30*time.Second)
	}
	// Output:
	// true true
	// true true
	// false false
}

// The generated client under a check, on a server that breaks the contract in a way that only successive reads show.
func ExampleServer_Transport() {
	t := &tbThatLogs{}
	defer t.end()

	server := roughytest.NewInMemory(t)
	id := server.Add(roughytest.Render{State: roughy.StateCompleted})
	checked := &http.Client{Transport: roughy.CheckTransport(server.Transport(), roughy.CheckOptions{
		Mode: roughy.ReportOnly,
		OnReport: func(c roughy.Checked) {
			fmt.Println(c.Report.Verdict)
			for _, f := range c.Report.Findings {
				fmt.Println(" ", f.Rule, f.Got)
			}
		},
	})}
	client, err := gen.NewClient(server.URL(), gen.WithHTTPClient(checked), gen.WithRequestEditorFn(
		func(_ context.Context, req *http.Request) error {
			req.Header.Set("Authorization", "Bearer "+server.Key())
			return nil
		}))
	if err != nil {
		log.Fatal(err)
	}
	read := func() {
		resp, err := client.ReadRender(context.Background(), id)
		if err != nil {
			log.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	read()
	server.Break(id, roughytest.Reopened)
	read()
	// Output:
	// ok
	// violation
	//   lifecycle.terminal processing after completed
}
