package docs

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// nothing is the policy of what is no page.
const nothing = "default-src 'none'; frame-ancestors 'none'"

var (
	script = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	style  = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
)

// policyOf lets a page load from its own origin, and run the scripts and styles that it is made of, each by its hash.
func policyOf(page []byte) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'" + hashes(script, page),
		"style-src 'self'" + hashes(style, page),
		"img-src 'self' data:",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

// hashes are those of each part of the page that is written in it.
func hashes(part *regexp.Regexp, page []byte) string {
	var b strings.Builder
	for _, m := range part.FindAllSubmatch(page, -1) {
		sum := sha256.Sum256(m[1])
		fmt.Fprintf(&b, " 'sha256-%s'", base64.StdEncoding.EncodeToString(sum[:]))
	}
	return b.String()
}
