package learn

import (
	"fmt"

	"github.com/roughy-go/roughy/internal/spec/overlay"
)

// Label says what a change of a document does to clients.
type Label struct {
	Breaking bool
	Rules    []string // of what judged it
}

// Overlay writes the proposals down as an overlay for the document, named by its file and by where the traffic is from. judge labels the
// document before and after each of them: the actions of one proposal together.
func (l *Learner) Overlay(learned Learned, from string, document []byte, judge func(before, after []byte) (Label, error)) (*overlay.Overlay, []Label, error) {
	o := &overlay.Overlay{Title: "What " + from + " shows and " + l.document.name + " does not say", Version: "1.0.0",
		Extends: l.document.name, Base: learned.Base}
	before := document
	var labels []Label
	for _, p := range learned.Proposals {
		after, err := overlay.Apply(l.document.name, before, &overlay.Overlay{Actions: p.Actions}, true)
		if err != nil {
			return nil, nil, fmt.Errorf("propose %s: %w", p.Text, err)
		}
		label, err := judge(before, after.Data)
		if err != nil {
			return nil, nil, fmt.Errorf("propose %s: %w", p.Text, err)
		}
		labels = append(labels, label)
		for _, a := range p.Actions {
			a.Extensions = append(a.Extensions, label.extension())
			o.Actions = append(o.Actions, a)
		}
		before = after.Data
	}
	return o, labels, nil
}

func (l Label) extension() overlay.Extension {
	rules := overlay.List()
	for _, r := range l.Rules {
		rules.Content = append(rules.Content, overlay.Scalar(r))
	}
	return overlay.Extension{Name: "x-oasdiff", Value: overlay.Object("breaking", l.Breaking, "rules", rules)}
}
