package traffic_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

const renderURL = "https://api.roughy.ai/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90"

func ours(t testing.TB) *contract.Contract {
	t.Helper()
	document, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	c, err := contract.Load("openapi.yaml", document)
	require.NoError(t, err)
	return c
}

// opened is a recording with this text, in a file.
func opened(t testing.TB, text string, f traffic.Format) *traffic.Recording {
	t.Helper()
	name := filepath.Join(t.TempDir(), "recorded")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	r, err := traffic.Open(name, nil, f)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

// all are the entries up to the error that ends them.
func all(r *traffic.Recording) (out []traffic.Entry, err error) {
	for e, err := range r.Entries() {
		if err != nil {
			return out, err
		}
		out = append(out, e.Clone())
	}
	return out, nil
}

func read(t testing.TB, text string, f traffic.Format) []traffic.Entry {
	t.Helper()
	out, err := all(opened(t, text, f))
	require.NoError(t, err)
	return out
}

// one is the only entry of a HAR with these members in its response.
func one(t testing.TB, method, response string) traffic.Entry {
	t.Helper()
	entries := read(t, har(fmt.Sprintf(`{"request":{"method":%q,"url":%q,"headers":[]},"response":{%s}}`, method, renderURL, response)), traffic.HAR)
	require.Len(t, entries, 1)
	return entries[0]
}

func har(entries ...string) string {
	return `{"log":{"version":"1.2","entries":[` + strings.Join(entries, ",") + `]}}`
}

func TestRecordingIsReadAsOftenAsItIsAsked(t *testing.T) {
	t.Parallel()
	r := opened(t, string(manyRenders(20)), traffic.HAR)
	for range 2 {
		entries, err := all(r)
		require.NoError(t, err)
		require.Len(t, entries, 20)
		require.Equal(t, 20, entries[19].Number)
	}
	for e, err := range r.Entries() {
		require.NoError(t, err)
		require.Equal(t, 1, e.Number)
		break
	}
}

func TestAnyStopsAtTheFirstThatFits(t *testing.T) {
	t.Parallel()
	broken := strings.TrimSuffix(string(manyRenders(3)), "]}}")
	r := opened(t, broken, traffic.HAR)
	var seen []string
	found, err := r.Any(func(u *url.URL) bool {
		seen = append(seen, u.Path)
		return strings.HasSuffix(u.Path, "1")
	})
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, []string{"/v1/renders/0192f0c1-7a3e-7c52-9b1d-000000000000", "/v1/renders/0192f0c1-7a3e-7c52-9b1d-000000000001"}, seen)

	found, err = r.Any(func(*url.URL) bool { return false })
	require.ErrorContains(t, err, "ends early")
	require.False(t, found)
}

func TestAnyLooksAtURLsAlone(t *testing.T) {
	t.Parallel()
	for text, f := range map[string]traffic.Format{
		har(`{"request":{"url":"http://a/","method":7},"response":7}`, `{"request":{"url":7}}`): traffic.HAR,
		`{"status":"x","url":"http://a/"}` + "\n" + `{"url":7}`:                                 traffic.NDJSON,
	} {
		var hosts []string
		found, err := opened(t, text, f).Any(func(u *url.URL) bool {
			hosts = append(hosts, u.Host)
			return false
		})
		require.NoError(t, err)
		require.False(t, found)
		require.Equal(t, []string{"a"}, hosts)
	}
}

func TestOpenSaysWhatCannotBeOpened(t *testing.T) {
	t.Parallel()
	_, err := traffic.Open(filepath.Join(t.TempDir(), "none.har"), nil, traffic.HAR)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = traffic.Open(t.TempDir(), nil, traffic.HAR)
	require.ErrorContains(t, err, "a directory")
}

func TestBrokenRecordingSaysWhere(t *testing.T) {
	t.Parallel()
	whole := har(`{"request":{"method":"GET","url":"/a"},"response":{"status":204}}`)
	for _, c := range []struct {
		name, text string
		format     traffic.Format
		entries    int
		want       string
	}{
		{"nothing", "", traffic.HAR, 0, "byte 0: it is empty"},
		{"cut off in an entry", whole[:len(whole)-10], traffic.HAR, 0, "entry 1, byte 93: it ends early: it was cut off"},
		{"cut off behind the entries", whole[:len(whole)-1], traffic.HAR, 1, "byte 102: it ends early"},
		{"more behind the end", whole + "x", traffic.HAR, 1, "byte 103: no JSON: want nothing after the HAR"},
		{"no entries", `{"log":{}}`, traffic.HAR, 0, "log.entries is missing"},
		{"another document", `{"openapi":"3.1.0"}`, traffic.HAR, 0, "log.entries is missing"},
		{"entries twice", `{"log":{"entries":[],"entries":[]}}`, traffic.HAR, 0, "log.entries comes twice"},
		{"log twice", `{"log":{"entries":[]},"log":{"entries":[]}}`, traffic.HAR, 0, "log comes twice"},
		{"a raw control character", strings.Replace(whole, "/a", "/\x01", 1), traffic.HAR, 0, "entry 1, byte 70: no JSON: want no control characters"},
		{"a bad escape", strings.Replace(whole, "/a", `\x`, 1), traffic.HAR, 0, "want an escape"},
		{"a bad number", strings.Replace(whole, "204", "0204", 1), traffic.HAR, 0, "want a number"},
		{"no comma", strings.Replace(whole, `"GET",`, `"GET"`, 1), traffic.HAR, 0, "want a comma or the end of an object"},
		{"no colon", strings.Replace(whole, `"url":`, `"url"`, 1), traffic.HAR, 0, "want a colon"},
		{"a name without quotes", strings.Replace(whole, `"url"`, `url`, 1), traffic.HAR, 0, "want a member's name"},
		{"nested too deep", `{"a":` + strings.Repeat("[", 20_000), traffic.HAR, 0, "nested over 10000 levels"},
		{"NDJSON for a HAR", `{"method":"GET","url":"/"}` + "\n" + `{"method":"GET","url":"/"}`, traffic.HAR, 0, "use --ndjson"},
		{"a HAR for NDJSON", whole, traffic.NDJSON, 0, "line 1, byte 8: a HAR, and not one exchange a line (one exchange a line; for a HAR use --har)"},
		{"a HAR over lines for NDJSON", "{\n  \"log\": {}}", traffic.NDJSON, 0, "use --har"},
		{"a bad line", "{\"url\":\"/\",\"status\":204}\n\nx\n", traffic.NDJSON, 1, "line 3, byte 26: no JSON: want an object"},
		{"two on a line", "{\"url\":\"/\",\"status\":204}\n{} {}\n", traffic.NDJSON, 1, "line 2, byte 28: no JSON: want the end of the line"},
		{"a line that is cut off", "{\"url\":\"/\",\"status\":204}\n{\"url\":\"/", traffic.NDJSON, 1, "line 2, byte 34: it ends early"},
	} {
		entries, err := all(opened(t, c.text, c.format))
		require.ErrorContains(t, err, c.want, c.name)
		require.Len(t, entries, c.entries, c.name)
	}
}
