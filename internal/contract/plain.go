package contract

import "net/http"

// Plain is a body without its Content-Encoding: the bytes that Check judges. It fails where Check says unchecked or that
// the bytes cannot be decoded.
func Plain(h http.Header, body []byte) ([]byte, error) {
	return undo(h.Values("Content-Encoding"), body, max(DefaultCap, len(body)))
}
