package contract

import (
	"fmt"
	"math/big"
	"slices"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// rule is what admit asks of a value of one type at one place.
type rule struct {
	refused bool   // no value of this type is valid
	unsure  bool   // a keyword stands here that only the full engine knows
	tests   []test // of a scalar: each has to hold
	steps   int    // that the tests take at each byte of a string, where they are more than a look

	least, most int      // items of an array or members of an object; most is -1 where there is no limit
	prefix      []*state // of an array: its first items
	items       *state   // its others

	members  table               //  of an object: those that a keyword names
	required []uint64            // a bit for each of these that has to be there
	patterns []jsonschema.Regexp // of the names of others
	rest     []*state            // the others, by which patterns match, a bit for each; nil is forbidden
	stranger *Finding            // what an other one is, nil if it is nothing to speak of

	alternatives []*rule // at most mostSets; one of them has to hold
	severalFit   bool    // more than one may hold
	worded       bool    // some want certain words of members
}

// field is one named member of an object.
type field struct {
	*state     // nil is forbidden
	name       string
	index      int  // its bit in required
	documented bool // by properties or a pattern, not by required alone
}

// test is one keyword that looks at a scalar as it is written: at a number's text, or at a string without escapes.
type test struct {
	keyword string
	holds   func(raw string) bool
	ofWords bool // it lists the strings that there may be
}

// keyword is how admit treats one keyword.
type keyword struct {
	of  kinds                                       // the types of values that it speaks of
	add func(r *rule, s *jsonschema.Schema, k kind) // puts what it asks of a type into the rule; nil: only the full engine knows
}

// keywords is all that admit knows of JSON Schema, by the fields of a compiled one.
var keywords = map[string]keyword{
	"Types":  {allKinds, addType},
	"Enum":   {allKinds, func(r *rule, s *jsonschema.Schema, k kind) { r.addValues("enum", s.Enum.Values, k) }},
	"Const":  {allKinds, func(r *rule, s *jsonschema.Schema, k kind) { r.addValues("const", []any{*s.Const}, k) }},
	"Format": {allKinds, addFormat},

	"Pattern":   {kindsOf(kindString), addPattern},
	"MinLength": {kindsOf(kindString), func(r *rule, s *jsonschema.Schema, _ kind) { r.addLength("minLength", *s.MinLength, -1) }},
	"MaxLength": {kindsOf(kindString), func(r *rule, s *jsonschema.Schema, _ kind) { r.addLength("maxLength", 0, *s.MaxLength) }},

	"Minimum":          {kindsOf(kindNumber), func(r *rule, s *jsonschema.Schema, _ kind) { r.addBound("minimum", s.Minimum, atLeast) }},
	"Maximum":          {kindsOf(kindNumber), func(r *rule, s *jsonschema.Schema, _ kind) { r.addBound("maximum", s.Maximum, atMost) }},
	"ExclusiveMinimum": {kindsOf(kindNumber), func(r *rule, s *jsonschema.Schema, _ kind) { r.addBound("exclusiveMinimum", s.ExclusiveMinimum, above) }},
	"ExclusiveMaximum": {kindsOf(kindNumber), func(r *rule, s *jsonschema.Schema, _ kind) { r.addBound("exclusiveMaximum", s.ExclusiveMaximum, below) }},
	"MultipleOf": {kindsOf(kindNumber), func(r *rule, s *jsonschema.Schema, _ kind) {
		r.addBound("multipleOf", s.MultipleOf, decimal.isMultipleOf)
	}},

	"MinItems":      {kindsOf(kindArray), func(r *rule, s *jsonschema.Schema, _ kind) { r.addCount(*s.MinItems, -1) }},
	"MaxItems":      {kindsOf(kindArray), func(r *rule, s *jsonschema.Schema, _ kind) { r.addCount(0, *s.MaxItems) }},
	"MinProperties": {kindsOf(kindObject), func(r *rule, s *jsonschema.Schema, _ kind) { r.addCount(*s.MinProperties, -1) }},
	"MaxProperties": {kindsOf(kindObject), func(r *rule, s *jsonschema.Schema, _ kind) { r.addCount(0, *s.MaxProperties) }},

	// These lead to other schemas, and a state follows them.
	"Ref": {allKinds, followed}, "AllOf": {allKinds, followed}, "AnyOf": {allKinds, followed}, "OneOf": {allKinds, followed},
	"PrefixItems": {kindsOf(kindArray), followed}, "Items2020": {kindsOf(kindArray), followed},
	"Properties": {kindsOf(kindObject), followed}, "PatternProperties": {kindsOf(kindObject), followed},
	"AdditionalProperties": {kindsOf(kindObject), followed}, "UnevaluatedProperties": {kindsOf(kindObject), followed},
	"Required": {kindsOf(kindObject), followed}, "Bool": {allKinds, followed},

	// These only the full engine knows.
	"If": {allKinds, nil}, "Not": {allKinds, nil}, "WriteOnly": {allKinds, nil},
	"UniqueItems": {kindsOf(kindArray), nil}, "Contains": {kindsOf(kindArray), nil}, "UnevaluatedItems": {kindsOf(kindArray), nil},
	"Extensions":        {kindsOf(kindObject), nil}, // which are propertyNames
	"DependentRequired": {kindsOf(kindObject), nil}, "DependentSchemas": {kindsOf(kindObject), nil},
}

// silent is every other field of a compiled schema that says nothing about a value, or says it through a field above.
var silent = []string{"DraftVersion", "Location", "ID", "Anchor", "DynamicAnchor", "Then", "Else", "MinContains", "MaxContains",
	"Title", "Description", "Default", "Comment", "ReadOnly", "Examples", "Deprecated"}

// excludes tells whether an object's rule wants another word of a member.
func (r *rule) excludes(name, word string) bool {
	f := r.members.find(name)
	return f != nil && f.state != nil && f.state.rules[kindString].saysOther(word)
}

func (r *rule) saysOther(word string) bool {
	for _, t := range r.tests {
		if t.ofWords && !t.holds(word) {
			return true
		}
	}
	return r.alternatives != nil && !slices.ContainsFunc(r.alternatives, func(one *rule) bool { return !one.saysOther(word) })
}

// hasWords tells whether there is a word that an object's rule does not want.
func (r *rule) hasWords() bool {
	const nobodysWord = "\x00"
	for _, f := range r.members.fields {
		if f.state != nil && f.state.rules[kindString].saysOther(nobodysWord) {
			return true
		}
	}
	return false
}

func followed(*rule, *jsonschema.Schema, kind) {}

func (r *rule) test(keyword string, holds func(raw string) bool) {
	r.tests = append(r.tests, test{keyword: keyword, holds: holds})
}

func addType(r *rule, s *jsonschema.Schema, k kind) {
	switch allowed := kindsOfTypes(*s.Types); {
	case !allowed.has(k):
		r.refused = true
	case k == kindNumber && !slices.Contains(s.Types.ToStrings(), "number"):
		r.test("type", func(raw string) bool { return readDecimal(raw).isInteger() })
	}
}

func addFormat(r *rule, s *jsonschema.Schema, k kind) {
	if f := formatOf(s); f.of == k {
		r.test("format", f.is)
	}
}

func addPattern(r *rule, s *jsonschema.Schema, _ kind) { r.test("pattern", s.Pattern.MatchString) }

// addValues asks for one of the values of an enum or a const.
func (r *rule) addValues(keyword string, values []any, k kind) {
	same := slices.DeleteFunc(slices.Clone(values), func(v any) bool { return kindOf(v) != k })
	switch {
	case len(same) == 0:
		r.refused = true
	case k == kindArray || k == kindObject:
		r.unsure = true
	case k == kindNumber:
		r.test(keyword, oneOf(same, readDecimal))
	case k != kindNull:
		is := oneOf(same, func(raw string) string { return raw })
		r.tests = append(r.tests, test{keyword, is, k == kindString})
	}
}

// oneOf tests for the values of an enum, once they are read.
func oneOf[T comparable](values []any, read func(raw string) T) func(string) bool {
	const few = 8 // are compared faster than looked up
	var want []T
	for _, v := range values {
		want = append(want, read(fmt.Sprint(v)))
	}
	if len(want) <= few {
		return func(raw string) bool { return slices.Contains(want, read(raw)) }
	}
	set := map[T]bool{}
	for _, v := range want {
		set[v] = true
	}
	return func(raw string) bool { return set[read(raw)] }
}

func (r *rule) addLength(keyword string, least, most int) {
	r.test(keyword, func(raw string) bool {
		n := utf8.RuneCountInString(raw)
		return n >= least && (most < 0 || n <= most)
	})
}

func (r *rule) addCount(least, most int) {
	r.least = max(r.least, least)
	if most >= 0 && (r.most < 0 || most < r.most) {
		r.most = most
	}
}

func atLeast(d, bound decimal) bool { return d.compare(bound) >= 0 }
func atMost(d, bound decimal) bool  { return d.compare(bound) <= 0 }
func above(d, bound decimal) bool   { return d.compare(bound) > 0 }
func below(d, bound decimal) bool   { return d.compare(bound) < 0 }

// addBound compares numbers with one that is written in the document. It has to be a decimal, as all but the longest are.
func (r *rule) addBound(keyword string, bound *big.Rat, holds func(d, bound decimal) bool) {
	digits, exact := bound.FloatPrec()
	want := readDecimal(bound.FloatString(digits))
	if r.unsure = r.unsure || !exact || want.long; !r.unsure {
		r.test(keyword, func(raw string) bool { return holds(readDecimal(raw), want) })
	}
}
