package traffic

import (
	"bytes"
	"net/url"
)

// links parses URLs, of which most differ from the one before in their path alone, or not at all.
type links struct {
	text   []byte   // the last one
	url    *url.URL // what it was parsed to
	origin int      // bytes of its text before the path; 0 if the path does not stand in it as it is
}

func (l *links) parse(text []byte) (*url.URL, error) {
	if l.url != nil && bytes.Equal(text, l.text) {
		return l.url, nil
	}
	if n := l.origin; n > 0 && len(text) > n && bytes.Equal(text[:n], l.text[:n]) && isPlainPath(text[n:]) {
		u := *l.url
		u.Path = string(text[n:])
		l.url, l.text = &u, append(l.text[:0], text...)
		return l.url, nil
	}
	u, err := url.Parse(string(text))
	if err != nil {
		return nil, err
	}
	l.url, l.text, l.origin = u, append(l.text[:0], text...), 0
	if n := len(text) - len(u.Path); u.Host != "" && n > 0 && string(text[n:]) == u.Path && isPlainPath(text[n:]) {
		l.origin = n
	}
	return u, nil
}

// isPlainPath tells a path that means itself.
func isPlainPath(text []byte) bool {
	for _, c := range text {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c == '/', c == '-', c == '_', c == '.', c == '~':
		default:
			return false
		}
	}
	return len(text) > 0 && text[0] == '/'
}
