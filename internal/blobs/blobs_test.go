package blobs_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
)

const key = "renders/0192f0c1/2.mp4"

func open(t *testing.T, c blobs.Config) *blobs.Bucket {
	t.Helper()
	if c.Dir == "" {
		c.Dir = filepath.Join(t.TempDir(), "blobs")
	}
	b, err := blobs.Open(c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
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
	path, release, err := b.Local(t.Context(), key)
	require.NoError(t, err)
	defer release()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func TestWhatWasUploadedIsThereWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	b := open(t, blobs.Config{})
	upload(t, b, key, "first")
	broken := io.MultiReader(strings.NewReader("sec"), iotest.ErrReader(errors.New("source is gone")))
	_, err := b.Upload(t.Context(), key, "video/mp4", broken)
	require.ErrorContains(t, err, "source is gone")
	require.Equal(t, "first", read(t, b, key))
	keys, err := b.Keys(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, []string{key}, keys)
}

func TestAnUploadsErrorIsTheSystemsOnOneLine(t *testing.T) {
	t.Parallel()
	b := open(t, blobs.Config{})
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

func TestNobodySeesAnUploadThatHasNotEnded(t *testing.T) {
	t.Parallel()
	b := open(t, blobs.Config{})
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := b.Upload(t.Context(), key, "video/mp4", r)
		done <- err
	}()
	_, err := w.Write([]byte("half"))
	require.NoError(t, err)
	keys, err := b.Keys(t.Context(), "")
	require.NoError(t, err)
	require.Empty(t, keys)
	_, _, err = b.Local(t.Context(), key)
	require.ErrorIs(t, err, blobs.ErrNotFound)
	require.NoError(t, w.Close())
	require.NoError(t, <-done)
	require.Equal(t, "half", read(t, b, key))
}

func TestWhatAnotherUploadedIsThereAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, other := open(t, blobs.Config{Dir: dir}), open(t, blobs.Config{Dir: dir})
	upload(t, one, key, "bytes")
	require.Equal(t, "bytes", read(t, other, key))
}

func TestKeyThatIsNotThere(t *testing.T) {
	t.Parallel()
	b := open(t, blobs.Config{})
	_, _, err := b.Local(t.Context(), key)
	require.ErrorIs(t, err, blobs.ErrNotFound)
	require.NoError(t, b.Delete(t.Context(), key))
	upload(t, b, key, "bytes")
	require.NoError(t, b.Delete(t.Context(), key))
	_, _, err = b.Local(t.Context(), key)
	require.ErrorIs(t, err, blobs.ErrNotFound)
}

func TestKeyCannotLeaveTheBucket(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, blobs.Config{Dir: filepath.Join(dir, "blobs")})
	for _, bad := range []string{
		"", ".", "..", "../outside", "a/../../outside", "/outside", "a//b", "a/", `..\outside`, "a\x00b", "a\nb", "\xff",
		"a.tmp", "a.attrs", "__0x2f__a",
	} {
		_, err := b.Upload(t.Context(), bad, "text/plain", strings.NewReader("x"))
		require.Error(t, err, bad)
		_, _, err = b.Local(t.Context(), bad)
		require.ErrorIs(t, err, blobs.ErrNotFound, bad)
		require.NoError(t, b.Delete(t.Context(), bad), bad)
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "the bucket alone")
}

func TestAFolderIsNoKey(t *testing.T) {
	t.Parallel()
	b := open(t, blobs.Config{})
	upload(t, b, key, "bytes")
	_, _, err := b.Local(t.Context(), filepath.Dir(key))
	require.ErrorIs(t, err, blobs.ErrNotFound)
}

func TestAnEndedContextUploadsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, blobs.Config{Dir: dir})
	ctx, cancel := context.WithCancel(t.Context())
	r := io.MultiReader(strings.NewReader("half"), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, io.EOF
	}))
	_, err := b.Upload(ctx, "one.mp4", "video/mp4", r)
	require.ErrorIs(t, err, context.Canceled)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestAReaderKeepsTheBytesThatItOpened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, blobs.Config{Dir: dir})
	upload(t, b, "one.mp4", "first")
	path, release, err := b.Local(t.Context(), "one.mp4")
	require.NoError(t, err)
	defer release()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	upload(t, b, "one.mp4", "second")
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, "first", string(text))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "one file a key")
}

func TestKeysAreListedWhileOthersUpload(t *testing.T) {
	t.Parallel()
	b := open(t, blobs.Config{})
	upload(t, b, "renders/a/0.mp4", "bytes")
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for i := range 50 {
				_, err := b.Upload(context.Background(), "renders/a/"+strconv.Itoa(i)+".mp4", "video/mp4", strings.NewReader("x"))
				assert.NoError(t, err)
			}
		})
	}
	for range 200 {
		keys, err := b.Keys(t.Context(), "renders/a/")
		require.NoError(t, err)
		require.Contains(t, keys, "renders/a/0.mp4")
	}
	writers.Wait()
}

func TestKeysAreListedInOrder(t *testing.T) {
	t.Parallel()
	b := open(t, blobs.Config{})
	for _, k := range []string{"renders/b/1.mp4", "assets/x", "renders/a/2.mp4", "renders/a/1.mp4"} {
		upload(t, b, k, k)
	}
	keys, err := b.Keys(t.Context(), "renders/")
	require.NoError(t, err)
	require.Equal(t, []string{"renders/a/1.mp4", "renders/a/2.mp4", "renders/b/1.mp4"}, keys)
}

func TestOpenRemovesWhatKilledUploadsLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old, young := filepath.Join(dir, "old.1a2b.tmp"), filepath.Join(dir, "young.1a2b.tmp")
	require.NoError(t, os.WriteFile(old, nil, 0o600))
	require.NoError(t, os.WriteFile(young, nil, 0o600))
	yesterday := time.Now().Add(-25 * time.Hour)
	require.NoError(t, os.Chtimes(old, yesterday, yesterday))
	open(t, blobs.Config{Dir: dir})
	require.FileExists(t, old, "only who serves sweeps")
	b := open(t, blobs.Config{Dir: dir, Secret: []byte("0123456789abcdef"), BaseURL: "http://127.0.0.1:1"})
	require.NoFileExists(t, old)
	require.FileExists(t, young, "its upload may be under way")
	keys, err := b.Keys(t.Context(), "")
	require.NoError(t, err)
	require.Empty(t, keys)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, c := range map[string]blobs.Config{
		"a folder that is a file":     {Dir: file},
		"a secret without a base URL": {Dir: t.TempDir(), Secret: []byte("secret")},
		"a base URL of no server":     {Dir: t.TempDir(), Secret: []byte("secret"), BaseURL: "/links"},
		"a base URL with a query":     {Dir: t.TempDir(), Secret: []byte("secret"), BaseURL: "http://127.0.0.1:1/?a=b"},
	} {
		_, err := blobs.Open(c)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "secret", name)
	}
}
