package main

// target is a promise about our speed.
type target struct {
	promise string
	measure gauge
	holds   func(value float64) bool // nil if nothing is promised, and the value alone is of interest
}

// targets are all promises, the stretch goals named as such.
func targets() []target {
	proxy, stream, many := place{rowProxy, nameOurs}, place{rowStream, nameOurs}, place{rowRecorded, nameLib}
	yardstick := place{rowLoadLarge, nameYardstick}
	clean, unknown := place{rowClean, nameOurs}, place{rowUnknown, nameOurs}
	defective, decode := place{rowDefective, nameOurs}, place{rowClean, nameDecode}
	client, download := place{rowClient, nameOurs}, place{rowDownload, nameOurs}
	return append([]target{
		{"clean render: at most 1/12 of libopenapi-validator", ratio(clean, place{rowClean, nameLib}), atMost(1. / 12)},
		{"clean render: at most 1/200 of kin's filter", ratio(clean, place{rowClean, nameKin}), atMost(1. / 200)},
		{"clean render: no allocation", allocs(clean), atMost(0)},
		{"render with an unknown field: at most 2 x the clean one", ratio(unknown, clean), atMost(2)},
		{"check and exact decode: at most 1.0 x encoding/json", ratio(decode, place{rowClean, nameModel}), atMost(1)},
		{"check and exact decode, stretch: at most 1.2 x ogen", ratio(decode, place{rowClean, nameOgen}), atMost(1.2)},
		{"render without its state: at most 1.0 x libopenapi-validator", ratio(defective, place{rowDefective, nameLib}), atMost(1)},
		{"list of 1 MB: at least 200 MB/s", throughput(place{rowList, nameOurs}), atLeast(200)},
		{"load of openapi.yaml: under 5 ms", duration(place{rowLoad, nameOurs}, yardstick), under(5e6)},
		{"load of a 1 MB document: under 1 s", duration(place{rowLoadLarge, nameOurs}, yardstick), under(1e9)},
		{"10,000 recorded renders: at most 1/10 of libopenapi-validator", ratio(place{rowRecorded, nameOurs}, many), atMost(.1)},
		{"10,000 recorded renders, the whole command beside libopenapi-validator", ratio(place{rowRecorded, nameCommand}, many), nil},
		{"first verdict on a recorded render: under 50 ms", first(rowFirst), under(50e6)},
		{"first verdict on 10,000 recorded renders: under 50 ms", first(rowFirstMany), under(50e6)},
		{"proxy: at least 0.9 x the answers of a plain one", rate(proxy, place{rowProxy, namePlain}), atLeast(.9)},
		{"proxy: at least 6 x the answers of Prism", rate(proxy, place{rowProxy, namePrism}), atLeast(6)},
		{"proxy: the answers of Prism when it is quiet", rate(proxy, place{rowProxy, namePrismQuiet}), nil},
		{"proxy: at most 40 MiB resident at its peak", peak(proxy), atMost(40 << 20)},
		{"first byte of a stream: at most 1 ms after a plain proxy's", later(stream, place{rowStream, namePlain}), atMost(1e6)},
		{"client: at most 1.10 x the bare generated one", ratio(client, place{rowClient, nameBare}), atMost(1.1)},
		{"client: beside the bare generated one with a timeout", ratio(client, place{rowClient, nameBareEnd}), nil},
		{"download of 1 GB: at least 0.95 x the rate of curl, then sync", speed(download, place{rowDownload, nameCurlSync}), atLeast(.95)},
		{"download of 1 GB: the rate of curl alone", speed(download, place{rowDownload, nameCurl}), nil},
		{"download of 1 GB: at most 32 MiB resident at its peak", peak(download), atMost(32 << 20)},
	}, serverTargets()...)
}

