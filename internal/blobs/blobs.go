// Package blobs is the bucket: the bytes of assets and of what was made from them, by key, and signed links to them. It is a
// folder or a bucket of S3; start with Open.
//
// # Promises
//
// Each sentence is a test, and both kinds of bucket take it.
//
//   - What was uploaded is there whole under its key, or not at all: nobody ever sees a part of it.
//   - What another process uploaded is there at once.
//   - A key that is not there is ErrNotFound, but deleting it is no error.
//   - A bucket that cannot be reached is ErrUnreachable, within seconds, and no error tells a secret or a link's query.
//   - A key cannot name anything outside the bucket, nor what the bucket keeps for itself.
//   - A mark tells the bucket from others, and is none of its keys.
//   - A link works until it expires, for the key and the method that it was signed for, and for nothing else.
//   - A link gives any range of the bytes, and says what they are and how a file of them should be called.
//
// An upload is kept when Upload returns: by fsync in a folder, by S3's word there. Not promised is that keys are listed in order,
// nor in a moment that writers agree on.
//
// # The folder
//
// A key is a file of that path, written beside it under a name that ends in .tmp and renamed. There is nothing else: what
// the bytes are follows from the key's extension, because a second file with that could not be written in the same step.
//
// # S3
//
// A key is an object of that name. It goes up in parts of 8 MiB, of which a few are in memory, and is there when S3 has them all.
// An upload that fails gives its parts up, one that is killed leaves them to Sweep. What the bytes are is part of the link, as in
// a folder it is of the answer, so that one rule serves both and copies from elsewhere need no metadata. The URL is
//
//	s3://BUCKET?region=REGION&endpoint=https://S3.EXAMPLE&use_path_style=true
//
// The region is AWS_REGION's unless it is there, the endpoint Amazon's. The bucket is part of the endpoint's host unless
// use_path_style is true or the host is an address. Also known are profile (of the shared config), ssetype and kmskeyid
// (encryption at rest), dualstack, fips, request_checksum_calculation and response_checksum_validation (when_supported,
// when_required). A request that fails is tried three times within a few seconds.
package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"gocloud.dev/blob"
)

// What an error of a bucket is, if it is not the system's.
var (
	// ErrNotFound is what a key that is not there gives.
	ErrNotFound = errors.New("no such bytes")
	// ErrUnreachable is S3 that does not answer, or answers that it cannot now. Later it may.
	ErrUnreachable = errors.New("S3 is not reachable")
)

// defaultTTL is how long the documentation's own links work.
const defaultTTL = 15 * time.Minute

// Config says where the bytes are and how links are made: in Dir, or else at URL.
type Config struct {
	Dir string // the folder of the bytes; made when it is not there.

	// Secrets sign the links to a folder: the first signs, all verify, so that a new one goes in front and the old one out when
	// its links have expired. Each has at least 16 bytes. Default: none, and Link and Handler refuse.
	Secrets [][]byte
	BaseURL string // where clients reach Handler, such as http://127.0.0.1:8080/links. Required with Secrets.

	// URL is s3://BUCKET?region=REGION, and endpoint=URL for an S3 that is not Amazon's. Credentials are not part of it: they come
	// from where every program of AWS takes them, which is the environment, the shared config or the machine's role.
	URL string
	// PublicEndpoint is where clients reach S3, which links lead to, such as https://files.example. Default: as the server does.
	PublicEndpoint string
	// Patience is how long S3 may keep silent, be it within an answer, until it counts as not reachable. Default: 15 seconds.
	Patience time.Duration

	// TTL is how long a link works, at S3 at most 7 days; one below zero makes links that have expired. Default: 15 minutes.
	TTL time.Duration
}

// Bucket is open. It is safe for concurrent use, beside other processes on the same bytes. Close it.
type Bucket struct {
	blobs *blob.Bucket
	place place
}

