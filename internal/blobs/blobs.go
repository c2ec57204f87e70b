// Package blobs is the bucket: the bytes of assets and of what was made from them, by key, and signed links to them.
//
// # Promises
//
// Each sentence is a test.
//
//   - What was uploaded is there whole under its key, or not at all: nobody ever sees a part of it.
//   - What another process uploaded is there at once.
//   - A key that is not there is ErrNotFound, but deleting it is no error.
//   - A key cannot name a file outside the bucket.
//   - A link works until it expires, for the key and the method that it was signed for, and for nothing else.
//   - A link gives any range of the bytes, and says what they are and how a file of them should be called.
//
// What is not promised: that an upload survives a power cut, and that keys are listed in a moment that writers agree on.
package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

// ErrNotFound is what a key that is not there gives.
var ErrNotFound = errors.New("no such bytes")

// defaultTTL is how long the documentation's own links work.
const defaultTTL = 15 * time.Minute

// strandedAge is when the temporary file of an upload cannot belong to anyone at work any more.
const strandedAge = 24 * time.Hour

// Config says where the bytes are and how links are made.
type Config struct {
	Dir     string        // the folder of the bytes; made when it is not there. Required.
	Secret  []byte        // signs links. Default: none, and Link and Handler refuse.
	BaseURL string        // where clients reach Handler, such as http://127.0.0.1:8080/links. Required with Secret.
	TTL     time.Duration // how long a link works; one below zero makes links that have expired. Default: 15 minutes.
}

// Bucket is an open folder of bytes. It is safe for concurrent use, beside other processes on the same folder. Close it.
type Bucket struct {
	dir    string
	ttl    time.Duration
	bucket *blob.Bucket
	signer *fileblob.URLSignerHMAC // nil without a secret
}

// Open opens a bucket and removes what uploads left behind that were killed long ago.
func Open(c Config) (*Bucket, error) {
	b := &Bucket{dir: c.Dir, ttl: c.TTL}
	if b.ttl == 0 {
		b.ttl = defaultTTL
	}
	if len(c.Secret) > 0 {
		base, err := url.Parse(c.BaseURL)
		if err != nil || !base.IsAbs() {
			return nil, fmt.Errorf("base URL %q of links: want http:// or https://", c.BaseURL)
		}
		b.signer = fileblob.NewURLSignerHMAC(base, c.Secret)
	}
	var err error
	b.bucket, err = fileblob.OpenBucket(c.Dir, &fileblob.Options{
		CreateDir:   true,
		DirFileMode: 0o700,
		NoTempDir:   true, // a rename works within one file system only
	})
	if err != nil {
		return nil, fmt.Errorf("open bucket: %w", err)
	}
	return b, b.sweep()
}

// Close ends the use of the bucket.
func (b *Bucket) Close() error { return b.bucket.Close() }

// Upload puts what r holds under key, in place of what was there, and returns its length in bytes. When r or ctx ends it
// early, nothing changes.
func (b *Bucket) Upload(ctx context.Context, key, contentType string, r io.Reader) (size int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := b.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: contentType, ContentDisposition: disposition(key)})
	if err != nil {
		return 0, fmt.Errorf("upload: %w", err)
	}
	size, err = io.Copy(w, r)
	if err != nil {
		cancel() // makes Close throw away what came so far
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return 0, fmt.Errorf("upload: %w", err)
	}
	return size, nil
}

// Local returns a file with the bytes of key, to be read only, and release, which must be called when it is not needed any
// more.
func (b *Bucket) Local(ctx context.Context, key string) (path string, release func(), err error) {
	r, err := b.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return "", nil, fmt.Errorf("open blob: %w", known(err))
	}
	defer r.Close()
	var below io.Reader
	r.As(&below)
	file, ok := below.(*os.File)
	if !ok {
		return "", nil, fmt.Errorf("open blob: %T is no file", below)
	}
	return file.Name(), func() {}, nil
}

// Delete removes the bytes of key, if they are there.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// Keys lists the keys that begin with prefix, in order.
func (b *Bucket) Keys(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	for list := b.bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		object, err := list.Next(ctx)
		switch {
		case err == io.EOF:
			return keys, nil
		case err != nil:
			return nil, fmt.Errorf("list blobs: %w", err)
		case !temporary(object.Key):
			keys = append(keys, object.Key)
		}
	}
}

// temporary reports whether a file is an upload that has not ended.
func temporary(name string) bool { return strings.HasSuffix(name, ".tmp") }

// sweep removes the temporary files of uploads that were killed. A young one may be somebody's at work.
func (b *Bucket) sweep() error {
	err := filepath.WalkDir(b.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !temporary(path) {
			return ignoreGone(err)
		}
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < strandedAge {
			return ignoreGone(err)
		}
		return ignoreGone(os.Remove(path))
	})
	if err != nil {
		return fmt.Errorf("sweep bucket: %w", err)
	}
	return nil
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// known is an error of the library as one of ours.
func known(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return ErrNotFound
	}
	return err
}
