package traffic_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/traffic"
)

// packed is a text in a Content-Encoding.
func packed(t testing.TB, coding, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&out)
	if coding == "br" {
		w = brotli.NewWriter(&out)
	}
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// drip hands out one byte at a time.
type drip struct{ io.Reader }

func (d drip) Read(p []byte) (int, error) { return d.Reader.Read(p[:1]) }

func TestStreamIsReadTwice(t *testing.T) {
	t.Parallel()
	text := manyRenders(50)
	for name, stdin := range map[string]io.Reader{
		"whole": bytes.NewReader(text), "packed": bytes.NewReader(packed(t, "gzip", string(text))), "byte by byte": drip{bytes.NewReader(text)},
	} {
		r, err := traffic.Open("-", stdin, traffic.HAR)
		require.NoError(t, err)
		found, err := r.Any(func(*url.URL) bool { return true })
		require.NoError(t, err, name)
		require.True(t, found, name)
		for range 2 {
			entries, err := all(r)
			require.NoError(t, err, name)
			require.Len(t, entries, 50, name)
		}
		require.NoError(t, r.Close())
		_, err = all(r)
		require.ErrorIs(t, err, os.ErrClosed, name)
	}
}

func TestPackedFileIsRead(t *testing.T) {
	t.Parallel()
	text := packed(t, "gzip", string(manyRenders(50)))
	entries, err := all(opened(t, string(text), traffic.HAR))
	require.NoError(t, err)
	require.Len(t, entries, 50)
	_, err = all(opened(t, string(text[:len(text)-100]), traffic.HAR))
	require.ErrorContains(t, err, "ends early")
	text[len(text)-5] ^= 1
	_, err = all(opened(t, string(text), traffic.HAR))
	require.ErrorContains(t, err, "pack it again")
}

func TestStreamThatBreaksIsAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	text := manyRenders(3)
	r, err := traffic.Open("-", io.MultiReader(bytes.NewReader(text[:len(text)-5]), failing{broken}), traffic.HAR)
	require.NoError(t, err)
	for range 2 {
		entries, err := all(r)
		require.ErrorIs(t, err, broken)
		require.NotEmpty(t, entries)
	}
	require.NoError(t, r.Close())
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }

// Not parallel: it says where temporary files go.
func TestCopyOfAStreamIsRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	r, err := traffic.Open("-", bytes.NewReader(manyRenders(3)), traffic.HAR)
	require.NoError(t, err)
	_, err = all(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "*"))
	require.NoError(t, err)
	require.Empty(t, left)

	t.Setenv("TMPDIR", filepath.Join(os.TempDir(), "none"))
	r, err = traffic.Open("-", bytes.NewReader(manyRenders(3)), traffic.HAR)
	require.NoError(t, err)
	_, err = all(r)
	require.ErrorContains(t, err, "a file needs no copy")
	require.NoError(t, r.Close())
}
