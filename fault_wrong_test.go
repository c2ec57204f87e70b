package roughy_test

import (
	"fmt"
	"slices"

	"github.com/roughy-go/roughy/internal/faulttest"
)

// wrongFaults are outputs that are not, or not all, what was asked for.
func wrongFaults() []fault {
	longer, shorter := slices.Concat(small, []byte("x")), small[:299]
	again := func(status string, body []byte, headers ...string) part { // after 100 bytes
		return broken(faulttest.Reset(), answering(status, body, headers...))
	}
	second := []byte(numbers(500))
	unsized := withMembers(members{"size_bytes": nil})
	return downloads([]fault{
		{name: "more bytes than promised, announced", link: answering("200 OK", longer)},
		{name: "more bytes than promised, in chunks", link: chunked(longer, chunksEnd())},
		{name: "more bytes than promised, in a chunk of their own", link: chunked(small, faulttest.Chunks("x"), chunksEnd())},
		{name: "more bytes than promised, after a cut", link: again("206 Partial Content", longer[100:], `ETag: "v1"`, "Content-Range: bytes 100-299/300")},
		{name: "bytes without end", link: chunked(small, faulttest.Endless("12c\r\n"+string(small)+"\r\n"))},
		{name: "fewer bytes than promised, announced", link: answering("200 OK", shorter)},
		{name: "fewer bytes than promised, in chunks", link: func(_ *scene, n int, r *request) steps {
			if r.Header.Get("Range") == "" {
				return chunked(shorter, chunksEnd())(nil, n, r)
			}
			return steps{faulttest.Text(served(r, shorter, `"v1"`))}
		}},
		{name: "no size_bytes, and a length", api: unsized},
		{name: "no size_bytes and no length", api: unsized, link: chunked(small, chunksEnd())},
		{name: "no size_bytes and no length, and an end in the middle", api: unsized, link: first(1, chunked(small[:100], faulttest.Cut()))},
		{name: "an encoded output", link: answering("200 OK", []byte("zip"), "Content-Encoding: gzip")},
		{name: "a part of the output that was not asked for", link: answering("206 Partial Content", small[:9], "Content-Range: bytes 0-8/300")},
		{name: "a 204 of the link", link: always(faulttest.Head("204 No Content"))},
		{name: "a host that ignores ranges, after a cut", link: again("200 OK", small, `ETag: "v1"`)},
		{name: "another output after a cut, as a whole", link: again("200 OK", second, `ETag: "v2"`), prepare: func(s *scene) { s.late = second }},
		{name: "another output after a cut, its rest, by ETag", link: again("206 Partial Content", second[100:], `ETag: "v2"`, "Content-Range: bytes 100-299/300")},
		{name: "another output after a cut, its rest, by Last-Modified", link: dated("Mon, 02 Nov 2026 10:00:00 GMT")},
		{name: "a weak ETag, and a cut", link: weak(small, `W/"v1"`)},
		{name: "a weak ETag, a cut, and another weak ETag", link: weak(second, `W/"v2"`), prepare: func(s *scene) { s.late = second }},
		{name: "a part of the rest after a cut", link: broken(faulttest.Reset(), piecemeal)},
		{name: "other bytes than the rest after a cut", link: again("206 Partial Content", small[:200], `ETag: "v1"`, "Content-Range: bytes 0-199/300")},
		{name: "a rest that does not say of which output", link: again("206 Partial Content", small[100:], "Content-Range: bytes 100-299/300")},
		{name: "a Content-Range that is none after a cut", link: again("206 Partial Content", small[100:], `ETag: "v1"`, "Content-Range: bytes 100-")},
		{name: "no Content-Range after a cut", link: again("206 Partial Content", small[100:], `ETag: "v1"`)},
		{name: "a Content-Range of another length after a cut", link: again("206 Partial Content", small[100:], `ETag: "v1"`, "Content-Range: bytes 100-299/301")},
		{name: "a Content-Range of no length after a cut", link: again("206 Partial Content", small[100:], `ETag: "v1"`, "Content-Range: bytes 100-299/*")},
		{name: "416 after a cut", link: again("416 Range Not Satisfiable", nil, "Content-Range: bytes */300")},
		{name: "encoded bytes after a cut", link: again("206 Partial Content", small[100:], `ETag: "v1"`, "Content-Encoding: br", "Content-Range: bytes 100-299/300")},
	})
}

// dated is an output that breaks off, and goes on with another time of its last change.
func dated(later string) part {
	return until(1, torn("Last-Modified: Sun, 01 Nov 2026 10:00:00 GMT"),
		answering("206 Partial Content", small[100:], "Last-Modified: "+later, "Content-Range: bytes 100-299/300"))
}

// weak is an output that is named by a weak ETag alone, and breaks off. Then the host has a later one.
func weak(later []byte, tag string) part {
	return until(1, torn(`ETag: W/"v1"`), func(_ *scene, _ int, r *request) steps { return steps{faulttest.Text(served(r, later, tag))} })
}

// torn is the first 100 bytes of the output, and a reset.
func torn(header string) part {
	text := answered("200 OK", small, header)
	return always(faulttest.Text(text[:len(text)-200]), faulttest.Reset())
}

// piecemeal is 60 bytes of what is asked for.
func piecemeal(_ *scene, _ int, r *request) steps {
	var from int
	_, _ = fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
	to := min(from+60, len(small))
	span := fmt.Sprintf("Content-Range: bytes %d-%d/300", from, to-1)
	return steps{faulttest.Text(answered("206 Partial Content", small[from:to], `ETag: "v1"`, span))}
}
