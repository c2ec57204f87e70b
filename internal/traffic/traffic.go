// Package traffic reads recorded exchanges, writes them out clean, and keeps the baseline of what is accepted in them.
//
// [Open] takes a recording, whose [Recording.Entries] are streamed: a recording of any size, and any body in it, takes a few
// megabytes of memory and twice those of contract.DefaultCap. [NewWriter] makes a HAR without secrets. [ReadBaseline] takes the
// file of accepted findings.
//
// # HAR
//
// HAR 1.2, in any order of members, with or without a byte order mark, also packed by gzip. What is not needed is passed over:
// cookies, timings, members whose names begin with an underscore. Names are exact. Of a member that comes twice the last one
// counts; log and entries may come once.
//
// A HAR has its texts decoded. So Content-Encoding, Content-Length and Transfer-Encoding are no headers of the entry, unless the
// body is in base64 and its bytes still have that encoding; bytes in base64 without a Content-Encoding are as they came, and
// their Content-Length is theirs. A body that the recording leaves out although there was one is contract.Unrecorded, one of over
// contract.DefaultCap bytes contract.OverCap. An error beside a status means that the answer broke off: contract.Cut, or
// contract.Closed if the client did it.
//
// An entry whose members are of the wrong type, or are missing, has a Problem; the others are not lost. WebSockets and what
// is no HTTP (data:, blob:) are left out, and their numbers with them.
//
// In texts, half a surrogate pair becomes three bytes that are no UTF-8, and bytes that are no UTF-8 stay as they are: a body with
// such is judged as one.
//
// # NDJSON
//
// One exchange a line, a JSON object in UTF-8; blank lines are skipped, other members ignored:
//
//	method           of the request. Default: GET.
//	url              of the request: whole, or a path. Required.
//	status           of the answer, a number. Required, unless there is an error.
//	headers          of the answer: an object of texts, or of lists of texts
//	body             a text, decoded as in a HAR, or any other JSON value, which is judged as it is written; null is no body
//	body_base64      in its place: the bytes as they came, in their Content-Encoding
//	request_headers  as headers; only used to know secrets that come back
//	started          when the request was sent, RFC 3339
//	elapsed_ms       until the answer was there whole, a number
//	error            why there is no answer, in words
//
// For example:
//
//	{"method":"GET","url":"https://api.roughy.ai/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90","status":200,
//	 "headers":{"Content-Type":"application/json","Link":["</a>; rel=a","</b>; rel=b"]},"body":"{\"id\": …}"}
//
// (in one line). No body and no null means that there was none. A line may also be an entry of a HAR, as jq -c '.log.entries[]'
// writes it.
//
// # The baseline
//
// A YAML file that people read and edit, and that [Baseline.Encode] writes, in a fixed order:
//
//	version: 1
//	accepted:
//	  - rule: schema.enum            # required
//	    operation: readRender        # where there is none, left out; as document
//	    pointer: /renders/*/state    # in the body, * for any index; or the header's name; left out for the whole
//	    document: /components/schemas/RenderState/enum
//	    reason: cancelled is announced for 2027, ticket 4711   # required
//	    expires: 2027-02-23          # the last day on which it is accepted; required
//
// A finding is accepted by operation, rule, pointer and document together, never by a line number, whatever its severity. After
// its day it counts again.
package traffic

import (
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
)

// Format is how exchanges are written down.
type Format int

// The formats, as the package doc describes them.
const (
	HAR Format = iota
	NDJSON
)

// Recording is a file of exchanges, or a stream. It may be read by one goroutine at a time.
type Recording struct {
	name   string
	format Format
	source
}

// Open opens a recording by name: a file, or stdin for "-". What is no regular file is copied to a temporary one as it is read,
// for its owner alone, so that it can be read again. gzip is found by its magic.
func Open(name string, stdin io.Reader, f Format) (*Recording, error) {
	r := &Recording{name: name, format: f}
	if name == "-" {
		r.name = "stdin"
		r.source = &spool{from: stdin}
		return r, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		_ = file.Close()
		return nil, fmt.Errorf("recording: %w", err)
	case info.IsDir():
		_ = file.Close()
		return nil, fmt.Errorf("recording %s: a directory: name a file in it", name)
	case info.Mode().IsRegular():
		r.source = &regular{file}
	default:
		r.source = &spool{from: file, closer: file}
	}
	return r, nil
}

// Entries reads all exchanges in their order, as often as it is ranged over. An error is the last that comes: it says at which
// entry (NDJSON: line) and byte, and the recording is then not whole. An entry is good until the next one; Clone keeps it.
func (r *Recording) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		p, err := r.pass()
		if err == nil {
			p.yield = func(e Entry) bool { return yield(e, nil) }
			err = p.run(r.format)
		}
		if err != nil {
			yield(Entry{}, err)
		}
	}
}

// Any tells whether fits takes the URL of any exchange. It looks at URLs alone, up to the first that fits; those that cannot be
// read fit nothing. Where none fits, a recording that is broken is an error, as for Entries.
func (r *Recording) Any(fits func(*url.URL) bool) (bool, error) {
	found := false
	p, err := r.pass()
	if err != nil {
		return false, err
	}
	p.addresses = true
	p.yield = func(e Entry) bool {
		found = fits(e.URL)
		return !found
	}
	err = p.run(r.format)
	return found, err
}

// pass begins to read from the start.
func (r *Recording) pass() (*pass, error) {
	stream, err := r.open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return newPass(r.name, stream, r.format == NDJSON), nil
}

// Close closes the file, and removes the temporary one.
func (r *Recording) Close() error { return r.close() }
