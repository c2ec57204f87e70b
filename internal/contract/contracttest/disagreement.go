package contracttest

// Witness is another validator, which package contract is held against.
type Witness string

// The witnesses: kin-openapi's filter and libopenapi-validator, both with formats asserted.
const (
	Kin        Witness = "kin"
	Libopenapi Witness = "libopenapi"
)

// Outcome is what a witness makes of an answer.
type Outcome string

// The outcomes. A witness fails that cannot load or compile the document.
const (
	Accepts Outcome = "accepts"
	Refuses Outcome = "refuses"
	Fails   Outcome = "fails"
)

// Disagreement is one way in which a witness sees another thing in an answer than package contract, and the clause that
// makes ours right. Under not, oneOf and their like, a misreading may turn the outcome round.
type Disagreement struct {
	Witness Witness
	Ours    string // the rule of the violation that ours finds in the example, "" if it finds none
	Theirs  Outcome
	Example Example
	Why     string // what the witness does
	Clause  string // a row without one is a bug of ours

	misreading misreading
}

// Disagreements is the table's rows about a witness.
func Disagreements(w Witness) (out []Disagreement) {
	for _, d := range disagreements {
		if d.Witness == w {
			out = append(out, d)
		}
	}
	return out
}

// Clauses that several rows cite.
const (
	exactNumbers = "JSON Schema Core 2020-12, 4.2.1: numbers are of arbitrary precision"
	jsonText     = "RFC 8259, 2: a JSON text is one value"
	surrogates   = "RFC 7493, 2.1, by choice: to RFC 8259, 8.2, the outcome is unpredictable"
	uniqueNames  = "RFC 7493, 2.3, by choice: to RFC 8259, 4, the outcome is unpredictable"
	onlyUTF8     = "RFC 8259, 8.1"
	formatsHold  = "JSON Schema Validation 2020-12, 7.2, by choice: formats are asserted"
	lookAhead    = "ECMA-262, 22.2.1; JSON Schema Core 2020-12, 6.4"
	classes      = "ECMA-262, 12.2, 12.3, 22.2.2.7 and 22.2.2.9: U+2028 is space, and the end of a line"
	nullable     = "OpenAPI 3.0.3, 4.7.24: nullable adds null to a stated type, and changes nothing else"
	requestsOnly = "JSON Schema Validation 2020-12, 9.4: never present in what is retrieved; OpenAPI 3.0.3, 4.7.24"
	noOutcome    = "OpenAPI 3.1.1, 4.8.25: a discriminator changes no outcome"
)

