package roughy

import (
	"strings"
	"unicode"

	"github.com/roughy-go/roughy/internal/secret"
)

// cleaner makes a function that takes secrets, the key among them, and control characters out of a text from elsewhere, and
// cuts it to 1000 letters. It keeps the key where no print of a Client can reach it.
func cleaner(key string) func(string) string {
	return func(text string) string { return short(secret.MaskKey(text, key)) }
}

// harmless is what a cleaner makes of a text, where nobody knows the key: secrets are known by their looks alone.
func harmless(text string) string { return short(secret.Mask(text)) }

// short is a text without control characters, cut to 1000 letters.
func short(text string) string {
	text = strings.Map(printable, text)
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
