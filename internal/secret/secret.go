// Package secret takes out of a text what nobody who reads it may learn: API keys, bearer tokens, the user of a URL, and
// its query, which is what makes a signed link work. Log also takes out the values of names that IsName knows.
package secret

import (
	"regexp"
	"strings"
)

// hidden stands where a secret was.
const hidden = "…"

// shortest keeps a known key of a letter or two from tearing every text apart.
const shortest = 8

var (
	// token is a key at the beginning of a word, or one that is too long to be a part of any.
	token = regexp.MustCompile(`(?i:(?:\b|[_0-9])sk_[a-z0-9_-]+|sk_[a-z0-9_-]{20,})|(?i:\bbearer)\s+[A-Za-z0-9._~+/=-]{4,}`)
	said  = regexp.MustCompile(`(?i)(\b(?:authorization|cookie)\s*[:=]\s*)(?:(?:basic|bearer|digest)\s+)?[^\s"',;…]{7,}`)
	// user may hold a slash in the address of a database alone: elsewhere what follows an @ behind one is a path.
	user   = regexp.MustCompile(`(?i:\bpostgres(?:ql)?)://[^\s"'<>]*@|://[^\s/"'<>]*@`)
	query  = regexp.MustCompile(`(/[^\s?"'<>]*\?)[^\s"'<>]+`)
	member = regexp.MustCompile(`([A-Za-z][\w.-]*)=[^\s&"'<>…][^\s&"'<>]*`)
)

// Mask returns text with its secrets replaced by "…". Words such as task_id and disk_full stay as they are.
func Mask(text string) string {
	if !suspect(text) {
		return text
	}
	text = token.ReplaceAllString(text, hidden)
	text = said.ReplaceAllString(text, "${1}"+hidden)
	text = user.ReplaceAllStringFunc(text, func(s string) string { return s[:strings.Index(s, "://")] + "://" + hidden + "@" })
	return query.ReplaceAllString(text, "${1}"+hidden)
}

// Log is Mask for a line of a log and an error's text, in which name=value has no value either if IsName knows the name: a client
// may write a link's query without its question mark. Whoever shows a value by rules of its own needs to see the whole of it first.
func Log(text string) string {
	text = Mask(text)
	if !strings.Contains(text, "=") {
		return text
	}
	return member.ReplaceAllStringFunc(text, func(s string) string {
		if name, _, _ := strings.Cut(s, "="); IsName(name) {
			return name + "=" + hidden
		}
		return s
	})
}

// suspect tells whether text has a letter by which a secret would be known. It is asked of every path of every exchange.
func suspect(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case '?', '@':
			return true
		case '_':
			if i > 1 && (text[i-1]|0x20) == 'k' && (text[i-2]|0x20) == 's' {
				return true
			}
		case ':', '=':
			word := strings.ToLower(strings.TrimRight(text[max(0, i-20):i], " \t"))
			if strings.HasSuffix(word, "cookie") || strings.HasSuffix(word, "authorization") {
				return true
			}
		case 'r', 'R':
			if i >= 5 && strings.EqualFold(text[i-5:i+1], "bearer") {
				return true
			}
		}
	}
	return false
}

// MaskKey is Mask for who knows a key, whatever that looks like.
func MaskKey(text, key string) string {
	if len(key) >= shortest {
		text = strings.ReplaceAll(text, key, hidden)
	}
	return Mask(text)
}

// names are parts of what headers, members and parameters are called that hold secrets.
var names = []string{"authorization", "cookie", "apikey", "secret", "password", "passwd", "passphrase", "signature", "privatekey", "credential",
	"accesskey", "subscriptionkey", "functionskey", "session", "jwt"}

var betweenWords = strings.NewReplacer("-", "", "_", "", " ", "", ".", "")

// IsName tells whether the name of a header, a member or a parameter says that its value is a secret: Set-Cookie, X-Api-Key,
// session_token, X-Amz-Signature.
func IsName(name string) bool {
	name = strings.ToLower(betweenWords.Replace(name))
	for _, part := range names {
		if strings.Contains(name, part) {
			return true
		}
	}
	return strings.HasSuffix(name, "token") || strings.HasSuffix(name, "auth") || strings.HasSuffix(name, "sig")
}
