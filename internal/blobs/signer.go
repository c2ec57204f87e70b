package blobs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The members of a link's query.
const (
	keyParam       = "obj"
	methodParam    = "method"
	expiryParam    = "expiry" // unix time in seconds, from which on the link does not work
	signatureParam = "signature"
)

// What is wrong with a link that is refused.
var (
	errForged  = errors.New("link was not signed here for this")
	errExpired = errors.New("link expired")
)

// signer makes links and checks them. The library's own does not check the method, and goes by the machine's clock alone.
type signer struct {
	secret []byte
	base   url.URL
	now    func() time.Time
}

func newSigner(c Config) (*signer, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" {
		return nil, fmt.Errorf("base URL %q of links: want http:// or https://, and no query", c.BaseURL)
	}
	s := &signer{secret: append([]byte(nil), c.Secret...), base: *base, now: c.Now}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// link signs a link for GET. It ends with a whole second, the first that is not before ttl from now.
func (s *signer) link(key string, ttl time.Duration) string {
	end := s.now().Add(ttl + time.Second - time.Nanosecond).Unix()
	q := url.Values{keyParam: {key}, methodParam: {http.MethodGet}, expiryParam: {strconv.FormatInt(end, 10)}}
	q.Set(signatureParam, s.sign(q))
	link := s.base
	link.RawQuery = q.Encode()
	return link.String()
}

// verify returns the key of a link that was signed here for a method and has not expired; else it is errForged or, for one
// that was signed here, errExpired.
func (s *signer) verify(method, query string) (key string, err error) {
	q, err := url.ParseQuery(query)
	if err != nil || len(q) != 4 {
		return "", errForged
	}
	for _, values := range q {
		if len(values) != 1 { // the signature covers the first alone
			return "", errForged
		}
	}
	if !hmac.Equal([]byte(q.Get(signatureParam)), []byte(s.sign(q))) || !allows(q.Get(methodParam), method) {
		return "", errForged
	}
	end, err := strconv.ParseInt(q.Get(expiryParam), 10, 64)
	if err != nil {
		return "", errForged
	}
	if s.now().Unix() >= end {
		return "", errExpired
	}
	return q.Get(keyParam), nil
}

// allows reports whether a method may use what was signed for another. HEAD tells less than GET does, and no third method
// ever works, whatever was signed.
func allows(signed, method string) bool {
	return signed == http.MethodGet && (method == http.MethodGet || method == http.MethodHead)
}

// sign is the signature over all members but itself.
func (s *signer) sign(q url.Values) string {
	covered := url.Values{keyParam: q[keyParam], methodParam: q[methodParam], expiryParam: q[expiryParam]}
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(covered.Encode())) // escaped and in order, so that no two sets of members look alike
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
