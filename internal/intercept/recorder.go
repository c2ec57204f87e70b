package intercept

import (
	"bufio"
	"errors"
	"maps"
	"net"
	"net/http"
	"time"
)

// errWithheld is what a handler gets that writes on when its stream was withheld.
var errWithheld = errors.New("answer withheld: its status or headers break the contract")

// recorder sees what a handler answers. It passes everything on at once, or holds it until release; what is too long to hold is
// released, and so is what may have no end. It is no io.ReaderFrom, since bytes that the kernel moves cannot be seen.
type recorder struct {
	http.ResponseWriter
	hold    bool        // bytes wait for release
	head    bool        // the request was HEAD, so no byte reaches the client
	refuses func() bool // whether a stream that is about to be released has got another answer in its place

	status  int         // 0 until the handler decided
	header  http.Header // as they were then
	first   time.Time   // when that was
	copy    copied
	left    bool // the headers are on their way
	lost    bool // there are bytes that nobody took
	taken   bool // the connection was taken over
	refused bool // the client got another answer
}

// Unwrap lets http.ResponseController reach deadlines and full duplex.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter. 1xx go out at once, and are not the answer, but for 101, after which there is none.
func (w *recorder) WriteHeader(status int) {
	final := status >= http.StatusOK || status == http.StatusSwitchingProtocols
	if final && w.status == 0 {
		w.decide(status)
		return
	}
	if !w.refused && !(final && w.hold) {
		w.ResponseWriter.WriteHeader(status)
	}
}

// decide keeps the headers as they are now, and sends them unless they are held.
func (w *recorder) decide(status int) {
	w.status, w.header, w.first = status, w.Header().Clone(), time.Now()
	if status == http.StatusSwitchingProtocols {
		w.hold, w.taken = false, true
	}
	if !w.hold {
		w.ResponseWriter.WriteHeader(status)
	} else if endless(mediaType(w.header)) && !w.refuses() {
		w.release()
	}
}

// Write implements http.ResponseWriter.
func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.refused {
		return 0, errWithheld
	}
	if w.hold {
		if !bodyAllowed(w.status) {
			return 0, http.ErrBodyNotAllowed
		}
		if w.copy.add(p) {
			return len(p), nil
		}
		w.release()
	}
	n, err := w.ResponseWriter.Write(p)
	if err != nil && !w.tooMuch(p) {
		w.lost = true
	}
	w.copy.tee(p[:n])
	return n, err
}

// Flush implements http.Flusher. What is held stays held.
func (w *recorder) Flush() { _ = w.FlushError() }

// FlushError is Flush as http.ResponseController calls it.
func (w *recorder) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.hold {
		return nil
	}
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if err == nil {
		w.leave()
	}
	return err
}

// leave notes that the headers are on their way, with what net/http guessed by the bytes before.
func (w *recorder) leave() {
	if !w.left {
		w.left = true
		sniff(w.header, w.copy.bytes)
	}
}

// Hijack implements http.Hijacker. What was held goes out first; what the handler does with the connection is not judged.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.refused {
		return nil, nil, errWithheld
	}
	client := http.NewResponseController(w.ResponseWriter)
	if w.hold && w.status != 0 {
		w.release()
		_ = client.Flush() // a client that is gone shows in what comes next
	}
	conn, rw, err := client.Hijack()
	w.taken = w.taken || err == nil
	return conn, rw, err
}

// release sends what was held, with the headers as they were decided, and holds nothing from then on.
func (w *recorder) release() {
	if !w.hold {
		return
	}
	w.hold = false
	if w.status == 0 {
		return // net/http answers 200 without a body by itself
	}
	w.sendHeader()
	if len(w.copy.bytes) > 0 {
		_, _ = w.ResponseWriter.Write(w.copy.bytes) // the client may be gone; the next write tells the handler
	}
}

// sendHeader sends the headers as they were when the handler decided, and then puts later ones back, which are trailers.
func (w *recorder) sendHeader() {
	live := w.ResponseWriter.Header()
	later := live.Clone()
	clear(live)
	maps.Copy(live, w.header)
	w.ResponseWriter.WriteHeader(w.status)
	maps.Copy(live, later)
}
