package blobs_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
)

var uploads = []sentence{
	{"what was uploaded is there whole", func(t *testing.T, r room) {
		b := r.open(t)
		for name, text := range map[string]string{"nothing": "", "little": "bytes", "as much as a part": parts(1), "a byte more": parts(1) + "x", "many parts": parts(3) + "end"} {
			upload(t, b, "assets/"+name, text)
			require.True(t, text == read(t, b, "assets/"+name), name)
		}
	}},
	{"a file is uploaded from where it stands", func(t *testing.T, r room) {
		b := r.open(t)
		file, err := os.Create(filepath.Join(t.TempDir(), "clip"))
		require.NoError(t, err)
		defer file.Close()
		_, err = file.WriteString("head" + parts(2))
		require.NoError(t, err)
		_, err = file.Seek(4, io.SeekStart)
		require.NoError(t, err)
		size, err := b.Upload(t.Context(), key, "video/mp4", file)
		require.NoError(t, err)
		require.EqualValues(t, len(parts(2)), size)
		require.True(t, parts(2) == read(t, b, key))
	}},
	{"what is uploaded again takes the place of what was there", func(t *testing.T, r room) {
		b := r.open(t)
		upload(t, b, key, "the first bytes")
		upload(t, b, key, "second")
		require.Equal(t, "second", read(t, b, key))
		require.Equal(t, map[string]int64{key: 6}, list(t, b, ""))
	}},
	{"a source that breaks changes nothing, and its error comes back", func(t *testing.T, r room) {
		b := r.open(t)
		upload(t, b, key, "first")
		gone := errors.New("source is gone")
		for name, text := range map[string]string{"at once": "", "in the first part": "sec", "in a later part": parts(3)} {
			for _, key := range []string{key, "renders/new/1.mp4"} {
				for _, cause := range []error{gone, io.ErrUnexpectedEOF} {
					_, err := b.Upload(t.Context(), key, "video/mp4", io.MultiReader(strings.NewReader(text), iotest.ErrReader(cause)))
					require.ErrorIs(t, err, cause, name)
					require.NotErrorIs(t, err, blobs.ErrUnreachable, name)
				}
			}
		}
		require.Equal(t, "first", read(t, b, key))
		require.Equal(t, map[string]int64{key: 5}, list(t, b, ""))
	}},
	{"an upload that is cancelled changes nothing", func(t *testing.T, r room) {
		b := r.open(t)
		for name, text := range map[string]string{"in the first part": "half", "in a later part": parts(3)} {
			ctx, cancel := context.WithCancel(t.Context())
			_, err := b.Upload(ctx, key, "video/mp4", io.MultiReader(strings.NewReader(text), readerFunc(func([]byte) (int, error) {
				cancel()
				return 0, io.EOF
			})))
			require.ErrorIs(t, err, context.Canceled, name)
			require.NotErrorIs(t, err, blobs.ErrUnreachable, name)
		}
		requireGone(t, b, key)
		require.Empty(t, list(t, b, ""))
	}},
	{"nobody sees an upload that has not ended", func(t *testing.T, r room) {
		b := r.open(t)
		from, to := io.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := b.Upload(t.Context(), key, "video/mp4", from)
			done <- err
		}()
		_, err := io.WriteString(to, parts(3))
		require.NoError(t, err)
		require.Empty(t, list(t, b, ""))
		requireGone(t, b, key)
		require.NoError(t, to.Close())
		require.NoError(t, <-done)
		require.Equal(t, map[string]int64{key: int64(len(parts(3)))}, list(t, b, ""))
	}},
	{"what another process uploaded is there at once", func(t *testing.T, r room) {
		one, other := r.open(t), r.open(t)
		upload(t, one, key, "bytes")
		require.Equal(t, "bytes", read(t, other, key))
		require.NoError(t, other.Delete(t.Context(), key))
		requireGone(t, one, key)
	}},
	{"sweeping leaves alone what is there and who is at work", func(t *testing.T, r room) {
		b := r.open(t)
		upload(t, b, key, "bytes")
		from, to := io.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := b.Upload(t.Context(), "renders/new/1.mp4", "video/mp4", from)
			done <- err
		}()
		_, err := io.WriteString(to, parts(3))
		require.NoError(t, err)
		require.NoError(t, b.Sweep(t.Context(), day))
		require.NoError(t, to.Close())
		require.NoError(t, <-done)
		require.Len(t, list(t, b, ""), 2)
	}},
}

// parts is as much text as n parts of an upload to S3 have.
func parts(n int) string { return strings.Repeat("0123456789abcdef", n*(8<<20)/16) }

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
