package main

import "fmt"

// target is a promise about our speed.
type target struct {
	promise string
	measure gauge
	holds   func(value float64) bool
}

// gauge takes a target's value from the results, and says it in words; ok is false where it was not measured.
type gauge func(results) (value float64, text string, ok bool)

// place is one contender on one row.
type place struct{ row, contender string }

// targets are all promises, the stretch goals named as such.
func targets() []target {
	clean, unknown := place{rowClean, nameOurs}, place{rowUnknown, nameOurs}
	defective, decode := place{rowDefective, nameOurs}, place{rowClean, nameDecode}
	return []target{
		{"clean render: at most 1/12 of libopenapi-validator", ratio(clean, place{rowClean, nameLib}), atMost(1. / 12)},
		{"clean render: at most 1/200 of kin's filter", ratio(clean, place{rowClean, nameKin}), atMost(1. / 200)},
		{"clean render: no allocation", allocs(clean), atMost(0)},
		{"render with an unknown field: at most 2 x the clean one", ratio(unknown, clean), atMost(2)},
		{"check and exact decode: at most 1.0 x encoding/json", ratio(decode, place{rowClean, nameModel}), atMost(1)},
		{"check and exact decode, stretch: at most 1.2 x ogen", ratio(decode, place{rowClean, nameOgen}), atMost(1.2)},
		{"render without its state: at most 1.0 x libopenapi-validator", ratio(defective, place{rowDefective, nameLib}), atMost(1)},
		{"list of 1 MB: at least 200 MB/s", throughput(place{rowList, nameOurs}), atLeast(200)},
		{"load of openapi.yaml: under 5 ms", duration(place{rowLoad, nameOurs}), under(5e6)},
		{"load of a 1 MB document: under 1 s", duration(place{rowLoadLarge, nameOurs}), under(1e9)},
	}
}

func atMost(limit float64) func(float64) bool  { return func(v float64) bool { return v <= limit } }
func atLeast(limit float64) func(float64) bool { return func(v float64) bool { return v >= limit } }
func under(limit float64) func(float64) bool   { return func(v float64) bool { return v < limit } }

// outcome is what became of a target.
type outcome struct {
	Target   string `json:"target"`
	Measured string `json:"measured,omitempty"`
	Outcome  string `json:"outcome"` // met, not met or not measured
}

func (t target) outcome(r results) outcome {
	value, text, ok := t.measure(r)
	switch {
	case !ok:
		return outcome{t.promise, "", "not measured"}
	case t.holds(value):
		return outcome{t.promise, text, "met"}
	default:
		return outcome{t.promise, text, "not met"}
	}
}

func ratio(of, to place) gauge {
	return func(r results) (float64, string, bool) {
		a, b := r.at(of.row, of.contender), r.at(to.row, to.contender)
		if a == nil || b == nil {
			return 0, "", false
		}
		value := a.over(b)
		return value, fraction(value), true
	}
}

func allocs(at place) gauge {
	return func(r results) (float64, string, bool) {
		m := r.at(at.row, at.contender)
		if m == nil {
			return 0, "", false
		}
		return m.allocs, fmt.Sprintf("%.0f", m.allocs), true
	}
}

func throughput(at place) gauge {
	return func(r results) (float64, string, bool) {
		m := r.at(at.row, at.contender)
		if m == nil {
			return 0, "", false
		}
		return m.throughput(), fmt.Sprintf("%.0f MB/s", m.throughput()), true
	}
}

// duration is the median time, beside the yardstick of the same run.
func duration(at place) gauge {
	return func(r results) (float64, string, bool) {
		m, yardstick := r.at(at.row, at.contender), r.at(rowLoadLarge, nameYardstick)
		if m == nil {
			return 0, "", false
		}
		text := timeText(m.median())
		if yardstick != nil {
			text += fmt.Sprintf(", %s the yardstick's %s", fraction(m.over(yardstick)), timeText(yardstick.median()))
		}
		return m.median(), text, true
	}
}
