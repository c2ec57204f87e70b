package intercept

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// exchange is what the client gets, as far as it was seen; why says what is missing of it.
func (w *recorder) exchange(r *http.Request, why contract.Unseen) contract.Exchange {
	if w.status == 0 && why == "" {
		w.status, w.header, w.first = http.StatusOK, w.Header().Clone(), time.Now()
	}
	x := contract.Exchange{Method: r.Method, URL: r.URL, Status: w.status, Header: w.header, Body: w.copy.bytes, Unseen: w.copy.unseen}
	if x.Unseen == "" {
		x.Unseen = why
	}
	if !w.left {
		sniff(x.Header, x.Body)
	}
	if w.head {
		x.Body, x.Unseen = nil, ""
	}
	return x
}

// broken is why the answer did not come to its end; "" if it did. That a client is gone, which a request shows whose context is
// over, is no reason if it had all.
func (w *recorder) broken(r *http.Request, panics bool) contract.Unseen {
	switch {
	case (w.lost || r.Context().Err() != nil) && !w.whole():
		return contract.Closed
	case panics:
		return contract.Cut
	}
	return ""
}

// whole reports whether what came is surely all: nobody but the handler knows where other bodies end.
func (w *recorder) whole() bool {
	if w.head || !bodyAllowed(w.status) {
		return w.status != 0
	}
	if length, ok := w.announced(); ok {
		return len(w.copy.bytes) >= length
	}
	return isJSON(mediaType(w.header)) && json.Valid(w.copy.bytes)
}

// unanswered reports whether nothing of the answer has left: without a byte of the body, net/http keeps the headers to itself.
func (w *recorder) unanswered() bool { return !w.left && (w.head || len(w.copy.bytes) == 0) }

// tooMuch reports whether p, which comes after the copy, is more than the handler itself said that there would be.
func (w *recorder) tooMuch(p []byte) bool {
	length, ok := w.announced()
	return !bodyAllowed(w.status) || ok && len(w.copy.bytes)+len(p) > length
}

// announced is the Content-Length, if there is one.
func (w *recorder) announced() (length int, ok bool) {
	length, err := strconv.Atoi(w.header.Get("Content-Length"))
	return length, err == nil
}

// sniff adds the Content-Type that net/http would guess when the handler names none.
func sniff(h http.Header, body []byte) {
	if _, named := h["Content-Type"]; !named && len(body) > 0 && h.Get("Content-Encoding") == "" && h.Get("Transfer-Encoding") == "" {
		h.Set("Content-Type", http.DetectContentType(body))
	}
}

func bodyAllowed(status int) bool {
	return status >= http.StatusOK && status != http.StatusNoContent && status != http.StatusNotModified
}
