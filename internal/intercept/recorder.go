package intercept

import (
	"bufio"
	"maps"
	"net"
	"net/http"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// recorder sees what a handler answers. It passes everything on at once, or holds it until release; what is too long to hold is
// released. It is no io.ReaderFrom, since bytes that the kernel moves cannot be seen.
type recorder struct {
	http.ResponseWriter
	hold bool // bytes wait for release
	head bool // the request was HEAD, so no byte reaches the client

	status   int         // 0 until the handler decided
	header   http.Header // as they were then
	first    time.Time   // when that was
	copy     copied
	hijacked bool
}

// Unwrap lets http.ResponseController reach deadlines and full duplex.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter. 1xx go out at once, and are not the answer.
func (w *recorder) WriteHeader(status int) {
	final := status >= http.StatusOK || status == http.StatusSwitchingProtocols
	if final && w.status == 0 {
		w.status, w.header, w.first = status, w.Header().Clone(), time.Now()
		if w.hold {
			return
		}
	}
	if !final || !w.hold {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
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
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack implements http.Hijacker. What the handler does with the connection is not judged.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.hijacked = err == nil
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

// exchange is what the client gets, as far as it was seen.
func (w *recorder) exchange(r *http.Request) contract.Exchange {
	if w.status == 0 {
		w.status, w.header, w.first = http.StatusOK, w.Header().Clone(), time.Now()
	}
	x := contract.Exchange{Method: r.Method, URL: r.URL, Status: w.status, Header: w.header, Body: w.copy.bytes, Unseen: w.copy.unseen}
	sniff(x.Header, x.Body)
	if w.head {
		x.Body, x.Unseen = nil, ""
	}
	return x
}

// sniff adds the Content-Type that net/http would guess when the handler names none.
func sniff(h http.Header, body []byte) {
	if _, named := h["Content-Type"]; !named && len(body) > 0 && h.Get("Content-Encoding") == "" {
		h.Set("Content-Type", http.DetectContentType(body))
	}
}

func bodyAllowed(status int) bool {
	return status >= http.StatusOK && status != http.StatusNoContent && status != http.StatusNotModified
}
