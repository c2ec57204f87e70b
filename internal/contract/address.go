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
)

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
