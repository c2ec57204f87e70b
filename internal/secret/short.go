package secret

import (
	"regexp"
	"strings"
)

var (
	shortHex = regexp.MustCompile(`^(?i)[0-9a-f]{6,}$`)
	part     = regexp.MustCompile(`[A-Za-z0-9]+`)
	// numbered is a word with a number: h264, 1080p, sha256; or two numbers of a picture: 1920x1080, 1080p60.
	numbered = regexp.MustCompile(`^(?:[A-Za-z]*[0-9]{1,4}|[0-9]{1,4}[A-Za-z]*|[0-9]{3,4}[ipx][0-9]{2,4})$`)
)

// leastOfID is how long a part of a text is that may be an id by its digits.
const leastOfID = 6

// isShortID tells a text with digits mixed in as ids have them: hexadecimal of six characters and more with a digit in it; or a part
// that is as long, has as many digits as letters, and is no word with a number.
func isShortID(text string) bool {
	parts := part.FindAllString(text, -1)
	if whole := strings.Join(parts, ""); shortHex.MatchString(whole) && countDigits(whole) > 0 {
		return true
	}
	for _, p := range parts {
		n := countDigits(p)
		if shortHex.MatchString(p) && n > 0 || len(p) >= leastOfID && 2*n >= len(p) && !numbered.MatchString(p) {
			return true
		}
	}
	return false
}

func countDigits(text string) (n int) {
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}
