package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oasdiff/oasdiff/checker"
	"go.yaml.in/yaml/v4"

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
	objectClosed = rule{"object-closed", Note, "an object of answers, or of nothing, takes no other members than its own any more, or fewer",
		"nothing follows for what it gets", "may send no other members: an answer that was right may now break the contract", false}
	objectOpened = rule{"object-opened", Warning, "an object of answers, or of nothing, takes other members than its own, or more of them",
		"may get members that were ruled out", "may send them", false}
	requestClosed = rule{"request-object-closed", Breaking, "an object of requests takes no other members than its own any more, or fewer",
		"has to leave other members out of what it sends: a request that was right may now be refused", "may refuse what it had to accept", false}
	requestOpened = rule{"request-object-opened", Note, "an object of requests takes other members than its own, or more of them",
		"nothing follows: what it sends is still right", "has to accept other members", false}
	statusNamed = rule{"status-specified", Note, "a status that default or a range answered for got an answer of its own",
		"nothing follows but what is told beside it", "nothing follows but what is told beside it", false}
	statusCovered = rule{"status-generalized", Warning, "a status is left to default or to a range",
		"is not told of this status any more: what else follows is told beside it", "need not answer with it any more", false}
	serialized = rule{"parameter-serialization-changed", Breaking, "style, explode or allowReserved of a parameter or a header",
		"has to write it otherwise: what it sends is read as something else", "has to read it otherwise", false}
	headerSerialized = rule{"header-serialization-changed", Breaking, "style or explode of a header of an answer",
		"has to read it otherwise", "has to write it otherwise", false}
	callbackGone = rule{"callback-removed", Breaking, "a callback or a webhook, or part of one, was taken out",
		"is not called any more, or with less than it was promised", "need not call it any more", false}
	callbackChanged = rule{"callback-changed", Breaking, "a callback or a webhook is written otherwise: no rule of oasdiff judges it more finely",
		"may be called with what it does not expect", "has to change how it calls", false}
	callbackAdded = rule{"callback-added", Warning, "a callback or a webhook, or part of one, was put in",
		"may be called where it was not, or with what it does not know", "has to call it", false}
	componentRule = rule{"component-changed", Note, "a component was put in or taken out that nothing else shows", generates, generates, false}
	unclassified  = rule{"unclassified", Warning, "whatever else is written otherwise", "nobody can tell: no rule of oasdiff speaks of it, so look at it yourself", "nobody can tell", false}
)

func ourRules() []rule {
	return []rule{textRule, exampleRule, extensionRule, infoRule, tagRule, serverGone, serverAdded, serverChanged, renamedRule, defaultGone, defaultAdded, objectClosed, objectOpened,
		requestClosed, requestOpened, statusNamed, statusCovered, serialized, headerSerialized, callbackGone, callbackChanged, callbackAdded, componentRule, unclassified}
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
	case within("callbacks") || parts[0] == "webhooks":
		return e.called()
	case e.covered:
		return e.status(parts[len(parts)-1])
	case slices.Contains([]string{"style", "explode", "allowReserved"}, e.keyword):
		return e.serialization()
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

// called is of a callback: a part that is there no more, or that is new, or that is other than it was.
func (e edit) called() rule {
	switch {
	case !e.isThere:
		return callbackGone
	case !e.wasThere:
		return callbackAdded
	}
	return callbackChanged
}

// status is of one that the other document leaves to another entry. That of a failure may come without being told.
func (e edit) status(status string) rule {
	if e.isThere {
		return statusNamed
	}
	r := statusCovered
	if status[0] != '2' {
		r.severity = Note
	}
	return r
}

func (e edit) serialization() rule {
	if slices.Contains(place.Split(e.at()), "headers") {
		return headerSerialized
	}
	return serialized
}

// closure compares how many other members are let in.
func (e edit) closure() rule {
	closed := openness(e.to) < openness(e.from)
	switch {
	case e.sent && closed:
		return requestClosed
	case e.sent:
		return requestOpened
	case closed:
		return objectClosed
	}
	return objectOpened
}

// openness is 0 if no other members are let in, 1 if some are, 2 if any.
func openness(n *yaml.Node) int {
	switch {
	case n == nil || n.Value == "true" || n.Kind == yaml.MappingNode && len(n.Content) == 0:
		return 2
	case n.Value == "false":
		return 0
	}
	return 1
}

// change is an edit as a change of its own.
func (e edit) change(base, head side) Change {
	r := e.rule()
	c := Change{Rule: r.id, Severity: r.severity, Judged: r.severity, Client: r.client, Server: r.server}
	c.Operation = operationOf(e.at())
	c.Text = e.text(r)
	c.Base, c.Head = placed(base, e.base, e.wasThere), placed(head, e.head, e.isThere)
	return c
}

// text says what was changed: where, and from what to what, unless that is prose.
func (e edit) text(r rule) string {
	item, list := secret.Mask(e.item), secret.Mask(e.at())
	if item != "" {
		list = list[:strings.LastIndexByte(list, '/')]
	}
	switch {
	case !e.wasThere && item != "":
		return fmt.Sprintf("added %s to %s", item, list)
	case !e.isThere && item != "":
		return fmt.Sprintf("removed %s from %s", item, list)
	case !e.wasThere:
		return "added " + list + e.told(r, " as ", e.to)
	case !e.isThere:
		return "removed " + list + e.told(r, ", which was ", e.from)
	}
	return "changed " + list + e.told(r, " from ", e.from) + e.told(r, " to ", e.to)
}

// told is a word and a value that is short enough to be told, be it masked.
func (e edit) told(r rule, word string, n *yaml.Node) string {
	switch {
	case r.id == textRule.id || n == nil:
		return ""
	case n.ShortTag() == "!!null":
		return word + "null"
	case n.Kind == yaml.ScalarNode:
		return word + fmt.Sprintf("%.60s", secret.Mask(n.Value))
	case e.wasThere && e.isThere:
		return word + map[yaml.Kind]string{yaml.MappingNode: "an object", yaml.SequenceNode: "a list"}[n.Kind]
	}
	return ""
}

// operationOf is the operation that a pointer leads through; "" if it leads through none.
func operationOf(pointer string) string {
	parts := place.Split(pointer)
	if len(parts) < 3 || parts[0] != "paths" || !slices.Contains(methods, parts[2]) {
		return ""
	}
	return strings.ToUpper(parts[2]) + " " + parts[1]
}

// known tells whether a policy can speak of a rule of this name.
func known(id string) bool {
	return slices.ContainsFunc(ourRules(), func(r rule) bool { return r.id == id }) || slices.Contains(checker.GetAllRuleIds(), id)
}
