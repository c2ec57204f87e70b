package traffic_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

const accepted = `version: 1
accepted:
  - rule: schema.enum
    operation: listRenders
    pointer: /renders/3/state
    document: /components/schemas/RenderState/enum
    reason: cancelled is announced, ticket 4711
    expires: 2027-02-23
  - {rule: header, operation: listRenders, pointer: X-Total, reason: soon, expires: "2027-02-23"}
  - rule: operation
    reason: an old path
    expires: 2026-01-01
`

func day(t testing.TB, text string) time.Time {
	t.Helper()
	out, err := time.Parse(time.DateOnly, text)
	require.NoError(t, err)
	return out
}

func baseline(t testing.TB, text string) *traffic.Baseline {
	t.Helper()
	b, err := traffic.ReadBaseline("ci/baseline.yaml", []byte(text))
	require.NoError(t, err)
	return b
}

func listed(findings ...contract.Finding) contract.Report {
	r := contract.Report{Operation: "listRenders"}
	return r.With(findings...)
}

var (
	state = contract.Finding{Rule: "schema.enum", Severity: contract.Violation, Layer: contract.LayerBody, Pointer: "/renders/0/state",
		Document: "/components/schemas/RenderState/enum", Position: "openapi.yaml:1:2"}
	total   = contract.Finding{Rule: "header", Severity: contract.Violation, Layer: contract.LayerHeader, Pointer: "X-Total"}
	foreign = contract.Finding{Rule: "undocumented-field", Severity: contract.Warning, Layer: contract.LayerBody, Pointer: "/new"}
	unread  = contract.Finding{Rule: "unchecked.cap", Severity: contract.Unchecked, Layer: contract.LayerBody}
)

func TestBaselineAccepts(t *testing.T) {
	t.Parallel()
	elsewhere, otherIndex, otherPlace := state, state, state
	elsewhere.Document = "/components/schemas/Other/enum"
	otherIndex.Pointer, otherIndex.Position = "/renders/17/state", "openapi.yaml:9:9"
	otherPlace.Pointer = "/renders/17/states"
	for _, c := range []struct {
		name     string
		report   contract.Report
		today    string
		accepted int
		verdict  contract.Verdict
	}{
		{"nothing of a clean report", listed(), "2026-11-25", 0, contract.OK},
		{"one that is all", listed(state), "2026-11-25", 1, contract.OK},
		{"any index and any line", listed(otherIndex), "2026-11-25", 1, contract.OK},
		{"another kind beside it", listed(state, total), "2026-11-25", 2, contract.OK},
		{"not a warning beside it", listed(state, foreign), "2026-11-25", 1, contract.Warning},
		{"not what is unchecked beside it", listed(state, foreign, unread), "2026-11-25", 1, contract.Unchecked},
		{"not the same elsewhere in the document", listed(elsewhere), "2026-11-25", 0, contract.Violation},
		{"not the same elsewhere in the body", listed(otherPlace), "2026-11-25", 0, contract.Violation},
		{"not another operation's", contract.Report{Operation: "readRender"}.With(state), "2026-11-25", 0, contract.Violation},
		{"on its last day", listed(state), "2027-02-23", 1, contract.OK},
		{"not after it", listed(state), "2027-02-24", 0, contract.Violation},
	} {
		before := c.report
		left, out := baseline(t, accepted).Apply(c.report, day(t, c.today))
		require.Len(t, out, c.accepted, c.name)
		require.Len(t, left.Findings, len(c.report.Findings)-c.accepted, c.name)
		require.Equal(t, c.verdict, left.Verdict, c.name)
		require.Equal(t, before, c.report, c.name)
	}
}

// Nobody knows what was left out: only that it was no worse than the least of what is listed.
func TestVerdictCountsWhatWasLeftOut(t *testing.T) {
	t.Parallel()
	prose := contract.Finding{Rule: "lifecycle.link", Severity: contract.Warning, Layer: contract.LayerLifecycle}
	for _, c := range []struct {
		name   string
		report contract.Report
		want   contract.Verdict
	}{
		{"as bad as what is accepted", listed(state), contract.Violation},
		{"a warning is listed too", listed(state, foreign), contract.Warning},
		{"a rule of prose says nothing of it", listed(state, prose), contract.Violation},
	} {
		c.report.Omitted = 3
		left, _ := baseline(t, accepted).Apply(c.report, day(t, "2026-11-25"))
		require.Equal(t, c.want, left.Verdict, c.name)
		require.Equal(t, 3, left.Omitted)
	}
}

func TestBaselineTellsWhatIsStaleAndExpired(t *testing.T) {
	t.Parallel()
	b := baseline(t, accepted)
	require.Len(t, b.Stale(), 3)
	b.Apply(listed(state), day(t, "2026-11-25"))
	old := contract.Report{}.With(contract.Finding{Rule: "operation", Severity: contract.Violation, Layer: contract.LayerOperation})
	left, out := b.Apply(old, day(t, "2026-11-25"))
	require.Empty(t, out)
	require.Equal(t, contract.Violation, left.Verdict)
	require.Equal(t, []string{"ci/baseline.yaml:9: header at X-Total of listRenders: nothing showed it: take it out"}, b.Stale())
	require.Equal(t, []string{"ci/baseline.yaml:10: operation of no documented operation: accepted until 2026-01-01: see that it is mended, or give it a new day"}, b.Expired())
}

