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
	user  = regexp.MustCompile(`://[^\s/"'<>]*@`)
	query = regexp.MustCompile(`(/[^\s?"'<>]*\?)[^\s"'<>]+`)
)

// Mask returns text with its secrets replaced by "…". Words such as task_id and disk_full stay as they are.
func Mask(text string) string {
	text = token.ReplaceAllString(text, hidden)
	text = user.ReplaceAllString(text, "://"+hidden+"@")
	return query.ReplaceAllString(text, "${1}"+hidden)
}

// MaskKey is Mask for who knows a key, whatever that looks like.
func MaskKey(text, key string) string {
	if len(key) >= shortest {
		text = strings.ReplaceAll(text, key, hidden)
	}
	return Mask(text)
}
