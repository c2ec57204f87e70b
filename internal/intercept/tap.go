package intercept

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// errClosed is how a body ends whose reader stops before its end.
var errClosed = errors.New("closed before the end")

// tap copies what is read through it, and tells of the answer once: when the body has ended or, if the tap is patient, when it is
// closed, because by then its last byte was handed on. It may be closed while it is read, as net/http's own bodies may.
type tap struct {
	io.ReadCloser
	patient bool

	mu    sync.Mutex
	ended bool
	*passage

	told atomic.Bool
}

// Read implements io.Reader.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if t.saw(p[:n], err) && !t.patient {
		t.tell()
	}
	return n, err
}

// Close implements io.Closer.
func (t *tap) Close() error {
	t.saw(nil, t.rest())
	err := t.ReadCloser.Close()
	t.tell()
	return err
}

// saw reports whether the body has ended with this, and not before.
func (t *tap) saw(p []byte, err error) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return false
	}
	t.copy.tee(p)
	if err != nil {
		t.ended = true
		t.end(err)
	}
	return t.ended
}

// rest tells a body that has no more bytes, but whose reader did not ask, from one that was left half read. Only a body that is
// known to be empty says so without blocking.
func (t *tap) rest() error {
	if t.ReadCloser == http.NoBody {
		return io.EOF
	}
	return errClosed
}

func (t *tap) tell() {
	if t.told.CompareAndSwap(false, true) {
		defer t.copy.free()
		t.judge()
		t.OnReport(t.seen)
	}
}

// replay is a body that was held, up to where it was, and then the rest. Once it is over, nothing of it counts as held.
type replay struct {
	io.Reader
	body io.Closer
	free func()
}

// Read implements io.Reader.
func (r *replay) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil {
		r.free()
	}
	return n, err
}

// Close implements io.Closer.
func (r *replay) Close() error {
	r.free()
	return r.body.Close()
}

// failing is a reader at the place where another one failed.
type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
