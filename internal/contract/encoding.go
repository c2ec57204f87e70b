package contract

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

var (
	errCap      = errors.New("over the cap")
	errEncoding = errors.New("unknown content encoding")
	errTrailing = errors.New("content encoding: bytes after the end")
)

// Plain is a body without its Content-Encoding: the bytes that Check judges. It fails where Check says unchecked or that
// the bytes cannot be decoded.
func Plain(h http.Header, body []byte) ([]byte, error) {
	return undo(h.Values("Content-Encoding"), body, max(DefaultCap, len(body)))
}

// undo decodes a body by its Content-Encoding, the last one applied first. It never makes more than limit bytes: errCap.
func undo(headers []string, data []byte, limit int) ([]byte, error) {
	if len(headers) == 0 {
		return data, nil
	}
	codings := strings.Split(strings.ToLower(strings.Join(headers, ",")), ",")
	if len(codings) > 5 {
		return nil, errEncoding
	}
	for i := len(codings) - 1; i >= 0; i-- {
		from := bytes.NewReader(data)
		r, err := open(strings.TrimSpace(codings[i]), from)
		if err != nil {
			return nil, err
		}
		data, err = io.ReadAll(io.LimitReader(r, int64(limit)+1))
		if z, ok := r.(*gzip.Reader); ok {
			gzipReaders.Put(z)
		}
		if err != nil {
			return nil, fmt.Errorf("content encoding: %w", err)
		}
		if len(data) > limit {
			return nil, errCap
		}
		if from.Len() > 0 {
			return nil, errTrailing
		}
	}
	return data, nil
}

// gzipReaders are kept for the next answer: a new one costs ten times what it takes to undo and to judge an ordinary one.
var gzipReaders = sync.Pool{New: func() any { return new(gzip.Reader) }}

func open(coding string, from *bytes.Reader) (io.Reader, error) {
	switch coding {
	case "", "identity":
		return from, nil
	case "gzip", "x-gzip":
		z := gzipReaders.Get().(*gzip.Reader)
		return z, z.Reset(from)
	case "br":
		return brotli.NewReader(from), nil
	case "deflate":
		if r, err := zlib.NewReader(from); err == nil {
			return r, nil
		}
		// Some servers send the bare stream without zlib's frame, and every client reads it.
		_, _ = from.Seek(0, io.SeekStart) // to the start of bytes in memory, which never fails
		return flate.NewReader(from), nil
	}
	return nil, errEncoding
}
