package roughy_test

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

func TestCheckFindsTheAPIBehindItsBasePath(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		base, path string
		judged     bool
	}{
		"no base path":                 {"", target, true},
		"a path before it":             {"", "/roughy" + target, false},
		"the base path":                {"/roughy", "/roughy" + target, true},
		"a slash at its end":           {"/roughy/", "/roughy" + target, true},
		"a slash alone":                {"/", target, true},
		"a longer one":                 {"/apis/video/", "/apis/video" + target, true},
		"escaped where it need not":    {"/roughy", "/rough%79" + target, true},
		"escaped where it has to":      {"/a b", "/a%20b" + target, true},
		"escaped behind it":            {"/roughy", "/roughy/v1/renders/%30192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90", true},
		"an escaped slash behind it":   {"/roughy", "/roughy/v1/renders/a%2Fb", true},
		"the API without it":           {"/roughy", target, false},
		"another one":                  {"/roughy", "/video" + target, false},
		"one that only begins like it": {"/roughy", "/roughyer" + target, false},
		"no slash behind it":           {"/roughy", "/roughy" + target[1:], false},
		"itself":                       {"/roughy", "/roughy", false},
		"twice":                        {"/roughy", "/roughy/roughy" + target, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachSide(t, func(t *testing.T, s side) {
				told := &observer{}
				o := told.options(roughy.ReportOnly)
				o.BasePath = c.base
				_, err := s(t, answer(200, render("pending", members{"id": "x"})), o).read(t, "GET", c.path)
				require.NoError(t, err)
				if !c.judged {
					require.Zero(t, told.count())
					return
				}
				require.Equal(t, []string{"schema.format /id"}, told.rules())
				require.Equal(t, "readRender", told.all[0].Operation)
				require.Equal(t, c.path, told.checked[0].Request.URL.EscapedPath(), "the request is as it was")
			})
		})
	}
}

func TestCheckOfOneBasePathKnowsTheIDThatIsAskedFor(t *testing.T) {
	t.Parallel()
	eachSide(t, func(t *testing.T, s side) {
		told := &observer{}
		o := told.options(roughy.ReportOnly)
		o.BasePath = "/roughy"
		_, err := s(t, answer(200, render("pending", nil)), o).read(t, "GET", "/roughy/v1/renders/ffffffff-ffff-ffff-ffff-ffffffffffff")
		require.NoError(t, err)
		require.Equal(t, []string{"lifecycle.id /id"}, told.rules())
	})
}

func TestCheckRefusesMistakes(t *testing.T) {
	t.Parallel()
	const share = ": want above 0 and at most 1, or 0 for all answers; the mode Off judges none"
	for want, o := range map[string]roughy.CheckOptions{
		"check options: sample -0.1" + share:                                                 {Sample: -0.1},
		"check options: sample 1.01" + share:                                                 {Sample: 1.01},
		"check options: sample 100" + share:                                                  {Sample: 100},
		"check options: sample NaN" + share:                                                  {Sample: math.NaN()},
		"check options: sample +Inf" + share:                                                 {Sample: math.Inf(1)},
		"check options: sample -Inf" + share:                                                 {Sample: math.Inf(-1)},
		"check options: base path: it does not begin with a slash: want one such as /roughy": {BasePath: "sk_tOpSeCrEt"},
		"check options: base path: it ends in /v1: want the part before /v1":                 {BasePath: "/sk_tOpSeCrEt/v1/"},
	} {
		for _, mode := range []roughy.Mode{roughy.Enforce, roughy.ReportOnly} {
			t.Run(fmt.Sprint(want, mode), func(t *testing.T) {
				t.Parallel()
				o := o
				o.Mode = mode
				reached := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") })
				url, _ := serve(t, reached)
				body := &closing{}
				req, err := http.NewRequestWithContext(t.Context(), "POST", url, body)
				require.NoError(t, err)
				_, err = roughy.CheckTransport(connections(t), o).RoundTrip(req)
				require.EqualError(t, err, want)
				require.True(t, body.closed)

				got := httptest.NewRecorder()
				roughy.CheckHandler(reached, o).ServeHTTP(got, req)
				require.Equal(t, http.StatusInternalServerError, got.Code)
				require.Equal(t, want+"\n", got.Body.String())
			})
		}
	}
}

// closing is a body that is to be closed.
type closing struct {
	strings.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

// What the documentation of CheckHandler says of the generated server without its hooks.
func TestTheGeneratedServersOwnErrorsBreakTheContract(t *testing.T) {
	t.Parallel()
	generated := gen.Handler(gen.NewStrictHandler(stateless{}, nil))
	for path, words := range map[string]string{"nonsense": "Invalid format", uuid.Nil.String(): "postgres://"} {
		for _, mode := range []roughy.Mode{roughy.Enforce, roughy.ReportOnly} {
			told, got := &observer{}, httptest.NewRecorder()
			h := roughy.CheckHandler(generated, told.options(mode))
			h.ServeHTTP(got, httptest.NewRequestWithContext(t.Context(), "GET", "/v1/renders/"+path, nil))
			require.Equal(t, []string{"content-type "}, told.rules())
			if mode == roughy.ReportOnly {
				require.Contains(t, got.Body.String(), words)
				continue
			}
			require.Equal(t, 500, got.Code)
			require.Contains(t, got.Body.String(), "contract_violation")
			require.NotContains(t, got.Body.String(), words)
		}
	}
}
