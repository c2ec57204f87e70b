package roughytest_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

// linked is the link of a new completed render.
func linked(t *testing.T, s *roughytest.Server, r roughytest.Render) *url.URL {
	t.Helper()
	r.State = roughy.StateCompleted
	read, err := s.Client().Render(t.Context(), s.Add(r))
	require.NoError(t, err)
	link, err := url.Parse(read.DownloadURL)
	require.NoError(t, err)
	return link
}

func TestALinkGivesTheBytes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		for format, contentType := range map[roughy.Format]string{
			roughy.FormatMP4: "video/mp4", roughy.FormatMOV: "video/quicktime", roughy.FormatM4A: "audio/mp4", roughy.FormatMP3: "audio/mpeg",
		} {
			link := linked(t, s, roughytest.Render{Bytes: []byte("0123456789"), Output: roughy.Output{Format: format}}).String()
			resp, body := get(t, s, "GET", link, "")
			require.Equal(t, "0123456789", body)
			require.Equal(t, contentType, resp.Header.Get("Content-Type"))
			require.Equal(t, int64(10), resp.ContentLength)

			tag := resp.Header.Get("ETag")
			resp, body = get(t, s, "GET", link, "", "Range", "bytes=7-", "If-Range", tag)
			require.Equal(t, http.StatusPartialContent, resp.StatusCode)
			require.Equal(t, "789", body)
		}
	})
}

func TestALinkIsGoodForNothingElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		link, other := linked(t, s, roughytest.Render{}), linked(t, s, roughytest.Render{})
		with := func(change func(u *url.URL, q url.Values)) string {
			u, q := *link, link.Query()
			change(&u, q)
			u.RawQuery = q.Encode()
			return u.String()
		}
		for name, c := range map[string]struct {
			method, url, key string
			status           int
		}{
			"as it is":                  {"GET", link.String(), "", 200},
			"for another method":        {"HEAD", link.String(), "", 403},
			"for another output":        {"GET", with(func(u *url.URL, _ url.Values) { u.Path = other.Path }), "", 403},
			"for longer":                {"GET", with(func(_ *url.URL, q url.Values) { q.Set("expires", "9"+q.Get("expires")) }), "", 403},
			"without its signature":     {"GET", with(func(_ *url.URL, q url.Values) { q.Del("signature") }), "", 403},
			"with an API key beside":    {"GET", link.String(), s.Key(), 400},
			"without anything":          {"GET", s.URL() + "/output/", "", 403},
			"with a key and no signing": {"GET", s.URL() + link.Path, s.Key(), 400},
		} {
			resp, _ := get(t, s, c.method, c.url, c.key)
			require.Equal(t, c.status, resp.StatusCode, name)
		}
	})
}

func TestLinksExpireOnDemand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		link := linked(t, s, roughytest.Render{}).String()
		s.ExpireLinks()
		resp, _ := get(t, s, "GET", link, "")
		require.Equal(t, http.StatusForbidden, resp.StatusCode)
		resp, _ = get(t, s, "GET", linked(t, s, roughytest.Render{}).String(), "")
		require.Equal(t, http.StatusOK, resp.StatusCode)
	})
}

func TestLinksExpireWithTheClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := roughytest.NewInMemory(t)
		link := linked(t, s, roughytest.Render{}).String()
		time.Sleep(15*time.Minute - time.Millisecond)
		resp, _ := get(t, s, "GET", link, "")
		require.Equal(t, http.StatusOK, resp.StatusCode)
		time.Sleep(time.Millisecond)
		resp, _ = get(t, s, "GET", link, "")
		require.Equal(t, http.StatusForbidden, resp.StatusCode)
	})
}

// A link that expires between the read and the download is replaced by a fresh one.
func TestDownloadSurvivesAnExpiredLink(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *roughytest.Server) {
		id := s.Add(roughytest.Render{State: roughy.StateCompleted})
		s.Break(id, roughytest.ExpiredLink)
		base := s.Transport()
		first := true
		c := s.Client(roughy.WithHTTPClient(&http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			resp, err := base.RoundTrip(req)
			if err == nil && resp.StatusCode == http.StatusForbidden && first {
				first = false
				s.Mend(id)
			}
			return resp, err
		})}))
		_, err := c.Download(t.Context(), id, io.Discard)
		require.NoError(t, err)
		require.Len(t, s.Requests(), 4)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