func TestBaselineIsMerged(t *testing.T) {
	t.Parallel()
	b := baseline(t, accepted)
	third := state
	third.Pointer = "/renders/2/state"
	require.Equal(t, 1, b.Accept(listed(state, third, foreign), "found on the first day: all of it\nticket 1", day(t, "2027-01-31")))
	require.Zero(t, b.Accept(listed(foreign), "again", day(t, "2028-01-31")))
	require.Len(t, b.Stale(), 2)
	text, err := b.Encode()
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(text), "# What is accepted"))
	require.Equal(t, `version: 1
accepted:
- rule: operation
  reason: an old path
  expires: 2026-01-01
- rule: header
  operation: listRenders
  pointer: X-Total
  reason: soon
  expires: 2027-02-23
- rule: schema.enum
  operation: listRenders
  pointer: /renders/*/state
  document: /components/schemas/RenderState/enum
  reason: cancelled is announced, ticket 4711
  expires: 2027-02-23
- rule: undocumented-field
  operation: listRenders
  pointer: /new
  reason: |-
    found on the first day: all of it
    ticket 1
  expires: 2027-01-31
`, string(text[strings.Index(string(text), "version"):]))
	again, err := baseline(t, string(text)).Encode()
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	left, _ := baseline(t, string(text)).Apply(listed(state, foreign), day(t, "2027-01-31"))
	require.Equal(t, contract.OK, left.Verdict)
}

func TestEmptyBaseline(t *testing.T) {
	t.Parallel()
	var b traffic.Baseline
	left, out := b.Apply(listed(state), day(t, "2026-11-25"))
	require.Empty(t, out)
	require.Equal(t, listed(state), left)
	text, err := b.Encode()
	require.NoError(t, err)
	require.Contains(t, string(text), "accepted: []\n")
	require.Empty(t, baseline(t, string(text)).Stale())
	require.Empty(t, baseline(t, "version: 1\naccepted:\n").Stale())

	b.Accept(listed(state), " ", day(t, "2026-11-25"))
	_, err = b.Encode()
	require.ErrorContains(t, err, "schema.enum at /renders/*/state of listRenders has no reason")
}

func TestBaselineRefusesWhatIsNotWhole(t *testing.T) {
	t.Parallel()
	entry := func(members string) string { return "version: 1\naccepted:\n- " + members + "\n" }
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "b.yaml:1: no baseline: want version: 1"},
		{"no YAML", "version: [", "b.yaml:"},
		{"no object", "[]", "b.yaml:1: want version, accepted"},
		{"no version", "accepted: []", "b.yaml:1: no version: write version: 1"},
		{"another version", "version: 2", `b.yaml:1: version "2" is not known: want 1`},
		{"two documents", "version: 1\n---\nversion: 1", "b.yaml:2: a second document begins"},
		{"an unknown name", entry("{rule: a, why: b}"), `b.yaml:3: "why" is not known here: want rule, operation`},
		{"a name twice", entry("{rule: a, rule: b}"), "b.yaml:3: rule comes twice"},
		{"no list", "version: 1\naccepted: x", "b.yaml:2: accepted is no list"},
		{"no rule", entry("{reason: a, expires: 2027-02-23}"), "b.yaml:3: no rule: write which"},
		{"no reason", entry("{rule: status, expires: 2027-02-23}"), "b.yaml:3: status of no documented operation has no reason: write why"},
		{"a blank reason", entry(`{rule: status, reason: " ", expires: 2027-02-23}`), "has no reason"},
		{"a reason that is null", entry(`{rule: status, reason: ~, expires: 2027-02-23}`), "has no reason"},
		{"a reason that is no text", entry(`{rule: status, reason: [a], expires: 2027-02-23}`), "b.yaml:3: reason is no text"},
		{"no day", entry("{rule: status, reason: a}"), "has no day on which it expires: write one, as expires: 2027-02-23"},
		{"a day that is none", entry("{rule: status, reason: a, expires: 2027-02-30}"), "b.yaml:3: expires is no day"},
		{"a time", entry("{rule: status, reason: a, expires: 2027-02-23T00:00:00Z}"), "b.yaml:3: expires is no day"},
		{"one twice", entry("{rule: a, pointer: /1/x, reason: a, expires: 2027-02-23}\n- {rule: a, pointer: /*/x, reason: b, expires: 2027-02-24}"),
			"b.yaml:4: a at /*/x of no documented operation is accepted twice: see b.yaml:3"},
		{"a key for a name", entry("{sk_live_planted: a}"), `b.yaml:3: "…" is not known`},
		{"a key for a rule", entry("{rule: sk_live_planted}"), "b.yaml:3: … of no documented operation has no reason"},
	} {
		_, err := traffic.ReadBaseline("b.yaml", []byte(c.text))
		require.ErrorContains(t, err, c.want, c.name)
		require.NotContains(t, err.Error(), "\n", c.name)
		require.NotContains(t, err.Error(), "planted", c.name)
	}
}

func TestBaselineTakesManyAtOnce(t *testing.T) {
	t.Parallel()
	b := baseline(t, accepted)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				b.Apply(listed(state, total), day(t, "2026-11-25"))
				b.Accept(listed(foreign), "new", day(t, "2027-01-01"))
				b.Stale()
			}
		})
	}
	wg.Wait()
	require.Len(t, b.Stale(), 1)
}

// What can be read is written so that it is read to the same.
func FuzzBaseline(f *testing.F) {
	for _, seed := range []string{accepted, "", "version: 1", "version: 1\naccepted: [{rule: \"a\\n\", reason: '#', expires: 2027-02-23}]", "version: 1\naccepted:\n- &a {rule: b}\n- *a"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := traffic.ReadBaseline("b.yaml", data)
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "b.yaml:"), err.Error())
			require.NotContains(t, err.Error(), "\n")
			return
		}
		text, err := b.Encode()
		require.NoError(t, err)
		again, err := baseline(t, string(text)).Encode()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	})
}
