package roughytest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/api"
)

// linksPath is where signed links lead.
const linksPath = "/output/"

// linkTTL is how long the documentation's own links work.
const linkTTL = 15 * time.Minute

// contentTypes are those of the formats, by extension.
var contentTypes = map[string]string{".mp4": "video/mp4", ".mov": "video/quicktime", ".m4a": "audio/mp4", ".mp3": "audio/mpeg"}

// ExpireLinks makes every link that was given out so far answer 403, as it does after 15 minutes. The next read of a render
// has one that works.
func (s *Server) ExpireLinks() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secret = rand.Text()
}

// links signs links and answers them.
type links struct{ *Server }

var _ api.Links = links{}

// Link implements api.Links.
func (l links) Link(_ context.Context, file string) (string, error) {
	return l.sign(file, linkTTL), nil
}

// sign is a link to a file that works for a while.
func (l links) sign(file string, ttl time.Duration) string {
	expires := strconv.FormatInt(time.Now().Add(ttl).UnixMilli(), 10)
	query := url.Values{"expires": {expires}, "signature": {l.signature(file, expires)}}
	return l.url + linksPath + file + "?" + query.Encode()
}

func (l links) signature(file, expires string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := hmac.New(sha256.New, []byte(l.secret))
	fmt.Fprintf(h, "%s\n%s", file, expires)
	return hex.EncodeToString(h.Sum(nil))
}

// valid reports whether a link to a file was signed here, as it is, and has not expired.
func (l links) valid(file string, query url.Values) bool {
	want := l.signature(file, query.Get("expires"))
	expires, err := strconv.ParseInt(query.Get("expires"), 10, 64)
	return hmac.Equal([]byte(query.Get("signature")), []byte(want)) && err == nil && time.Now().UnixMilli() < expires
}

// ServeHTTP answers a link with the bytes, or a range of them. Like the storage that the documentation's links lead to, it
// takes no API key beside the signature, so that a client that sends one is found out.
func (l links) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file := strings.TrimPrefix(r.URL.Path, linksPath)
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case r.Header.Get("Authorization") != "":
		http.Error(w, "a signed link takes no Authorization header", http.StatusBadRequest)
		return
	case r.Method != http.MethodGet || !l.valid(file, r.URL.Query()):
		http.Error(w, "this link is not valid or has expired", http.StatusForbidden)
		return
	}
	data, alter, ok := l.take(file)
	if !ok {
		http.Error(w, "what this link led to is gone", http.StatusNotFound)
		return
	}
	output := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentTypes[path.Ext(file)])
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(data)))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	})
	if alter != nil {
		alter(w, answerOf(output, r))
		return
	}
	output.ServeHTTP(w, r)
}

// take is the bytes of a file, and what is to be done to this answer and no later one; nil for nothing.
func (l links) take(file string) (data []byte, alter alteration, ok bool) {
	id, _ := uuid.Parse(strings.TrimSuffix(file, path.Ext(file))) // what is none, no render has
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.rows[id]
	if r == nil {
		return nil, nil, false
	}
	alter, r.link = r.link, nil
	return r.spec.Bytes, alter, true
}
