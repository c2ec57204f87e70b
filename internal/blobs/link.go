package blobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"gocloud.dev/blob/driver"
)

// contentTypes are the media types of the files that renders make, by their extensions. The system's own table differs
// from one machine to the next.
var contentTypes = map[string]string{
	".mp4": "video/mp4", ".mov": "video/quicktime", ".m4a": "audio/mp4", ".mp3": "audio/mpeg",
}

// errRefused is a link that was not signed here for this request, or that has expired.
var errRefused = errors.New("link is not valid")

// Link returns a URL that gives the bytes of key to whoever has it, by GET, until it expires. Whether there are any is found
// out when it is followed. It is a secret: its query must not be logged.
func (b *Bucket) Link(ctx context.Context, key string) (string, error) {
	switch {
	case b.signer == nil:
		return "", errors.New("sign link: the bucket was opened without a secret")
	case !usable(key):
		return "", fmt.Errorf("sign link: %w", errKey)
	}
	link, err := b.signer.URLFromKey(ctx, key, &driver.SignedURLOptions{Method: http.MethodGet, Expiry: b.ttl})
	if err != nil {
		return "", fmt.Errorf("sign link: %w", err)
	}
	return link.String(), nil
}

// Handler answers links. It is mounted at Config.BaseURL with the path stripped, and asks for no other authorization. A link
// that was not signed here for the request's method, was changed or has expired is 403, one whose bytes are gone is 404,
// both in the envelope of concepts/errors.
func (b *Bucket) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		key, err := b.verify(r)
		if err == nil {
			err = b.serve(w, r, key)
		}
		switch {
		case err == nil:
		case errors.Is(err, errRefused):
			refuse(w, http.StatusForbidden, "forbidden", "This link is not valid or has expired; read the render again for a fresh one.")
		case errors.Is(err, ErrNotFound):
			refuse(w, http.StatusNotFound, "not_found", "What this link led to is gone.")
		default:
			refuse(w, http.StatusInternalServerError, "internal", "Something went wrong on our side. Try again later.")
		}
	})
}

// verify returns the key of a link that was signed here for this path and method, and has not expired.
func (b *Bucket) verify(r *http.Request) (key string, err error) {
	if b.signer == nil || (r.URL.Path != "" && r.URL.Path != "/") {
		return "", errRefused
	}
	q := r.URL.Query()
	for _, values := range q {
		if len(values) != 1 { // the signature covers the first alone
			return "", errRefused
		}
	}
	key, err = b.signer.KeyFromURL(r.Context(), r.URL)
	if err != nil || q.Get("method") != r.Method { // the library signs the method, but does not look at it
		return "", errRefused
	}
	return key, nil
}

// serve gives the bytes, or the range of them that was asked for. After an error nothing was written.
func (b *Bucket) serve(w http.ResponseWriter, r *http.Request, key string) error {
	file, release, err := b.open(r.Context(), key)
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
