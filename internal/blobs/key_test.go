package blobs_test

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
)

// day is how old what killed uploads left must be to be swept.
const day = 24 * time.Hour

// wrongKeys are none that a bucket takes.
var wrongKeys = []string{
	"", ".", "..", "../outside", "a/../../outside", "/outside", "a//b", "a/", `..\outside`, "a\x00b", "a\nb", "\xff", "a../b",
	"a.tmp", "a.attrs", "__0x2f__a", "a?b", "a:b", blobs.MarkKey, strings.Repeat("long/", 205) + "x",
}

var keys = []sentence{
	{"a key that is not there is told from a bucket that cannot be reached", func(t *testing.T, r room) {
		requireGone(t, r.open(t), key)
	}},
	{"deleting takes the bytes away, and is no error where there are none", func(t *testing.T, r room) {
		b := r.open(t)
		require.NoError(t, b.Delete(t.Context(), key))
		upload(t, b, key, "bytes")
		require.NoError(t, b.Delete(t.Context(), key))
		require.NoError(t, b.Delete(t.Context(), key))
		requireGone(t, b, key)
		require.Empty(t, list(t, b, ""))
	}},
	{"what is no key names nothing", func(t *testing.T, r room) {
		b := r.open(t)
		for _, bad := range wrongKeys {
			_, err := b.Upload(t.Context(), bad, "text/plain", strings.NewReader("x"))
			require.ErrorContains(t, err, "not a key", bad)
			requireGone(t, b, bad)
			require.NoError(t, b.Delete(t.Context(), bad), bad)
			_, err = b.Link(t.Context(), bad)
			require.ErrorContains(t, err, "not a key", bad)
		}
		require.Empty(t, list(t, b, ""))
	}},
	{"a mark stays, and is no key", func(t *testing.T, r room) {
		b, id := r.open(t), uuid.New()
		require.NoError(t, b.Ready(t.Context()))
		none, err := b.Mark(t.Context())
		require.NoError(t, err)
		require.Equal(t, uuid.Nil, none)
		for _, id := range []uuid.UUID{uuid.New(), id} {
			require.NoError(t, b.SetMark(t.Context(), id))
		}
		require.NoError(t, b.Sweep(t.Context(), -time.Minute))
		require.NoError(t, b.Delete(t.Context(), blobs.MarkKey))
		require.Empty(t, list(t, b, ""))
		requireGone(t, b, blobs.MarkKey)
		found, err := r.open(t).Mark(t.Context())
		require.NoError(t, err)
		require.Equal(t, id, found)
	}},
	{"what keys have in common is no key", func(t *testing.T, r room) {
		b := r.open(t)
		upload(t, b, key, "bytes")
		requireGone(t, b, "renders/0192f0c1")
		requireGone(t, b, key+"/below")
		require.NoError(t, b.Delete(t.Context(), "renders/0192f0c1"))
		require.NoError(t, b.Delete(t.Context(), key+"/below"))
		require.Equal(t, "bytes", read(t, b, key))
	}},
	{"the keys of a prefix are listed with size and time", func(t *testing.T, r room) {
		b := r.open(t)
		began := time.Now().Add(-2 * time.Second) // S3 tells whole ones
		for _, k := range []string{"renders/b/1.mp4", "assets/x", "renders/a/2.mp4", "renders/a/1.mp4", "renders.txt"} {
			upload(t, b, k, k)
		}
		for prefix, want := range map[string]map[string]int64{
			"":                  {"renders/b/1.mp4": 15, "assets/x": 8, "renders/a/2.mp4": 15, "renders/a/1.mp4": 15, "renders.txt": 11},
			"renders/":          {"renders/b/1.mp4": 15, "renders/a/2.mp4": 15, "renders/a/1.mp4": 15},
			"renders/a/":        {"renders/a/2.mp4": 15, "renders/a/1.mp4": 15},
			"renders/a/1":       {"renders/a/1.mp4": 15},
			"render":            {"renders/b/1.mp4": 15, "renders/a/2.mp4": 15, "renders/a/1.mp4": 15, "renders.txt": 11},
			"renders/c/":        {},
			"../":               {},
			"renders/a/1.mp4/x": {},
		} {
			require.Equal(t, want, list(t, b, prefix), prefix)
		}
		var folders []string
		for e, err := range b.Keys(t.Context(), "") {
			require.NoError(t, err)
			require.WithinRange(t, e.ModTime, began, time.Now().Add(time.Second))
			folders = append(folders, path.Dir(e.Key))
		}
		require.Len(t, slices.Compact(folders), 4, "each folder's together")
	}},
	{"more keys than a page has are all listed", func(t *testing.T, r room) {
		b := r.open(t)
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for i := range 140 {
					_, err := b.Upload(context.Background(), "renders/"+strconv.Itoa(w)+"/"+strconv.Itoa(i)+".mp4", "video/mp4", strings.NewReader("x"))
					assert.NoError(t, err)
				}
			})
		}
		writers.Wait()
		require.Len(t, list(t, b, ""), 8*140)
	}},
	{"a listing ends where its reader does", func(t *testing.T, r room) {
		b := r.open(t)
		upload(t, b, "renders/a/1.mp4", "bytes")
		upload(t, b, "renders/a/2.mp4", "bytes")
		seen := 0
		for _, err := range b.Keys(t.Context(), "") {
			require.NoError(t, err)
			seen++
			break
		}
		require.Equal(t, 1, seen)
	}},
	{"a listing that is cancelled says so, once", func(t *testing.T, r room) {
		b := r.open(t)
		upload(t, b, key, "bytes")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var errs []error
		for _, err := range b.Keys(ctx, "") {
			errs = append(errs, err)
		}
		require.Len(t, errs, 1)
		require.ErrorIs(t, errs[0], context.Canceled)
		require.NotErrorIs(t, errs[0], blobs.ErrUnreachable)
	}},
	{"keys are listed while others upload and delete", func(t *testing.T, r room) {
		b := r.open(t)
		upload(t, b, "renders/stays/0.mp4", "bytes")
		var writers sync.WaitGroup
		for w := range 4 {
			writers.Go(func() {
				for i := range 20 {
					k := "renders/" + strconv.Itoa(w) + "/" + strconv.Itoa(i) + ".mp4"
					_, err := b.Upload(context.Background(), k, "video/mp4", strings.NewReader("x"))
					assert.NoError(t, err)
					assert.NoError(t, b.Delete(context.Background(), k))
				}
			})
		}
		for range 40 {
			require.Contains(t, list(t, b, "renders/"), "renders/stays/0.mp4")
		}
		writers.Wait()
		require.Len(t, list(t, b, ""), 1)
	}},
	{"a bucket that can be used is ready", func(t *testing.T, r room) {
		require.NoError(t, r.open(t).Ready(t.Context()))
	}},
}
