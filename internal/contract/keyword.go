package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	errkind "github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// leaf is the defect, or defects, of one keyword that the engine found broken: in words, without the value.
func (e examiner) leaf(err *jsonschema.ValidationError) []defect {
	schema := e.pointer(err.SchemaURL)
	value := lookup(e.value, err.InstanceLocation)
	d := defect{at: slices.Clone(err.InstanceLocation), got: typeName(value)}
	switch k := err.ErrorKind.(type) {
	case *errkind.Required:
		return e.absent(d, schema, "required", k.Missing)
	case *errkind.DependentRequired:
		return e.absent(d, schema, "dependentRequired", k.Missing)
	case *errkind.AdditionalProperties:
		return e.surplus(d, schema, k.Properties)
	case *errkind.PropertyNames:
		d.at = append(d.at, k.Property)
		d.keyword, d.expected, d.got = "propertyNames", "a member name that its schema accepts", "another name"
	case *errkind.FalseSchema:
		return []defect{e.forbidden(d, schema)}
	case *errkind.RefCycle:
		d.reason, d.document, d.expected, d.got = "schema", schema, "a schema that does not lead back to itself", ""
		return []defect{d}
	case *errkind.UniqueItems:
		d.at = append(d.at, strconv.Itoa(k.Duplicates[1]))
		d.keyword, d.expected, d.got = "uniqueItems", "no item twice", fmt.Sprintf("the item at %d again", k.Duplicates[0])
	case *errkind.Type:
		d.keyword, d.types, d.expected = "type", k.Want, orTypes(k.Want)
	case *errkind.Enum:
		d.keyword, d.expected, d.got = "enum", choice(k.Want), shown(value)
	case *errkind.Const:
		d.keyword, d.expected, d.got = "const", choice([]any{k.Want}), shown(value)
	default:
		d.keyword, d.expected = e.limits(err.ErrorKind, schema)
		if n, measured := measure(err.ErrorKind, value); measured {
			d.got = n
		}
	}
	d.document = join(schema, d.keyword)
	if d.keyword == "format" {
		return append(e.besideFormat(err, value), d)
	}
	return []defect{d}
}

// besideFormat is what else is wrong with a value: the engine looks no further once its format is.
func (e examiner) besideFormat(err *jsonschema.ValidationError, value any) []defect {
	schema := e.located[err.SchemaURL]
	if schema == nil {
		return nil
	}
	rest := *schema
	rest.Format = nil
	more, _ := rest.Validate(value).(*jsonschema.ValidationError)
	if more == nil {
		return nil
	}
	out := e.schemas.examiner(value).causes(more)
	for i := range out {
		out[i].at = slices.Concat(err.InstanceLocation, out[i].at)
	}
	return out
}

// limits words the keywords that compare with one value, which is written in the document.
func (e examiner) limits(k jsonschema.ErrorKind, schema string) (keyword, expected string) {
	if path := k.KeywordPath(); len(path) > 0 {
		keyword = path[0]
	}
	n := e.literal(schema, keyword)
	switch keyword {
	case "":
		return "not", "a value that the schema under not refuses"
	case "exclusiveMinimum":
		n = e.bound(n, schema, "minimum")
	case "exclusiveMaximum":
		n = e.bound(n, schema, "maximum")
	}
	words, known := limitWords[keyword]
	if !known {
		return keyword, "what " + keyword + " asks for"
	}
	return keyword, strings.Replace(words, "…", n, 1)
}

// limitWords are what keywords expect, with … for what the document writes under them.
var limitWords = map[string]string{
	"oneOf":            "exactly one of the alternatives",
	"format":           "format …",
	"pattern":          "a string that matches …",
	"minLength":        "at least … characters",
	"maxLength":        "at most … characters",
	"minItems":         "at least … items",
	"maxItems":         "at most … items",
	"minProperties":    "at least … members",
	"maxProperties":    "at most … members",
	"minimum":          "at least …",
	"maximum":          "at most …",
	"exclusiveMinimum": "more than …",
	"exclusiveMaximum": "less than …",
	"multipleOf":       "a multiple of …",
	"contains":         "an item that the schema under contains accepts",
	"minContains":      "at least … items that the schema under contains accepts",
	"maxContains":      "at most … items that the schema under contains accepts",
}

