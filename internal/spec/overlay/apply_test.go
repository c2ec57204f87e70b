package overlay_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/spec/overlay"
)

// applied is a document after an overlay of these actions, which is applied twice.
func applied(t *testing.T, doc, actions string) (string, error) {
	t.Helper()
	o, err := overlay.Read("o.yaml", []byte("overlay: 1.0.0\ninfo: {title: t, version: 1}\nactions:\n"+actions))
	require.NoError(t, err)
	r, err := overlay.Apply("d.yaml", []byte(doc), o, false)
	if err != nil {
		return "", err
	}
	again, err := overlay.Apply("d.yaml", r.Data, o, false)
	if err != nil {
		require.ErrorContains(t, err, "and no other action hits anything", "applied twice")
		return string(r.Data), nil
	}
	require.Equal(t, string(r.Data), string(again.Data), "applied twice")
	require.Zero(t, again.Changed)
	return string(r.Data), nil
}

func TestApplyLeavesWhatItDoesNotSpeakOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ doc, actions, want string }{
		"a member behind a comment": {
			"a: # first\n  x: 1   # one\n\n  # after\nb: 2\n", "- {target: $.a, update: {k: 2}}",
			"a: # first\n  x: 1   # one\n  k: 2\n\n  # after\nb: 2\n"},
		"a member behind comments of the one before": {
			"a:\n  x:\n    p: 1\n\n    # of x\n  # of a\nb: 2\n", "- {target: $.a, update: {k: 2}}",
			"a:\n  x:\n    p: 1\n\n    # of x\n  k: 2\n  # of a\nb: 2\n"},
		"a member of a member": {
			"a:\n    x:\n        p: 1\nb: 2\n", "- {target: $.a.x, update: {q: {r: s}}}",
			"a:\n    x:\n        p: 1\n        q: {r: s}\nb: 2\n"},
		"an object in lines": {
			"a:\n  x: 1\n", "- target: $.a\n  update:\n    k:\n      type: [string, \"null\"]\n      description: \"a: b\"\n",
			"a:\n  x: 1\n  k:\n    type: [string, \"null\"]\n    description: \"a: b\"\n"},
		"no break at the end":             {"a:\n  x: 1", "- {target: $.a, update: {k: 2}}", "a:\n  x: 1\n  k: 2"},
		"CRLF":                            {"a:\r\n  x: 1\r\nb: 2\r\n", "- {target: $.a, update: {k: 2}}", "a:\r\n  x: 1\r\n  k: 2\r\nb: 2\r\n"},
		"a byte order mark":               {"\ufeffa: {x: 1}\n", "- {target: $, update: {b: 2}}", "\ufeffa: {x: 1}\nb: 2\n"},
		"in braces":                       {"a: {x: 1} # c\n", "- {target: $.a, update: {w: two}}", "a: {x: 1, w: two} # c\n"},
		"in braces with quotes":           {"a: {\"x\": 1}\n", "- {target: $.a, update: {k: two}}", "a: {\"x\": 1, \"k\": \"two\"}\n"},
		"in empty braces":                 {"a: {}\nb: 1\n", "- {target: $.a, update: {k: 2}}", "a:\n  k: 2\nb: 1\n"},
		"in braces on lines":              {"a: {\n  x: 1, # one\n  k: 2 # two\n}\n", "- {target: $.a, update: {z: 3}}", "a: {\n  x: 1, # one\n  k: 2, # two\n  z: 3\n}\n"},
		"behind a comma":                  {"a: [\n  x,\n  k, # two\n]\n", "- {target: $, update: {a: [z]}}", "a: [\n  x,\n  k, # two\n  z,\n]\n"},
		"an item in brackets":             {"e: [pending, 'done']   # all\n", "- {target: $, update: {e: [gone, done]}}", "e: [pending, 'done', gone]   # all\n"},
		"an item by its list":             {"e: [a]\n", "- {target: $.e, update: b}", "e: [a, b]\n"},
		"an item in lines":                {"e:\n- a\n- b # last\nf: 1\n", "- {target: $, update: {e: [c]}}", "e:\n- a\n- b # last\n- c\nf: 1\n"},
		"an item in deeper lines":         {"e:\n    - a\n\n    # end\nf: 1\n", "- {target: $.e, update: {k: 1, l: 2}}", "e:\n    - a\n    - {k: 1, l: 2}\n\n    # end\nf: 1\n"},
		"a word that YAML would take":     {"e: [a]\n", "- {target: $.e, update: 'no'}", "e: [a, \"no\"]\n"},
		"behind a block text":             {"a:\n  x: |\n    one # no comment\n\n    two\n\n  # end\nb: 1\n", "- {target: $.a, update: {k: 2}}", "a:\n  x: |\n    one # no comment\n\n    two\n  k: 2\n\n  # end\nb: 1\n"},
		"behind a block text that keeps":  {"a:\n  x: |+\n    one\n\nb: 1\n", "- {target: $.a, update: {k: 2}}", "a:\n  x: |+\n    one\n\n  k: 2\nb: 1\n"},
		"behind a folded text":            {"a:\n  x: >-\n    one\n    two\nb: 1\n", "- {target: $.a, update: {k: 2}}", "a:\n  x: >-\n    one\n    two\n  k: 2\nb: 1\n"},
		"behind a plain text of lines":    {"a:\n  x: one\n    two\n\n    three # c\nb: 1\n", "- {target: $.a, update: {k: 2}}", "a:\n  x: one\n    two\n\n    three # c\n  k: 2\nb: 1\n"},
		"behind nothing":                  {"a:\n  x: # nothing\nb: 1\n", "- {target: $.a, update: {k: 2}}", "a:\n  x: # nothing\n  k: 2\nb: 1\n"},
		"a value":                         {"a: {x: 'one'} # c\nb: two  # d\n", "- {target: $, update: {b: 3, a: {x: it's}}}", "a: {x: \"it's\"} # c\nb: 3  # d\n"},
		"a value of an umlaut's line":     {"ä: \"ö\" # ü\n", "- {target: $, update: {ä: o}}", "ä: o # ü\n"},
		"a member goes":                   {"a:\n  x: 1 # one\n  # two\n  k: 2\nb: 1\n", "- {target: $.a.x, remove: true}", "a:\n  # two\n  k: 2\nb: 1\n"},
		"the last member goes":            {"a:\n  x: 1\n  k: 2", "- {target: $.a.k, remove: true}", "a:\n  x: 1"},
		"the last member goes, CRLF":      {"a:\r\n  x: 1\r\n  k: 2", "- {target: $.a.k, remove: true}", "a:\r\n  x: 1"},
		"the only member goes":            {"a:\n  x: 1\nb: 2\n", "- {target: $.a.x, remove: true}", "a: {}\nb: 2\n"},
		"a member in braces goes":         {"a: {x: 1, k: 2, z: 3}\n", "- {target: $.a.k, remove: true}", "a: {x: 1, z: 3}\n"},
		"the first in braces goes":        {"a: {x: 1, k: 2}\n", "- {target: $.a.x, remove: true}", "a: {k: 2}\n"},
		"an item goes by what it says":    {"r:\n  - a\n  - b # b\n  - c\n", "- {target: \"$.r[?@ == 'b']\", remove: true}", "r:\n  - a\n  - c\n"},
		"all items go":                    {"r: [a, b]\ns: 1\n", "- {target: '$.r[*]', remove: true}", "r: []\ns: 1\n"},
		"the first behind a dash goes":    {"r:\n  - x: 1\n    k: 2\n", "- {target: '$.r[0].x', remove: true}", "r:\n  - k: 2\n"},
		"another kind in its place":       {"a:\n  type: string # t\n  b: 1\n", "- {target: $.a.type, remove: true}\n- {target: $.a, update: {type: [string, 'null']}}", "a:\n  type: [string, \"null\"] # t\n  b: 1\n"},
		"every place that fits":           {"p:\n  /a: {get: {x: 1}}\n  /b: {get: {x: 1}}\n", "- {target: '$.p.*.get', update: {w: 2}}", "p:\n  /a: {get: {x: 1, w: 2}}\n  /b: {get: {x: 1, w: 2}}\n"},
		"an anchor that nobody uses":      {"a: &x {p: 1}\nb: &k\n  q: 1\n", "- {target: $.a, update: {r: 2}}\n- {target: $.b, update: {r: 2}}", "a: &x {p: 1, r: 2}\nb: &k\n  q: 1\n  r: 2\n"},
		"beside an alias":                 {"a: &x {p: 1}\nb:\n  c: *x\n", "- {target: $.b, update: {r: 2}}", "a: &x {p: 1}\nb:\n  c: *x\n  r: 2\n"},
		"what is behind an alias already": {"a: &x {p: {q: 1}}\nb: *x\n", "- {target: $.*.p, update: {q: 1}}", "a: &x {p: {q: 1}}\nb: *x\n"},
		"JSON":                            {"{\n\t\"a\": {\n\t\t\"x\": [\"p\"],\n\t\t\"e\": {}\n\t}\n}\n", "- {target: $.a, update: {x: [q], k: {z: no way}}}", "{\n\t\"a\": {\n\t\t\"x\": [\"p\", \"q\"],\n\t\t\"e\": {},\n\t\t\"k\": {\n\t\t\t\"z\": \"no way\"\n\t\t}\n\t}\n}\n"},
		"JSON on one line":                {`{"a":{"x":1}}`, "- {target: $.a, update: {k: true}}", `{"a":{"x":1, "k": true}}`},
		"a step as in the blocks around, not in braces": {
			"i: {t: T,\n     v: {\n            w: 1}}\na:\n    b: 1\n", "- target: $.a\n  update:\n    x:\n      k: 1\n",
			"i: {t: T,\n     v: {\n            w: 1}}\na:\n    b: 1\n    x:\n        k: 1\n"},
		"a step of two where there is no block": {
			"i: {t: T, v: {w: 1}}\nb: 1\n", "- target: $\n  update:\n    x:\n      k: 1\n",
			"i: {t: T, v: {w: 1}}\nb: 1\nx:\n  k: 1\n"},
		"a step as in the nearest blocks": {
			"i:\n       t: T\na:\n  b:\n     c: 1\n", "- target: $.a.b\n  update:\n    x:\n      k: 1\n",
			"i:\n       t: T\na:\n  b:\n     c: 1\n     x:\n        k: 1\n"},
		"what is not there goes":          {"a:\n  x: 1\n", "- {target: $.a.k, remove: true}\n- {target: $.a, update: {x: 1}}", "a:\n  x: 1\n"},
		"an item that is not there goes":  {"r: [a]\n", "- {target: \"$.r[?@ == 'b']\", remove: true}\n- {target: $.r, update: a}", "r: [a]\n"},
		"a member goes and another comes": {"a: {x: 1, k: 2}\n", "- {target: $.a.x, remove: true}\n- {target: $.a, update: {z: 3}}", "a: {k: 2, z: 3}\n"},
		"an item goes and another comes":  {"r: [a, b]\n", "- {target: \"$.r[?@ == 'a']\", remove: true}\n- {target: $.r, update: c}", "r: [b, c]\n"},
		"filters":                         {"s:\n  - {url: a}\n  - {url: b}\n", "- {target: \"$.s[?@.url == 'b']\", update: {d: x}}", "s:\n  - {url: a}\n  - {url: b, d: x}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := applied(t, c.doc, c.actions)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ doc, actions, want string }{
		"one that was applied":            {"a: {x: 1}\n", "- {target: $.a.y, remove: true}\n- {target: $.a.z, remove: true}", `o.yaml:4: "$.a.y" hits nothing in d.yaml, and no other action hits anything`},
		"what is nowhere":                 {"a:\n  x: 1\n", "- {target: $..y, remove: true}", `o.yaml:4: "$..y" hits nothing in d.yaml, and no other action hits anything`},
		"what hits nothing":               {"a: 1\n", "- {target: $.b, update: {c: 1}}", `o.yaml:4: "$.b" hits nothing in d.yaml`},
		"a removal in nothing":            {"a: 1\n", "- {target: $.b.c, remove: true}", `o.yaml:4: "$.b.c" hits nothing in d.yaml`},
		"a removal behind an alias":       {"a: &x {p: {q: 1}}\nb: *x\n", "- {target: $.b.p.q, remove: true}", "o.yaml:4: d.yaml/b/p/q is behind an alias: edit it by hand, where its anchor is"},
		"what behind an alias comes back": {"a: &x {p: {q: 1}}\nb: *x\n", "- {target: $.b.p.q, remove: true}\n- {target: $.b.p, update: {q: 2}}", "o.yaml:4: d.yaml/b/p/q is behind an alias"},
		"an update behind an alias":       {"a: &x {p: {q: 1}}\nb: *x\n", "- {target: $.b.p, update: {r: 1}}", "o.yaml:4: d.yaml/b/p is behind an alias: edit it by hand, where its anchor is"},
		"an item by its number":           {"r: [a, it's]\n", "- {target: '$.r[1]', remove: true}", `o.yaml:4: "$.r[1]" takes out another item each time it is applied: say which one, as in "$.r[?@ == 'it\\'s']"`},
		"a number by its number":          {"r: [7]\n", "- {target: '$.r[-1]', remove: true}", `say which one, as in "$.r[?@ == 7]"`},
		"an object by its number":         {"s: [{at: {}, url: u}]\n", "- {target: '$.s[ 0 ]', remove: true}", `say which one, as in "$.s[?@['url'] == 'u']"`},
		"items by their numbers":          {"r: [a, b, c]\n", "- {target: '$.r[0:2]', remove: true}", `say which one, as in "$.r[?@ == 'a']"`},
		"the number of what is not there": {"r: []\n", "- {target: '$.r[0]', remove: true}", `say which one, as in "$.r[?@.name == 'a']"`},
		"a removal that goes on":          {"r: [a, b]\n", "- {target: '$.r[?@ == $.r[0]]', remove: true}", "o.yaml:4: applied again, it would change d.yaml again: write a target that"},
		"an update that goes on":          {"a: {p: {}}\n", "- {target: $..p, update: {q: {p: {}}}}", "o.yaml:4: applied again, it would change d.yaml again: write a target that"},
		"no path":                         {"a: 1\n", "- {target: a.b, update: {c: 1}}", `o.yaml:4: "a.b" is no JSONPath: want one such as $.components.schemas.Render`},
		"another kind":                    {"a:\n  t: x\n", "- {target: $.a, update: {t: [x]}}", "o.yaml:4: d.yaml:2: /a/t is a value, and the overlay has a list for it: an update keeps the kind, so remove it first"},
		"an alias":                        {"a: &x {p: 1}\nb: *x\n", "- {target: $.b, update: {q: 1}}", "o.yaml:4: d.yaml:2: /b is an alias"},
		"what an alias shares":            {"a: &x {p: 1}\nb: *x\n", "- {target: $.a, update: {q: 1}}", "o.yaml:4: d.yaml:1: what is written here cannot be edited without changing more than it should"},
		"two values for one place":        {"a: {x: 1}\n", "- {target: $.a, update: {x: 2}}\n- {target: $.a, update: {x: 3}}", "o.yaml:5: conflicts with the action at line 4: both are about /a/x"},
		"an update of what went":          {"a: {x: {y: 1}, z: 1}\n", "- {target: $.a.x, remove: true}\n- {target: $, update: {a: {x: {y: 2}}}}", "o.yaml:5: conflicts with the action at line 4, which takes out /a/x"},
		"what was set goes":               {"a: {x: {y: 1}, z: 1}\n", "- {target: $.a.x, update: {y: 2}}\n- {target: $.a.x, remove: true}", "o.yaml:5: conflicts with the action at line 4, which sets /a/x/y"},
		"an item in and out":              {"a: [p, q]\n", "- {target: $, update: {a: [r]}}\n- {target: \"$.a[?@ == 'r']\", remove: true}", "o.yaml:5: conflicts with the action at line 4: both are about /a/=!!str r"},
		"a list that is a scalar":         {"a: 1\n", "- {target: $.a, update: [x]}", "a value, and the overlay has a list"},
		"a document that is none":         {"a: [", "- {target: $.a, update: 1}", "d.yaml: not YAML or JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := applied(t, c.doc, c.actions)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"nothing":        {"", "o.yaml: empty: want an OpenAPI overlay"},
		"no YAML":        {"a: [", "o.yaml: not YAML or JSON"},
		"a document":     {"openapi: 3.1.0\n", "o.yaml:1: no OpenAPI overlay: want overlay: 1.0.0 and actions"},
		"two":            {"overlay: 1.0.0\nactions: []\n---\na: 1\n", "o.yaml: a second document begins: want one"},
		"too much":       {"overlay: 1.0.0\nactions: []\n" + strings.Repeat("#\n", 5_000_000), "o.yaml: more than 10 MB: want an overlay of at most that"},
		"a new version":  {"overlay: 2.0.0\nactions: []\n", `o.yaml:1: overlay "2.0.0" is not supported: want 1.0.0`},
		"no actions":     {"overlay: 1.0.0\n", "o.yaml:1: no list of actions"},
		"no target":      {"overlay: 1.0.0\nactions:\n- update: {}\n", "o.yaml:3: an action without a target"},
		"nothing to do":  {"overlay: 1.0.0\nactions:\n- target: $\n", "o.yaml:3: an action that does nothing"},
		"a vague remove": {"overlay: 1.0.0\nactions:\n- {target: $, remove: perhaps}\n", "o.yaml:3: remove: want true or false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := overlay.Read("o.yaml", []byte(c.text))
			require.ErrorContains(t, err, c.want)
		})
	}
}

