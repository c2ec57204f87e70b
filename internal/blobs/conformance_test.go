package blobs_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/s3test"
)

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		m.Run()
		return
	}
	if err := s3test.Setenv(); err != nil {
		panic(err)
	}
	m.Run()
}

// key is one that render jobs use.
const key = "renders/0192f0c1/2.mp4"

// room is where a bucket is; opened again it is the same bucket.
type room struct {
	config blobs.Config
	links  *links // of a folder
	server *s3test.Server
}

// sentence is a promise of the package doc, or what follows from one.
type sentence struct {
	says  string
	holds func(*testing.T, room)
}

func TestAFolderKeepsTheContract(t *testing.T) {
	t.Parallel()
	conform(t, folderRoom)
}

func TestS3KeepsTheContract(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	t.Run("at its own endpoint", func(t *testing.T) {
		conform(t, func(t *testing.T) room { return s3Room(t, server) })
	})
}

func conform(t *testing.T, enter func(*testing.T) room) {
	for _, group := range [][]sentence{uploads, keys, signed, ranges} {
		for _, s := range group {
			t.Run(s.says, func(t *testing.T) {
				t.Parallel()
				s.holds(t, enter(t))
			})
		}
	}
}

var secret = []byte("0123456789abcdef")

// links is a server that answers those of the bucket that was opened last.
type links struct{ http.Handler }

func (l *links) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.Handler.ServeHTTP(w, r) }

func folderRoom(t *testing.T) room {
	t.Helper()
	l := &links{}
	s := httptest.NewServer(l)
	t.Cleanup(s.Close)
	return room{links: l, config: blobs.Config{
		Dir: filepath.Join(t.TempDir(), "blobs"), Secrets: [][]byte{secret}, BaseURL: s.URL + "/links",
	}}
}

func s3Room(t *testing.T, s *s3test.Server) room {
	t.Helper()
	return room{server: s, config: blobs.Config{URL: s.Bucket(t), PublicEndpoint: s.Public}}
}

func (r room) open(t *testing.T, changes ...func(*blobs.Config)) *blobs.Bucket {
	t.Helper()
	for _, change := range changes {
		change(&r.config)
	}
	b, err := blobs.Open(t.Context(), r.config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	if r.links != nil {
		r.links.Handler = b.Handler("/links", nil)
	}
	return b
}

func upload(t *testing.T, b *blobs.Bucket, key, text string) {
	t.Helper()
	size, err := b.Upload(t.Context(), key, "video/mp4", strings.NewReader(text))
	require.NoError(t, err)
	require.EqualValues(t, len(text), size)
}

func read(t *testing.T, b *blobs.Bucket, key string) string {
	t.Helper()
	path, release, err := b.Local(t.Context(), key, t.TempDir())
	require.NoError(t, err)
	defer release()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// list is the keys with their sizes.
func list(t *testing.T, b *blobs.Bucket, prefix string) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for e, err := range b.Keys(t.Context(), prefix) {
		require.NoError(t, err)
		require.NotContains(t, out, e.Key)
		require.False(t, e.ModTime.IsZero())
		out[e.Key] = e.Size
	}
	return out
}

func requireGone(t *testing.T, b *blobs.Bucket, key string) {
	t.Helper()
	_, _, err := b.Local(t.Context(), key, t.TempDir())
	require.ErrorIs(t, err, blobs.ErrNotFound)
	require.NotErrorIs(t, err, blobs.ErrUnreachable)
}

func link(t *testing.T, b *blobs.Bucket, key string) string {
	t.Helper()
	l, err := b.Link(t.Context(), key)
	require.NoError(t, err)
	return l
}

func fetch(t *testing.T, method, link string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, link, nil)
	require.NoError(t, err)
	for name := range header {
		req.Header.Set(name, header.Get(name))
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}
