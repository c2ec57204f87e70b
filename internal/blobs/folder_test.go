package blobs_test

import (
	"bufio"
	"context"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
)

func signedBy(secrets ...string) func(*blobs.Config) {
	return func(c *blobs.Config) {
		c.Secrets = nil
		for _, s := range secrets {
			c.Secrets = append(c.Secrets, []byte(s))
		}
	}
}

func TestALinkWorksAsLongAsItsSecretIsKnown(t *testing.T) {
	t.Parallel()
	const first, second, third = "the first secret", "the second secret", "the third secret"
	r := folderRoom(t)
	b := r.open(t, signedBy(first))
	upload(t, b, key, "bytes")
	old := link(t, b, key)

	for _, c := range []struct {
		name    string
		secrets []string
		want    int
	}{
		{"its own alone", []string{first}, http.StatusOK},
		{"a new one in front", []string{second, first}, http.StatusOK},
		{"two new ones in front", []string{third, second, first}, http.StatusOK},
		{"its own taken out", []string{third, second}, http.StatusForbidden},
		{"none at all", nil, http.StatusForbidden},
	} {
		b := r.open(t, signedBy(c.secrets...))
		resp, _ := fetch(t, http.MethodGet, old, nil)
		require.Equal(t, c.want, resp.StatusCode, c.name)
		if len(c.secrets) == 0 {
			continue
		}
		fresh := link(t, b, key)
		r.open(t, signedBy(c.secrets[0]))
		resp, _ = fetch(t, http.MethodGet, fresh, nil)
		require.Equal(t, http.StatusOK, resp.StatusCode, "%s: the first signs", c.name)
	}
}

func TestARefusalIsInTheDocumentedEnvelope(t *testing.T) {
	t.Parallel()
	r := folderRoom(t)
	b := stocked(t, r)
	good := link(t, b, key)
	require.NoError(t, b.Delete(t.Context(), otherKey))
	for name, c := range map[string]struct {
		method, link string
		status       int
		code         string
	}{
		"another method":                 {http.MethodPut, good, http.StatusForbidden, "forbidden"},
		"its method signed anew":         {http.MethodPut, strings.Replace(good, "method=GET", "method=PUT", 1), http.StatusForbidden, "forbidden"},
		"a second key":                   {http.MethodGet, good + "&obj=" + otherKey, http.StatusForbidden, "forbidden"},
		"a member that nobody signed":    {http.MethodGet, good + "&contentType=text/html", http.StatusForbidden, "forbidden"},
		"a member that cannot be read":   {http.MethodGet, good + "&%zz", http.StatusForbidden, "forbidden"},
		"an end that is later":           {http.MethodGet, strings.Replace(good, "expiry=", "expiry=9", 1), http.StatusForbidden, "forbidden"},
		"nothing":                        {http.MethodGet, r.config.BaseURL, http.StatusForbidden, "forbidden"},
		"a key that is gone":             {http.MethodGet, link(t, b, otherKey), http.StatusNotFound, "not_found"},
		"signed by who guessed a secret": {http.MethodGet, link(t, r.open(t, signedBy("just a good guess")), key), http.StatusForbidden, "forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			r.open(t)
			resp, body := fetch(t, c.method, c.link, nil)
			require.Equal(t, c.status, resp.StatusCode)
			require.Equal(t, "application/json", resp.Header.Get("Content-Type"))
			require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
			require.Contains(t, body, `{"error":{"code":"`+c.code+`","message":`)
		})
	}
}

func TestARangeOfBytesThatHaveChangedIsAllOfThem(t *testing.T) {
	t.Parallel()
	l := link(t, stocked(t, folderRoom(t)), key)
	resp, body := fetch(t, http.MethodGet, l, http.Header{"Range": {"bytes=7-"}, "If-Range": {`"other"`}})
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "0123456789", body)
}

