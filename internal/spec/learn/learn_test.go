package learn_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/racetest"
	"github.com/roughy-go/roughy/internal/spec/learn"
	"github.com/roughy-go/roughy/internal/spec/lint"
	"github.com/roughy-go/roughy/internal/spec/overlay"
	"github.com/roughy-go/roughy/internal/traffic"
)

// learned is what traffic teaches our document, and the document with it, encoded and read again on the way.
func learned(t *testing.T, document []byte, entries []traffic.Entry) (learn.Learned, []byte, string) {
	t.Helper()
	l, err := learn.New("openapi.yaml", document, learn.Options{})
	require.NoError(t, err)
	for _, e := range entries {
		l.Add(e)
	}
	out := l.Learned()
	o, labels, err := l.Overlay(out, "traffic", document, func(_, _ []byte) (learn.Label, error) {
		return learn.Label{Breaking: true, Rules: []string{"a-rule"}}, nil
	})
	require.NoError(t, err)
	require.Len(t, labels, len(out.Proposals))
	text, err := o.Encode()
	require.NoError(t, err)
	read, err := overlay.Read("o.yaml", text)
	require.NoError(t, err)
	r, err := overlay.Apply("openapi.yaml", document, read, false)
	require.NoError(t, err, "%s", text)
	again, err := overlay.Apply("openapi.yaml", r.Data, read, false)
	require.NoError(t, err)
	require.Equal(t, string(r.Data), string(again.Data), "applied twice")
	return out, r.Data, string(text)
}

func textsOf(out learn.Learned) (texts []string) {
	for _, p := range out.Proposals {
		texts = append(texts, p.Text)
	}
	return texts
}

// keeps holds the same traffic to a document.
func keeps(t *testing.T, document []byte, entries []traffic.Entry) {
	t.Helper()
	c, err := contract.Load("openapi.yaml", document)
	require.NoError(t, err)
	for _, e := range entries {
		r := c.Check(e.Exchange)
		require.Equal(t, contract.OK, r.Verdict, "%d: %v\n%s", e.Number, r.Findings, e.Body)
	}
}

// gone are the lines of before that are not in after, as a diff has it.
func gone(before, after []byte) (lines []string) {
	for line := range strings.SplitSeq(string(diff.Diff("before", before, "after", after)), "\n") {
		if strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "--- ") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestNothingIsLearnedFromWhatIsDocumented(t *testing.T) {
	t.Parallel()
	out, document, text := learned(t, roughy.Spec(), exchanges(80, 1))
	require.Empty(t, out.Proposals)
	require.Empty(t, out.Rest)
	require.Equal(t, 80, out.Exchanges)
	require.Equal(t, string(roughy.Spec()), string(document))
	require.Contains(t, text, "actions: []")
}

// Every drift is proposed, and nothing else is; and the document then describes the traffic.
func TestEveryDriftIsLearned(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entries := exchanges(120, 2, name)
			out, document, text := learned(t, roughy.Spec(), entries)
			want := wanted([]string{name})
			require.Equal(t, want, fronts(textsOf(out), want))
			require.Empty(t, out.Rest)
			keeps(t, document, entries)
			require.LessOrEqual(t, len(gone(roughy.Spec(), document)), 3, "%s", diff.Diff("before", roughy.Spec(), "after", document))
			keepsSecrets(t, text)
			report, err := lint.Lint("openapi.yaml", document, lint.House)
			require.NoError(t, err)
			require.Zero(t, report.Count(contract.Violation), report.Findings)

			after, same, _ := learned(t, document, entries)
			require.Empty(t, after.Proposals, "what was learned is known")
			require.Equal(t, string(document), string(same))
		})
	}
}