// disagreements is the table. What a row calls huge is beyond 64 bits of floating point.
var disagreements = []Disagreement{
	{Kin, "json-syntax", Accepts, on31(`{}`, `1 2`), "reads no further than the first value", jsonText, firstValueOnly},
	{Kin, "json-syntax", Accepts, on31(`{}`, "\"\xff\""), "replaces bytes that are no UTF-8", onlyUTF8, anyBytes},
	{Kin, "json-syntax", Accepts, on31(`{}`, `"\ud800"`), "replaces half of a surrogate pair", surrogates, halfPairs},
	{Kin, "json-duplicate", Accepts, on31(`{}`, `{"a":1,"a":1}`), "keeps the last member of a name", uniqueNames, lastMember},
	{Kin, "schema.format", Accepts, on31(`{"format":"email"}`, `"a"`), "does not know the format", formatsHold,
		noFormat("email", "uri", "uri-reference", "hostname", "ipv4", "ipv6", "duration", "time", "regex", "json-pointer", "float", "double")},
	{Kin, "schema.format", Accepts, on31(`{"format":"byte"}`, `"a"`), "takes unpadded and URL-safe text for base64",
		"OpenAPI 3.0.3, 4.4; RFC 4648, 3.2, 3.3 and 4", otherFormat("byte", `^$|^[a-zA-Z0-9+/\-_]*=*$`)},
	{Kin, "schema.format", Accepts, on31(`{"format":"int64"}`, `9223372036854775808`), "asks of an integer format what a float64 shows",
		"OpenAPI 3.1.0, 4.4: int32 and int64 are signed integers of so many bits", integersByFloat},
	{Kin, "", Refuses, on31(`{"format":"date-time"}`, `"2026-10-31t09:15:00z"`), "wants T and Z in upper case",
		"RFC 3339, 5.6: they may be lower-case", alsoPattern("date-time", `^[^a-z]*$`)},
	{Kin, "", Refuses, on31(`{"format":"uuid"}`, `"0192f0c1-7a3e-0c52-1b1d-5f0e6a7c8d90"`), "wants a version and variant that are in use",
		"JSON Schema Validation 2020-12, 7.3.5; RFC 4122, 3: any hexadecimal digits", alsoPattern("uuid", `^.{14}[1-8].{4}[89abAB]`)},
	{Kin, "", Refuses, on31(`{"pattern":"^\\s$"}`, `"\u2028"`), "has Go's white space and line ends", classes, goPattern},
	{Kin, "schema.const", Accepts, on31(`{"const":null}`, `1`), "takes a const of null for none", "JSON Schema Validation 2020-12, 6.1.3", noNullConst},
	{Kin, "", Refuses, on31(`{"const":9007199254740993}`, `9007199254740993`), "rounds numbers of the document", exactNumbers, floatDocument},
	{Kin, "", Refuses, on31(`{"enum":[1e400]}`, `1e400`), "takes a huge number of the document for a string", exactNumbers, hugeText},
	{Kin, "", Fails, on31(`{"maximum":1e400}`, `1`), "loads no huge bound", exactNumbers, noHugeBounds},
	{Kin, "", Refuses, on31(`{"required":["a"],"properties":{"a":{"writeOnly":true}}}`, `{}`), "requires what is for requests only, in 3.1",
		requestsOnly, stillRequired},
	{Kin, "", Refuses, on31(`{"$ref":"#/components/schemas/Ada","unevaluatedProperties":false}`, `{"a":1}`),
		"takes what a reference evaluates for unevaluated beside it", "JSON Schema Core 2020-12, 11.2 and 11.3: adjacent keywords count", apart},
	{Kin, "schema.propertyNames", Accepts, on31(`{"pattern":"(?!a)","propertyNames":{"maxLength":1}}`, `{"ab":1}`),
		"goes back to OpenAPI 3.0 for a look-ahead, which it has nothing match", lookAhead, inVisitor(brokenPattern)},
	{Kin, "schema.oneOf", Accepts, on30(`{"oneOf":[{},{}]}`, `1`), "takes a schema of empty schemas for an empty one",
		"OpenAPI 3.0.3, 4.7.24; JSON Schema Validation wright-00, 5.24", inVisitor(hollow)},
	{Kin, "", Refuses, on30(`{}`, `null`), "refuses null where no type is stated", nullable, inVisitor(notNull)},
	{Kin, "schema.enum", Accepts, on30(`{"type":"string","nullable":true,"enum":["a"]}`, `null`), "asks of null no more than the type",
		nullable, inVisitor(nullByType)},
	{Kin, "schema.type", Accepts, on30(`{"type":"string","anyOf":[{"type":"string","nullable":true}]}`, `null`),
		"asks of null no more than a composition", nullable, inVisitor(nullByPart)},
	{Kin, "", Refuses, on30(`{"properties":{"a":{"writeOnly":true}}}`, `{"a":1}`), "refuses what is for requests only",
		"OpenAPI 3.0.3, 4.7.24: SHOULD NOT be sent, so that ours warns", inVisitor(requestOnly)},
	{Kin, "", Refuses, on30(`{"required":["a"],"properties":{"a":{"allOf":[{"writeOnly":true}]}}}`, `{}`), "overlooks that a part is for requests only",
		"JSON Schema Validation 2020-12, 9.4: one of several occurrences is enough", inVisitor(ownFlag)},
	{Kin, "", Refuses, on30(`{"oneOf":[{"type":"object"}],"discriminator":{"propertyName":"kind"}}`, `{}`),
		"wants the discriminator's member of every object", noOutcome, inVisitor(discriminated)},
	{Kin, "schema.multipleOf", Accepts, on30(`{"multipleOf":3}`, `9223372036854775808`), "takes the neighbour of a multiple for one",
		exactNumbers, inVisitor(multiplesNearby)},
	{Kin, "schema.maximum", Accepts, on30(`{"maximum":9007199254740992}`, `9007199254740993`), "rounds numbers of the body",
		exactNumbers, inVisitor(floatBody)},
	{Kin, "", Refuses, on30(`{"type":"number"}`, `1e400`), "refuses a huge number of the body", exactNumbers, inVisitor(noHuge)},

	{Libopenapi, "json-syntax", Accepts, on31(`{}`, "\"\xff\""), "replaces bytes that are no UTF-8", onlyUTF8, anyBytes},
	{Libopenapi, "json-syntax", Accepts, on31(`{}`, `"\ud800"`), "replaces half of a surrogate pair", surrogates, halfPairs},
	{Libopenapi, "json-duplicate", Accepts, on31(`{}`, `{"a":1,"a":1}`), "keeps the last member of a name", uniqueNames, lastMember},
	{Libopenapi, "body", Accepts, on31(`{}`, ``), "asks nothing of no bytes", jsonText, noBytes},
	{Libopenapi, "schema.type", Accepts, on31(`{"type":"string"}`, `null`), "asks nothing of null", "JSON Schema Validation 2020-12, 6.1.1", wholeNull},
	{Libopenapi, "schema.format", Accepts, on31(`{"format":"byte"}`, `"a"`), "does not know the format", formatsHold,
		noFormat("byte", "int32", "int64", "float", "double")},
	{Libopenapi, "schema.format", Accepts, on31(`{"format":"uri-reference"}`, `"é"`), "takes an IRI for a URI",
		"JSON Schema Validation 2020-12, 7.3.5; RFC 3986, 2", anyScript},
	{Libopenapi, "", Refuses, on31(`{"pattern":"^\\s$"}`, `"\u2028"`), "has Go's white space and line ends", classes, goPattern},
	{Libopenapi, "schema.maximum", Accepts, on31(`{"maximum":9007199254740992}`, `9007199254740993`), "rounds numbers of the body",
		exactNumbers, floatBody},
	{Libopenapi, "", Refuses, on31(`{}`, `1e400`), "reads no body with a huge number", exactNumbers, noHugeBody},
	{Libopenapi, "schema.minimum", Accepts, on31(`{"minimum":1e400}`, `1`), "passes over a huge bound", exactNumbers, noHugeBounds},
	{Libopenapi, "", Fails, on31(`{"exclusiveMaximum":1e400}`, `1`), "compiles no huge bound", exactNumbers, noHugeBounds},
	{Libopenapi, "", Fails, on31(`{"pattern":"(?!a)"}`, `1`), "compiles no look-ahead", lookAhead, noLookAhead},
	{Libopenapi, "", Refuses, on30(`{"items":{"$ref":"#/components/schemas/Ada","maxLength":1}}`, `["ab"]`), "heeds what stands beside a reference, in 3.0",
		"OpenAPI 3.0.3, 4.7.23: it SHALL be ignored", besideReferences},
	{Libopenapi, "", Fails, on30(`{"$ref":"#/components/schemas/Ada","maxLength":1}`, `1`), "loses a root that has more than a reference",
		"OpenAPI 3.0.3, 4.7.23; JSON Schema Core 2020-12, 8.2.3.1", bareRoot},
	{Libopenapi, "schema.type", Accepts, on31(`{"items":{"type":"array","unevaluatedItems":false}}`, `[1]`), "loses a schema that has true or false inside",
		"JSON Schema Core 2020-12, 4.3.2", noFlagged},
	{Libopenapi, "", Fails, on31(`{"unevaluatedItems":false}`, `[]`), "loses a root that has true or false inside",
		"JSON Schema Core 2020-12, 4.3.2", noFlags},
	{Libopenapi, "", Fails, onCircle(`{"type":"number"}`, `1`), "loads no schema that leads back to itself and requires a member",
		"JSON Schema Core 2020-12, 9.4.1: only what never ends on one value is forbidden", noCircles},
	{Libopenapi, "", Refuses, on31(`{"anyOf":[{}],"discriminator":{"propertyName":"kind"}}`, `1`), "wants the discriminator's member of every value",
		noOutcome, tagged},
	{Libopenapi, "", Refuses, on31(`{"allOf":[{"required":["a"]}],"properties":{"a":{"writeOnly":true}}}`, `{}`),
		"lets only the same schema exempt what it requires", requestsOnly, exemptInPlace},
}
