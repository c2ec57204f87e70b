package contract

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compilePattern compiles an ECMA-262 pattern with Go's engine, which takes linear time and lacks look-around and
// back-references: those are an error, and what they stand for is unchecked.
func compilePattern(source string) (jsonschema.Regexp, error) {
	text, err := translate(source)
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	return &pattern{re, instructions(text)}, nil
}

// pattern knows how many steps it takes at most at each byte of a text.
type pattern struct {
	*regexp.Regexp
	steps int
}

func patternSteps(re jsonschema.Regexp) int {
	if p, ours := re.(*pattern); ours {
		return p.steps
	}
	return 0
}

// instructions is the length of the program that Go makes of a pattern.
func instructions(text string) int {
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return 0
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return 0
	}
	return len(program.Inst)
}

// steps is how many a schema takes at each byte of a string. To read a regular expression is to make a program of it.
func steps(s *jsonschema.Schema) (n int) {
	if s.Pattern != nil {
		n = patternSteps(s.Pattern)
	}
	if s.Format != nil && s.Format.Name == enginePrefix+"regex" {
		const toCompile = 100
		n += toCompile
	}
	return n
}

// What ECMA-262 counts as white space and as line ends, and all other characters, as they stand in a class. Go's \s and its
// dot know ASCII alone.
const (
	spaces    = `\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`
	notSpaces = `\x00-\x08\x0e-\x1f!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}` +
		`\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`
	lineEnds = `\n\r\x{2028}\x{2029}`
	all      = `\x00-\x{10ffff}`
)

var (
	errEscape  = errors.New("an escape that ECMA-262 or Go lacks")
	codePoint  = regexp.MustCompile(`^\\u(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]{1,6})\})`)
	scriptName = regexp.MustCompile(`^\\([pP])\{(?:Script|sc|General_Category|gc)=`)
)

// translate writes in Go's syntax what ECMA-262 writes in another.
func translate(source string) (string, error) {
	var b strings.Builder
	class := false // inside brackets
	for rest := source; rest != ""; {
		piece, n := rest[:1], 1
		switch {
		case rest[0] == '\\':
			if !ecmaEscape.MatchString(rest) || rest[1] >= '1' && rest[1] <= '9' {
				return "", errEscape
			}
			piece, n = escape(rest, class)
		case class:
			class = rest[0] != ']'
			if rest[0] == '[' {
				piece = `\[`
			}
		case rest[0] == '.':
			piece = "[^" + lineEnds + "]"
		case strings.HasPrefix(rest, "[]"):
			piece, n = "[^"+all+"]", 2
		case strings.HasPrefix(rest, "[^]"):
			piece, n = "["+all+"]", 3
		case rest[0] == '[':
			class = true
		}
		b.WriteString(piece)
		rest = rest[n:]
	}
	return b.String(), nil
}

// escape translates the escape at the front of a pattern, and says how long it is.
func escape(rest string, class bool) (piece string, n int) {
	if m := codePoint.FindStringSubmatch(rest); m != nil {
		return `\x{` + m[1] + m[2] + `}`, len(m[0])
	}
	if m := scriptName.FindStringSubmatch(rest); m != nil {
		return `\` + m[1] + `{`, len(m[0])
	}
	switch {
	case rest[1] == 'c' && len(rest) > 2:
		return `\x` + fmt.Sprintf("%02X", rest[2]%32), 3
	case rest[1] == 's':
		return bracket(spaces, class), 2
	case rest[1] == 'S':
		return bracket(notSpaces, class), 2
	case class && rest[1] == 'b':
		return `\x08`, 2
	}
	return rest[:2], 2
}

// bracket makes a class of ranges, unless they stand in one already.
func bracket(ranges string, class bool) string {
	if class {
		return ranges
	}
	return "[" + ranges + "]"
}
