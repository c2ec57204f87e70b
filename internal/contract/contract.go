// Package contract holds HTTP responses to an OpenAPI document.
//
// Load compiles a document once; Check judges one exchange and says all that is wrong with it.
//
// # Verdicts
//
// A finding has a severity, and the worst names the report's verdict: violation (the contract is broken), unchecked (could
// not be judged), warning (undocumented, but harmless), ok. Nothing is taken for ok that was not looked at. All four
// layers, status, content type, headers and body, are judged every time, whatever the others came to, and all findings are
// in one report. Requests are routed, not judged.
//
// # Rules
//
// Rules are stable ids. A finding's rule says what is wrong, its pointer where in the body (or in which header), its
// document pointer and position which promise it is.
//
//	rule                 layer         severity   meaning
//	operation            operation     violation  no documented operation has this server, path and method
//	status               status        violation  no entry for the status, none for its range, no default
//	content-type         content-type  violation  a body with no content type, or with one not documented for the status
//	charset              content-type  warning    JSON that names a charset other than UTF-8
//	header               header        violation  a required header is missing, a header breaks its schema, or
//	                                              Content-Length is not one number
//	body                 body          violation  no bytes where a body is promised, bytes where none is, another number of
//	                                              bytes than Content-Length says, or bytes that Content-Encoding does not fit
//	json-syntax          body          violation  not exactly one JSON value: syntax, trailing bytes, byte order mark,
//	                                              invalid UTF-8, lone surrogate, raw control character
//	json-duplicate       body          violation  a member name twice in one object; the last value is judged further
//	schema.<keyword>     body          violation  the keyword of that name is broken: schema.type, schema.required,
//	                                              schema.enum, schema.format …; schema.false where the schema is false
//	undocumented-field   body          warning    a member that no schema names, where none says what becomes of others
//	write-only           body          warning    a member that is documented for requests only
//	unchecked.<reason>   body, header  unchecked  one of the reasons below
//
// A missing member's finding points at the place where it should be: /state, not the object around it. Where no branch of
// an anyOf or oneOf fits, the findings are those of the branch that was meant: the one the discriminator names, else the
// closest. Where not even a type fits, it is one schema.type at the anyOf.
//
// # Unchecked
//
// These reasons and no others:
//
//	unchecked.cap               the body is longer than the cap, as it came or once decoded
//	unchecked.budget            the body was not held whole: all those held at once were longer than their budget
//	unchecked.cut               the connection broke, and no Content-Length says that bytes are missing
//	unchecked.closed            the reader closed the body before its end
//	unchecked.unrecorded        a recording leaves the body out
//	unchecked.depth             objects and arrays nested over 10,000 levels deep
//	unchecked.content-encoding  a Content-Encoding other than gzip, deflate and br
//	unchecked.media-type        a media type that is documented and that nothing here decodes
//	unchecked.number            a number with an exponent beyond 1000 or of over 1000 characters; it is judged as its
//	                            nearest neighbour of ordinary size all the same
//	unchecked.schema            a schema that does not compile, or leads back to itself, for the values it applies to
//	unchecked.pattern           a pattern that uses what Go's regular expressions lack, for the strings it applies to
//	unchecked.format            a format that is not known here, for the values it applies to
//	unchecked.size              a body in which more is wrong, or may be, than is worth the time: more than 2,000 places that
//	                            admit does not take, or a million values or looks by a schema in them, are not all
//	                            judged; of one place that is broken and has some 90,000 values, the findings are those
//	                            of its front, or schema.unlisted; of a pattern, as many steps; of a header or a text that
//	                            is no JSON, at most 256 KiB
//	unchecked.internal          a fault of this package
//
// A keyword of JSON Schema 2020-12 is never a reason, but for a pattern that cannot be compiled.
//
// # Two engines
//
// A body is first walked over by admit: once, over its bytes, by tables that Load made, without an allocation. It takes what
// surely keeps the keywords that it knows, which rule.go lists. For each value that it does not take, the innermost one, the full
// engine is asked, which is compiled from the same schemas and knows all keywords. Both say the same: the tests hold the one to
// the other, and both to other validators.
//
//   - the document: load, tree, sound, reference, outline
//   - its schemas: dialect, exempt, discriminator, mend, doubt, schema; what they ask of texts: format, pattern, time, uri, address
//   - its responses: compile, route, server, media
//   - an exchange: judge, header, reading, encoding, body, collector
//   - admit: scan, decimal, admit, trial, by the tables of state, expansion, object, rule, table
//   - the full engine: decode, defect, keyword, branch, unevaluated, names, and what bounds it, effort and large
//   - what validity does not tell: field
//   - what is shown of values: disclosure, mask
//   - what exchanges show of the document: coverage, by survey, outlook, scene and glance
//
// # Secrets
//
// A finding holds the JSON type of what came and no value, but for a boolean, a number, or, where an enum or const asked
// for another, a word of at most 32 letters, digits, _ and - that looks like no key and no id. Queries are never looked at. Member
// names that the document does not know are written as *** in pointers when they are no plain name of at most 40 characters,
// or hold sk_.
//
// ShowValues shows values all the same, and hides in them, as …, what is known for a secret by its looks, whatever escapes it is
// written in: API keys, bearer tokens, and the user and the query of a URL, which are what makes a signed link work. A value that
// makes one of its parts is hidden whole, and what can be the rest of one behind it is hidden too. By their names it hides the values of
// cookies, Authorization headers, passwords and tokens, be they members or headers. A secret that looks like any other word, and
// stands where nothing says so, is shown; so are its parts where they are findings of their own.
package contract

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/roughy-go/roughy/internal/secret"
)

