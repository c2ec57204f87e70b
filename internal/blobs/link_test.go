package blobs_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
)

const otherKey = "renders/other/1.mp4"

func lasting(ttl time.Duration) func(*blobs.Config) {
	return func(c *blobs.Config) { c.TTL = ttl }
}

// stocked is a bucket with two outputs.
func stocked(t *testing.T, r room) *blobs.Bucket {
	t.Helper()
	b := r.open(t)
	upload(t, b, key, "0123456789")
	upload(t, b, otherKey, "other")
	return b
}

func requireRefused(t *testing.T, method, link, why string) {
	t.Helper()
	resp, body := fetch(t, method, link, nil)
	require.Contains(t, []int{http.StatusForbidden, http.StatusBadRequest}, resp.StatusCode, "%s: %s", why, body)
	require.NotContains(t, body, "0123456789", why)
	require.NotContains(t, body, "other bytes", why)
}

var signed = []sentence{
	{"a link gives the bytes, and says what they are and what to call a file of them", func(t *testing.T, r room) {
		resp, body := fetch(t, http.MethodGet, link(t, stocked(t, r), key), nil)
		require.Equal(t, http.StatusOK, resp.StatusCode, body)
		require.Equal(t, "0123456789", body)
		require.Equal(t, "video/mp4", resp.Header.Get("Content-Type"))
		require.Equal(t, "attachment; filename=0192f0c1.mp4", resp.Header.Get("Content-Disposition"))
		require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
		require.EqualValues(t, 10, resp.ContentLength)
	}},
	{"what the bytes are follows from the key alone", func(t *testing.T, r room) {
		b := r.open(t)
		for key, want := range map[string][2]string{
			"renders/a/1.mov": {"video/quicktime", "attachment; filename=a.mov"},
			"renders/a/1.m4a": {"audio/mp4", "attachment; filename=a.m4a"},
			"renders/a/1.MP3": {"audio/mpeg", "attachment; filename=a.MP3"},
			"renders/a/1.htm": {"application/octet-stream", "attachment; filename=a.htm"},
			"top":             {"application/octet-stream", "attachment; filename=top"},
			"r/é x+&/1.mp4":   {"video/mp4", "attachment; filename*=utf-8''%C3%A9%20x+&.mp4"},
		} {
			_, err := b.Upload(t.Context(), key, "text/html", strings.NewReader("<html>"))
			require.NoError(t, err)
			resp, _ := fetch(t, http.MethodGet, link(t, b, key), nil)
			require.Equal(t, http.StatusOK, resp.StatusCode, key)
			require.Equal(t, want, [2]string{resp.Header.Get("Content-Type"), resp.Header.Get("Content-Disposition")}, key)
		}
	}},
	{"a link that has expired is refused", func(t *testing.T, r room) {
		b := stocked(t, r)
		requireRefused(t, http.MethodGet, link(t, r.open(t, lasting(-time.Second)), key), "a second ago")
		requireRefused(t, http.MethodGet, link(t, r.open(t, lasting(-365*day)), key), "a year ago")
		resp, _ := fetch(t, http.MethodGet, link(t, b, key), nil)
		require.Equal(t, http.StatusOK, resp.StatusCode, "one that has not works")
	}},
	{"a link that was changed in any member is refused", func(t *testing.T, r room) {
		b := stocked(t, r)
		good := link(t, b, key)
		u, err := url.Parse(good)
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(u.Query()), 4)
		other, err := url.Parse(link(t, b, otherKey))
		require.NoError(t, err)
		for name := range u.Query() {
			for _, change := range []func(url.Values){
				func(q url.Values) { q.Set(name, q.Get(name)+"0") },
				func(q url.Values) { q.Set(name, "") },
				func(q url.Values) { q.Set(name, other.Query().Get(name)+"?") },
				func(q url.Values) { q.Del(name) },
			} {
				forged := *u
				q := u.Query()
				change(q)
				forged.RawQuery = q.Encode()
				requireRefused(t, http.MethodGet, forged.String(), name)
			}
		}
		requireRefused(t, http.MethodGet, good+"&more=1", "a member more")
		u.RawQuery = ""
		requireRefused(t, http.MethodGet, u.String(), "no member")
	}},
	{"a link that leads to another key than the signed one is refused", func(t *testing.T, r room) {
		b := stocked(t, r)
		good, other := link(t, b, key), link(t, b, otherKey)
		u, err := url.Parse(good)
		require.NoError(t, err)
		o, err := url.Parse(other)
		require.NoError(t, err)
		for _, path := range []string{u.Path + "/" + otherKey, u.Path + "/", strings.Replace(u.Path, key, otherKey, 1) + "x", "/links/../" + key} {
			moved := *u
			moved.Path = path
			requireRefused(t, http.MethodGet, moved.String(), path)
		}
		swapped := *o // another link's address with this one's signature
		for _, name := range []string{"signature", "X-Amz-Signature"} {
			if q := o.Query(); q.Has(name) {
				q.Set(name, u.Query().Get(name))
				swapped.RawQuery = q.Encode()
			}
		}
		requireRefused(t, http.MethodGet, swapped.String(), "with another link's signature")
		if r.links == nil {
			moved := *u
			moved.Path = o.Path
			requireRefused(t, http.MethodGet, moved.String(), "moved to another object")
		}
	}},
	{"a link works for the method that was signed", func(t *testing.T, r room) {
		b := stocked(t, r)
		good := link(t, b, key)
		for _, method := range []string{http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
			resp, _ := fetch(t, method, good, nil)
			require.GreaterOrEqual(t, resp.StatusCode, 400, method)
			require.Less(t, resp.StatusCode, 500, method)
		}
		require.Equal(t, "0123456789", read(t, b, key), "nothing of it changed anything")
	}},
	{"a link to what is gone is told from one that is not valid", func(t *testing.T, r room) {
		b := stocked(t, r)
		l := link(t, b, key)
		require.NoError(t, b.Delete(t.Context(), key))
		resp, _ := fetch(t, http.MethodGet, l, nil)
		require.Equal(t, http.StatusNotFound, resp.StatusCode)
	}},
	{"a link lasts a quarter of an hour unless it is said how long", func(t *testing.T, r room) {
		for ttl, want := range map[time.Duration]time.Duration{0: 15 * time.Minute, time.Hour: time.Hour} {
			q, err := url.Parse(link(t, r.open(t, lasting(ttl)), key))
			require.NoError(t, err)
			if seconds := q.Query().Get("X-Amz-Expires"); seconds != "" {
				require.Equal(t, strconv.Itoa(int(want.Seconds())), seconds)
				continue
			}
			end, err := strconv.ParseInt(q.Query().Get("expiry"), 10, 64)
			require.NoError(t, err)
			require.WithinDuration(t, time.Now().Add(want), time.Unix(end, 0), time.Minute)
		}
	}},
}

