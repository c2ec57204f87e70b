package overlay

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Result is a document with an overlay applied.
type Result struct {
	Data    []byte
	Changed int // actions that changed something
	Kept    int // actions that asked for what was there already
}

// ErrStale is what errors.Is finds where an overlay was made for another document.
var ErrStale = errors.New("made for another document")

// Apply edits a document, whose name stands in its errors, by all actions of an overlay in their order, or by none. anyBase applies an
// overlay that was made for another document too, as far as its targets are there.
func Apply(name string, data []byte, o *Overlay, anyBase bool) (Result, error) {
	d, err := parse(name, data)
	if err != nil {
		return Result{}, err
	}
	stale := o.Base.Digest != "" && o.Base.Digest != digest(d.root) && !anyBase
	r := run{document: d, overlay: o, claims: map[string]claim{}}
	err = r.actions()
	if stale && (err != nil || r.changed > 0) {
		versions := ""
		if now := version(d.root); now != o.Base.Version {
			versions = fmt.Sprintf(" (it is version %q now, and was %q)", now, o.Base.Version)
		}
		return Result{}, fmt.Errorf("%s: %w: %s has changed since%s: learn again from it", o.name, ErrStale, name, versions)
	}
	if err == nil {
		err = r.settled()
	}
	if err != nil {
		return Result{}, err
	}
	return Result{r.text, r.changed, r.kept}, nil
}

func version(root *yaml.Node) string {
	if info := member(root, "info"); info != nil {
		return text(info, "version")
	}
	return ""
}

// run is an overlay on its way through a document.
type run struct {
	*document
	overlay       *Overlay
	claims        map[string]claim
	changed, kept int
	first         Action // that changed something
}

// settled refuses what would change the document each time that it is applied.
func (r *run) settled() error {
	again := run{document: r.document, overlay: r.overlay, claims: map[string]claim{}}
	if err := again.actions(); err != nil || again.changed == 0 {
		return nil // an error changes nothing either
	}
	return r.of(again.first, fmt.Errorf("applied again, it would change %s again: write a target that then hits what this action is for and nothing else, unlike %s", r.name, clip(again.first.Target)))
}

func (r *run) actions() error {
	all, gone := r.overlay.Actions, 0
	for i := 0; i < len(all); i++ {
		a := all[i]
		found, err := r.query(a.Target)
		if err != nil {
			return r.of(a, err)
		}
		before := r.document
		above, step := cutStep(a.Target)
		switch {
		case a.Remove && numbers.MatchString(step):
			return r.of(a, fmt.Errorf("%s takes out another item each time it is applied: say which one, as in %s", clip(a.Target), clip(above+r.filter(found))))
		case len(found) == 0 && a.Remove && r.hits(above):
			gone++
		case len(found) == 0:
			return r.of(a, fmt.Errorf("%s hits nothing in %s", clip(a.Target), r.name))
		case a.Remove && i+1 < len(all) && r.isSwap(found, all[i+1]):
			i++
			err = r.swap(found[0], all[i], i)
			r.count(a, before)
		case a.Remove:
			err = r.removeAll(found, a, i)
		default:
			err = r.updateAll(found, a, i)
		}
		if err != nil {
			return r.of(all[i], err)
		}
		r.count(all[i], before)
	}
	if gone > 0 && gone == len(all) && r.overlay.Base.Digest == "" { // done before, or written for another document: nobody knows
		return r.of(all[0], fmt.Errorf("%s hits nothing in %s, and no other action hits anything", clip(all[0].Target), r.name))
	}
	return nil
}

func (r *run) count(a Action, before *document) {
	if before == r.document {
		r.kept++
		return
	}
	if r.changed == 0 {
		r.first = a
	}
	r.changed++
}

// of is an error of an action.
func (r *run) of(a Action, err error) error {
	return fmt.Errorf("%s:%d: %w", r.overlay.name, max(a.line, 1), err)
}

