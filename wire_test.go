package roughy_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

// wire is a server that answers each request with these bytes and closes the connection.
func wire(t *testing.T, raw string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.WriteString(conn, raw) // whoever hung up does not want it
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// raw is an answer as it is on the wire.
func raw(body string, headers ...string) string {
	return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n" + strings.Join(headers, "\r\n") + "\r\n" + body
}

func TestAnswersAsTheyAreOnTheWire(t *testing.T) {
	t.Parallel()
	body := render("pending", nil)
	zipped := pack(t, body)
	length := func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", n) }
	for _, c := range []struct{ name, raw, want string }{
		{"of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body, ""},
		{"in chunks", raw(fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body), "Transfer-Encoding: chunked\r\n"), ""},
		{"after early hints", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 50) + raw(body, length(len(body))), ""},
		{"zipped", raw(zipped, "Content-Encoding: gzip", length(len(zipped))), ""},
		{"zipped, of no length", raw(zipped, "Content-Encoding: gzip\r\n"), ""},
		{"half of the zip", raw(zipped[:40], "Content-Encoding: gzip", length(40)), "violation body: expected bytes as Content-Encoding says"},
		{"more than the zip", raw(zipped+"x", "Content-Encoding: gzip", length(len(zipped)+1)), "violation body"},
		{"not zipped", raw(body, "Content-Encoding: gzip", length(len(body))), "violation body"},
		{"a longer length", raw(body, length(len(body)+1)), "unexpected EOF"},
		{"a shorter length", raw(body, length(len(body)-1)), "json-syntax"},
		{"chunks without an end", raw(fmt.Sprintf("%x\r\n%s\r\n", len(body), body), "Transfer-Encoding: chunked\r\n"), "unexpected EOF"},
		{"no HTTP", "tOpSeCrEt?X-Sig=1", `malformed HTTP response "…"`},
		{"no version", "tOpSeCrEt 200 OK\r\n\r\n", `malformed HTTP version "…"`},
		{"no header", "HTTP/1.1 200 OK\r\nX-Sig=tOp\\\"SeCrEt\r\n\r\n", `missing colon: "…"`},
		{"endless headers", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-A: b\r\n", 2<<20), "headers exceeded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := client(t, wire(t, c.raw)).Render(t.Context(), id)
			if c.want == "" {
				require.NoError(t, err)
				require.Equal(t, roughy.StatePending, r.State)
				return
			}
			require.ErrorContains(t, err, c.want)
			noSecrets(t, err)
		})
	}
}

// A link's host that sends back to the API gets no further than anybody without a key, and learns no cookie.
func TestLinkThatLeadsBackToTheAPI(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	url, seen := serve(t, mux)
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "tOpSeCrEt", Path: "/"})
		answer(200, render("completed", members{"download_url": url + "/link?X-Sig=1"}))(w, r)
	})
	mux.Handle("/link", http.RedirectHandler("/v1/renders/"+id.String(), http.StatusTemporaryRedirect))
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	_, err = client(t, url, roughy.WithHTTPClient(&http.Client{Transport: transport, Jar: jar})).Download(t.Context(), id, &bytes.Buffer{})
	noSecrets(t, err)
	requests := seen.received()
	require.Len(t, requests, 3)
	for _, r := range requests[1:] {
		for _, name := range []string{"Authorization", "Cookie", "Referer"} {
			require.Empty(t, r.Header.Get(name))
		}
	}
}

func TestALinksHostIsNamedWithoutSecrets(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, render("completed", members{"download_url": "http://" + key + ".invalid/?X-Sig=1"})))
	_, err := client(t, url).Download(t.Context(), id, &bytes.Buffer{})
	noSecrets(t, err)
}
