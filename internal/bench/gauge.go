package main

import "fmt"

// gauge takes a target's value from the results, and says it in words; ok is false where it was not measured.
type gauge func(results) (value float64, text string, ok bool)

// place is one contender on one row.
type place struct{ row, contender string }

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
		if m == nil || m.allocs == nil {
			return 0, "", false
		}
		return *m.allocs, fmt.Sprintf("%.0f", *m.allocs), true
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

// duration is the median time, beside a yardstick of the same run.
func duration(at, beside place) gauge {
	return func(r results) (float64, string, bool) {
		m, yardstick := r.at(at.row, at.contender), r.at(beside.row, beside.contender)
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

// alone is the median time, beside nothing.
func alone(at place) gauge { return duration(at, place{}) }

// share is how much of a second goes by, where the time is what is taken in one.
func share(at place) gauge {
	return func(r results) (float64, string, bool) {
		m := r.at(at.row, at.contender)
		if m == nil {
			return 0, "", false
		}
		value := m.median() / 1e9
		return value, fmt.Sprintf("%.2f %%", 100*value), true
	}
}

// first is the time to our first verdict, beside that of a start alone.
func first(row string) gauge { return duration(place{row, nameOurs}, place{row, nameVersion}) }

// rate is how many times as many answers come in a second.
func rate(of, to place) gauge {
	return func(r results) (float64, string, bool) {
		a, b := r.at(of.row, of.contender), r.at(to.row, to.contender)
		if a == nil || b == nil {
			return 0, "", false
		}
		value := b.over(a)
		return value, fmt.Sprintf("%s, %.0f/s beside %.0f/s", fraction(value), 1e9/a.median(), 1e9/b.median()), true
	}
}

// speed is how many times as many bytes come in a second.
func speed(of, to place) gauge {
	return func(r results) (float64, string, bool) {
		a, b := r.at(of.row, of.contender), r.at(to.row, to.contender)
		if a == nil || b == nil {
			return 0, "", false
		}
		value := b.over(a)
		return value, fmt.Sprintf("%s, %.0f MB/s beside %.0f MB/s", fraction(value), a.throughput(), b.throughput()), true
	}
}

// later is how much longer it takes, in nanoseconds: the median of the differences within the rounds.
func later(of, to place) gauge {
	return func(r results) (float64, string, bool) {
		a, b := r.at(of.row, of.contender), r.at(to.row, to.contender)
		if a == nil || b == nil {
			return 0, "", false
		}
		value := a.after(b)
		return value, fmt.Sprintf("%+.3f ms, %s beside %s", value/1e6, timeText(a.median()), timeText(b.median())), true
	}
}

// peak is the most that a process ever held, in bytes.
func peak(at place) gauge {
	return func(r results) (float64, string, bool) {
		m := r.at(at.row, at.contender)
		if m == nil || m.held == nil {
			return 0, "", false
		}
		return float64(m.held.peak), fmt.Sprintf("%s, in the end %s", memoryText(m.held.peak), memoryText(m.held.resident)), true
	}
}

// resident is what a process holds in the end, in bytes.
func resident(at place) gauge {
	return func(r results) (float64, string, bool) {
		m := r.at(at.row, at.contender)
		if m == nil || m.held == nil {
			return 0, "", false
		}
		return float64(m.held.resident), fmt.Sprintf("%s, at its peak %s", memoryText(m.held.resident), memoryText(m.held.peak)), true
	}
}