func (r *run) hits(target string) bool {
	found, err := r.query(target)
	return target != "" && err == nil && len(found) > 0
}

// isSwap tells whether what is taken out at a place is put back there by the next action.
func (r *run) isSwap(found []way, next Action) bool {
	if next.Remove || len(found) != 1 || len(found[0]) == 0 || r.find(found[0]) == nil || next.Update.Kind != yaml.MappingNode {
		return false
	}
	parent, name := found[0][:len(found[0])-1], found[0][len(found[0])-1]
	to, err := r.query(next.Target)
	return err == nil && len(to) == 1 && slices.Equal(to[0], parent) && member(next.Update, name) != nil
}

// swap puts what the next action says in the place of a member, and merges the rest of it.
func (r *run) swap(at way, next Action, number int) error {
	parent, name := at[:len(at)-1], at[len(at)-1]
	rest := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i+1 < len(next.Update.Content); i += 2 {
		key, by := next.Update.Content[i], next.Update.Content[i+1]
		if key.Value != name {
			rest.Content = append(rest.Content, key, by)
			continue
		}
		if err := r.claim(at, by, number); err != nil {
			return err
		}
		if old := r.find(at); !same(old, by) {
			if err := r.edit(at, func(e *editor) error { return e.replace(old, clone(by)) }, func(any) any { return value(by) }); err != nil {
				return err
			}
		}
	}
	return r.update(parent, rest, number)
}

func (r *run) removeAll(found []way, a Action, number int) error {
	slices.SortFunc(found, func(a, b way) int { return b.compare(a) }) // from the end, so that numbers of items stay true
	for _, at := range found {
		n := r.find(at)
		switch {
		case n == nil:
			return r.behindAlias(at)
		case len(at) == 0:
			return fmt.Errorf("%s leads to what cannot be taken out of %s", clip(a.Target), r.name)
		}
		parent := at[:len(at)-1]
		if err := r.claimRemoval(at, n, number); err != nil {
			return err
		}
		err := r.edit(parent, func(e *editor) error { return e.remove(n) }, func(v any) any { return without(v, at[len(at)-1]) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) updateAll(found []way, a Action, number int) error {
	for _, at := range found {
		if err := r.update(at, a.Update, number); err != nil {
			return err
		}
	}
	return nil
}

// update merges a value into what is at a place.
func (r *run) update(at way, by *yaml.Node, number int) error {
	n := r.find(at)
	if n == nil {
		if v := value(r.look(at)); equal(merged(v, value(by)), v) {
			return nil
		}
		return r.behindAlias(at)
	}
	if n.Kind == yaml.SequenceNode && by.Kind != yaml.SequenceNode {
		by = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{by}}
	}
	if err := r.claimUpdate(at, n, by, number); err != nil {
		return err
	}
	m := merger{editor: &editor{document: r.document}}
	if err := m.merge(n, by, at); err != nil {
		return err
	}
	if len(m.splices) == 0 {
		return nil
	}
	return r.edit(at, func(e *editor) error { e.splices = m.splices; return nil }, func(v any) any { return merged(v, value(by)) })
}

// behindAlias refuses a place that has no text of its own.
func (r *run) behindAlias(at way) error {
	return fmt.Errorf("%s%s is behind an alias: edit it by hand, where its anchor is", r.name, at)
}

// edit changes the text, reads it again, and makes sure that at one place it says what it should, and elsewhere what it said.
func (r *run) edit(at way, change func(*editor) error, to func(any) any) error {
	e := &editor{document: r.document}
	if err := change(e); err != nil {
		return err
	}
	line := 1
	if n := r.find(at); n != nil {
		line = n.Line
	}
	want := with(value(r.root), at, to)
	next, err := parse(r.name, e.result())
	if err != nil || !equal(value(next.root), want) {
		return fmt.Errorf("%s:%d: what is written here cannot be edited without changing more than it should (an anchor, an alias, an unusual layout): edit it by hand", r.name, line)
	}
	r.document = next
	return nil
}
