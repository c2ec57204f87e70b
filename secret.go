package roughy

import (
	"regexp"
	"strings"
	"unicode"
)

// secrets matches what no error may repeat: keys, bearer tokens, and what follows a question mark as in a URL.
var secrets = regexp.MustCompile(`sk_[A-Za-z0-9_-]+|(?i:bearer)\s+[A-Za-z0-9._~+/=-]{8,}|\?[^\s"'<>]+`)

// cleaner makes a function that takes secrets, the key among them, and control characters out of a text from elsewhere, and
// cuts it to 1000 letters. It keeps the key where no print of a Client can reach it.
func cleaner(key string) func(string) string {
	const shortest = 8 // a key that is shorter would take ordinary words with it
	return func(text string) string {
		if len(key) >= shortest {
			text = strings.ReplaceAll(text, key, "…")
		}
		text = strings.Map(printable, secrets.ReplaceAllString(text, "…"))
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
