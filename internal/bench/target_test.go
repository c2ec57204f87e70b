package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// measured is a measurement of made-up times.
func measured(row_, contender string, nanoseconds ...float64) *measurement {
	return &measurement{row: row{name: row_, bytes: 1000}, entry: entry{contender: contender}, allocs: new(0.), rounds: nanoseconds}
}

func TestRatioIsTheMedianWithinRounds(t *testing.T) {
	t.Parallel()
	ours, peer := measured("r", nameOurs, 1, 10, 2), measured("r", nameKin, 30, 40, 4)
	require.Equal(t, 2.0, ours.median())
	require.Equal(t, 4.0, peer.over(ours), "not 15, the ratio of the medians")
	require.Equal(t, 17.0, measured("r", nameLib, 30, 40).over(ours), "of the rounds that both took part in")
	require.Equal(t, 500_000.0, ours.throughput())
}

func TestDifferenceIsTheMedianWithinRounds(t *testing.T) {
	t.Parallel()
	ours, peer := measured("r", nameOurs, 5, 100, 9), measured("r", namePlain, 4, 70, 8)
	require.Equal(t, 1.0, ours.after(peer))
	require.Equal(t, -1.0, peer.after(ours))
}

func TestTargets(t *testing.T) {
	t.Parallel()
	r := results{
		measured(rowClean, nameOurs, 1000), measured(rowClean, nameLib, 12000), measured(rowClean, nameKin, 199000),
		measured(rowUnknown, nameOurs, 2001),
		measured(rowLoad, nameOurs, 4.99e6),
		measured(rowLoadLarge, nameOurs, 1e9), measured(rowLoadLarge, nameYardstick, 1e7),
		measured(rowRecorded, nameOurs, 20e6), measured(rowRecorded, nameLib, 200e6), measured(rowRecorded, nameCommand, 120e6),
		measured(rowFirst, nameOurs, 50e6), measured(rowFirst, nameVersion, 25e6),
		measured(rowProxy, nameOurs, 1e5), measured(rowProxy, namePlain, 9e4), measured(rowProxy, namePrism, 599e3),
		measured(rowStream, nameOurs, 900e3), measured(rowStream, namePlain, 1e6),
		measured(rowClient, nameOurs, 110e3), measured(rowClient, nameBare, 100e3),
		measured(rowDownload, nameOurs, 1e4), measured(rowDownload, nameCurlSync, 9.4e3), measured(rowDownload, nameCurl, 4e3),
		measured(rowGet, nameOurs, 1e9/32e3), measured(rowGet, nameHandler, 1e9/80e3), measured(rowGetTail, nameOurs, 20e6),
		measured(rowGetPostgres, nameOurs, 1e9/31.6e3), measured(rowGetPostgres, namePgbench, 1e9/40e3),
		measured(rowStarted, nameOurs, 99.9e6), measured(rowStartedPostgres, nameOurs, 25e6),
		measured(rowSize, nameOurs, 120e3), measured(rowSize, nameFew, 100e3),
		measured(rowSize, nameStore, 20e3), measured(rowSize, nameStoreFew, 10e3),
		measured(rowIdle, nameOurs, 20e6), measured(rowIdlePostgres, nameOurs, 5e6),
		measured(rowEncode, nameOurs, 2.1e9), measured(rowEncode, nameFFmpeg, 2e9), measured(rowEncode, nameWhole, 2.2e9),
	}
	r.at(rowProxy, nameOurs).held = &memory{resident: 30 << 20, peak: 40 << 20}
	r.at(rowIdle, nameOurs).held = &memory{resident: 40 << 20, peak: 60 << 20}
	r.at(rowDownload, nameOurs).held = &memory{resident: 20 << 20, peak: 32<<20 + 1<<19}
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
		{"10,000 recorded renders: at most 1/10 of libopenapi-validator", "1/10.0", "met"},
		{"10,000 recorded renders, the whole command beside libopenapi-validator", "0.60 x", "not promised"},
		{"first verdict on a recorded render: under 50 ms", "50 ms, 2.00 x the yardstick's 25 ms", "not met"},
		{"first verdict on 10,000 recorded renders: under 50 ms", "", "not measured"},
		{"proxy: at least 0.9 x the answers of a plain one", "0.90 x, 10000/s beside 11111/s", "met"},
		{"proxy: at least 6 x the answers of Prism", "5.99 x, 10000/s beside 1669/s", "not met"},
		{"proxy: the answers of Prism when it is quiet", "", "not measured"},
		{"proxy: at most 40 MiB resident at its peak", "40.0 MiB, in the end 30.0 MiB", "met"},
		{"first byte of a stream: at most 1 ms after a plain proxy's", "-0.100 ms, 900 µs beside 1 ms", "met"},
		{"client: at most 1.10 x the bare generated one", "1.10 x", "met"},
		{"client: beside the bare generated one with a timeout", "", "not measured"},
		{"download of 1 GB: at least 0.95 x the rate of curl, then sync", "0.94 x, 100 MB/s beside 106 MB/s", "not met"},
		{"download of 1 GB: the rate of curl alone", "1/2.5, 100 MB/s beside 250 MB/s", "not promised"},
		{"download of 1 GB: at most 32 MiB resident at its peak", "32.5 MiB, in the end 20.0 MiB", "not met"},
		{"server, SQLite: at least 0.4 x the GETs of a bare handler", "1/2.5, 32000/s beside 80000/s", "met"},
		{"server, SQLite: 99 in 100 GETs of 64 clients under 20 ms", "20 ms", "not met"},
		{"server, SQLite: 1,000 renders in turn, beside a bare handler", "", "not measured"},
		{"server, Postgres: at least 0.8 x the transactions of pgbench -S", "0.79 x, 31600/s beside 40000/s", "not met"},
		{"server, Postgres: 1,000 renders in turn, beside pgbench -S", "", "not measured"},
		{"server, Postgres: 99 in 100 GETs of 64 clients", "", "not measured"},
		{"server, SQLite: 95 in 100 renders started under 100 ms after their creation", "99.9 ms", "met"},
		{"server, Postgres: 95 in 100 renders started under 25 ms after their creation", "25 ms", "not met"},
		{"server, SQLite: a GET in 1,000,000 renders at most 1.2 x one in 1,000", "1.20 x", "met"},
		{"server, Postgres: a GET in 1,000,000 renders at most 1.2 x one in 1,000", "", "not measured"},
		{"server, SQLite: the same by the store alone", "2.00 x", "not promised"},
		{"server, Postgres: the same by the store alone", "", "not measured"},
		{"server, SQLite, idle after a load: under 2 % of a core", "2.00 %", "not met"},
		{"server, Postgres, idle after a load: under 2 % of a core", "0.50 %", "met"},
		{"server, SQLite, idle after a load: at most 40 MiB resident", "40.0 MiB, at its peak 60.0 MiB", "met"},
		{"server, SQLite, idle and never loaded: at most 40 MiB resident", "", "not measured"},
		{"server, Postgres, idle after a load: at most 40 MiB resident", "", "not measured"},
		{"server, Postgres, idle and never loaded: at most 40 MiB resident", "", "not measured"},
		{"server: encoding at most 1.05 x ffmpeg", "1.05 x", "met"},
		{"server: a render of the same, from started to completed, beside ffmpeg", "1.10 x", "not promised"},
	}, got)
}
