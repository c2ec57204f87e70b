package blobs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"gocloud.dev/blob/driver"
	"gocloud.dev/blob/fileblob"
)

// shortestSecret is what a secret needs, in bytes, so that nobody guesses it.
const shortestSecret = 16

// errRefused is a link that was not signed here for this request, or that has expired.
var errRefused = errors.New("link is not valid")

// keyring is the secrets of links, the one that signs first; it is empty where links are not for us to sign.
type keyring []*fileblob.URLSignerHMAC

func newKeyring(base *url.URL, secrets [][]byte) (keyring, error) {
	var ring keyring
	for i, s := range secrets {
		if len(s) < shortestSecret {
			return nil, fmt.Errorf("secret %d of links has %d bytes; it needs at least %d", i+1, len(s), shortestSecret)
		}
		ring = append(ring, fileblob.NewURLSignerHMAC(base, s))
	}
	return ring, nil
}

func (f *folder) link(ctx context.Context, key string) (string, error) {
	if len(f.ring) == 0 {
		return "", errors.New("the bucket was opened without a secret")
	}
	link, err := f.ring[0].URLFromKey(ctx, key, &driver.SignedURLOptions{Method: http.MethodGet, Expiry: f.ttl})
	if err != nil {
		return "", err
	}
	return link.String(), nil
}

// verify returns the key of a link that was signed here for this method, and has not expired.
func (k keyring) verify(r *http.Request) (key string, err error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", errRefused
	}
	for _, values := range q {
		if len(values) != 1 { // the signature covers the first alone
			return "", errRefused
		}
	}
	if q.Get("method") != r.Method || len(q) != 4 { // the library signs the method, but does not look at it, nor at what it did not sign
		return "", errRefused
	}
	for _, signer := range k {
		if key, err = signer.KeyFromURL(r.Context(), r.URL); err == nil && usable(key) {
			return key, nil
		}
	}
	return "", errRefused
}
