package blobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strings"
	"time"
)

// Entry is a key of a bucket, and what is known of its bytes.
type Entry struct {
	Key     string
	Size    int64     // in bytes
	ModTime time.Time // when they were uploaded; S3 tells whole seconds
}

var errKey = errors.New("not a key that the bucket takes")

// usable reports whether a key is one that every bucket takes, and as it is: a relative path in valid UTF-8 without control
// characters, empty elements, elements that end in "..", or what some system cannot have in a name, that is neither a temporary
// file nor what the library or the bucket keeps for itself, nor what the library would spell differently.
func usable(key string) bool {
	odd := func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`\<>:"|?*`, r) }
	return fs.ValidPath(key) && key != "." && key != MarkKey && len(key) <= longestKey && !strings.ContainsFunc(key, odd) &&
		!strings.Contains(key, "__0x") && !strings.Contains(key, "../") && !temporary(key) && !strings.HasSuffix(key, ".attrs")
}

// longestKey is S3's limit, in bytes.
const longestKey = 1024

// Keys goes through the keys that begin with prefix, "" for all, those of one folder together, and else in no order. After an error
// it ends. What is uploaded or deleted meanwhile may be among them or not.
func (b *Bucket) Keys(ctx context.Context, prefix string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for e, err := range b.place.keys(ctx, prefix) {
			if err != nil {
				yield(Entry{}, fmt.Errorf("list blobs: %w", known(err)))
				return
			}
			if usable(e.Key) && !yield(e, nil) {
				return
			}
		}
	}
}