// bound reads OpenAPI 3.0's exclusive bounds, whose number stands in the other keyword.
func (e examiner) bound(n, schema, other string) string {
	if n == "true" {
		return e.literal(schema, other)
	}
	return n
}

// literal is a keyword's scalar as the document writes it.
func (e examiner) literal(schema, keyword string) string {
	n, _, found := e.tree.at(join(schema, keyword))
	if !found {
		return "what is documented"
	}
	return n.Value
}

// measure is the length, count or number that was compared. A number is harmless, a length too.
func measure(k jsonschema.ErrorKind, value any) (got string, ok bool) {
	switch k := k.(type) {
	case *errkind.MinLength:
		return fmt.Sprintf("%d characters", k.Got), true
	case *errkind.MaxLength:
		return fmt.Sprintf("%d characters", k.Got), true
	case *errkind.MinItems:
		return fmt.Sprintf("%d items", k.Got), true
	case *errkind.MaxItems:
		return fmt.Sprintf("%d items", k.Got), true
	case *errkind.MinProperties:
		return fmt.Sprintf("%d members", k.Got), true
	case *errkind.MaxProperties:
		return fmt.Sprintf("%d members", k.Got), true
	}
	if n, isNumber := value.(json.Number); isNumber {
		return shown(n), true
	}
	return "", false
}

// absent is one defect for each missing member, at the place where it should be.
func (e examiner) absent(d defect, schema, keyword string, missing []string) []defect {
	out := make([]defect, 0, len(missing))
	for _, name := range missing {
		d.keyword, d.document, d.expected, d.got = keyword, join(schema, keyword), fmt.Sprintf("member %q", name), "nothing"
		out = append(out, defect{keyword: d.keyword, at: append(slices.Clone(d.at), name), document: d.document,
			expected: d.expected, got: d.got})
	}
	return out
}

// surplus is one defect for each member that additionalProperties forbids.
func (e examiner) surplus(d defect, schema string, properties []string) []defect {
	out := make([]defect, 0, len(properties))
	for _, name := range properties {
		at := append(slices.Clone(d.at), name)
		out = append(out, defect{keyword: "additionalProperties", at: at, document: join(schema, "additionalProperties"),
			expected: "no member of another name", got: typeName(lookup(e.value, at))})
	}
	return out
}

// forbidden names the keyword that holds a schema which accepts nothing.
func (e examiner) forbidden(d defect, schema string) defect {
	last := ""
	if parts := tokens(schema); len(parts) > 0 {
		last = parts[len(parts)-1]
	}
	d.document = schema
	switch last {
	case "unevaluatedProperties", "additionalProperties":
		d.keyword, d.expected = last, "no member of another name"
	case "unevaluatedItems", "items":
		d.keyword, d.expected = last, "no item here"
	default:
		d.keyword, d.expected = "false", "nothing here"
	}
	return d
}

// orTypes words a list of types, null last as people say it.
func orTypes(types []string) string {
	sorted := slices.Compact(slices.Sorted(slices.Values(types)))
	if i := slices.Index(sorted, "null"); i >= 0 {
		sorted = append(slices.Delete(sorted, i, i+1), "null")
	}
	return strings.Join(sorted, " or ")
}

// choice words the values of an enum or const.
func choice(values []any) string {
	parts := make([]string, 0, len(values))
	for _, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			continue
		}
		parts = append(parts, string(text))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	if len(parts) > 20 {
		parts = append(parts[:20], "…")
	}
	return "one of " + strings.Join(parts, ", ")
}
