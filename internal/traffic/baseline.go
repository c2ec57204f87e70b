package traffic

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/secret"
)

// Baseline is a list of findings that are accepted until a day. The zero value accepts nothing. It is safe for concurrent use.
type Baseline struct {
	mu       sync.Mutex
	accepted map[key]*acceptance
}

// key is what one finding has in common with the next of its kind.
type key struct{ operation, rule, pointer, document string }

// acceptance is one entry of the file.
type acceptance struct {
	key
	reason  string
	expires string // as time.DateOnly
	place   string // file:line; "" if it is new
	seen    bool
	lapsed  bool // it was seen after its day
}

func keyOf(operation string, f contract.Finding) key {
	return key{operation, f.Rule, contract.AnyIndex(f.Pointer), f.Document}
}

func (k key) compare(l key) int {
	return cmp.Or(cmp.Compare(k.operation, l.operation), cmp.Compare(k.rule, l.rule), cmp.Compare(k.pointer, l.pointer), cmp.Compare(k.document, l.document))
}

// String is what a person calls it.
func (k key) String() string {
	text := k.rule
	if k.pointer != "" {
		text += " at " + k.pointer
	}
	return text + " of " + cmp.Or(k.operation, "no documented operation")
}

// Apply takes the findings that are accepted today out of a report, which keeps the others; its verdict follows. The report given
// stays as it is. What was accepted until an earlier day stays in. Where a report left findings out, the verdict stays as bad as the
// least of those listed, because none that was left out was worse: findings of the lifecycle, which are never left out, do not count.
func (b *Baseline) Apply(r contract.Report, today time.Time) (left contract.Report, accepted []contract.Finding) {
	day := today.Format(time.DateOnly)
	kept := make([]contract.Finding, 0, len(r.Findings))
	b.mu.Lock()
	for _, f := range r.Findings {
		if b.accepts(keyOf(r.Operation, f), day) {
			accepted = append(accepted, f)
		} else {
			kept = append(kept, f)
		}
	}
	b.mu.Unlock()
	if len(accepted) == 0 {
		return r, nil
	}
	left = r
	left.Findings, left.Verdict = kept, unlisted(r)
	for _, f := range kept {
		left.Verdict = max(left.Verdict, f.Severity)
	}
	return left, accepted
}

func (b *Baseline) accepts(k key, day string) bool {
	a := b.accepted[k]
	if a == nil {
		return false
	}
	a.seen = true
	lapsed := day > a.expires
	a.lapsed = a.lapsed || lapsed
	return !lapsed
}

// unlisted is the worst that a finding can be which the report left out.
func unlisted(r contract.Report) contract.Verdict {
	if r.Omitted == 0 {
		return contract.OK
	}
	worst := r.Verdict
	for _, f := range r.Findings {
		if f.Layer != contract.LayerLifecycle {
			worst = min(worst, f.Severity)
		}
	}
	return worst
}

// Accept adds the findings of a report, with a reason that is not blank and the last day on which they are accepted, and says how
// many were new. Those that are on the list keep the reason and the day that they have.
func (b *Baseline) Accept(r contract.Report, reason string, expires time.Time) (added int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.accepted == nil {
		b.accepted = map[key]*acceptance{}
	}
	for _, f := range r.Findings {
		k := keyOf(r.Operation, f)
		if a := b.accepted[k]; a != nil {
			a.seen = true
			continue
		}
		b.accepted[k] = &acceptance{key: k, reason: reason, expires: expires.Format(time.DateOnly), seen: true}
		added++
	}
	return added
}

// Stale says, a line each, what is on the list and no report showed that went by.
func (b *Baseline) Stale() []string {
	return b.tell(func(a *acceptance) bool { return !a.seen }, func(a *acceptance) string {
		return "nothing showed it: take it out"
	})
}

// Expired says, a line each, what was accepted until a day that has passed, and was found all the same.
func (b *Baseline) Expired() []string {
	return b.tell(func(a *acceptance) bool { return a.lapsed }, func(a *acceptance) string {
		return "accepted until " + a.expires + ": see that it is mended, or give it a new day"
	})
}

func (b *Baseline) tell(which func(*acceptance) bool, what func(*acceptance) string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, a := range b.sorted() {
		if which(a) {
			out = append(out, secret.Mask(fmt.Sprintf("%s%s: %s", placed(a.place), a.key, what(a))))
		}
	}
	return out
}

func placed(place string) string {
	if place == "" {
		return ""
	}
	return place + ": "
}

// sorted are all entries in the order in which they are written.
func (b *Baseline) sorted() []*acceptance {
	var out []*acceptance
	for _, a := range b.accepted {
		out = append(out, a)
	}
	slices.SortFunc(out, func(x, y *acceptance) int { return x.compare(y.key) })
	return out
}
