package api

import (
	"log"
	"log/slog"
	"net/http"
	"time"
)

// The limits of NewHTTPServer.
const (
	mostHeaderBytes = 64 << 10
	headerTime      = 10 * time.Second // for the request line and the headers
	requestTime     = 30 * time.Second // for the whole request and what is done for it
	answerTime      = 30 * time.Second // for the answer, from the last byte of the headers; Steady grants more
	idleTime        = 2 * time.Minute
	bodyTime        = time.Second // for a body that nobody reads, once the answer was given
)

// NewHTTPServer is a server for h with limits: 64 KiB of headers, 10 seconds for them, 30 seconds for a request and its answer
// unless Steady grants more, 2 minutes between requests. It answers OPTIONS * by h like all else, and tells l, without secrets,
// what it does not tell the client. What is no HTTP request, or has too many headers, net/http answers by itself: in plain text,
// with 400, 431, 501 or 505, nothing of the request, and the end of the connection. The caller may change what is set here
// before it serves.
func NewHTTPServer(h http.Handler, l *slog.Logger) *http.Server {
	return &http.Server{
		Handler:                      h,
		MaxHeaderBytes:               mostHeaderBytes - 4096, // which is what net/http adds
		ReadHeaderTimeout:            headerTime,
		ReadTimeout:                  requestTime,
		WriteTimeout:                 answerTime,
		IdleTimeout:                  idleTime,
		DisableGeneralOptionsHandler: true, // it would answer OPTIONS * before anyone asked for a key
		ErrorLog:                     log.New(maskedLines{l}, "", 0),
	}
}

// maskedLines logs each line that net/http has to tell.
type maskedLines struct{ *slog.Logger }

func (l maskedLines) Write(line []byte) (int, error) {
	l.Warn("server", "error", masked(string(line)))
	return len(line), nil
}
