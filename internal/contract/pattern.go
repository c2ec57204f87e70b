package contract

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compilePattern compiles an ECMA-262 pattern with Go's engine, which takes linear time and lacks look-around and
// back-references: those are an error, and what they stand for is unchecked.
func compilePattern(source string) (jsonschema.Regexp, error) {
	re, err := regexp.Compile(translate(source))
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	return re, nil
}

// translate writes in Go's syntax what ECMA-262 writes in another: \uXXXX and \cX.
func translate(source string) string {
	var b strings.Builder
	for i := 0; i < len(source); i++ {
		rest := source[i:]
		switch {
		case len(rest) < 2 || rest[0] != '\\':
			b.WriteByte(rest[0])
			continue
		case rest[1] == 'u' && len(rest) >= 6 && isHex(rest[2:6]):
			b.WriteString(`\x{` + rest[2:6] + `}`)
			i += 5
			continue
		case rest[1] == 'c' && len(rest) >= 3:
			fmt.Fprintf(&b, `\x{%02X}`, rest[2]%32)
			i += 2
			continue
		}
		b.WriteString(rest[:2])
		i++
	}
	return b.String()
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdefABCDEF") == ""
}
