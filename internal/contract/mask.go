package contract

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/roughy-go/roughy/internal/secret"
)

// mostLooked is how many bytes of a text are looked at to show its front.
const mostLooked = 4096

// discreet is the front of a text without its secrets. One that has a secret in escapes is hidden whole.
func discreet(text string) string {
	if len(text) <= mostLooked {
		return mask(text)
	}
	end := mostLooked
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	// What is cut off may begin with the @ that makes a user and a password of what stands before.
	return strings.TrimSuffix(mask(text[:end]+"@"), "@") + hidden
}

// opaque tells whether a text could be the rest of a secret: it is long enough to be known by, and no word.
func opaque(text string) bool {
	const least = 6
	return len(text) >= least && !strings.Contains(text, " ") && strings.ContainsAny(text, "0123456789")
}

// webToken is what a bearer token often is, with or without that word before it.
var webToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*`)

func mask(text string) string {
	text = webToken.ReplaceAllString(secret.Mask(text), hidden)
	if plain := unescaped(text); plain != text && masks(plain) {
		return hidden
	}
	return text
}

func masks(text string) bool { return secret.Mask(text) != text || webToken.MatchString(text) }

var escapes = regexp.MustCompile(`%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[^u]`)

// unescaped is a text without the escapes of URLs, JSON and HTML, which may stand within one another.
func unescaped(text string) string {
	for range 3 {
		plain := html.UnescapeString(escapes.ReplaceAllStringFunc(text, func(written string) string {
			n, err := strconv.ParseUint(strings.TrimLeft(written, `%\u`), 16, 16)
			switch {
			case written[0] == '\\' && written[1] != 'u':
				return written[1:]
			case err != nil:
				return written
			case written[0] == '%':
				return string([]byte{byte(n)})
			}
			return string(rune(n))
		}))
		if plain == text {
			break
		}
		text = plain
	}
	return text
}
