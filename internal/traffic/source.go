package traffic

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// source is what can be read from its start, more than once.
type source interface {
	open() (io.Reader, error)
	close() error
}

// regular is a regular file.
type regular struct{ *os.File }

func (r *regular) open() (io.Reader, error) {
	info, err := r.Stat()
	if err != nil {
		return nil, err
	}
	return unpacked(io.NewSectionReader(r, 0, info.Size()))
}

func (r *regular) close() error { return r.Close() }

// spool is a stream that is copied to a temporary file as far as it is read.
type spool struct {
	from   io.Reader
	closer io.Closer // of from; nil if it is not ours

	mu   sync.Mutex
	file *os.File
	size int64 // of the file
	err  error // what ended the stream
}

func (s *spool) open() (io.Reader, error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	return unpacked(&spooled{s, 0})
}

// begin makes the file.
func (s *spool) begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from == nil {
		return os.ErrClosed
	}
	if s.file != nil {
		return nil
	}
	file, err := os.CreateTemp("", "roughy-")
	if err != nil {
		return copying(err)
	}
	s.file = file
	_ = os.Remove(file.Name()) // so that a crash leaves nothing; where an open file cannot be removed, close does it
	return nil
}

func copying(err error) error {
	return fmt.Errorf("copy what comes, to read it twice (a file needs no copy): %w", err)
}

func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from = nil
	var errs []error
	if s.file != nil {
		errs = append(errs, s.file.Close())
		if err := os.Remove(s.file.Name()); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
		s.file = nil
	}
	if s.closer != nil {
		errs = append(errs, s.closer.Close())
		s.closer = nil
	}
	return errors.Join(errs...)
}

// spooled reads a spool from its start: first what was copied, then what still comes.
type spooled struct {
	*spool
	at int64
}

func (s *spooled) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return 0, os.ErrClosed
	}
	if ready := s.size - s.at; ready > 0 {
		n, err := s.file.ReadAt(p[:min(int64(len(p)), ready)], s.at)
		s.at += int64(n)
		return n, err
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.from.Read(p)
	if _, failed := s.file.WriteAt(p[:n], s.size); failed != nil {
		n, err = 0, copying(failed)
	}
	s.err = err
	s.size += int64(n)
	s.at += int64(n)
	return n, err
}

// unpacked is a stream without its gzip, if it has one.
func unpacked(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 16)
	if magic, _ := b.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(bufio.NewReaderSize(b, window))
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		return &unpacker{z}, nil
	}
	return b, nil // reads of a window go past its buffer
}

// unpacker says of an end in the middle what it is.
type unpacker struct{ *gzip.Reader }

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = errEarly
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		err = fmt.Errorf("unpack: %w: pack it again", err)
	}
	return n, err
}
