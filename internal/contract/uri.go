package contract

import "strings"

// uriBytes are RFC 3986's unreserved and sub-delims, which may stand in every part of a URI.
var uriBytes = func() (out [256]bool) {
	for _, c := range "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~!$&'()*+,;=" {
		out[c] = true
	}
	return out
}()

// isURI is RFC 3986's URI: a scheme is needed.
func isURI(s string) bool {
	front, _, found := strings.Cut(s, ":")
	return found && isScheme(front) && isURIReference(s)
}

// isURIReference takes a reference apart as RFC 3986's appendix B does, and holds each part to its alphabet.
func isURIReference(s string) bool {
	s, fragment, _ := strings.Cut(s, "#")
	s, query, _ := strings.Cut(s, "?")
	if i := strings.IndexAny(s, ":/"); i >= 0 && s[i] == ':' {
		if !isScheme(s[:i]) {
			return false
		}
		s = s[i+1:]
	}
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		authority, _, _ := strings.Cut(rest, "/")
		if !isAuthority(authority) {
			return false
		}
		s = rest[len(authority):]
	}
	return isURIText(s, ":@/") && isURIText(query, ":@/?") && isURIText(fragment, ":@/?")
}

// isURIText tells whether a text has escapes, the bytes of every part and some others, and nothing else.
func isURIText(s, others string) bool {
	for i := 0; i < len(s); i++ {
		switch {
		case uriBytes[s[i]] || strings.IndexByte(others, s[i]) >= 0:
		case s[i] != '%' || i+2 >= len(s) || !isHex(s[i+1:i+3]):
			return false
		}
	}
	return true
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (s[i] < '0' || s[i] > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return s != ""
}

func isScheme(s string) bool {
	for i := range len(s) {
		letter := s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z'
		if !letter && (i == 0 || !isDigits(s[i:i+1]) && s[i] != '+' && s[i] != '-' && s[i] != '.') {
			return false
		}
	}
	return s != ""
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func isAuthority(s string) bool {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		if !isURIText(s[:i], ":") {
			return false
		}
		s = s[i+1:]
	}
	if literal, ok := strings.CutPrefix(s, "["); ok {
		address, port, closed := strings.Cut(literal, "]")
		return closed && (isIPv6(address) || isIPFuture(address)) && (port == "" || port[0] == ':' && isDigits(port[1:]))
	}
	host, port, _ := strings.Cut(s, ":")
	return isURIText(host, "") && isDigits(port)
}

// isIPFuture is RFC 3986's IPvFuture, such as v1.a:b.
func isIPFuture(s string) bool {
	version, address, _ := strings.Cut(s, ".")
	return version != "" && version[0]|0x20 == 'v' && isHex(version[1:]) &&
		address != "" && isURIText(address, ":") && !strings.Contains(address, "%")
}

// toASCII stands a letter in for each character that an IRI may have and a URI may not.
func toASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0xA0 {
			return 'x'
		}
		return r
	}, s)
}