// Older parsers of YAML take these words for true and false.
func TestWordsOfTruthAreQuoted(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"on", "off", "yes", "no", "y", "N"} {
		o := &overlay.Overlay{Title: "t", Version: "1", Actions: []overlay.Action{{Target: "$.a", Update: overlay.Object(word, overlay.Object("b", word))}}}
		text, err := o.Encode()
		require.NoError(t, err)
		require.Contains(t, string(text), `"`+word+"\":\n        b: \""+word+"\"\n")
		r, err := overlay.Apply("d.yaml", []byte("a:\n  x: 1\n"), o, false)
		require.NoError(t, err)
		require.Equal(t, "a:\n  x: 1\n  \""+word+"\":\n    b: \""+word+"\"\n", string(r.Data))
	}
}

func TestOverlayKnowsItsDocument(t *testing.T) {
	t.Parallel()
	doc := "info: {version: 1.0.0}\na:\n  x: 1\n  y: 2\n"
	digest, err := overlay.Digest([]byte(doc))
	require.NoError(t, err)
	made := &overlay.Overlay{Title: "t", Version: "1", Base: overlay.Base{Version: "1.0.0", Digest: digest}, Actions: []overlay.Action{
		{Target: "$.a.x", Remove: true},
		{Target: "$.a", Description: "Two: of it.", Update: overlay.Object("z", overlay.Object("type", overlay.List("string", "null"))),
			Extensions: []overlay.Extension{{Name: "x-evidence", Value: overlay.Object("exchanges", 3)}}},
	}}
	for name, encode := range map[string]func() ([]byte, error){"YAML": made.Encode, "JSON": made.EncodeJSON} {
		text, err := encode()
		require.NoError(t, err)
		o, err := overlay.Read("o.yaml", text)
		require.NoError(t, err, name)

		r, err := overlay.Apply("d.yaml", []byte(doc), o, false)
		require.NoError(t, err, name)
		require.Equal(t, 2, r.Changed, name)
		again, err := overlay.Apply("d.yaml", r.Data, o, false)
		require.NoError(t, err, "%s: all of it is there", name)
		require.Equal(t, string(r.Data), string(again.Data), name)
		require.Equal(t, 2, again.Kept, name)

		_, err = overlay.Apply("d.yaml", []byte("# a comment and an order are nothing\na:\n  y: 2\n  x: 1\ninfo:\n  version: '1.0.0'\n"), o, false)
		require.NoError(t, err, name)
		for older, versions := range map[string]string{
			strings.Replace(doc, "1.0.0", "1.1.0", 1): ` (it is version "1.1.0" now, and was "1.0.0")`,
			strings.Replace(doc, "a:", "b:", 1):       "",
		} {
			_, err = overlay.Apply("d.yaml", []byte(older), o, false)
			require.ErrorIs(t, err, overlay.ErrStale, name)
			require.EqualError(t, err, "o.yaml: made for another document: d.yaml has changed since"+versions+": learn again from it", name)
		}
		_, err = overlay.Apply("d.yaml", []byte(strings.Replace(doc, "1.0.0", "1.1.0", 1)), o, true)
		require.NoError(t, err, name)
	}
}
