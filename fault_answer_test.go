package roughy_test

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/roughy-go/roughy/internal/faulttest"
)

// saying is an answer without a render, again and again.
func saying(status int, headers ...string) part {
	code := map[int]string{401: "unauthenticated", 422: "validation_error", 429: "rate_limited"}[status]
	if code == "" {
		code = strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")
	}
	line := strconv.Itoa(status) + " " + http.StatusText(status)
	return always(faulttest.Text(said(line, problem(code, "So it is."), headers...)))
}

// endlessHeaders is an answer that is all headers.
func endlessHeaders() part {
	return always(faulttest.Text("HTTP/1.1 200 OK\r\n"), faulttest.Endless("X-A: "+strings.Repeat("a", 64<<10)+"\r\n"))
}

// answerFaults are answers that are no render, or no answers.
func answerFaults() (all []fault) {
	for _, status := range []int{408, 425, 429, 500, 502, 503, 504} {
		name := strconv.Itoa(status) + " " + http.StatusText(status)
		all = append(all,
			fault{name: name + ", then the render", slow: true, api: first(1, saying(status))},
			fault{name: name + " for ever", slow: true, api: saying(status)})
	}
	for _, status := range []int{400, 401, 403, 404, 409, 422, 501} {
		all = append(all, fault{name: strconv.Itoa(status) + " " + http.StatusText(status), slow: true, api: saying(status)})
	}
	return append(all,
		fault{name: "a 401 whose message holds the key", slow: true,
			api: always(faulttest.Text(said("401 Unauthorized", problem("unauthenticated", "Bad key "+key+"."))))},
		fault{name: "a 422 that names the fields", slow: true,
			api: always(faulttest.Text(said("422 Unprocessable Content",
				`{"error":{"code":"validation_error","message":"Bad.","fields":[{"field":"path.render_id","message":"no uuid `+key+`"}]}}`)))},
		fault{name: "a 502 with a page of HTML for ever", slow: true,
			api: always(faulttest.Head("502 Bad Gateway", "Content-Type: text/html", "Content-Length: 6"), faulttest.Text("<html>"))},
		fault{name: "a 200 that breaks the contract", slow: true,
			api: always(faulttest.Text(said("200 OK", render("archived", nil))))},
		fault{name: "a 200 of another render", slow: true,
			api: always(faulttest.Text(said("200 OK", render("pending", members{"id": "0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d91"}))))},
		fault{name: "a 200 with a page of HTML", slow: true,
			api: always(faulttest.Head("200 OK", "Content-Type: text/html", "Content-Length: 6"), faulttest.Text("<html>"))},
		fault{name: "a 200 without a body", slow: true, api: always(faulttest.Text(said("200 OK", "")))},
		fault{name: "a 204", slow: true, api: always(faulttest.Head("204 No Content"))},
		fault{name: "garbage instead of HTTP", api: always(faulttest.Text("\x00\x01 tOpSeCrEt?X-Sig=1\r\n\r\n"), faulttest.Cut())},
		fault{name: "garbage instead of HTTP, then the render", api: first(1, always(faulttest.Text("SSH-2.0-OpenSSH\r\n"), faulttest.Cut()))},
		fault{name: "headers of 9 MB, then the render", api: func(s *scene, _ int, _ *request) steps {
			return steps{faulttest.Text(strings.Replace(s.render(nil), "\r\n", "\r\n"+strings.Repeat("X-A: "+strings.Repeat("a", 1017)+"\r\n", 9<<10), 1))}
		}},
		fault{name: "headers that never end, with two attempts", options: twice(), api: endlessHeaders()},
		fault{name: "one header that never ends, with two attempts", options: twice(),
			api: always(faulttest.Text("HTTP/1.1 200 OK\r\nX-A: "), faulttest.Endless(strings.Repeat("a", 64<<10)))},
		fault{name: "a 103 again and again, with two attempts", options: twice(),
			api: always(faulttest.Endless(strings.Repeat("HTTP/1.1 103 Early Hints\r\nX-A: "+strings.Repeat("a", 100)+"\r\n\r\n", 500)))},
		fault{name: "a body that never ends", api: always(
			faulttest.Head("200 OK", "Content-Type: application/json"), faulttest.Endless(strings.Repeat(" ", 64<<10)))},
		fault{name: "a gzip bomb", api: always(faulttest.Bomb(64 << 20))},
	)
}
