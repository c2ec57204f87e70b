package roughy

import (
	"strings"
	"unicode"

	"github.com/roughy-go/roughy/internal/secret"
)

// cleaner makes a function that takes secrets, the key among them, and control characters out of a text from elsewhere, and
// cuts it to 1000 letters. It keeps the key where no print of a Client can reach it.
func cleaner(key string) func(string) string {
	return func(text string) string { return harmless(secret.MaskKey(text, key)) }
}

// harmless is a text without secrets that can be known by their looks, and without control characters, cut to 1000 letters.
func harmless(text string) string {
	text = strings.Map(printable, secret.Mask(text))
	if letters := []rune(text); len(letters) > 1000 {
		text = string(letters[:1000]) + "…"
	}
	return text
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
