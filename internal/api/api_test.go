package api_test

import (
	"errors"
	"fmt"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/contract"
)

// promises has a test for each sentence of the package doc.
var promises = map[string]func(*testing.T){
	"A good key reads its owner's renders.": func(t *testing.T) {
		s := serve(t, nil)
		for _, state := range []roughy.State{roughy.StatePending, roughy.StateProcessing, roughy.StateCompleted, roughy.StateFailed} {
			r := s.rows.addRender("anna", state)
			a := s.get(t, r.ID.String())
			require.Equal(t, http.StatusOK, a.status)
			if state == roughy.StateCompleted {
				r.DownloadURL = *a.render(t).DownloadURL
			}
			require.Equal(t, r.Gen(), a.render(t))
		}
	},

	"Without a good key the answer is 401, whatever else is wrong with the request.": func(t *testing.T) {
		s := serve(t, nil)
		r := s.rows.addRender("anna", roughy.StateCompleted)
		for _, target := range []string{"/v1/renders/" + r.ID.String(), "/v1/renders/none", "/v1/renders/" + uuid.NewString(), "/v1/nothing", "//v1/", "/"} {
			for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
				for _, header := range []http.Header{{}, {"Authorization": {"Bearer sk_wrong"}}} {
					a := s.ask(t, method, target, header)
					a.fails(t, http.StatusUnauthorized, "unauthenticated")
					require.Equal(t, []string{`Bearer realm="renders"`}, a.header["Www-Authenticate"])
				}
			}
		}
		require.Zero(t, s.links.count())
	},

	"A key is one bearer token in exactly one Authorization header.": func(t *testing.T) {
		s := serve(t, nil)
		target := "/v1/renders/" + s.rows.addRender("anna", roughy.StatePending).ID.String()
		good := "Bearer " + s.key
		for _, value := range []string{good, "bearer " + s.key, "BEARER " + s.key} {
			require.Equal(t, http.StatusOK, s.ask(t, "GET", target, http.Header{"Authorization": {value}}).status)
		}
		for _, values := range [][]string{
			{good, good}, {"", good}, {good + ", " + good}, {good + " " + s.key}, {good + "="}, {"Bearer  " + s.key}, {"Bearer\t" + s.key},
			{"Bearer"}, {"Bearer sk_"}, {s.key}, {"Basic " + s.key}, {"Bearer" + s.key}, {"Bearer " + strings.ToUpper(s.key)},
			{"Bearer " + strings.TrimPrefix(s.key, "sk_")}, {good + strings.Repeat("A", 50_000)}, {`Bearer "` + s.key + `"`}, {"Bearer sk_é"},
		} {
			s.ask(t, "GET", target, http.Header{"Authorization": values}).fails(t, http.StatusUnauthorized, "unauthenticated")
		}
		s.ask(t, "GET", target+"?api_key="+s.key, http.Header{"X-Api-Key": {s.key}, "Cookie": {"key=" + s.key}}).fails(t, http.StatusUnauthorized, "unauthenticated")
	},

	"A revoked key is refused from the next request on, or once KeyMemory is over.": func(t *testing.T) {
		s := serve(t, nil)
		r := s.rows.addRender("anna", roughy.StatePending)
		require.Equal(t, http.StatusOK, s.get(t, r.ID.String()).status)
		s.rows.revoke(s.key)
		s.get(t, r.ID.String()).fails(t, http.StatusUnauthorized, "unauthenticated")
		synctest.Test(t, revokedKeyIsForgotten)
	},

	"A key that asks more often than Rate allows is refused with 429 and Retry-After, and no other key is.": func(t *testing.T) {
		s := serve(t, func(c *api.Config) { c.Rate = 1 })
		id := s.rows.addRender("anna", roughy.StatePending).ID.String()
		refused := answer{}
		for range 1000 { // in far less than 1000 seconds
			if refused = s.get(t, id); refused.status != http.StatusOK {
				break
			}
		}
		refused.fails(t, http.StatusTooManyRequests, "rate_limited")
		require.Equal(t, []string{"1"}, refused.header["Retry-After"])
		other := http.Header{"Authorization": {"Bearer " + s.rows.addKey(t, "anna")}}
		require.Equal(t, http.StatusOK, s.ask(t, "GET", "/v1/renders/"+id, other).status)
		s.ask(t, "GET", "/v1/renders/"+id, nil).fails(t, http.StatusUnauthorized, "unauthenticated")
		synctest.Test(t, limitIsPerSecond)
	},

	"Another owner's render is 404, in the same bytes as a render that is not there.": func(t *testing.T) {
		s := serve(t, nil)
		foreign := s.get(t, s.rows.addRender("bert", roughy.StateCompleted).ID.String())
		foreign.fails(t, http.StatusNotFound, "not_found")
		absent := s.get(t, uuid.NewString())
		require.Equal(t, absent.body, foreign.body)
		require.Equal(t, slices.Sorted(maps.Keys(absent.header)), slices.Sorted(maps.Keys(foreign.header)))
		require.Zero(t, s.links.count())
	},

	"A render that is over is told without Store while it is remembered, to its owner alone.": func(t *testing.T) {
		s := serve(t, func(c *api.Config) { c.RenderMemory = 2 })
		read := func(r roughy.Render) int { return s.get(t, r.ID.String()).status }
		going := s.rows.addRender("anna", roughy.StateProcessing)
		done, failed := s.rows.addRender("anna", roughy.StateCompleted), s.rows.addRender("anna", roughy.StateFailed)
		for _, r := range []roughy.Render{going, done, failed} {
			require.Equal(t, http.StatusOK, read(r))
			s.rows.remove(r.ID)
		}
		require.Equal(t, http.StatusNotFound, read(going))
		require.Equal(t, http.StatusOK, read(failed))
		first, second := s.get(t, done.ID.String()).render(t), s.get(t, done.ID.String()).render(t)
		require.NotEqual(t, first.DownloadURL, second.DownloadURL, "the link is signed afresh")
		first.DownloadURL = nil
		require.Equal(t, done.Gen(), first)
		bert := http.Header{"Authorization": {"Bearer " + s.rows.addKey(t, "bert")}}
		s.ask(t, "GET", "/v1/renders/"+done.ID.String(), bert).fails(t, http.StatusNotFound, "not_found")

		require.Equal(t, http.StatusOK, read(s.rows.addRender("anna", roughy.StateCompleted)), "another one, for which one is forgotten")
		require.ElementsMatch(t, []int{http.StatusOK, http.StatusNotFound}, []int{read(done), read(failed)})
	},

	"An id is taken in its hyphenated form alone, and any other is 422 that names path.render_id.": func(t *testing.T) {
		s := serve(t, nil)
		id := s.rows.addRender("anna", roughy.StatePending).ID.String()
		require.Equal(t, http.StatusOK, s.get(t, strings.ToUpper(id)).status)
		require.Equal(t, http.StatusOK, s.get(t, id+"?expand=all").status)
		for _, wrong := range []string{
			"none", "1", "null", "urn:uuid:" + id, "%7B" + id + "%7D", strings.ReplaceAll(id, "-", ""), id[:35], id + "0", id + "%20", "%20" + id, id + "%0A",
			id + ",", id + "%2F", "%2e%2e", "%00", strings.Replace(id, "-", "_", 1), "g" + id[1:], "%FF" + id[1:], strings.Repeat("a", 10_000),
		} {
			detail := s.get(t, wrong).fails(t, http.StatusUnprocessableEntity, "validation_error")
			require.Len(t, *detail.Fields, 1, wrong)
			require.Equal(t, "path.render_id", (*detail.Fields)[0].Field)
		}
	},

	"A completed render alone has a link, signed afresh for each read.": func(t *testing.T) {
		s := serve(t, nil)
		for _, state := range []roughy.State{roughy.StatePending, roughy.StateProcessing, roughy.StateFailed} {
			require.Nil(t, s.get(t, s.rows.addRender("anna", state).ID.String()).render(t).DownloadURL)
		}
		id := s.rows.addRender("anna", roughy.StateCompleted).ID.String()
		first, second := s.get(t, id).render(t).DownloadURL, s.get(t, id).render(t).DownloadURL
		require.Equal(t, "http://127.0.0.1/links/renders/"+id+"/1.mp4?expires=1&signature=1", *first)
		require.NotEqual(t, first, second)
		require.Equal(t, 2, s.links.count())
	},

	"Another path is 404, and no path is ever redirected.": func(t *testing.T) {
		s := serve(t, nil)
		id := s.rows.addRender("anna", roughy.StatePending).ID.String()
		for _, target := range []string{
			"/", "/v1", "/v1/", "/v1/renders", "/v1/renders/", "/v1/renders/" + id + "/", "/v1/renders/" + id + "/x", "//v1/renders/" + id,
			"/v1//renders/" + id, "/v1/./renders/" + id, "/v1/x/../renders/" + id, "/v1/renders/../renders/" + id, "/V1/renders/" + id, "/v2/renders/" + id,
		} {
			for _, method := range []string{"GET", "POST", "OPTIONS"} {
				s.ask(t, method, target, s.good()).fails(t, http.StatusNotFound, "not_found")
			}
		}
	},

	"A target with a host in it is 404, wherever the host leads.": func(t *testing.T) {
		s := serve(t, nil)
		path := "/v1/renders/" + s.rows.addRender("anna", roughy.StatePending).ID.String()
		for _, host := range []string{"http://" + s.address, "http://127.0.0.1", "https://api.roughy.ai", "http://u:p@127.0.0.1", "http:", "ftp://x"} {
			s.ask(t, "GET", host+path, s.good()).fails(t, http.StatusNotFound, "not_found")
			s.ask(t, "GET", host+path, nil).fails(t, http.StatusUnauthorized, "unauthenticated")
		}
		for _, target := range []string{"*", s.address} {
			for _, method := range []string{"OPTIONS", "CONNECT"} {
				if (target == "*") == (method == "OPTIONS") {
					s.ask(t, method, target, s.good()).fails(t, http.StatusNotFound, "not_found")
				}
			}
		}
	},

	"Another method is 405 with the methods that are allowed.": func(t *testing.T) {
		s := serve(t, nil)
		id := s.rows.addRender("anna", roughy.StatePending).ID.String()
		for _, target := range []string{"/v1/renders/" + id, "/v1/renders/none"} {
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "BREW"} {
				a := s.ask(t, method, target, s.good())
				a.fails(t, http.StatusMethodNotAllowed, "method_not_allowed")
				require.Equal(t, []string{"GET, HEAD"}, a.header["Allow"])
			}
		}
	},

	"HEAD is answered like GET, without the body.": func(t *testing.T) {
		s := serve(t, nil)
		for _, id := range []string{s.rows.addRender("anna", roughy.StatePending).ID.String(), uuid.NewString(), "none"} {
			get, head := s.get(t, id), s.ask(t, "HEAD", "/v1/renders/"+id, s.good())
			require.Equal(t, get.status, head.status)
			require.Empty(t, head.body)
			for _, name := range []string{"X-Request-Id", "Date"} {
				get.header.Del(name)
				head.header.Del(name)
			}
			require.Equal(t, get.header, head.header)
		}
	},

	"A request's body is never read, and its connection ends with the answer.": func(t *testing.T) {
		s := serve(t, nil)
		path := "/v1/renders/" + s.rows.addRender("anna", roughy.StatePending).ID.String()
		smuggled := s.request("GET", path, "") + "GET /v1/x HTTP/1.1\r\n\r\n"
		for name, text := range map[string]string{
			"a body":          s.request("GET", path, "Content-Length: 5\r\n") + "hello",
			"chunks":          s.request("GET", path, "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n",
			"a body to come":  s.request("GET", path, "Content-Length: 5000000000\r\n"),
			"a promised body": s.request("GET", path, "Content-Length: 5\r\nExpect: 100-continue\r\n"),
			"both lengths":    s.request("GET", path, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" + smuggled,
			"a request in it": s.request("GET", path, fmt.Sprintf("Content-Length: %d\r\n", len(smuggled))) + smuggled,
		} {
			t.Log(name)
			answers := s.send(t, text)
			require.Len(t, answers, 1, name)
			require.Equal(t, http.StatusOK, answers[0].StatusCode, name)
			require.True(t, answers[0].Close, name)
		}
		require.Len(t, s.send(t, s.request("GET", path, "")+s.request("GET", path, "Connection: close\r\n")), 2, "without a body it goes on")
	},

	"What goes wrong inside is 500 without detail, and the detail is in the log.": func(t *testing.T) {
		broken := errors.New("dial 10.1.2.3: refused")
		for name, c := range map[string]func(*api.Config){
			"the store": func(c *api.Config) { c.Store = storeThatFails{broken} },
			"the links": func(c *api.Config) { c.Links = linksThatFail{broken} },
		} {
			s := serve(t, c)
			a := s.get(t, s.rows.addRender("anna", roughy.StateCompleted).ID.String())
			a.fails(t, http.StatusInternalServerError, "internal")
			require.NotContains(t, string(a.body), "10.1.2.3", name)
			require.Contains(t, s.log.String(), "dial 10.1.2.3: refused", name)
			require.Contains(t, s.log.String(), a.header.Get("X-Request-Id"), name)
		}
	},

	"A panic is 500 too.": func(t *testing.T) {
		s := serve(t, func(c *api.Config) { c.Store = storeThatPanics{"row of 10.1.2.3 is odd"} })
		a := s.get(t, uuid.NewString())
		a.fails(t, http.StatusInternalServerError, "internal")
		require.NotContains(t, string(a.body), "10.1.2.3")
		require.Contains(t, s.log.String(), "row of 10.1.2.3 is odd")
		require.Contains(t, s.log.String(), "double_test.go", "the stack says where")
	},

	"An answer that breaks the contract is withheld unless the mode is to report only.": func(t *testing.T) {
		for mode, status := range map[contract.Mode]int{contract.Enforce: 500, contract.ReportOnly: 200, contract.Off: 200} {
			s := serve(t, func(c *api.Config) { c.Mode = mode })
			a := s.exchange(t, "GET", "/v1/renders/"+s.rows.addRender("anna", "archived").ID.String(), s.good())
			require.Equal(t, status, a.status)
			require.Equal(t, mode == contract.Off, !strings.Contains(s.log.String(), "schema.enum"), "%v", mode)
			if mode == contract.Enforce {
				s.keeps(t, a)
				require.Contains(t, a.detail(t).Message, "schema.enum")
			}
		}
	},

	"No answer may be stored by a cache or framed or taken for another type, and each has its own request id.": func(t *testing.T) {
		s := serve(t, nil)
		id := s.rows.addRender("anna", roughy.StateCompleted).ID.String()
		seen := map[string]bool{}
		for _, a := range []answer{
			s.get(t, id), s.get(t, id), s.get(t, "none"), s.get(t, "none/"), s.ask(t, "POST", "/v1/renders/"+id, s.good()),
			s.ask(t, "GET", "/v1/renders/"+id, nil), s.ask(t, "GET", "/v1/renders/"+id, http.Header{"X-Request-Id": {"mine"}}),
		} {
			require.Equal(t, []string{"no-store"}, a.header["Cache-Control"])
			require.Equal(t, []string{"nosniff"}, a.header["X-Content-Type-Options"])
			require.Equal(t, []string{"no-referrer"}, a.header["Referrer-Policy"])
			require.Equal(t, []string{"default-src 'none'; frame-ancestors 'none'"}, a.header["Content-Security-Policy"])
			require.Len(t, a.header["X-Request-Id"], 1)
			seen[a.header.Get("X-Request-Id")] = true
		}
		require.Len(t, seen, 7)
		require.NotContains(t, seen, "mine")
	},

	"Each answer is observed once, and each that is documented with its verdict.": func(t *testing.T) {
		seen := newObserver()
		s := serve(t, func(c *api.Config) { c.Observer = seen })
		s.get(t, s.rows.addRender("anna", roughy.StateCompleted).ID.String())
		s.get(t, uuid.NewString())
		s.ask(t, "GET", "/v1/nothing", s.good())
		s.ask(t, "GET", "/v1/renders/none", nil)
		s.exchange(t, "GET", "/v1/renders/"+s.rows.addRender("anna", "archived").ID.String(), s.good())
		require.Equal(t, map[int]int{200: 1, 404: 2, 401: 1, 500: 1}, seen.over(t))
		require.Equal(t, 5, seen.begun)
		require.Equal(t, map[contract.Verdict]int{contract.OK: 3, contract.Violation: 1}, seen.verdicts)
	},

	"What cannot be read now, or is still being read after Patience, is 503 with Retry-After.": func(t *testing.T) {
		refused := fmt.Errorf("%w: dial 10.1.2.3: refused", api.ErrUnavailable)
		for name, change := range map[string]func(*api.Config){
			"the store refuses":     func(c *api.Config) { c.Store = storeThatFails{refused} },
			"the links refuse":      func(c *api.Config) { c.Links = linksThatFail{refused} },
			"a key is not found":    func(c *api.Config) { c.Store, c.Patience = storeThatHangs{key: time.Hour}, time.Millisecond },
			"a render is not found": func(c *api.Config) { c.Store, c.Patience = storeThatHangs{}, time.Millisecond },
		} {
			s := serve(t, change)
			a := s.get(t, s.rows.addRender("anna", roughy.StateCompleted).ID.String())
			a.fails(t, http.StatusServiceUnavailable, "unavailable")
			require.Equal(t, []string{"5"}, a.header["Retry-After"], name)
			require.NotContains(t, string(a.body), "10.1.2.3", name)
			require.Contains(t, s.log.String(), "not available now: ", name)
		}
		synctest.Test(t, patienceIsForAllThatOneRequestReads)
	},

	"An answer that its client did not get whole is observed as none.": lostAnswerIsNone,

	"What Around puts beside the endpoint is guarded, logged and observed like it.": besideIsLikeTheEndpoint,

	"No key and no link's query reaches the log.": func(t *testing.T) {
		quoted := errors.New(`get "http://127.0.0.1/links/a?signature=s3cret": key sk_s3cret is odd`)
		for _, change := range []func(*api.Config){
			nil,
			func(c *api.Config) { c.Store = storeThatFails{quoted} },
			func(c *api.Config) { c.Links = linksThatFail{quoted} },
			func(c *api.Config) { c.Store = storeThatPanics{quoted} },
		} {
			s := serve(t, change)
			for _, target := range []string{s.rows.addRender("anna", roughy.StateCompleted).ID.String(), s.key, "sk_s3cret", "x?key=s3cret",
				uuid.Nil.String() + "a" + s.key, "x&api_key=s3cret"} {
				s.get(t, target)
				s.ask(t, "GET", "/v1/renders/"+target, http.Header{"Authorization": {"Bearer sk_s3cret"}})
			}
			require.NotEmpty(t, s.log.String())
			for _, secret := range []string{s.key, "s3cret", "signature", "Bearer"} {
				require.NotContains(t, s.log.String(), secret)
			}
		}
	},
}

func TestPromises(t *testing.T) {
	t.Parallel()
	for sentence, test := range promises {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

func TestEverySentenceOfThePackageDocIsTested(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "api.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	require.NoError(t, err)
	var sentences []string
	for _, block := range new(comment.Parser).Parse(file.Doc.Text()).Content {
		if list, ok := block.(*comment.List); ok {
			for _, item := range list.Items {
				text := (&comment.Printer{TextWidth: -1}).Text(&comment.Doc{Content: item.Content})
				sentences = append(sentences, strings.TrimSpace(string(text)))
			}
		}
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(promises)), sentences)
}

func TestNewRefusesHalfAConfig(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]api.Config{
		"nothing":  {},
		"no links": {Store: newRows()},
		"no store": {Links: &linksThatCount{}},
	} {
		_, err := api.New(c)
		require.EqualError(t, err, "api without store or links", name)
	}
	whole := api.Config{Store: newRows(), Links: &linksThatCount{}}
	_, err := api.New(whole)
	require.NoError(t, err)
	whole.KeyMemory = time.Minute
	_, err = api.New(whole)
	require.EqualError(t, err, "key memory of 1m0s: want 0s to 5s, since a revoked key works as long")
	whole.KeyMemory, whole.Patience = 0, -1
	_, err = api.New(whole)
	require.EqualError(t, err, "patience of -1ns: want more than 0s")
	whole.Patience, whole.Around = 0, func(http.Handler) (http.Handler, error) { return nil, errors.New("no page") }
	_, err = api.New(whole)
	require.EqualError(t, err, "beside the endpoint: no page")
	whole.KeyMemory, whole.Rate = api.DefaultKeyMemory, -1
	_, err = api.New(whole)
	require.EqualError(t, err, "rate of -1 requests a second: want 1 or more, or 0 for no limit")
	whole.Rate, whole.RenderMemory = 0, -1
	_, err = api.New(whole)
	require.EqualError(t, err, "render memory of -1: want 1 or more, or 0 for none")
}

func TestServerNeedsAnAuthenticatedRequest(t *testing.T) {
	t.Parallel()
	_, err := new(api.Server).ReadRender(t.Context(), gen.ReadRenderRequestObject{})
	require.ErrorIs(t, err, roughy.ErrUnauthenticated)
	require.NotContains(t, fmt.Sprintf("%+v", err), "sk_")
}