// The same for drifts that come together.
func TestDriftsAreLearnedTogether(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	for seed := range uint64(20) {
		with := together(rand.New(rand.NewPCG(seed, 1)))
		t.Run(strings.Join(with, ", "), func(t *testing.T) {
			t.Parallel()
			entries := exchanges(160, seed, with...)
			out, document, text := learned(t, roughy.Spec(), entries)
			want := wanted(with)
			require.Subset(t, fronts(textsOf(out), want), want)
			keeps(t, document, entries)
			keepsSecrets(t, text)
		})
	}
}

// One drift puts a keyword into x-ours, where another one takes out all that was there.
func TestWhatIsOursStaysSo(t *testing.T) {
	t.Parallel()
	entries := exchanges(160, 1, "more than an int64", "a text for a size")
	_, document, _ := learned(t, roughy.Spec(), entries)
	keeps(t, document, entries)
	require.Contains(t, string(document), "        size_bytes:\n          type: [integer, string, \"null\"]\n")
	require.Contains(t, string(document), "our addition.\n          x-documented: reference\n          x-ours: [type]\n")
}

func keepsSecrets(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{"LEAK", "sk_", "asset_gone", "storage.example", "0192f0c1", "cdn.example", "bt709", "h264", "ast_"} {
		require.NotContains(t, text, secret)
	}
}

func TestTheOverlaySaysWhy(t *testing.T) {
	t.Parallel()
	_, _, text := learned(t, roughy.Spec(), exchanges(80, 3, "a field"))
	var o struct {
		Overlay string
		Extends string
		Base    map[string]string `yaml:"x-base"`
		Actions []struct {
			Target     string
			Update     map[string]any
			Confidence string         `yaml:"x-confidence"`
			Evidence   map[string]any `yaml:"x-evidence"`
			Oasdiff    map[string]any `yaml:"x-oasdiff"`
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(text), &o))
	require.Equal(t, "1.0.0", o.Overlay)
	require.Equal(t, "openapi.yaml", o.Extends)
	require.Equal(t, "1.0.0", o.Base["version"])
	require.Len(t, o.Actions, 1)
	a := o.Actions[0]
	require.Equal(t, "$.components.schemas.Render", a.Target)
	require.Equal(t, map[string]any{"properties": map[string]any{"codec": map[string]any{
		"type": "string", "description": "Seen in traffic; nothing documents it.", "x-documented": "observed"}}}, a.Update)
	require.Equal(t, "high", a.Confidence)
	require.Equal(t, map[string]any{"exchanges": 70, "renders": 40, "first-seen": "2026-11-01T10:00:00Z", "last-seen": "2026-11-01T10:01:18Z",
		"states": map[string]any{"completed": 20, "failed": 10, "pending": 20, "processing": 20}}, a.Evidence)
	require.Equal(t, map[string]any{"breaking": true, "rules": []any{"a-rule"}}, a.Oasdiff)
}

func TestTooLittleIsNotProposed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		entries []traffic.Entry
		why     string
	}{
		"one answer":     {append(exchanges(40, 1), exchanges(1, 1, "a field")...), "too little was seen: wanted are at least 2 in exchanges, and 1 in renders"},
		"one other type": {append(exchanges(40, 1), one(exchanges(400, 1, "a text for a size"), "7340032\"")), "too little was seen"},
		"another type of one render": {append(exchanges(40, 1), again(one(exchanges(400, 1, "a text for a size"), "7340032\""), 20)...),
			"too little was seen: wanted are at least 2 in exchanges, and 2 in renders"},
		"a few of many": {spread(t, "a text for a size", 400, 100),
			"a conflict: it is in 1.1 % of the answers since the first of them, which looks like a fault of the API"},
		"HTML": {inHTML(exchanges(30, 1)), "HTML comes from what stands in front of the API"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, document, _ := learned(t, roughy.Spec(), c.entries)
			require.Empty(t, out.Proposals)
			require.NotEmpty(t, out.Rest)
			for _, r := range out.Rest {
				require.Contains(t, r.Why, c.why)
			}
			require.Equal(t, string(roughy.Spec()), string(document))
		})
	}
}

func again(e traffic.Entry, n int) []traffic.Entry { return slices.Repeat([]traffic.Entry{e}, n) }

