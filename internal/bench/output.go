package main

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"time"
)

// blockBytes is after how many bytes an output repeats itself: odd, so that what is cut or shifted by whole buffers shows.
const blockBytes = 1<<20 - 1

// output is a completed render of which nobody has to keep the bytes: they are a block of noise, over and over.
type output struct {
	block []byte
	size  int64
}

func newOutput(size int64) *output {
	o := &output{make([]byte, blockBytes), size}
	_, _ = rand.NewChaCha8([32]byte{}).Read(o.block) // never fails
	return o
}

// ReadAt implements io.ReaderAt, beyond the size too.
func (o *output) ReadAt(p []byte, at int64) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], o.block[(at+int64(n))%blockBytes:])
	}
	return n, nil
}

// content is the whole output, read from its start.
func (o *output) content() *io.SectionReader { return io.NewSectionReader(o, 0, o.size) }

// ServeHTTP implements http.Handler. The render's link leads back here.
func (o *output) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == renderPath {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, replaced(bodyLong, "7340032", strconv.FormatInt(o.size, 10), "https://cdn.example", "http://"+r.Host))
		return
	}
	w.Header().Set("Content-Type", "video/mp4")
	w.Header().Set("ETag", `"`+strconv.FormatInt(o.size, 10)+`"`)
	http.ServeContent(w, r, "", time.Time{}, o.content())
}

// heldBy tells whether a file holds the output and no more.
func (o *output) heldBy(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	got, want := make([]byte, blockBytes), make([]byte, blockBytes)
	for rest := o.content(); ; {
		n, err := io.ReadFull(rest, want)
		m, failed := io.ReadFull(file, got)
		switch {
		case !bytes.Equal(got[:m], want[:n]):
			return errors.New("the file holds another output than was sent")
		case err != nil && failed != nil: // the ends of both
			return nil
		}
	}
}
