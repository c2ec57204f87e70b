package blobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
)

// Link returns a URL that gives the bytes of key to whoever has it, by GET, until it expires. It is a secret: its query
// must not be logged.
func (b *Bucket) Link(ctx context.Context, key string) (string, error) {
	if b.signer == nil {
		return "", errors.New("sign link: the bucket was opened without a secret")
	}
	link, err := b.signer.URLFromKey(ctx, key, &driver.SignedURLOptions{Method: http.MethodGet, Expiry: b.ttl})
	if err != nil {
		return "", fmt.Errorf("sign link: %w", err)
	}
	return link.String(), nil
}

// Handler answers links. A link that was not signed here, was changed or has expired is 403, one whose bytes are gone is
// 404, both in the envelope of concepts/errors; the method must be the one that was signed.
func (b *Bucket) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		key, ok := b.verify(r)
		if !ok {
			refuse(w, http.StatusForbidden, "forbidden", "This link is not valid or has expired; read the render again for a fresh one.")
			return
		}
		body, err := b.bucket.NewReader(r.Context(), key, nil)
		switch {
		case errors.Is(known(err), ErrNotFound):
			refuse(w, http.StatusNotFound, "not_found", "What this link led to is gone.")
		case err != nil:
			refuse(w, http.StatusInternalServerError, "internal", "Something went wrong on our side. Try again later.")
		default:
			defer body.Close()
			b.serve(w, r, key, body)
		}
	})
}

// verify returns the key of a link that was signed here for this path and method, and has not expired.
func (b *Bucket) verify(r *http.Request) (key string, ok bool) {
	if b.signer == nil || (r.URL.Path != "" && r.URL.Path != "/") {
		return "", false
	}
	key, err := b.signer.KeyFromURL(r.Context(), r.URL)
	// The signature covers the first value of each parameter; a second one is somebody's addition.
	for _, values := range r.URL.Query() {
		if len(values) != 1 {
			return "", false
		}
	}
	return key, err == nil && r.URL.Query().Get("method") == r.Method
}

// serve gives the bytes, or the range of them that was asked for.
func (b *Bucket) serve(w http.ResponseWriter, r *http.Request, key string, body *blob.Reader) {
	attributes, err := b.bucket.Attributes(r.Context(), key)
	if err != nil {
		refuse(w, http.StatusNotFound, "not_found", "What this link led to is gone.")
		return
	}
	h := w.Header()
	h.Set("Content-Type", attributes.ContentType)
	h.Set("Content-Disposition", attributes.ContentDisposition)
	h.Set("ETag", attributes.ETag)
	http.ServeContent(w, r, "", attributes.ModTime, body)
}

// disposition proposes the name of a file for the bytes of key: renders/ID/2.mp4 is ID.mp4.
func disposition(key string) string {
	name := path.Base(path.Dir(key)) + path.Ext(key)
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
	_, _ = io.WriteString(w, string(body)) // a client that is gone needs no answer
}