// Contract is a compiled document. It is safe for concurrent use.
type Contract struct {
	tree        references
	sites       []site
	routes      []*route
	responses   []*response // of all routes
	anything    *state
	schemas     *schemas
	anyHost     bool
	base        *server // beside those of the document; nil if there is none
	maxFindings int
	showValues  bool
	judges      sync.Pool
	engineOnly  bool // admit is left out, for the tests that compare the two
}

// Option changes what Load makes.
type Option func(*Contract)

// AnyHost matches exchanges by path alone, whatever host they went to; the servers' base paths still count. Default: the
// host has to be a documented one.
func AnyHost() Option { return func(c *Contract) { c.anyHost = true } }

// At is where the API is, beside the servers of the document: an exchange with it is matched by the path behind it, with a server's own
// base path in front or without. Default: nowhere else.
func At(base *url.URL) Option {
	return func(c *Contract) { c.base = newServer(&openapi3.Server{URL: base.String()}) }
}

// MaxFindings is how many findings a report lists, the worst first kept; the rest are counted in Omitted. Default:
// 100.
func MaxFindings(n int) Option { return func(c *Contract) { c.maxFindings = max(n, 1) } }

// ShowValues makes Got the value that was found, behind its type and written as JSON: string "pendnig". It has at most 200
// characters, the last of which is … where more was left out, and no secrets: see the package doc. Default: the type alone, or
// a harmless value.
func ShowValues() Option { return func(c *Contract) { c.showValues = true } }

// Load compiles an OpenAPI 3.0 or 3.1 document of at most 10 MB, YAML or JSON, whose name stands in every position.
// References may only lead to places inside it, and not in a circle. Its errors are one line that names the place where it is
// known.
//
// A schema that does not compile is no error: what it touches is unchecked, and the rest is judged.
func Load(name string, data []byte, opts ...Option) (*Contract, error) {
	refs, doc, err := parse(name, data)
	if err != nil {
		return nil, masked(err)
	}
	c := &Contract{tree: refs, schemas: newSchemas(refs), maxFindings: 100}
	for _, o := range opts {
		o(c)
	}
	if err := c.compile(doc); err != nil {
		return nil, err
	}
	return c, nil
}

// masked is an error, which may repeat what the document says, without the secrets in it: those in pointers too.
func masked(err error) error {
	text := err.Error()
	if link := strings.ReplaceAll(text, "~1", "/"); secret.Mask(link) != link {
		text = link
	}
	return errors.New(secret.Mask(text))
}

// quoted is the front of what a document says, for an error.
func quoted(text string) string { return fmt.Sprintf("%.100q", secret.Mask(text)) }

// Check judges one exchange. It never panics, and may be called from many goroutines at once.
func (c *Contract) Check(x Exchange) Report {
	report, _ := c.Judge(x)
	return report
}

// Judge is Check, and the bytes that it judged: the body without its Content-Encoding, which may be x.Body itself. They are nil
// where the body was not looked at.
func (c *Contract) Judge(x Exchange) (report Report, body []byte) {
	j := c.judge(x)
	operation := ""
	defer func() {
		if recover() != nil { // what it says may hold a value, so nobody gets to see it
			j.unchecked("internal", "", "", "a response that can be judged", "a fault while judging it")
		}
		report, body = j.report(operation), j.plain
		j.release()
	}()
	r, near := c.find(x.Method, cmp.Or(x.URL, &url.URL{}))
	if r == nil {
		j.violate(LayerOperation, "operation", "/paths", "a documented operation", missTexts[near])
		return
	}
	operation = r.name
	j.run(r)
	return
}

// Position is file:line:column of a place in the document, by its pointer, or of its nearest parent that is written down.
func (c *Contract) Position(pointer string) string { return c.tree.position(pointer) }

// Operation names the documented operation that an exchange with this method and URL would answer; ok is false if there is
// none.
func (c *Contract) Operation(method string, u *url.URL) (name string, ok bool) {
	r, _ := c.find(method, cmp.Or(u, &url.URL{}))
	if r == nil {
		return "", false
	}
	return r.name, true
}

// Serves tells whether a URL is known to be of the API: of the base of At, or of a documented server, its scheme, host and base path,
// whatever AnyHost says. A server that is documented without a host could be anywhere, so it makes no URL known but one without a
// host.
func (c *Contract) Serves(u *url.URL) bool {
	u = cmp.Or(u, &url.URL{})
	whole := pathOf(u)
	if c.base != nil {
		if _, ok := c.base.strip(u, whole, false); ok {
			return true
		}
	}
	return slices.ContainsFunc(c.sites, func(s site) bool {
		_, ok := s.strip(u, whole, false)
		return ok && (u.Host == "" || s.host != "" || s.originPattern != nil)
	})
}
