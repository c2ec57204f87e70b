package intercept_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/faulttest"
	"github.com/roughy-go/roughy/internal/intercept"
)

// roomy is a clean body that fills the budget of tight alone.
var roomy = clean + strings.Repeat(" ", 1000-len(clean))

func tight(o intercept.Options) intercept.Options {
	o.Budget = 1500
	return o
}

var length1000 = faulttest.Head("200 OK", jsonType, "Content-Length: 1000")

// half is a body of which the rest waits for the gate.
func half(gate <-chan struct{}) steps {
	return steps{length1000, faulttest.Text(roomy[:900]), faulttest.Wait(gate), faulttest.Text(roomy[900:])}
}

func TestProxyLetsPassWhatDoesNotFitTheBudget(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	o, told := sights(t, contract.ReportOnly)
	url := proxied(t, faulttest.Serve(t, half(gate)...), tight(o))
	first := dial(t, url)
	send(t, first, "GET", path)
	_, err := io.ReadFull(first, make([]byte, 900))
	require.NoError(t, err)
	second := dial(t, url)
	send(t, second, "GET", path)
	_, err = io.ReadFull(second, make([]byte, 900))
	require.NoError(t, err)
	close(gate)
	rest, err := io.ReadAll(second)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(rest), roomy[900:]))
	_, err = io.ReadAll(first)
	require.NoError(t, err)
	one, two := <-told, <-told
	require.ElementsMatch(t, [][]string{nil, {"unchecked.budget"}}, [][]string{rules(one.Report), rules(two.Report)})
}

func TestWhatIsTooLongIsGivenUpAtOnce(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.ReportOnly)
	o.Cap = 1000
	c, url := serve(t, tight(o), func(w http.ResponseWriter, r *http.Request) {
		body := roomy
		if r.URL.Query().Has("long") {
			body += roomy
		}
		answer(200, body)(w, r)
	})
	long, err := c.Get(url + "?long")
	require.NoError(t, err)
	defer long.Body.Close()
	for _, part := range []int{900, 200} {
		_, err = io.ReadFull(long.Body, make([]byte, part))
		require.NoError(t, err)
	}
	body, err := get(t, c, url) // beside the other one
	require.NoError(t, err)
	require.Equal(t, roomy, body)
	require.Equal(t, contract.OK, told.only(t).Verdict)
}

func TestProxyInEnforceLetsGoWhatDoesNotFitTheBudget(t *testing.T) {
	t.Parallel()
	o, told := sights(t, contract.Enforce)
	o.Budget = 600
	got := raw(t, proxied(t, faulttest.Serve(t, length1000, faulttest.Text(roomy)), o), "GET", path)
	require.True(t, strings.HasSuffix(got, roomy))
	require.Equal(t, []string{"unchecked.budget"}, rules((<-told).Report))
}

func TestTheBudgetIsFreedWhateverTheEnd(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.ReportOnly, contract.Enforce} {
		for name, end := range map[string]faulttest.Step{"well": faulttest.Cut(), "badly": faulttest.Reset()} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o, told := sights(t, mode)
				url := proxied(t, faulttest.Serve(t, length1000, faulttest.Text(roomy), end), tight(o))
				for range 5 {
					raw(t, url, "GET", path)
					require.NotContains(t, rules((<-told).Report), "unchecked.budget")
				}
			})
		}
	}
}

func TestTheBudgetIsFreedByWhoeverClosesOrPanics(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.ReportOnly, contract.Enforce} {
		o, _ := options(t, mode)
		var last []string
		o.OnReport = func(seen intercept.Seen) {
			last = rules(seen.Report)
			panic(http.ErrAbortHandler)
		}
		s := httptest.NewServer(answer(200, roomy))
		t.Cleanup(s.Close)
		c := &http.Client{Transport: intercept.Transport(s.Client().Transport, tight(o))}
		h := intercept.Handler(answer(200, roomy), tight(o))
		for range 3 {
			require.Panics(t, func() {
				resp, err := c.Get(s.URL + path)
				if err == nil {
					_, _ = io.ReadFull(resp.Body, make([]byte, 500))
					_ = resp.Body.Close()
				}
			})
			require.NotContains(t, last, "unchecked.budget")
			require.Panics(t, func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil)) })
			require.Empty(t, last)
		}
	}
}

func TestTransportInEnforceFreesWhatItHandedOn(t *testing.T) {
	t.Parallel()
	o, told := options(t, contract.Enforce)
	c, url := serve(t, tight(o), answer(200, roomy))
	for _, drop := range []bool{true, false, true, false} {
		resp, err := c.Get(url)
		require.NoError(t, err)
		if drop {
			require.NoError(t, resp.Body.Close())
			continue
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
	}
	for _, r := range told.all {
		require.Equal(t, contract.OK, r.Verdict, r)
	}
}

func TestHandlerLetsGoWhatDoesNotFitTheBudget(t *testing.T) {
	t.Parallel()
	for _, mode := range []contract.Mode{contract.ReportOnly, contract.Enforce} {
		o, told := options(t, mode)
		o.Budget = 600
		c, url := wrapped(t, o, func(w http.ResponseWriter, r *http.Request) {
			answer(200, roomy[:500])(w, r)
			_, _ = io.WriteString(w, roomy[500:])
		})
		body, err := get(t, c, url+path)
		require.NoError(t, err)
		require.Equal(t, roomy, body)
		require.Equal(t, []string{"unchecked.budget"}, rules(told.only(t)))
	}
}
