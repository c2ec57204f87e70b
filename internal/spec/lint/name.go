package lint

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/roughy-go/roughy/internal/spec/place"
)

var (
	snake  = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	train  = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*(-[A-Z0-9][A-Za-z0-9]*)*$`)
	pascal = regexp.MustCompile(`^([A-Z][a-z0-9]*)+$`)
	camel  = regexp.MustCompile(`^[a-z][a-z0-9]*([A-Z][a-z0-9]*)*$`)
	kebab  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	value  = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	route  = regexp.MustCompile(`^/v[0-9]+(/([a-z][a-z0-9]*(_[a-z0-9]+)*|\{[a-z][a-z0-9]*(_[a-z0-9]+)*\}))+$`)
)

// names holds names to the form that what is made of them needs.
func (l *linter) names() {
	want := func(rule string, form *regexp.Regexp, p part, at, name, what string) {
		if !form.MatchString(name) {
			l.say(rule, at, "%s %q is not %s", p.kind, name, what)
		}
	}
	for _, p := range l.parts {
		switch p.kind {
		case property:
			want("name-property", snake, p, p.at, p.name, "in snake_case")
		case schema:
			want("name-schema", pascal, p, p.at, p.name, "in PascalCase")
		case tag:
			want("name-tag", kebab, p, p.at+"/name", p.name, "in lower case")
		case header:
			want("name-parameter", train, p, p.at, p.name, "in Train-Case")
		case path:
			if strings.HasPrefix(p.at, "/paths/") {
				want("name-path", route, p, p.at, p.name, "of the form /v1/nouns/{noun_id}")
			}
		case parameter:
			l.parameterName(p)
		case operation:
			l.operationName(p)
		}
		l.values(p)
	}
}

func (l *linter) parameterName(p part) {
	in, _ := place.Text(p.node, "in")
	switch {
	case p.reference():
	case in == "header" && !train.MatchString(p.name):
		l.say("name-parameter", p.at+"/name", "header %q is not in Train-Case", p.name)
	case in != "header" && !snake.MatchString(p.name):
		l.say("name-parameter", p.at+"/name", "parameter %q is not in snake_case", p.name)
	}
}

func (l *linter) operationName(p part) {
	id, ok := place.Text(p.node, "operationId")
	switch {
	case !ok:
		l.say("name-operation", p.at, "%s has no operationId", p.name)
	case !camel.MatchString(id):
		l.say("name-operation", p.at+"/operationId", "operationId %q is not in camelCase", id)
	}
}

// values holds the words of an enum to what can be part of a Go name.
func (l *linter) values(p part) {
	if !p.isSchema() {
		return
	}
	for i, item := range place.Items(place.Member(p.node, "enum")) {
		if item.ShortTag() == "!!str" && !value.MatchString(item.Value) {
			l.say("name-value", place.Join(p.at, "enum", strconv.Itoa(i)), "value %.60q is not in lower case, of letters, digits and _", item.Value)
		}
	}
}

// nulls refuses enums that the generator cannot make a Go type of.
func (l *linter) nulls() {
	for _, p := range l.parts {
		if !p.isSchema() {
			continue
		}
		for i, item := range place.Items(place.Member(p.node, "enum")) {
			if item.ShortTag() == "!!null" {
				l.say("enum-null", place.Join(p.at, "enum", strconv.Itoa(i)), "null is a value of an enum")
			}
		}
	}
}