func TestALinkWorksUntilItExpires(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := room{config: blobs.Config{Dir: dir, Secrets: [][]byte{secret}, BaseURL: "https://files.example/links", TTL: time.Minute}}
		b := r.open(t)
		upload(t, b, key, "bytes")
		l := link(t, b, key)
		require.True(t, strings.HasPrefix(l, "https://files.example/links?"))
		for _, c := range []struct {
			name  string
			later time.Duration
			want  int
			body  string
		}{
			{"at once", 0, http.StatusOK, "bytes"},
			{"at its end", time.Minute, http.StatusOK, "bytes"},
			{"a second later", time.Second, http.StatusForbidden, "has expired; read the render again"},
			{"a year later", 365 * day, http.StatusForbidden, "has expired; read the render again"},
		} {
			time.Sleep(c.later)
			w := httptest.NewRecorder()
			b.Handler("/links", nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, strings.TrimPrefix(l, "https://files.example"), nil))
			require.Equal(t, c.want, w.Code, c.name)
			require.Contains(t, w.Body.String(), c.body, c.name)
		}
	})
}

func TestALinkIsAnsweredAtItsOwnPathAlone(t *testing.T) {
	t.Parallel()
	r := folderRoom(t)
	b := stocked(t, r)
	base, query, _ := strings.Cut(link(t, b, key), "?")
	host := strings.TrimSuffix(base, "/links")
	for target, want := range map[string]int{
		"/links": 200, "/links/": 403, "/%6cinks": 403, "/links%2f": 403, "/links/x": 403, "//links": 403, "/": 403, host + "/links": 403, "http:/links": 403,
	} {
		w := httptest.NewRecorder()
		q, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + target + "?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n")))
		require.NoError(t, err)
		b.Handler("/links", nil).ServeHTTP(w, q)
		require.Equal(t, want, w.Code, target)
	}
}

func TestWhyBytesCannotBeGivenIsTold(t *testing.T) {
	t.Parallel()
	r := folderRoom(t)
	b := stocked(t, r)
	path := filepath.Join(r.config.Dir, filepath.FromSlash(key))
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Symlink(path, path))
	var told error
	_, query, _ := strings.Cut(link(t, b, key), "?")
	for _, failed := range []func(*http.Request, error){nil, func(_ *http.Request, err error) { told = err }} {
		w := httptest.NewRecorder()
		b.Handler("/links", failed).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/links?"+query, nil))
		require.Equal(t, http.StatusInternalServerError, w.Code)
		require.NotContains(t, w.Body.String(), "symbolic")
	}
	require.ErrorIs(t, told, syscall.ELOOP)
}

func TestAFolderWithoutASecretSignsNothing(t *testing.T) {
	t.Parallel()
	r := folderRoom(t)
	good := link(t, stocked(t, r), key)
	_, err := r.open(t, signedBy()).Link(t.Context(), key)
	require.ErrorContains(t, err, "without a secret")
	resp, _ := fetch(t, http.MethodGet, good, nil)
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
}

func TestAnUploadsErrorIsTheSystemsOnOneLine(t *testing.T) {
	t.Parallel()
	b := folderRoom(t).open(t)
	upload(t, b, "file", "in the way of a folder")
	full := &fs.PathError{Op: "write", Path: "clip", Err: syscall.ENOSPC}
	for name, c := range map[string]struct {
		key  string
		r    io.Reader
		want error
	}{
		"a copy that fails":       {key, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(full)), syscall.ENOSPC},
		"one that may not":        {key, iotest.ErrReader(&fs.PathError{Op: "read", Path: "clip", Err: syscall.EACCES}), fs.ErrPermission},
		"a folder that cannot be": {"file/below", strings.NewReader("whole"), syscall.ENOTDIR},
		"a name that is too long": {strings.Repeat("x", 300), strings.NewReader("whole"), syscall.ENAMETOOLONG},
	} {
		_, err := b.Upload(t.Context(), c.key, "video/mp4", c.r)
		require.ErrorIs(t, err, c.want, name)
		require.NotErrorIs(t, err, context.Canceled, name)
		require.Regexp(t, `^upload: \w+ [^ ]+: [a-z ]+$`, err.Error(), name)
	}
}