// serverTargets are the promises about roughyd.
func serverTargets() []target {
	get, handler := place{rowGet, nameOurs}, place{rowGet, nameHandler}
	postgres, pgbench := place{rowGetPostgres, nameOurs}, place{rowGetPostgres, namePgbench}
	idle, idlePostgres := place{rowIdle, nameOurs}, place{rowIdlePostgres, nameOurs}
	unused, unusedPostgres := place{rowIdle, nameNew}, place{rowIdlePostgres, nameNew}
	ffmpeg := place{rowEncode, nameFFmpeg}
	return []target{
		{"server, SQLite: at least 0.4 x the GETs of a bare handler", rate(get, handler), atLeast(.4)},
		{"server, SQLite: 99 in 100 GETs of 64 clients under 20 ms", duration(place{rowGetTail, nameOurs}, place{rowGetTail, nameHandler}), under(20e6)},
		{"server, SQLite: 1,000 renders in turn, beside a bare handler", rate(place{rowGet, nameEach}, handler), nil},
		{"server, Postgres: at least 0.8 x the transactions of pgbench -S", rate(postgres, pgbench), atLeast(.8)},
		{"server, Postgres: 1,000 renders in turn, beside pgbench -S", rate(place{rowGetPostgres, nameEach}, pgbench), nil},
		{"server, Postgres: 99 in 100 GETs of 64 clients", alone(place{rowGetPostgresTail, nameOurs}), nil},
		{"server, SQLite: 95 in 100 renders started under 100 ms after their creation", alone(place{rowStarted, nameOurs}), under(100e6)},
		{"server, Postgres: 95 in 100 renders started under 25 ms after their creation", alone(place{rowStartedPostgres, nameOurs}), under(25e6)},
		{"server, SQLite: a GET in 1,000,000 renders at most 1.2 x one in 1,000", ratio(place{rowSize, nameOurs}, place{rowSize, nameFew}), atMost(1.2)},
		{"server, Postgres: a GET in 1,000,000 renders at most 1.2 x one in 1,000",
			ratio(place{rowSizePostgres, nameOurs}, place{rowSizePostgres, nameFew}), atMost(1.2)},
		{"server, SQLite: the same by the store alone", ratio(place{rowSize, nameStore}, place{rowSize, nameStoreFew}), nil},
		{"server, Postgres: the same by the store alone", ratio(place{rowSizePostgres, nameStore}, place{rowSizePostgres, nameStoreFew}), nil},
		{"server, SQLite, idle after a load: under 2 % of a core", share(idle), under(.02)},
		{"server, Postgres, idle after a load: under 2 % of a core", share(idlePostgres), under(.02)},
		{"server, SQLite, idle after a load: at most 40 MiB resident", resident(idle), atMost(40 << 20)},
		{"server, SQLite, idle and never loaded: at most 40 MiB resident", resident(unused), atMost(40 << 20)},
		{"server, Postgres, idle after a load: at most 40 MiB resident", resident(idlePostgres), atMost(40 << 20)},
		{"server, Postgres, idle and never loaded: at most 40 MiB resident", resident(unusedPostgres), atMost(40 << 20)},
		{"server: encoding at most 1.05 x ffmpeg", ratio(place{rowEncode, nameOurs}, ffmpeg), atMost(1.05)},
		{"server: a render of the same, from started to completed, beside ffmpeg", ratio(place{rowEncode, nameWhole}, ffmpeg), nil},
	}
}

func atMost(limit float64) func(float64) bool  { return func(v float64) bool { return v <= limit } }
func atLeast(limit float64) func(float64) bool { return func(v float64) bool { return v >= limit } }
func under(limit float64) func(float64) bool   { return func(v float64) bool { return v < limit } }

// outcome is what became of a target.
type outcome struct {
	Target   string `json:"target"`
	Measured string `json:"measured,omitempty"`
	Outcome  string `json:"outcome"` // met, not met, not promised or not measured
}

func (t target) outcome(r results) outcome {
	value, text, ok := t.measure(r)
	switch {
	case !ok:
		return outcome{t.promise, "", "not measured"}
	case t.holds == nil:
		return outcome{t.promise, text, "not promised"}
	case t.holds(value):
		return outcome{t.promise, text, "met"}
	default:
		return outcome{t.promise, text, "not met"}
	}
}
