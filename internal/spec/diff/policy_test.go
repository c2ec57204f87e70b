package diff_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/spec/diff"
)

func policy(t *testing.T, text string) diff.Policy {
	t.Helper()
	p, err := diff.ReadPolicy("policy.yaml", []byte(text))
	require.NoError(t, err)
	return p
}

func TestANewStateIsAWarningThatSaysWhy(t *testing.T) {
	t.Parallel()
	shipped, err := diff.Shipped()
	require.NoError(t, err)
	r := compare(t, shipped, "completed, failed]", "completed, failed, cancelled]")
	require.Len(t, r.Changes, 1)
	c := r.Changes[0]
	require.Equal(t, diff.Warning, c.Severity)
	require.Equal(t, diff.Breaking, c.Judged)
	require.Contains(t, c.Tolerated.Reason, "render.cancelled")
	require.Regexp(t, `policy\.yaml:\d+:\d+$`, c.Tolerated.Position)
	require.False(t, r.Broken())
	require.Equal(t, 1, r.Policy.Used)

	r = compare(t, shipped, "[720p, 1080p, 4k]", "[720p, 1080p, 4k, 8k]")
	require.True(t, r.Broken(), "another enum is not tolerated")

	r = compare(t, shipped, "completed, failed]", "completed, failed, cancelled]", "title: Roughy renders", "title: Something else")
	require.False(t, r.Broken(), "it is the same document under a new title")
	require.Empty(t, r.Policy.Elsewhere)
}

func TestAPolicyOfAnotherDocumentSaysSo(t *testing.T) {
	t.Parallel()
	p := policy(t, "document: Pets\ntolerated:\n  - {rule: response-property-became-optional, at: /components, reason: r}\n")
	r := compare(t, p, "        - created_at\n", "")
	require.True(t, r.Broken())
	require.Equal(t, `it is about "Pets", and neither document has this info.title: nothing is tolerated`, r.Policy.Elsewhere)
}

// A title of our document that the policy does not know would switch the policy off at the change after the next.
func TestTheShippedPolicyIsAboutOurDocument(t *testing.T) {
	t.Parallel()
	shipped, err := diff.Shipped()
	require.NoError(t, err)
	require.Empty(t, compare(t, shipped).Policy.Elsewhere)
}

func TestEntriesThatDoNothingAreTold(t *testing.T) {
	t.Parallel()
	p := policy(t, `tolerated:
  - {rule: response-property-became-optional, at: /components/schemas/Gone, reason: r}
  - {rule: response-property-became-optional, at: /components/schemas/Render, reason: r, expires: 2026-11-24}
  - {rule: text-changed, at: /info, reason: r}
  - {rule: response-property-became-optional, at: /components/schemas/Render/required, reason: r, as: note, expires: 2026-11-25}
`)
	r := compare(t, p, "        - created_at\n", "")
	require.Equal(t, diff.Note, r.Changes[0].Severity)
	require.Equal(t, 1, r.Policy.Used)
	require.Len(t, r.Policy.Stale, 1)
	require.Contains(t, r.Policy.Stale[0], "policy.yaml:2:5: response-property-became-optional at /components/schemas/Gone: this place is in neither document")
	require.Len(t, r.Policy.Expired, 1)
	require.Contains(t, r.Policy.Expired[0], "policy.yaml:3:5: ")
	require.Len(t, r.Policy.Unused, 1)
	require.Contains(t, r.Policy.Unused[0], "policy.yaml:4:5: ")
}

func TestAnExpiredEntryToleratesNothing(t *testing.T) {
	t.Parallel()
	p := policy(t, "tolerated:\n  - {rule: response-property-became-optional, at: /components, reason: r, expires: 2026-11-24}\n")
	require.True(t, compare(t, p, "        - created_at\n", "").Broken())
}

func TestPoliciesThatAreWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"no YAML":          {"tolerated: [", "policy.yaml: not YAML"},
		"nothing":          {"", "policy.yaml:1:1: not a policy"},
		"a list":           {"- rule: x", "policy.yaml:1:1: not a policy"},
		"another member":   {"tolerate: []", `policy.yaml:1:1: "tolerate"`},
		"an unknown rule":  {"tolerated:\n  - {rule: nonsense, at: /x, reason: r}", `policy.yaml:2:12: no rule is called "nonsense"`},
		"no rule":          {"tolerated:\n  - {at: /x, reason: r}", "an entry without a rule"},
		"no place":         {"tolerated:\n  - {rule: text-changed, reason: r}", "an entry without a place"},
		"no reason":        {"tolerated:\n  - {rule: text-changed, at: /x}", "an entry without a reason"},
		"a blank reason":   {"tolerated:\n  - {rule: text-changed, at: /x, reason: ' '}", "an entry without a reason"},
		"a break":          {"tolerated:\n  - {rule: text-changed, at: /x, reason: r, as: breaking}", "as: want warning or note"},
		"no day":           {"tolerated:\n  - {rule: text-changed, at: /x, reason: r, expires: soon}", "expires: want a day"},
		"a word too many":  {"tolerated:\n  - {rule: text-changed, at: /x, reason: r, until: 1}", `"until": want rule`},
		"an entry of text": {"tolerated: [x]", "want an entry"},
		"a member twice":   {"document: a\ndocument: b", `policy.yaml:2:1: "document" comes twice`},
		"a reason twice":   {"tolerated:\n  - {rule: text-changed, at: /x, reason: r, reason: s}", `policy.yaml:2:45: "reason" comes twice`},
		"a list of rules":  {"tolerated:\n  - rule: [text-changed]\n    at: /x\n    reason: r", `policy.yaml:2:11: "rule": want a text`},
		"a secret":         {"tolerated:\n  - {rule: sk_live_0123456789abcdef, at: /x, reason: r}", "no rule is called"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := diff.ReadPolicy("policy.yaml", []byte(c.text))
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
			require.NotContains(t, err.Error(), "0123456789abcdef")
		})
	}
}

func TestVersionsAnnounceBreaks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		base, head string
		announced  bool
		says       string
	}{
		"the same":                    {"1.0.0", "1.0.0", false, "still 1.0.0: a break wants 2.0.0"},
		"a patch":                     {"1.0.0", "1.0.1", false, "announces no break: that wants 2.0.0"},
		"a minor one":                 {"1.4.0", "1.5.0", false, "that wants 2.0.0"},
		"a major one":                 {"1.4.0", "2.0.0", true, "announces breaks"},
		"two major ones":              {"1.4.0", "3.1.0", true, "announces breaks"},
		"back":                        {"2.0.0", "1.0.0", false, "goes back"},
		"before 1, a minor one":       {"0.3.1", "0.4.0", true, "announces breaks"},
		"before 1, a patch":           {"0.3.1", "0.3.2", false, "that wants 0.4.0"},
		"to 1":                        {"0.9.0", "1.0.0", true, "announces breaks"},
		"a candidate of the next one": {"1.0.0", "2.0.0-rc.1", true, "announces breaks"},
		"with a v":                    {"v1.0.0", "v2.0.0", true, "announces breaks"},
		"in short":                    {"1.0", "2.0", true, "announces breaks"},
		"days":                        {"2026-01-01", "2026-02-01", false, "only semantic versions"},
		"another build":               {"1.2.3", "1.2.3+a", false, "1.2.3+a, which is the same version but for its build or its writing: a break wants 2.0.0"},
		"the same in short":           {"1.0", "1.0.0", false, "the same version but for"},
		"out of a pre-release":        {"1.0.0-rc.1", "1.0.0", true, "that was a pre-release of a version that may break"},
		"the next pre-release":        {"0.4.0-rc.1", "0.4.0-rc.2", true, "that was a pre-release"},
		"the same pre-release":        {"1.0.0-rc.1", "1.0.0-rc.1", false, "still 1.0.0-rc.1: a break wants 1.0.0"},
		"a pre-release of a minor":    {"1.4.0-rc.1", "1.4.0", false, "that wants 2.0.0"},
		"back to a pre-release":       {"2.0.0", "2.0.0-rc.1", false, "goes back"},
		"none before":                 {"", "1.0.0", false, "info.version 1.0.0, before it (empty): only semantic versions"},
		"none after":                  {"1.0.0", "", false, "info.version (empty), before it 1.0.0"},
		"to a day":                    {"1.0.0", "2026-02-01", false, "only semantic versions"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, head := pair(t, "version: 1.0.0", "version: \""+c.head+"\"", "        - created_at\n", "")
			base.Data = []byte(replaced(t, string(base.Data), "version: 1.0.0", "version: \""+c.base+"\""))
			r, err := diff.Compare(base, head, diff.Policy{}, today)
			require.NoError(t, err)
			require.Equal(t, c.announced, r.Announced)
			require.Equal(t, !c.announced, r.Broken())
			require.Contains(t, r.Announcement, c.says)
		})
	}
}

func TestAVersionThatIsANumberIsRefused(t *testing.T) {
	t.Parallel()
	base, head := pair(t, "version: 1.0.0", "version: 2.10")
	_, err := diff.Compare(base, head, diff.Policy{}, today)
	require.EqualError(t, err, "head.yaml:10:3: info.version is the number 2.10, and has to be a text: put it in quotes")
}
