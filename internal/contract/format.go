package contract

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// errFormat is all that a format check says: the value stays out of every text.
var errFormat = errors.New("not of the format")

// formats is every format that is asserted, and the two that promise nothing. A format that is not here is unchecked.
var formats = map[string]func(any) error{
	"uuid":                  text(isUUID),
	"date-time":             text(isDateTime),
	"date":                  text(isDate),
	"time":                  text(isTime),
	"duration":              text(duration.MatchString),
	"email":                 text(isEmail),
	"hostname":              text(isHostname),
	"ipv4":                  text(isIPv4),
	"ipv6":                  text(isIPv6),
	"uri":                   text(isURI),
	"uri-reference":         text(isURIReference),
	"iri":                   text(func(s string) bool { return isURI(toASCII(s)) }),
	"iri-reference":         text(func(s string) bool { return isURIReference(toASCII(s)) }),
	"uri-template":          text(uriTemplate.MatchString),
	"json-pointer":          text(jsonPointer.MatchString),
	"relative-json-pointer": text(relativePointer.MatchString),
	"regex":                 text(isRegex),
	"byte":                  text(isBase64),
	"int32":                 number(func(n json.Number) bool { return fits(n, 32) }),
	"int64":                 number(func(n json.Number) bool { return fits(n, 64) }),
	"float":                 number(func(n json.Number) bool { return isFloat(n, 32) }),
	"double":                number(func(n json.Number) bool { return isFloat(n, 64) }),
	"binary":                func(any) error { return nil },
	"password":              func(any) error { return nil },
}

// engineFormat keeps our formats apart from the engine's own of the same name, of which regex cannot be replaced.
func engineFormat(name string) string { return "contract:" + name }

// text makes a format of strings: other types are none of its business.
func text(is func(string) bool) func(any) error {
	return func(v any) error {
		if s, ok := v.(string); ok && !is(s) {
			return errFormat
		}
		return nil
	}
}

// number makes a format of numbers.
func number(is func(json.Number) bool) func(any) error {
	return func(v any) error {
		if n, ok := v.(json.Number); ok && !is(n) {
			return errFormat
		}
		return nil
	}
}

var (
	duration = regexp.MustCompile(`^P(?:[0-9]+W|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)(?:` + clock + `)?|` + clock + `)$`)
	// RFC 6570: literals, percent-encodings, and expressions with an operator, names and modifiers.
	uriTemplate     = regexp.MustCompile(`^(?:[^\x00-\x20"%<>\\^` + "`" + `{|}\x7f]|` + percent + `|\{[+#./;?&=,!@|]?` + variable + `(?:,` + variable + `)*\})*$`)
	jsonPointer     = regexp.MustCompile(`^(?:/(?:[^~/]|~[01])*)*$`)
	relativePointer = regexp.MustCompile(`^(?:0|[1-9][0-9]*)(?:[+-][1-9][0-9]*)?(?:#|(?:/(?:[^~/]|~[01])*)*)$`)
)

const (
	clock    = `T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)`
	percent  = `%[0-9A-Fa-f]{2}`
	variable = `(?:[A-Za-z0-9_]|` + percent + `)(?:\.?(?:[A-Za-z0-9_]|` + percent + `))*(?:\*|:[1-9][0-9]{0,3})?`
)

// isUUID takes the hyphenated form alone, in any case and of any version.
func isUUID(s string) bool {
	return len(s) == 36 && uuid.Validate(s) == nil
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.Strict().DecodeString(s)
	return err == nil && !strings.ContainsAny(s, "\r\n")
}

// fits is exact: 1.0 and 1e3 are integers, and so is 9223372036854775807 but not the next one of 64 bits.
func fits(n json.Number, bits int) bool {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return false
	}
	_, err := strconv.ParseInt(r.Num().String(), 10, bits)
	return err == nil
}

func isFloat(n json.Number, bits int) bool {
	_, err := strconv.ParseFloat(n.String(), bits)
	return err == nil
}

var (
	lookAround    = regexp.MustCompile(`\(\?<?[=!]`)
	backReference = regexp.MustCompile(`\\(?:[1-9][0-9]*|k<[^>]+>)`)
	ecmaEscape    = regexp.MustCompile(`^\\[^AEGQZaCeghijlmoqyz]`)
)

// isRegex accepts ECMA-262's look-around and back-references too, which Go can read only once they are plain groups.
func isRegex(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			if !ecmaEscape.MatchString(s[i:]) {
				return false
			}
			i++
		}
	}
	return compiles(backReference.ReplaceAllString(lookAround.ReplaceAllString(s, "(?:"), "."))
}
