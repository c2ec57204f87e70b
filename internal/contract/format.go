package contract

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// format is one name that a schema may ask for: a test of values of one type. Other types are none of its business.
type format struct {
	of kind
	is func(string) bool // of a string's text, or of a number as it is written
}

// formats is every format that is asserted, and the two that promise nothing. A format that is not here is unchecked.
var formats = map[string]format{
	"uuid":                  {kindString, isUUID},
	"date-time":             {kindString, isDateTime},
	"date":                  {kindString, isDate},
	"time":                  {kindString, isTime},
	"duration":              {kindString, duration.MatchString},
	"email":                 {kindString, isEmail},
	"hostname":              {kindString, isHostname},
	"ipv4":                  {kindString, isIPv4},
	"ipv6":                  {kindString, isIPv6},
	"uri":                   {kindString, isURI},
	"uri-reference":         {kindString, isURIReference},
	"iri":                   {kindString, func(s string) bool { return isURI(toASCII(s)) }},
	"iri-reference":         {kindString, func(s string) bool { return isURIReference(toASCII(s)) }},
	"uri-template":          {kindString, uriTemplate.MatchString},
	"json-pointer":          {kindString, jsonPointer.MatchString},
	"relative-json-pointer": {kindString, relativePointer.MatchString},
	"regex":                 {kindString, isRegex},
	"byte":                  {kindString, isBase64},
	"binary":                {kindString, anything},
	"password":              {kindString, anything},
	"int32":                 {kindNumber, func(n string) bool { return fits(n, 32) }},
	"int64":                 {kindNumber, func(n string) bool { return fits(n, 64) }},
	"float":                 {kindNumber, func(n string) bool { return isFloat(n, 32) }},
	"double":                {kindNumber, func(n string) bool { return isFloat(n, 64) }},
}

// errFormat is all that a format check says: the value stays out of every text.
var errFormat = errors.New("not of the format")

// validate is the format as the full engine calls it.
func (f format) validate(v any) error {
	var s string
	switch v := v.(type) {
	case string:
		s = v
	case json.Number:
		s = v.String()
	}
	if kindOf(v) == f.of && !f.is(s) {
		return errFormat
	}
	return nil
}

// enginePrefix keeps our formats apart from the engine's own of the same name, of which regex cannot be replaced.
const enginePrefix = "contract:"

// formatOf is the format that a compiled schema asks for.
func formatOf(s *jsonschema.Schema) format {
	return formats[strings.TrimPrefix(s.Format.Name, enginePrefix)]
}

func anything(string) bool { return true }

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
func fits(number string, bits int) bool {
	_, err := readDecimal(number).integer(bits)
	return err == nil
}

// isFloat is exact too: what rounds to infinity does not fit.
func isFloat(number string, bits int) bool {
	const surely = 38 // digits in front of the point fit 32 bits
	if readDecimal(number).order() <= surely {
		return true
	}
	_, err := strconv.ParseFloat(number, bits)
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
