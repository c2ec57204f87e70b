package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// overlooked names for each of the table's defects who does not notice it. All others do.
func overlooked() map[string][]string {
	return map[string][]string{
		rowUnknown:   {nameKin, nameLib, nameJSONSchema, nameModel, nameOgen},
		rowDefective: {nameModel},
	}
}

func TestEveryContenderJudgesEveryResponse(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			requireVerdicts(t, s, overlooked()[s.name]...)
		})
	}
}

// The table's two defects do not say much of what a contender looks at. These do: whoever did not assert formats, say,
// would be fast for no merit.
func TestContendersLookAtWhatTheyAreMeasuredFor(t *testing.T) {
	t.Parallel()
	short, list := string(renderBody(rowClean)), string(renderBody(rowList))
	last := strings.LastIndex(list, `"state":"`) + len(`"state":"`)
	for _, c := range []struct {
		name        string
		shape       shape
		body        string
		overlooking []string
	}{
		{"an id that is no UUID", renderShape(), swap(t, short, `"id":"0192f0c1-`, `"id":"0192f0c1+`), nil},
		{"a time that is none", renderShape(), swap(t, short, "2026-10-31T", "2026-13-31T"), nil},
		{"an undocumented state", renderShape(), swap(t, short, "processing", "resting"), []string{nameModel}},
		{"an undocumented format inside", renderShape(), swap(t, short, `"mp4"`, `"avi"`), []string{nameModel}},
		{"a null where none may be", renderShape(), swap(t, short, `"processing"`, "null"), []string{nameModel}},
		{"another type", renderShape(), swap(t, short, "23.976", `"23.976"`), nil},
		{"no JSON", renderShape(), strings.TrimSuffix(short, "}"), nil},
		{"a defect in a list's last render", rendersShape(), list[:last] + "x" + list[last:], []string{nameModel}},
		{"an event of no kind", eventShape(), swap(t, bodyEvent, "render.completed", "render.lost"), nil},
		{"an event of another kind", eventShape(), swap(t, bodyEvent, "render.completed", "render.failed"), nil},
		{"a bound that is broken in an event", eventShape(), swap(t, bodyEvent, "12.48", "-12.48"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			requireVerdicts(t, sample{c.shape, c.name, []byte(c.body), true}, c.overlooking...)
		})
	}
}

// requireVerdicts lets all who fit judge s twice, as the second time must be as good as the first.
func requireVerdicts(t *testing.T, s sample, overlooking ...string) {
	t.Helper()
	r, err := s.row(contenders())
	require.NoError(t, err)
	require.Equal(t, nameOurs, r.entries[0].contender)
	for _, e := range r.entries {
		want := s.defect && !slices.Contains(overlooking, e.contender)
		require.Equal(t, want, e.run(), "%s notices", e.contender)
		require.Equal(t, want, e.run(), "%s notices the second time", e.contender)
	}
}

func TestEveryContenderLoadsEveryDocument(t *testing.T) {
	rows, err := loadRows()
	require.NoError(t, err)
	for _, r := range rows {
		for _, e := range r.entries {
			t.Run(r.name+" by "+e.contender, func(t *testing.T) {
				if testing.Short() && r.name == rowLoadLarge && e.contender == nameLib {
					t.Skip("takes some ten seconds")
				}
				require.False(t, e.run())
			})
		}
	}
}

func TestRowRefusesUnequalWork(t *testing.T) {
	t.Parallel()
	yes, no := func() bool { return true }, func() bool { return false }
	_, err := row{name: "clean"}.verdict(entry{contender: nameKin, run: yes})
	require.EqualError(t, err, "clean: kin-openapi filter refuses what is clean")
	_, err = row{name: "broken", defect: true}.verdict(entry{contender: nameOurs, run: no})
	require.EqualError(t, err, "broken: ours overlooks the defect")
	noticed, err := row{name: "broken", defect: true}.verdict(entry{contender: nameModel, run: no})
	require.NoError(t, err)
	require.False(t, noticed)
}

func TestLapsRefuseAnotherVerdictThanTheFirst(t *testing.T) {
	t.Parallel()
	runs := 0
	m := measurement{entry: entry{run: func() bool { runs++; return runs == 8 }}}
	_, err := m.lap(3)
	require.NoError(t, err)
	_, err = m.lap(3)
	require.EqualError(t, err, "another verdict than the first time")
}

func renderBody(name string) []byte {
	all := samples()
	return all[slices.IndexFunc(all, func(s sample) bool { return s.name == name })].body
}

func swap(t *testing.T, body, old, with string) string {
	t.Helper()
	require.Contains(t, body, old)
	return strings.Replace(body, old, with, 1)
}
