package blobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
)

// folder is a bucket whose keys are files.
type folder struct {
	dir   string
	ttl   time.Duration
	blobs *blob.Bucket
	ring  keyring
}

var _ place = (*folder)(nil)

func openFolder(c Config) (*Bucket, error) {
	f := &folder{dir: c.Dir, ttl: c.TTL}
	if len(c.Secrets) > 0 {
		base, err := url.Parse(c.BaseURL)
		if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" {
			return nil, fmt.Errorf("base URL of links: want http:// or https://, and no query, such as http://127.0.0.1:8080/links")
		}
		if f.ring, err = newKeyring(base, c.Secrets); err != nil {
			return nil, err
		}
	}
	options := &fileblob.Options{CreateDir: true, DirFileMode: 0o700, Metadata: fileblob.MetadataDontWrite}
	options.NoTempDir = true // a rename works within one file system only
	var err error
	if f.blobs, err = fileblob.OpenBucket(c.Dir, options); err != nil {
		return nil, err
	}
	return &Bucket{blobs: f.blobs, place: f}, nil
}

func (f *folder) prepare(as func(any) bool, _ int64) (settle func() error) {
	var file *os.File
	if !as(&file) {
		return func() error { return errors.New("library wrote to no file") }
	}
	return file.Sync
}

// settled puts a new file's name on the disk, and those of the folders that may have been made for it.
func (f *folder) settled(key string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	for dir := filepath.FromSlash(key); dir != "."; {
		dir = filepath.Dir(dir)
		opened, err := os.Open(filepath.Join(f.dir, dir))
		if err != nil {
			return err
		}
		if err := errors.Join(opened.Sync(), opened.Close()); err != nil {
			return fmt.Errorf("sync folder: %w", err)
		}
	}
	return nil
}

func (f *folder) local(ctx context.Context, key, _ string) (string, func(), error) {
	file, release, err := f.open(ctx, key)
	if err != nil {
		return "", nil, err
	}
	return file.Name(), release, nil
}

// open opens the file with the bytes of key.
func (f *folder) open(ctx context.Context, key string) (*os.File, func(), error) {
	r, err := f.blobs.NewReader(ctx, key, nil)
	if errors.Is(err, syscall.ENOTDIR) {
		return nil, nil, ErrNotFound // below a key is no other
	}
	if err != nil {
		return nil, nil, err
	}
	var below io.Reader
	r.As(&below)
	file, ok := below.(*os.File)
	if !ok {
		return nil, nil, errors.Join(fmt.Errorf("%T is no file", below), r.Close())
	}
	return file, func() { _ = r.Close() }, nil
}

func (f *folder) remove(ctx context.Context, key string) error {
	err := f.blobs.Delete(ctx, key)
	if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENOTEMPTY) {
		return ErrNotFound // it lies below a key, or is what keys have in common
	}
	return err
}

// keys walks by itself: the library gives up when a file goes while it looks at it, as one does with every upload that ends, and
// begins anew for every thousand keys.
func (f *folder) keys(ctx context.Context, prefix string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		top, _ := path.Split(prefix)
		if top = cmp.Or(strings.TrimSuffix(top, "/"), "."); !fs.ValidPath(top) {
			return // no key begins like that
		}
		err := f.walk(ctx, top, func(key string, info fs.FileInfo) error {
			if !strings.HasPrefix(key, prefix) || yield(Entry{Key: key, Size: info.Size(), ModTime: info.ModTime()}, nil) {
				return nil
			}
			return fs.SkipAll
		})
		if err != nil {
			yield(Entry{}, err)
		}
	}
}

// walk visits the files below top, by their names in the bucket. What goes meanwhile is passed over.
func (f *folder) walk(ctx context.Context, top string, visit func(name string, info fs.FileInfo) error) error {
	return fs.WalkDir(os.DirFS(f.dir), top, func(name string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || !entry.Type().IsRegular() {
			return ignoreGone(err)
		}
		info, err := entry.Info()
		if err != nil {
			return ignoreGone(err)
		}
		return visit(name, info)
	})
}

// temporary reports whether a file is an upload that has not ended.
func temporary(name string) bool { return strings.HasSuffix(name, ".tmp") }

func (f *folder) sweep(ctx context.Context, before time.Time) error {
	return f.walk(ctx, ".", func(name string, info fs.FileInfo) error {
		if !temporary(name) || info.ModTime().After(before) {
			return nil
		}
		return ignoreGone(os.Remove(filepath.Join(f.dir, filepath.FromSlash(name))))
	})
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	return err
}

func (f *folder) ready(context.Context) error {
	opened, err := os.Open(f.dir)
	if err != nil {
		return err
	}
	return opened.Close()
}