// place is what folder and S3 do each in their own way. Keys are usable ones.
type place interface {
	// prepare readies an upload of so many bytes, -1 where that is not known.
	prepare(as func(any) bool, size int64) (settle func() error)
	// settled is called with what was uploaded.
	settled(key string) error
	local(ctx context.Context, key, scratch string) (path string, release func(), err error)
	remove(ctx context.Context, key string) error
	keys(ctx context.Context, prefix string) iter.Seq2[Entry, error]
	link(ctx context.Context, key string) (string, error)
	sweep(ctx context.Context, before time.Time) error
	ready(ctx context.Context) error
}

// Open opens a bucket. A folder is made; S3 is not asked for anything, Ready does that.
func Open(ctx context.Context, c Config) (*Bucket, error) {
	if c.TTL == 0 {
		c.TTL = defaultTTL
	}
	var b *Bucket
	var err error
	switch {
	case (c.Dir == "") == (c.URL == ""):
		return nil, errors.New("open bucket: name a folder or an s3:// URL, and one of them only")
	case c.Dir != "":
		b, err = openFolder(c)
	default:
		b, err = openS3(ctx, c)
	}
	if err != nil {
		return nil, fmt.Errorf("open bucket: %w", known(err))
	}
	return b, nil
}

// Close ends the use of the bucket.
func (b *Bucket) Close() error { return b.blobs.Close() }

// Ready tells whether the bucket can be used now. An error says what to do about it.
func (b *Bucket) Ready(ctx context.Context) error {
	if err := b.place.ready(ctx); err != nil {
		return fmt.Errorf("bucket: %w", known(err))
	}
	return nil
}

// Sweep removes what uploads left behind that were killed, if they began that long ago; a day is long enough that nobody can be at
// work on them any more. It looks at every file of a folder.
func (b *Bucket) Sweep(ctx context.Context, age time.Duration) error {
	if err := b.place.sweep(ctx, time.Now().Add(-age)); err != nil {
		return fmt.Errorf("sweep bucket: %w", known(err))
	}
	return nil
}

// Local returns a file with the bytes of key, to be read only, and release, which must be called when it is not needed any
// more. In a folder it is the file itself; from S3 it is a copy in scratch, which release removes.
func (b *Bucket) Local(ctx context.Context, key, scratch string) (path string, release func(), err error) {
	if !usable(key) {
		return "", nil, fmt.Errorf("open blob: %w", ErrNotFound)
	}
	if path, release, err = b.place.local(ctx, key, scratch); err != nil {
		return "", nil, fmt.Errorf("open blob: %w", known(err))
	}
	return path, release, nil
}

// Delete removes the bytes of key, if they are there.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if !usable(key) {
		return nil
	}
	if err := known(b.place.remove(ctx, key)); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// Link returns a URL that gives the bytes of key to whoever has it, by GET, until it expires; from S3, not longer than the
// credentials do that signed it. Whether there are any bytes is found out when it is followed. It is a secret: its query must not
// be logged.
func (b *Bucket) Link(ctx context.Context, key string) (string, error) {
	if !usable(key) {
		return "", fmt.Errorf("sign link: %w", errKey)
	}
	link, err := b.place.link(ctx, key)
	if err != nil {
		return "", fmt.Errorf("sign link: %w", known(err))
	}
	return link, nil
}

// Upload puts what r holds under key, in place of what was there, and returns its length in bytes. When r or ctx ends it
// early, nothing changes. An error of r comes back as it is, one of the disk wraps the system's: syscall.ENOSPC where it is full.
// The content type is what S3 has the bytes down as.
func (b *Bucket) Upload(ctx context.Context, key, contentType string, r io.Reader) (size int64, err error) {
	if !usable(key) {
		return 0, fmt.Errorf("upload %q: %w", key, errKey)
	}
	if size, err = b.upload(ctx, key, contentType, r); err != nil {
		return 0, fmt.Errorf("upload: %w", err)
	}
	return size, nil
}