var ranges = []sentence{
	{"a link gives any range of the bytes", func(t *testing.T, r room) {
		l := link(t, stocked(t, r), key)
		whole, _ := fetch(t, http.MethodGet, l, nil)
		require.NotEmpty(t, whole.Header.Get("ETag"))
		for _, c := range []struct {
			name, asked, ifRange string
			status               int
			body                 string
		}{
			{"the end", "bytes=7-", "", http.StatusPartialContent, "789"},
			{"the last ones", "bytes=-2", "", http.StatusPartialContent, "89"},
			{"the end, if they are those", "bytes=7-", whole.Header.Get("ETag"), http.StatusPartialContent, "789"},
			{"the middle, if they are as old", "bytes=2-3", whole.Header.Get("Last-Modified"), http.StatusPartialContent, "23"},
			{"beyond the end", "bytes=10-", "", http.StatusRequestedRangeNotSatisfiable, ""},
		} {
			header := http.Header{"Range": {c.asked}}
			if c.ifRange != "" {
				header.Set("If-Range", c.ifRange)
			}
			resp, body := fetch(t, http.MethodGet, l, header)
			require.Equal(t, c.status, resp.StatusCode, c.name)
			if c.body != "" {
				require.Equal(t, c.body, body, c.name)
			}
		}
	}},
}