func TestAReaderKeepsTheBytesThatItOpened(t *testing.T) {
	t.Parallel()
	r := folderRoom(t)
	b := r.open(t)
	upload(t, b, "one.mp4", "first")
	path, release, err := b.Local(t.Context(), "one.mp4", "")
	require.NoError(t, err)
	defer release()
	require.Equal(t, filepath.Join(r.config.Dir, "one.mp4"), path, "the file itself")
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	upload(t, b, "one.mp4", "second")
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, "first", string(text))
	entries, err := os.ReadDir(r.config.Dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "one file a key")
}

func TestSweepingAFolderRemovesWhatKilledUploadsLeft(t *testing.T) {
	t.Parallel()
	r := folderRoom(t)
	upload(t, r.open(t), key, "bytes")
	target := r.config.Dir
	r.config.Dir = filepath.Join(t.TempDir(), "elsewhere")
	require.NoError(t, os.Symlink(target, r.config.Dir), "as who moves a bucket to another disk leaves one")
	b := r.open(t)
	old, young := filepath.Join(target, "renders", "old.1a2b.tmp"), filepath.Join(target, "young.1a2b.tmp")
	for _, left := range []string{old, young} {
		require.NoError(t, os.WriteFile(left, nil, 0o600))
	}
	yesterday := time.Now().Add(-25 * time.Hour)
	for _, aged := range []string{old, filepath.Join(target, filepath.FromSlash(key))} {
		require.NoError(t, os.Chtimes(aged, yesterday, yesterday))
	}
	require.Equal(t, map[string]int64{key: 5}, list(t, b, ""))
	require.NoError(t, b.Sweep(t.Context(), day))
	require.NoFileExists(t, old)
	require.FileExists(t, young, "its upload may be under way")
	require.Equal(t, map[string]int64{key: 5}, list(t, b, ""))
}

func TestAFolderThatIsGoneIsNotReady(t *testing.T) {
	t.Parallel()
	r := folderRoom(t)
	b := r.open(t)
	require.NoError(t, os.Remove(r.config.Dir))
	require.ErrorIs(t, b.Ready(t.Context()), fs.ErrNotExist)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, c := range map[string]struct {
		config blobs.Config
		says   string
	}{
		"neither a folder nor a URL":  {blobs.Config{}, "name a folder or an s3:// URL"},
		"both":                        {blobs.Config{Dir: t.TempDir(), URL: "s3://bucket"}, "one of them only"},
		"a folder that is a file":     {blobs.Config{Dir: file}, "not a directory"},
		"a secret without a base URL": {blobs.Config{Dir: t.TempDir(), Secrets: [][]byte{secret}}, "want http:// or https://"},
		"a base URL of no server":     {blobs.Config{Dir: t.TempDir(), Secrets: [][]byte{secret}, BaseURL: "/links"}, "want http:// or https://"},
		"a base URL with a query":     {blobs.Config{Dir: t.TempDir(), Secrets: [][]byte{secret}, BaseURL: "http://127.0.0.1:1/?a=b"}, "no query"},
		"a secret that is short":      {blobs.Config{Dir: t.TempDir(), Secrets: [][]byte{secret, []byte("short")}, BaseURL: "http://127.0.0.1:1"}, "secret 2 of links has 5 bytes; it needs at least 16"},
	} {
		_, err := blobs.Open(t.Context(), c.config)
		require.ErrorContains(t, err, c.says, name)
	}
}

func TestAMarkThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	r := folderRoom(t)
	b := r.open(t)
	require.NoError(t, os.WriteFile(filepath.Join(r.config.Dir, blobs.MarkKey), []byte(strings.Repeat("a page ", 1000)), 0o600))
	_, err := b.Mark(t.Context())
	require.EqualError(t, err, "roughyd in the bucket is not a mark of ours: name a bucket that nobody else uses, or restore it")
}
