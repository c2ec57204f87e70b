package contract

import (
	"net/netip"
	"regexp"
	"strings"
)

var (
	label        = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	dotString    = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	quotedString = regexp.MustCompile(`^"(?:[ !#-\[\]-~]|\\[ -~])*"$`)
	scheme       = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
	uriParts     = regexp.MustCompile(`^([^:/?#]*:)?(?://([^/?#]*))?([^#]*(?:#[^#]*)?)$`)
	uriAuthority = regexp.MustCompile(`^(?:(?:` + uriLetter + `|:)*@)?(?:\[([0-9A-Fa-f:.]+)\]|\[[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\]|` +
		uriLetter + `*)(?::[0-9]*)?$`)
	uriTail = regexp.MustCompile(`^(?:` + uriLetter + `|[:@/?#])*$`)
)

// uriLetter is RFC 3986's unreserved, sub-delims and pct-encoded.
const uriLetter = `(?:[A-Za-z0-9._~!$&'()*+,;=-]|` + percent + `)`

// isHostname is RFC 1123's: labels of letters, digits and inner hyphens, 253 bytes at most.
func isHostname(s string) bool {
	if len(s) > 253 {
		return false
	}
	for part := range strings.SplitSeq(s, ".") {
		if !label.MatchString(part) {
			return false
		}
	}
	return true
}

func isIPv4(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}

// isEmail is RFC 5321's Mailbox: a dotted or quoted local part, a host name or an address in brackets.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 {
		return false
	}
	if user := s[:at]; !dotString.MatchString(user) && !quotedString.MatchString(user) {
		return false
	}
	host := s[at+1:]
	if literal, ok := strings.CutPrefix(host, "["); ok {
		literal, ok = strings.CutSuffix(literal, "]")
		six, tagged := strings.CutPrefix(literal, "IPv6:")
		return ok && (tagged && isIPv6(six) || !tagged && isIPv4(literal))
	}
	return isHostname(host)
}

// isURI is RFC 3986's URI: a scheme is needed.
func isURI(s string) bool {
	return scheme.MatchString(s) && isURIReference(s)
}

// isURIReference takes a reference apart as RFC 3986's appendix B does, and holds each part to its alphabet.
func isURIReference(s string) bool {
	parts := uriParts.FindStringSubmatch(s)
	if parts == nil {
		return false
	}
	front, authority, tail := parts[1], parts[2], parts[3]
	if front != "" && !scheme.MatchString(front) || !uriTail.MatchString(tail) {
		return false
	}
	host := uriAuthority.FindStringSubmatch(authority)
	return host != nil && (host[1] == "" || isIPv6(host[1]))
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