// A recording of one render that is read again and again is all that many people have.
func TestOneRenderIsLearnedFromToo(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a field", "a state", "null for an id"} {
		first := one(exchanges(400, 1, name), map[string]string{"a field": "h264", "a state": "cancelled", "null for an id": `"asset_id":null`}[name])
		out, _, _ := learned(t, roughy.Spec(), again(first, 5))
		require.Equal(t, plants[name].want, fronts(textsOf(out), plants[name].want), name)
		require.Equal(t, 1, out.Proposals[0].Evidence.Renders)
		require.Equal(t, "low", out.Proposals[0].Confidence)
	}
}

// one is the first entry whose body has a text.
func one(entries []traffic.Entry, text string) traffic.Entry {
	for _, e := range entries {
		if strings.Contains(string(e.Body), text) {
			return e
		}
	}
	return traffic.Entry{}
}

// spread is traffic in which each so many-th answer has a drift.
func spread(t *testing.T, name string, n, each int) []traffic.Entry {
	t.Helper()
	out, drifted := exchanges(n, 1), exchanges(n, 1, name)
	for i := 0; i < n; i += each {
		for j := i; j < n; j++ {
			if string(drifted[j].Body) != string(out[j].Body) {
				out[j] = drifted[j]
				break
			}
		}
	}
	return out
}

func inHTML(entries []traffic.Entry) []traffic.Entry {
	for i := range entries {
		if i%3 == 0 {
			entries[i].Status, entries[i].Body = 502, []byte("<html>down</html>")
			entries[i].Header = map[string][]string{"Content-Type": {"text/html"}, "X-Request-Id": {"1"}}
		}
	}
	return entries[:len(entries):len(entries)]
}

func TestValuesThatAreNoWordsStayOut(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"an id": "0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90", "a key": "sk_live_LEAK", "a sentence": "the disk is full", "a hash": "deadbeefdeadbeef", "a token": "aB3xY9zQ1",
		"a key of a service": "ghp_abcdefghijklmnop", "a secret of webhooks": "whsec_abcdef",
		"a short hash": "6553f067", "a hash of little but digits": "0252f615", "a hash of six": "a1ffce", "a hash in two": "4cfa-0116", "a shouted hash": "4CFA0116",
		"an id of digits": "74q2291", "an id behind a word": "job_74q2291",
		"a mail address": "me@example.com", "a link": "https://a.example/x", "what the request was allowed by": "LEAKleak79",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entries := exchanges(40, 1, "a state")
			for i, e := range entries {
				entries[i].Body = []byte(strings.Replace(string(e.Body), "cancelled", value, 1))
				entries[i].Request.Set("Authorization", "Bearer LEAKleak79")
			}
			out, _, text := learned(t, roughy.Spec(), entries)
			require.Empty(t, out.Proposals)
			require.Len(t, out.Rest, 1)
			require.NotContains(t, out.Rest[0].Text+text, value)
			require.NotContains(t, out.Rest[0].Evidence.States, value)
		})
	}
}

func TestWordsWithNumbersAreWords(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"h264", "mp4", "1080p", "4k", "av1", "v2", "step_2", "http2", "sha256", "utf8", "utf-8", "ipv6", "base64", "3gp", "bt2020",
		"yuv420p", "1080p60", "1920x1080", "1.2.0", "iso-8859-1", "decade"} {
		entries := exchanges(40, 1, "a state")
		for i, e := range entries {
			entries[i].Body = []byte(strings.Replace(string(e.Body), "cancelled", word, 1))
		}
		out, _, _ := learned(t, roughy.Spec(), entries)
		require.Equal(t, []string{"new value " + word + " of RenderState"}, textsOf(out))
	}
}

