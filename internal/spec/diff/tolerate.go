package diff

import (
	"fmt"
	"slices"
	"time"

	"github.com/roughy-go/roughy/internal/secret"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// apply lowers what the policy tolerates today, and says what became of each entry.
func (p Policy) apply(changes []Change, base, head side, today time.Time) Outcome {
	out := Outcome{Unused: []string{}, Stale: []string{}, Expired: []string{}}
	if titles := []string{base.info("title"), head.info("title")}; p.document != "" && !slices.Contains(titles, p.document) {
		out.Elsewhere = secret.Mask(fmt.Sprintf("it is about %.60q, and neither document has this info.title: nothing is tolerated", p.document))
		return out
	}
	day := today.Format(time.DateOnly)
	for _, e := range p.entries {
		switch {
		case e.expires != "" && day > e.expires:
			out.Expired = append(out.Expired, e.says("held until "+e.expires+", and tolerates nothing now: take it out, or give it a new day"))
		case base.At(e.at) == nil && head.At(e.at) == nil:
			out.Stale = append(out.Stale, e.says("this place is in neither document: take it out"))
		case !e.lower(changes):
			out.Unused = append(out.Unused, e.says("no change is about it"))
		default:
			out.Used++
		}
	}
	return out
}

// lower applies an entry to what it is about, and tells whether there was any.
func (e entry) lower(changes []Change) (used bool) {
	for i := range changes {
		c := &changes[i]
		if c.Rule != e.rule || !place.Within(c.Base.Pointer, e.at) && !place.Within(c.Head.Pointer, e.at) {
			continue
		}
		used = true
		if c.Tolerated == nil && e.as < c.Severity {
			c.Severity, c.Tolerated = e.as, &Toleration{Reason: secret.Mask(e.reason), Position: e.position}
		}
	}
	return used
}

func (e entry) says(what string) string {
	return secret.Mask(fmt.Sprintf("%s: %s at %s: %s", e.position, e.rule, e.at, what))
}
