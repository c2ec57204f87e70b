package diff

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oasdiff/oasdiff/checker"

	"github.com/roughy-go/roughy/internal/secret"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// rule is one of ours: what is said of an edit that no rule of oasdiff speaks of.
type rule struct {
	id             string
	severity       Severity
	meaning        string
	client, server string
	silent         bool // it says nothing of values, so oasdiff cannot have spoken of it
}

const (
	nothing   = "nothing follows"
	generates = "code generated from the document changes, and nothing that is sent"
)

var (
	textRule      = rule{"text-changed", Note, "a description, summary or title", "nothing follows, but for what people read", nothing, true}
	exampleRule   = rule{"example-changed", Note, "an example", "nothing follows, but for tools that answer with examples", nothing, true}
	extensionRule = rule{"extension-changed", Note, "a member that begins with x-", "nothing follows, but for tools that read this extension", nothing, true}
	infoRule      = rule{"info-changed", Note, "info, or the version of OpenAPI", nothing, nothing, true}
	tagRule       = rule{"tag-changed", Note, "the list of tags", "nothing follows, but for the order of its pages", nothing, true}
	serverGone    = rule{"server-removed", Warning, "an address was taken out",
		"reaches nobody if it was written for this address and that is switched off", "need not answer there any more", true}
	serverAdded   = rule{"server-added", Note, "an address was put in", "nothing follows: it may go there", "has to answer there", true}
	serverChanged = rule{"server-changed", Note, "the variables of an address", "nothing follows, unless it fills them in", "has to answer there", true}
	renamedRule   = rule{"path-parameter-renamed", Note, "a parameter of a path is called otherwise", generates, generates, false}
	defaultGone   = rule{"default-response-removed", Warning, "the answer for every other status was taken out",
		"may get a status that is documented nowhere", "has no documented answer for a status of no entry", false}
	defaultAdded = rule{"default-response-added", Note, "an answer for every other status was put in", nothing, "has to keep to it", false}
	objectClosed = rule{"object-closed", Warning, "an object takes no other members than its own any more, or fewer",
		"has to leave other members out of what it sends; nothing follows for what it gets", "may send no other members", false}
	objectOpened = rule{"object-opened", Warning, "an object takes other members than its own, or more of them",
		"may get members that were ruled out", "has to accept other members in what it gets", false}
	componentRule = rule{"component-changed", Note, "a component was put in or taken out that nothing else shows", generates, generates, false}
	unclassified  = rule{"unclassified", Warning, "whatever else is written otherwise", "nobody can tell: no rule of oasdiff speaks of it, so look at it yourself", "nobody can tell", false}
)

func ourRules() []rule {
	return []rule{textRule, exampleRule, extensionRule, infoRule, tagRule, serverGone, serverAdded, serverChanged, renamedRule, defaultGone, defaultAdded, objectClosed, objectOpened, componentRule, unclassified}
}

// texts are the members that are for people alone.
var texts = []string{"description", "summary", "title", "externalDocs", "$comment", "contact", "license", "termsOfService"}

// rule is what an edit is, by its place.
func (e edit) rule() rule {
	parts := place.Split(e.at())
	within := func(keyword string) bool { return slices.Contains(parts, keyword) }
	switch {
	case strings.HasPrefix(e.keyword, "x-"):
		return extensionRule
	case e.keyword == "example" || e.keyword == "examples":
		return exampleRule
	case parts[0] == "info" || parts[0] == "openapi":
		return infoRule
	case slices.Contains(texts, e.keyword):
		return textRule
	case parts[0] == "tags":
		return tagRule
	case within("servers"):
		return e.server()
	case e.keyword == "name" && within("parameters"):
		return renamedRule
	case parts[len(parts)-1] == "default" && e.keyword == "" && len(parts) > 1 && parts[len(parts)-2] == "responses":
		return e.anyStatus()
	case e.keyword == "additionalProperties" || e.keyword == "unevaluatedProperties":
		return e.closure()
	case parts[0] == "components" && len(parts) == 3 && e.wasThere != e.isThere:
		return componentRule
	}
	return unclassified
}

func (e edit) server() rule {
	switch {
	case !e.isThere:
		return serverGone
	case !e.wasThere:
		return serverAdded
	}
	return serverChanged
}

func (e edit) anyStatus() rule {
	if e.isThere {
		return defaultAdded
	}
	return defaultGone
}

// closure takes what was put in for a restriction.
func (e edit) closure() rule {
	if e.isThere {
		return objectClosed
	}
	return objectOpened
}

// change is an edit as a change of its own.
func (e edit) change(base, head side) Change {
	r := e.rule()
	verb := "changed"
	switch {
	case !e.wasThere:
		verb = "added"
	case !e.isThere:
		verb = "removed"
	}
	c := Change{Rule: r.id, Severity: r.severity, Judged: r.severity, Client: r.client, Server: r.server}
	c.Operation = operationOf(e.at())
	c.Text = secret.Mask(verb + " " + cmp.Or(e.item, e.at()))
	c.Base, c.Head = placed(base, e.base, e.wasThere), placed(head, e.head, e.isThere)
	return c
}

// operationOf is the operation that a pointer leads through; "" if it leads through none.
func operationOf(pointer string) string {
	parts := place.Split(pointer)
	methods := []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}
	if len(parts) < 3 || parts[0] != "paths" || !slices.Contains(methods, parts[2]) {
		return ""
	}
	return strings.ToUpper(parts[2]) + " " + parts[1]
}

// known tells whether a policy can speak of a rule of this name.
func known(id string) bool {
	return slices.ContainsFunc(ourRules(), func(r rule) bool { return r.id == id }) || slices.Contains(checker.GetAllRuleIds(), id)
}
