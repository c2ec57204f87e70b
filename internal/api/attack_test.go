package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
)

func TestNoPathLeadsAround(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	id := s.rows.addRender("anna", roughy.StateCompleted).ID.String()
	for _, target := range []string{
		"/v1/renders/../../etc/passwd", "/v1/renders/x/../" + id, "/v1/renders/./" + id, "/v1/renders//" + id, "//v1/renders/" + id, "///",
		"/v1/%2e%2e/v1/renders/" + id, "/v1/renders/%2e%2e/renders/" + id, "/v1%2Frenders/" + id, "/v1%2frenders%2f" + id, "/%2Fv1/renders/" + id,
		"/v1/renders%2F" + id, "/v1%5Crenders/" + id, "/v1/renders/" + id + "/..", "/v1/renders/" + id + "/.", "/v1/renders/" + id + "//",
		"/v1;x=1/renders/" + id, "/v1/renders;/" + id, "/%76%31/renders;/" + id, "/v1/renders/" + id + "/%2e%2e/" + id, "/v1/..%2Fv1/renders/" + id,
		"/./v1/renders/" + id, "/../v1/renders/" + id, "/links/../v1/renders/" + id, "/v1%00/renders/" + id, "/v1/renders%20/" + id,
	} {
		s.ask(t, "GET", target, s.good()).fails(t, http.StatusNotFound, "not_found")
		s.ask(t, "GET", target, nil).fails(t, http.StatusUnauthorized, "unauthenticated")
	}
	require.Zero(t, s.links.count())
}

func TestNoHeaderSwapsMethodPathOrKey(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	foreign := "/v1/renders/" + s.rows.addRender("bert", roughy.StateCompleted).ID.String()
	own := "/v1/renders/" + s.rows.addRender("anna", roughy.StatePending).ID.String()
	bert := s.rows.addKey(t, "bert")
	for name, values := range map[string][]string{
		"X-HTTP-Method-Override": {"GET", "DELETE"}, "X-Method-Override": {"GET"}, "X-Original-URL": {foreign}, "X-Rewrite-URL": {foreign},
		"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Host": {"evil"}, "X-Forwarded-User": {"bert"}, "Forwarded": {"for=127.0.0.1;host=evil"},
		"Proxy-Authorization": {"Bearer " + bert}, "X-Authorization": {"Bearer " + bert}, "Cookie": {"Authorization=Bearer " + bert},
		"Connection": {"Authorization"}, "Upgrade": {"h2c"}, "Range": {"bytes=0-0"}, "If-None-Match": {"*"}, "Accept-Encoding": {"br"},
	} {
		for _, value := range values {
			header := s.good()
			header.Set(name, value)
			require.Equal(t, http.StatusOK, s.ask(t, "GET", own, header).status, name)
			s.ask(t, "GET", foreign, header).fails(t, http.StatusNotFound, "not_found")
			s.ask(t, "POST", own, header).fails(t, http.StatusMethodNotAllowed, "method_not_allowed")
			header.Del("Authorization")
			s.ask(t, "GET", own, header).fails(t, http.StatusUnauthorized, "unauthenticated")
		}
	}
}

func TestTwoAuthorizationsAreNone(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	path := "/v1/renders/" + s.rows.addRender("anna", roughy.StatePending).ID.String()
	for _, second := range []string{
		"Authorization: Bearer " + s.key, "authorization: Bearer " + s.key, "AUTHORIZATION: Basic YTpi", "Authorization:", "Authorization: Bearer " + s.rows.addKey(t, "bert"),
		" and more of the line before",
	} {
		answers := s.send(t, s.request("GET", path, second+"\r\nConnection: close\r\n"))
		require.Len(t, answers, 1)
		require.Equal(t, http.StatusUnauthorized, answers[0].StatusCode, second)
	}
}

// What net/http refuses by itself, it refuses in plain text, with nothing of the request in it, and hangs up.
func TestWhatIsNoRequestIsRefusedWithoutAnEcho(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	path := "/v1/renders/" + uuid.NewString()
	for name, c := range map[string]struct {
		text   string
		status int
	}{
		"no HTTP":                   {"s3cret\r\n\r\n", 400},
		"another protocol":          {"GET / HTTP/3.7\r\nHost: s3cret\r\n\r\n", 505},
		"no host":                   {"GET " + path + " HTTP/1.1\r\nX: s3cret\r\n\r\n", 400},
		"two hosts":                 {s.request("GET", path, "Host: s3cret\r\n"), 400},
		"a target without a slash":  {s.request("GET", "s3cret", ""), 400},
		"a target with a space":     {s.request("GET", path+" s3cret", ""), 400},
		"a target of broken coding": {s.request("GET", "/s3cret%zz", ""), 400},
		"a space before the colon":  {s.request("GET", path, "Authorization : Bearer s3cret\r\n"), 400},
		"a control character":       {s.request("GET", path, "X: s3cret\x00\r\n"), 400},
		"two lengths":               {s.request("GET", path, "Content-Length: 5\r\nContent-Length: 6\r\nX: s3cret\r\n") + "hello", 400},
		"a length that is none":     {s.request("GET", path, "Content-Length: s3cret\r\n"), 400},
		"an unknown coding":         {s.request("GET", path, "Transfer-Encoding: s3cret\r\n"), 501},
		"too many headers":          {s.request("GET", path, strings.Repeat("X: s3cret\r\n", 10_000)), 431},
		"a header that is too long": {s.request("GET", path, "X: s3cret"+strings.Repeat("x", 70_000)+"\r\n"), 431},
		"a key that is too long":    {s.request("GET", path, "Authorization: Bearer sk_s3cret"+strings.Repeat("x", 70_000)+"\r\n"), 431},
	} {
		t.Log(name)
		answers := s.send(t, c.text)
		require.Len(t, answers, 1, name)
		body, err := io.ReadAll(answers[0].Body)
		require.NoError(t, err)
		require.Equal(t, c.status, answers[0].StatusCode, "%s: %s", name, body)
		require.Contains(t, answers[0].Header.Get("Content-Type"), "text/plain", name)
		require.True(t, answers[0].Close, name)
		require.NotContains(t, string(body), "s3cret", name)
	}
	require.NotContains(t, s.log.String(), "s3cret")
}

// A request of many headers, or with a long key, that is under the limit gets our answer.
func TestHeadersUnderTheLimitAreAnswered(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	header := s.good()
	header.Set("X", strings.Repeat("x", 60_000))
	s.ask(t, "GET", "/v1/renders/"+uuid.NewString(), header).fails(t, http.StatusNotFound, "not_found")
	header = http.Header{"Authorization": {"Bearer sk_" + strings.Repeat("x", 60_000)}}
	s.ask(t, "GET", "/v1/renders/"+uuid.NewString(), header).fails(t, http.StatusUnauthorized, "unauthenticated")
}
