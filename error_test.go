package roughy_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

// problem is an error envelope.
func problem(code, message string) string {
	return `{"error":{"code":"` + code + `","message":"` + message + `"}}`
}

func TestErrorsOfTheAPI(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   roughy.Error
		is     error
		says   string
		broken bool
	}{
		{"a wrong key", answer(401, problem("unauthenticated", "Who are you?")),
			roughy.Error{Status: 401, Code: "unauthenticated", Message: "Who are you?", FromServer: true}, roughy.ErrUnauthenticated, "check the API key", false},
		{"no such render", answer(404, problem("not_found", "No.")),
			roughy.Error{Status: 404, Code: "not_found", Message: "No.", FromServer: true}, roughy.ErrNotFound, "check the id", false},
		{"too many requests", answer(429, problem("slow_down", "No."), "Retry-After", "7"),
			roughy.Error{Status: 429, Code: "slow_down", Message: "No.", FromServer: true, RetryAfter: 7 * time.Second}, roughy.ErrRateLimited, "ask again in 7s", false},
		{"a refused part", answer(422, `{"error":{"code":"validation_error","message":"No.","fields":[{"field":"path.render_id","message":"no uuid"}]}}`),
			roughy.Error{Status: 422, Code: "validation_error", Message: "No.", FromServer: true, Fields: []gen.FieldError{{Field: "path.render_id", Message: "no uuid"}}}, nil, "path.render_id: no uuid", false},
		{"an error inside", answer(500, problem("internal", "Oh.")),
			roughy.Error{Status: 500, Code: "internal", Message: "Oh.", FromServer: true}, nil, "try again later", false},
		{"a gateway's page", answer(502, "<html>", "Content-Type", "text/html"),
			roughy.Error{Status: 502, Code: "unexpected_answer", Message: "bad gateway"}, roughy.ErrContract, "try again later", true},
		{"401 without an envelope", answer(401, ""),
			roughy.Error{Status: 401, Code: "unexpected_answer", Message: "unauthorized"}, roughy.ErrUnauthenticated, "check the API key", true},
		{"a code without a message", answer(404, `{"error":{"code":"not_found"}}`),
			roughy.Error{Status: 404, Code: "not_found", FromServer: true}, roughy.ErrNotFound, "schema.required", true},
		{"another success", answer(204, ""),
			roughy.Error{Status: 204, Code: "unexpected_answer", Message: "no content"}, roughy.ErrContract, "may not be the API", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, tt.answer)
			_, err := client(t, url).Render(t.Context(), id)
			noSecrets(t, err)
			told, ok := errors.AsType[*roughy.Error](err)
			require.True(t, ok)
			require.Equal(t, tt.want, exported(told))
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
			require.ErrorContains(t, err, tt.says)
			require.ErrorContains(t, err, "read render "+id.String())
			require.Equal(t, tt.broken, errors.Is(err, roughy.ErrContract))
		})
	}
}

// exported is an error without what only this package sees.
func exported(e *roughy.Error) roughy.Error {
	return roughy.Error{Status: e.Status, Code: e.Code, Message: e.Message, Fields: e.Fields, RetryAfter: e.RetryAfter, FromServer: e.FromServer}
}

func TestErrorsInReportModeAreTheAPIsAlone(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(404, `{"error":{"code":"not_found"}}`))
	var told reports
	_, err := client(t, url, told.option(), roughy.WithMode(roughy.ReportOnly)).Render(t.Context(), id)
	require.ErrorIs(t, err, roughy.ErrNotFound)
	require.NotErrorIs(t, err, roughy.ErrContract)
	require.Equal(t, []string{"schema.required /error/message"}, told.rules())
}

func TestErrorsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	for _, message := range []string{
		"the key sk_tOpSeCrEt is revoked", "the key sk_another_tOpSeCrEt is no key", "Authorization: Bearer tOpSeCrEt",
		"see https://h.example/a?X-Sig=tOpSeCrEt for more", `\u001b[31mred\r\nline`, "sk_tOpSeCrEt",
	} {
		url, _ := serve(t, answer(401, problem(message, message)))
		_, err := client(t, url).Render(t.Context(), id)
		noSecrets(t, err)
		told, _ := errors.AsType[*roughy.Error](err)
		require.NotContains(t, told.Message+told.Code, "tOpSeCrEt")
	}
	url, _ := serve(t, answer(400, problem("bad_request", strings.Repeat("long ", 1<<20))))
	_, err := client(t, url).Render(t.Context(), id)
	require.Less(t, len(err.Error()), 1300)
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	thief, stolen := serve(t, answer(200, render("pending", nil)))
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, mode := range []roughy.Mode{roughy.Enforce, roughy.ReportOnly, roughy.Off} {
			url, _ := serve(t, answer(status, "", "Location", thief+"/v1/renders/"+id.String()+"?X-Sig=1"))
			_, err := client(t, url, roughy.WithMode(mode)).Render(t.Context(), id)
			noSecrets(t, err)
			require.ErrorContains(t, err, "redirect_refused")
			require.ErrorContains(t, err, "check the base URL")
		}
	}
	require.Empty(t, stolen.received())

	for _, location := range []string{"https://h/%zz?X-Sig=tOpSeCrEt", "/%zz?X-Sig=tOpSeCrEt"} {
		url, _ := serve(t, answer(302, "", "Location", location))
		_, err := client(t, url).Render(t.Context(), id)
		noSecrets(t, err)
	}
}

func TestRetryAfterInBothForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, header string
		min, max     time.Duration
	}{
		{"seconds", "120", 2 * time.Minute, 2 * time.Minute},
		{"a date", time.Now().AddDate(1, 0, 0).UTC().Format(http.TimeFormat), 364 * 24 * time.Hour, 367 * 24 * time.Hour},
		{"a date gone by", "Mon, 02 Jan 2006 15:04:05 GMT", 0, 0},
		{"more than fits", "99999999999999999999999", time.Hour, 1<<63 - 1},
		{"nonsense", "soon", 0, 0},
		{"a negative number", "-1", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url, _ := serve(t, answer(503, problem("busy", "x"), "Retry-After", tt.header))
			_, err := client(t, url).Render(t.Context(), id)
			told, _ := errors.AsType[*roughy.Error](err)
			require.GreaterOrEqual(t, told.RetryAfter, tt.min)
			require.LessOrEqual(t, told.RetryAfter, tt.max)
		})
	}
}

func TestNoServerIsAPlainError(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, http.NotFoundHandler())
	closed := strings.Replace(url, "127.0.0.1", "127.0.0.2", 1) // nobody listens there
	_, err := client(t, closed).Render(t.Context(), id)
	noSecrets(t, err)
	_, isError := errors.AsType[*roughy.Error](err)
	require.False(t, isError)
	require.ErrorContains(t, err, "refused")
}

func TestTheWrongSchemeIsSaid(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, render("pending", nil)))
	_, err := client(t, strings.Replace(url, "http://", "https://", 1)).Render(t.Context(), id)
	require.ErrorIs(t, err, http.ErrSchemeMismatch)
	require.ErrorContains(t, err, "(try http:// in the base URL)")

	url, _ = serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Write([]byte("\x15\x03\x01\x00\x02\x02\x46")) // what TLS says to a request that is none of its own
	}))
	_, err = client(t, url).Render(t.Context(), id)
	noSecrets(t, err)
	require.ErrorContains(t, err, "(try https:// in the base URL)")
}

func TestACutAnswerIsNoBrokenContract(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(200, render("pending", nil)[:50], "Content-Length", "500")(w, r)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	_, err := client(t, url).Render(t.Context(), id)
	require.ErrorContains(t, err, "unexpected EOF")
	require.NotErrorIs(t, err, roughy.ErrContract)
}

func TestAConnectionClosedWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	_, err := client(t, url).Render(t.Context(), id)
	require.ErrorContains(t, err, "connection closed without an answer")
}
