// Package blobs is the bucket: the bytes of assets and of what was made from them, by key, and signed links to them.
//
// # Promises
//
// Each sentence is a test.
//
//   - What was uploaded is there whole under its key, or not at all: nobody ever sees a part of it.
//   - What another process uploaded is there at once.
//   - A key that is not there is ErrNotFound, but deleting it is no error.
//   - A key cannot name a file outside the bucket, nor one that the bucket keeps for itself.
//   - A link works until it expires, for the key and the method that it was signed for, and for nothing else.
//   - A link gives any range of the bytes, and says what they are and how a file of them should be called.
//
// An upload is on the disk, by fsync, when Upload returns. Not promised is that keys are listed in a moment that writers
// agree on.
//
// # The folder
//
// A key is a file of that path, written beside it under a name that ends in .tmp and renamed. There is nothing else: what
// the bytes are follows from the key's extension, because a second file with that could not be written in the same step.
package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
)

// ErrNotFound is what a key that is not there gives.
var ErrNotFound = errors.New("no such bytes")

// defaultTTL is how long the documentation's own links work.
const defaultTTL = 15 * time.Minute

// listings is how often a listing is begun anew that others got in the way of.
const listings = 100

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

// Open opens a bucket. With a secret, as a server does, it also removes what uploads left behind that were killed a day ago or
// longer; that looks at every file.
func Open(c Config) (*Bucket, error) {
	b := &Bucket{dir: c.Dir, ttl: c.TTL}
	if b.ttl == 0 {
		b.ttl = defaultTTL
	}
	options := &fileblob.Options{CreateDir: true, DirFileMode: 0o700, Metadata: fileblob.MetadataDontWrite}
	options.NoTempDir = true // a rename works within one file system only
	if len(c.Secret) > 0 {
		base, err := url.Parse(c.BaseURL)
		if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" {
			return nil, fmt.Errorf("base URL %q of links: want http:// or https://, and no query", c.BaseURL)
		}
		b.signer = fileblob.NewURLSignerHMAC(base, c.Secret)
	}
	var err error
	if b.bucket, err = fileblob.OpenBucket(c.Dir, options); err != nil {
		return nil, fmt.Errorf("open bucket: %w", plain(err))
	}
	if b.signer == nil {
		return b, nil
	}
	if err := sweep(c.Dir); err != nil {
		return nil, errors.Join(fmt.Errorf("sweep bucket: %w", err), b.Close())
	}
	return b, nil
}

// Close ends the use of the bucket.
func (b *Bucket) Close() error { return b.bucket.Close() }

// Upload puts what r holds under key, in place of what was there, and returns its length in bytes. When r or ctx ends it
// early, nothing changes. An error wraps the system's: syscall.ENOSPC for a full disk. The content type is for buckets that keep one; a folder goes by the key's extension.
func (b *Bucket) Upload(ctx context.Context, key, contentType string, r io.Reader) (size int64, err error) {
	if !usable(key) {
		return 0, fmt.Errorf("upload %q: %w", key, errKey)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var file *os.File
	w, err := b.bucket.NewWriter(ctx, key, &blob.WriterOptions{
		ContentType: contentType,
		BeforeWrite: func(as func(any) bool) error {
			as(&file)
			return nil
		},
	})
	if err != nil {
		return 0, fmt.Errorf("upload: %w", plain(err))
	}
	size, err = io.Copy(w, r)
	if err == nil && file != nil {
		err = file.Sync()
	}
	if err != nil {
		cancel() // makes Close throw away what came so far, and say that it was cancelled
		_ = w.Close()
	} else {
		err = w.Close()
	}
	if err != nil {
		return 0, fmt.Errorf("upload: %w", plain(err))
	}
	if err := settle(b.dir, key); err != nil {
		return 0, fmt.Errorf("upload: %w", err)
	}
	return size, nil
}

// Local returns a file with the bytes of key, to be read only, and release, which must be called when it is not needed any
// more.
func (b *Bucket) Local(ctx context.Context, key string) (path string, release func(), err error) {
	file, release, err := b.open(ctx, key)
	if err != nil {
		return "", nil, fmt.Errorf("open blob: %w", err)
	}
	return file.Name(), release, nil
}

// open opens the file with the bytes of key.
func (b *Bucket) open(ctx context.Context, key string) (*os.File, func(), error) {
	if !usable(key) {
		return nil, nil, ErrNotFound
	}
	r, err := b.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return nil, nil, known(err)
	}
	var below io.Reader
	r.As(&below)
	file, ok := below.(*os.File)
	if !ok {
		return nil, nil, errors.Join(fmt.Errorf("%T is no file", below), r.Close())
	}
	return file, func() { _ = r.Close() }, nil
}

// Delete removes the bytes of key, if they are there.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if !usable(key) {
		return nil
	}
	if err := known(b.bucket.Delete(ctx, key)); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// Keys lists the keys that begin with prefix, in order.
func (b *Bucket) Keys(ctx context.Context, prefix string) ([]string, error) {
	for again := listings; ; again-- {
		keys, err := b.list(ctx, prefix)
		if err == nil {
			return keys, nil
		}
		// The library gives up when a file goes while it looks at it, as one does with every upload that ends.
		if !errors.Is(err, ErrNotFound) || again == 0 {
			return nil, fmt.Errorf("list blobs: %w", err)
		}
	}
}

func (b *Bucket) list(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	for list := b.bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		object, err := list.Next(ctx)
		switch {
		case err == io.EOF:
			slices.Sort(keys)
			return keys, nil
		case err != nil:
			return nil, known(err)
		case usable(object.Key):
			keys = append(keys, object.Key)
		}
	}
}