// More new values than are documented, which are four, are a crowd.
func TestACrowdIsMoreThanIsDocumented(t *testing.T) {
	t.Parallel()
	for n, proposed := range map[int]int{4: 4, 5: 0} {
		entries := exchanges(400, 1, "a state")
		for i := range entries {
			name := []string{"alice", "bob", "carla", "dan", "erin"}[(i/5)%n]
			entries[i].Body = []byte(strings.Replace(string(entries[i].Body), "cancelled", name, 1))
		}
		out, _, text := learned(t, roughy.Spec(), entries)
		require.Len(t, out.Proposals, proposed)
		if proposed == 0 {
			require.Equal(t, "new values of RenderState", out.Rest[0].Text)
			require.NotContains(t, text, "alice")
		}
	}
}

func TestManyNewValuesAreToldAtOnceAndWithoutThem(t *testing.T) {
	t.Parallel()
	entries := exchanges(400, 1, "a state")
	for i := range entries {
		entries[i].Body = []byte(strings.Replace(string(entries[i].Body), "cancelled", fmt.Sprintf("step%c", 'a'+i%26), 1))
	}
	out, _, _ := learned(t, roughy.Spec(), entries)
	require.Empty(t, out.Proposals)
	require.Len(t, out.Rest, 1)
	require.Equal(t, "new values of RenderState", out.Rest[0].Text)
	with, _, _ := learned(t, roughy.Spec(), exchanges(400, 1, "a state"))
	want := with.Proposals[0].Evidence
	require.Equal(t, want.Exchanges, out.Rest[0].Evidence.Exchanges, "those are counted too that came before there were too many")
	require.Equal(t, want.First, out.Rest[0].Evidence.First)
	require.Equal(t, map[string]int{"another": want.Exchanges}, out.Rest[0].Evidence.States)
}

func TestNamesOfMembers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ member, proposed, refused string }{
		"in another alphabet": {"ключ", "new field ключ of Render, string", ""},
		"of a dialect":        {"@type", "new field @type of Render, string", ""},
		"a mail address":      {"bob@corp.example", "", "a member of Render whose name is no plain one"},
		"two words":           {"Jane Doe", "", "a member of Render whose name is no plain one"},
		"a key":               {"sk_live_abc", "", "a member of Render whose name is no plain one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entries := exchanges(40, 1, "a field")
			for i := range entries {
				entries[i].Body = []byte(strings.Replace(string(entries[i].Body), `"codec"`, strconv.Quote(c.member), 1))
			}
			out, document, text := learned(t, roughy.Spec(), entries)
			if c.proposed != "" {
				require.Equal(t, []string{c.proposed}, textsOf(out))
				keeps(t, document, entries)
				return
			}
			require.Empty(t, out.Proposals)
			require.Equal(t, map[string]int{c.refused: 35}, out.Broken)
			require.NotContains(t, text, c.member)
		})
	}
}

func TestAFieldOfManyTypesIsHardlyBelieved(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{`"a"`: "high", `null`: "low", `[1,"a",true,{}]`: "high"} {
		entries := exchanges(80, 1, "a field")
		for i := range entries {
			entries[i].Body = []byte(strings.Replace(string(entries[i].Body), `"h264"`, value, 1))
		}
		out, _, _ := learned(t, roughy.Spec(), entries)
		require.Equal(t, want, out.Proposals[0].Confidence, value)
	}
	out, _, _ := learned(t, roughy.Spec(), exchanges(80, 1, "mixed types"))
	require.Equal(t, "medium", out.Proposals[0].Confidence)
}

func TestMembersOfAMapAreNoFields(t *testing.T) {
	t.Parallel()
	entries := exchanges(300, 1, "a field")
	for i := range entries {
		entries[i].Body = []byte(strings.Replace(string(entries[i].Body), `"codec"`, fmt.Sprintf(`"m%c%c":1,"codec"`, 'a'+i%13, 'a'+i%12), 1))
	}
	out, _, _ := learned(t, roughy.Spec(), entries)
	require.Equal(t, []string{"new field codec of Render, string"}, textsOf(out))
	require.Equal(t, "new fields of Render", out.Rest[len(out.Rest)-1].Text)
}
