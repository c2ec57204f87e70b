package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// measured is a measurement of made-up times.
func measured(row_, contender string, nanoseconds ...float64) *measurement {
	return &measurement{row: row{name: row_, bytes: 1000}, contender: contender, rounds: nanoseconds}
}

func TestRatioIsTheMedianWithinRounds(t *testing.T) {
	t.Parallel()
	ours, peer := measured("r", nameOurs, 1, 10, 2), measured("r", nameKin, 30, 40, 4)
	require.Equal(t, 2.0, ours.median())
	require.Equal(t, 4.0, peer.over(ours), "not 15, the ratio of the medians")
	require.Equal(t, 17.0, measured("r", nameLib, 30, 40).over(ours), "of the rounds that both took part in")
	require.Equal(t, 500_000.0, ours.throughput())
}

func TestTargets(t *testing.T) {
	t.Parallel()
	r := results{
		measured(rowClean, nameOurs, 1000), measured(rowClean, nameLib, 12000), measured(rowClean, nameKin, 199000),
		measured(rowUnknown, nameOurs, 2001),
		measured(rowLoad, nameOurs, 4.99e6),
		measured(rowLoadLarge, nameOurs, 1e9), measured(rowLoadLarge, nameYardstick, 1e7),
	}
	var got []outcome
	for _, target := range targets() {
		got = append(got, target.outcome(r))
	}
	require.Equal(t, []outcome{
		{"clean render: at most 1/12 of libopenapi-validator", "1/12.0", "met"},
		{"clean render: at most 1/200 of kin's filter", "1/199.0", "not met"},
		{"clean render: no allocation", "0", "met"},
		{"render with an unknown field: at most 2 x the clean one", "2.00 x", "not met"},
		{"check and exact decode: at most 1.0 x encoding/json", "", "not measured"},
		{"check and exact decode, stretch: at most 1.2 x ogen", "", "not measured"},
		{"render without its state: at most 1.0 x libopenapi-validator", "", "not measured"},
		{"list of 1 MB: at least 200 MB/s", "", "not measured"},
		{"load of openapi.yaml: under 5 ms", "4.99 ms, 1/2.0 the yardstick's 10 ms", "met"},
		{"load of a 1 MB document: under 1 s", "1 s, 100.00 x the yardstick's 10 ms", "not met"},
	}, got)
}
