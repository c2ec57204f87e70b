package roughy

import (
	"regexp"
	"strings"
	"unicode"
)

// secrets matches what no error may repeat: keys, bearer tokens, and what follows a URL's question mark.
var secrets = regexp.MustCompile(`sk_[A-Za-z0-9_-]+|(?i:bearer)\s+\S+|(://[^\s?"'<>]*)\?[^\s"'<>]*`)

// cleaner makes a function that takes secrets, the key among them, and control characters out of a text from elsewhere, and
// cuts it to 1000 letters. It keeps the key where no print of a Client can reach it.
func cleaner(key string) func(string) string {
	return func(text string) string {
		text = secrets.ReplaceAllString(strings.ReplaceAll(text, key, "…"), "$1…")
		text = strings.Map(printable, text)
		if letters := []rune(text); len(letters) > 1000 {
			text = string(letters[:1000]) + "…"
		}
		return text
	}
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// withoutQuery is a link as it may be shown.
func withoutQuery(link string) string {
	before, _, signed := strings.Cut(link, "?")
	if signed {
		before += "?…"
	}
	return before
}

// cleaned is an error whose text was cleaned. What lies below stays reachable for errors.Is and errors.As.
type cleaned struct {
	text string
	err  error
}

func (c *cleaned) Error() string { return c.text }
func (c *cleaned) Unwrap() error { return c.err }
