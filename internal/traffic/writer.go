package traffic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Creator is who made a recording.
type Creator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Writer writes a HAR 1.2 that may be given away. It is safe for concurrent use, holds one entry at a time for each of its
// users, and does not close what it writes to.
//
// What is left out: the values of headers that hold secrets, such as Authorization and Cookie; the user, query and fragment of
// every URL; keys and bearer tokens, wherever they stand; and every token and cookie that the exchange used, and long
// values of its query, wherever they come again, if they have at least six letters. In their place stands "…", in URLs as %E2%80%A6. JSON is masked
// text by text, and else stays as it is written.
//
// Of bodies, JSON and texts are written, without their Content-Encoding. Others are left out, and so are those that may hide
// something behind escapes because they are not quite JSON; a comment says so, and read back they are contract.Unrecorded. Of
// what is written and had no secrets, the contract says the same as of the exchange.
type Writer struct {
	mu     sync.Mutex
	to     io.Writer
	by     Creator
	begun  bool
	filled bool // it has an entry
	err    error
}

var errClosed = errors.New("write HAR: it is closed")

// NewWriter starts a HAR. Nothing is written before the first Add, or Close.
func NewWriter(to io.Writer, by Creator) *Writer { return &Writer{to: to, by: by} }

// Add writes one exchange, and keeps nothing of it. An error stays: all later calls return it.
func (w *Writer) Add(e Entry) error {
	text, err := encode(archived(e))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin()
	separator := "\n"
	if w.filled {
		separator = ",\n"
	}
	w.filled = true
	w.write(err, separator, text)
	return w.err
}

// Close ends the HAR, also one without an entry. It is called once; the writer takes nothing more.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin()
	w.write(nil, "\n]}}\n")
	if w.err != nil {
		return w.err
	}
	w.err = errClosed
	return nil
}

func (w *Writer) begin() {
	if w.begun {
		return
	}
	w.begun = true
	by, err := encode(w.by)
	w.write(err, `{"log":{"version":"1.2","creator":`, by, `,"pages":[],"entries":[`)
}

func (w *Writer) write(err error, texts ...string) {
	for _, text := range texts {
		if err == nil && w.err == nil {
			_, err = io.WriteString(w.to, text)
		}
	}
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("write HAR: %w", err)
	}
}

// encode is JSON on one line, in which < and & stay what they are.
func encode(v any) (string, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n"))), err
}
