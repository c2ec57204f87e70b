package lint

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/roughy-go/roughy/internal/spec/place"
)

// undescribed are the parts that need no description: what they are is said around them.
var undescribed = []kind{path, media, inline}

const longestSummary = 60

// descriptions holds texts to being there, and to their form.
func (l *linter) descriptions() {
	for _, p := range l.parts {
		if p.kind == operation {
			l.summary(p)
		}
		text, ok := place.Text(p.node, "description")
		switch {
		case ok:
			l.sentences(p, strings.TrimSpace(text))
		case !p.reference() && !slices.Contains(undescribed, p.kind):
			l.say("description", p.at, "%s %q has no description", p.kind, p.name)
		}
	}
}

func (l *linter) sentences(p part, text string) {
	at := place.Join(p.at, "description")
	first, _ := utf8.DecodeRuneInString(text)
	if text == "" {
		l.say("description", at, "the description of %s %q is empty", p.kind, p.name)
		return
	}
	if !unicode.IsUpper(first) && !unicode.IsDigit(first) {
		l.say("description-form", at, "the description of %s %q does not start with a capital", p.kind, p.name)
	}
	if !strings.HasSuffix(text, ".") {
		l.say("description-form", at, "the description of %s %q does not end with a full stop", p.kind, p.name)
	}
}

func (l *linter) summary(p part) {
	text, ok := place.Text(p.node, "summary")
	at := place.Join(p.at, "summary")
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case !ok || text == "":
		l.say("summary", p.at, "%s has no summary", p.name)
	case utf8.RuneCountInString(text) > longestSummary:
		l.say("summary", at, "the summary of %s has more than %d letters", p.name, longestSummary)
	case !unicode.IsUpper(first):
		l.say("summary", at, "the summary of %s does not start with a capital", p.name)
	case strings.HasSuffix(text, "."):
		l.say("summary", at, "the summary of %s ends with a full stop", p.name)
	}
}
