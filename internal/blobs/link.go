package blobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// contentTypes are the media types of the files that renders make, by their extensions. The system's own table differs
// from one machine to the next.
var contentTypes = map[string]string{
	".mp4": "video/mp4", ".mov": "video/quicktime", ".m4a": "audio/mp4", ".mp3": "audio/mpeg",
}

// keepNot is what a link's answer says to caches, which would give the bytes away when the link has expired.
const keepNot = "no-store"

// Handler answers the links to a folder at one path, as it is written in a request, and asks for no other authorization. A link
// that was not signed here for the request's method, was changed or has expired is 403, and so is every other path and every
// target with a host; one whose bytes are gone is 404, both in the envelope of concepts/errors. Of a bucket of S3 it refuses all:
// there S3 answers them. failed is told why an answer is 500, unless it is nil.
func (b *Bucket) Handler(at string, failed func(*http.Request, error)) http.Handler {
	f, ok := b.place.(*folder)
	if !ok {
		f = &folder{}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", keepNot)
		h.Set("X-Content-Type-Options", "nosniff")
		err := errRefused
		if u := r.URL; u.EscapedPath() == at && u.Scheme == "" && u.Host == "" {
			err = known(f.answer(w, r))
		}
		switch {
		case err == nil:
		case errors.Is(err, errRefused):
			refuse(w, http.StatusForbidden, "forbidden", "This link is not valid or has expired; read the render again for a fresh one.")
		case errors.Is(err, ErrNotFound):
			refuse(w, http.StatusNotFound, "not_found", "What this link led to is gone.")
		default:
			if failed != nil {
				failed(r, err)
			}
			refuse(w, http.StatusInternalServerError, "internal", "Something went wrong on our side. Try again later.")
		}
	})
}

// answer gives the bytes, or the range of them that was asked for. After an error nothing was written.
func (f *folder) answer(w http.ResponseWriter, r *http.Request) error {
	key, err := f.ring.verify(r)
	if err != nil {
		return err
	}
	file, release, err := f.open(r.Context(), key)
	if err != nil {
		return err
	}
	defer release()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", contentType(key))
	h.Set("Content-Disposition", disposition(key))
	h.Set("ETag", fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size()))
	http.ServeContent(w, r, "", info.ModTime(), file)
	return nil
}

func contentType(key string) string {
	if t, ok := contentTypes[strings.ToLower(path.Ext(key))]; ok {
		return t
	}
	return "application/octet-stream"
}

// disposition proposes the name of a file for the bytes of key: renders/ID/2.mp4 is ID.mp4.
func disposition(key string) string {
	name := path.Base(key)
	if folder := path.Base(path.Dir(key)); folder != "." {
		name = folder + path.Ext(key)
	}
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	type detail struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	body, _ := json.Marshal(map[string]detail{"error": {code, message}}) // strings alone always marshal
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}
