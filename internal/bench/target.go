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
	return []target{
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
