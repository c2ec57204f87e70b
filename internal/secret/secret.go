// Package secret takes out of a text what nobody who reads it may learn: API keys, bearer tokens, the user of a URL, and
// its query, which is what makes a signed link work.
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
	token = regexp.MustCompile(`(?i:(?:\b|[_0-9])sk_[a-z0-9_-]+)|(?i:\bbearer)\s+[A-Za-z0-9._~+/=-]{4,}`)
	said  = regexp.MustCompile(`(?i)(\b(?:authorization|cookie)\s*[:=]\s*)(?:(?:basic|bearer|digest)\s+)?[^\s"',;…]{7,}`)
	user  = regexp.MustCompile(`://[^\s/"'<>]*@`)
	query = regexp.MustCompile(`(/[^\s?"'<>]*\?)[^\s"'<>]+`)
)

// Mask returns text with its secrets replaced by "…". Words such as task_id and disk_full stay as they are.
func Mask(text string) string {
	if !suspect(text) {
		return text
	}
	text = token.ReplaceAllString(text, hidden)
	text = said.ReplaceAllString(text, "${1}"+hidden)
	text = user.ReplaceAllString(text, "://"+hidden+"@")
	return query.ReplaceAllString(text, "${1}"+hidden)
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
