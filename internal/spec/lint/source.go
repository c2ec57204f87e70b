package lint

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/place"
)

const sourceKeyword = "x-documented"

// sourced are the parts that are facts, each of which is documented somewhere.
var sourced = []kind{server, tag, operation, parameter, response, header, scheme, schema, property}

var sourceWord = regexp.MustCompile(`^(reference|prose|ours|concepts/[a-z][a-z0-9-]*)$`)

// observed is what roughy spec learn writes where a fact was seen and not read.
const observed = "observed"

// keepsSources tells whether the document says of anything where it is documented.
func (l *linter) keepsSources() bool {
	return slices.ContainsFunc(l.parts, func(p part) bool { return place.Member(p.node, sourceKeyword) != nil })
}

// sources holds each fact to saying where it is documented.
func (l *linter) sources() {
	for _, p := range l.parts {
		if slices.Contains(sourced, p.kind) {
			l.source(p)
		}
		if ours := place.Member(p.node, "x-ours"); ours != nil {
			l.ours(p, ours)
		}
	}
}

func (l *linter) source(p part) {
	word := place.Member(p.node, sourceKeyword)
	if word == nil && p.reference() { // it is said where the reference leads
		word = place.Member(l.At(l.Resolve(p.at)), sourceKeyword)
		if word != nil {
			return
		}
	}
	at := place.Join(p.at, sourceKeyword)
	switch {
	case word == nil:
		l.say("source", p.at, "%s %q does not say where it is documented: add %s", p.kind, p.name, sourceKeyword)
	case word.Kind == yaml.ScalarNode && word.Value == observed:
		l.say("source-observed", at, "%s %q was seen, and nobody looked up where it is documented", p.kind, p.name)
	case word.Kind != yaml.ScalarNode || !sourceWord.MatchString(word.Value):
		l.say("source-word", at, "%s %q: %.60q is no source", p.kind, p.name, word.Value)
	}
}

// ours holds x-ours to naming keywords that are beside it.
func (l *linter) ours(p part, list *yaml.Node) {
	at := place.Join(p.at, "x-ours")
	if list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		l.say("ours", at, "x-ours of %s %q is no list of keywords", p.kind, p.name)
		return
	}
	for _, item := range list.Content {
		if item.Kind != yaml.ScalarNode || place.Member(p.node, item.Value) == nil {
			l.say("ours", at, "x-ours of %s %q names %.60q, which is not there", p.kind, p.name, item.Value)
		}
	}
}
