package blobs

import (
	"cmp"
	"context"
	"io"

	"gocloud.dev/blob"
)

func (b *Bucket) upload(ctx context.Context, key, contentType string, r io.Reader) (size int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	settle := func() error { return nil }
	w, err := b.blobs.NewWriter(ctx, key, &blob.WriterOptions{
		ContentType: contentType,
		BeforeWrite: func(as func(any) bool) error {
			settle = b.place.prepare(as, length(r))
			return nil
		},
	})
	if err != nil {
		return 0, known(err)
	}
	from := &source{Reader: r}
	if size, err = io.Copy(w, from); err == nil {
		err = settle()
	}
	if err != nil {
		cancel() // makes Close throw away what came so far, and say that it was cancelled
		_ = w.Close()
		return 0, cmp.Or(from.err, known(err))
	}
	if err := w.Close(); err != nil {
		return 0, known(err)
	}
	return size, b.place.settled(key)
}

// length is how many bytes r has yet to give, -1 where only reading it would tell.
func length(r io.Reader) int64 {
	s, ok := r.(io.Seeker)
	if !ok {
		return -1
	}
	here, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return -1
	}
	end, err := s.Seek(0, io.SeekEnd)
	if err != nil {
		return -1
	}
	if _, err := s.Seek(here, io.SeekStart); err != nil {
		return -1
	}
	return end - here
}

// source keeps a reader's error apart from those of the bucket.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
