package main

import (
	"math"
	"slices"
)

// results are all measurements of one run of the program.
type results []*measurement

// at is one contender's measurement on one row; nil if the row or the contender was not measured.
func (r results) at(row, contender string) *measurement {
	for _, m := range r {
		if m.row.name == row && m.contender == contender {
			return m
		}
	}
	return nil
}

// rounds is how many rounds there were: not everybody takes part in all.
func (r results) rounds() int {
	most := 0
	for _, m := range r {
		most = max(most, len(m.rounds))
	}
	return most
}

// median is the time of a run in nanoseconds.
func (m *measurement) median() float64 { return median(m.rounds) }

// over is how many times as long m takes as other: the median of the ratios within the rounds that both took part in.
func (m *measurement) over(other *measurement) float64 {
	ratios := make([]float64, min(len(m.rounds), len(other.rounds)))
	for i := range ratios {
		ratios[i] = m.rounds[i] / other.rounds[i]
	}
	return median(ratios)
}

// after is how many nanoseconds longer m takes than other: the median of the differences within the rounds.
func (m *measurement) after(other *measurement) float64 {
	differences := make([]float64, min(len(m.rounds), len(other.rounds)))
	for i := range differences {
		differences[i] = m.rounds[i] - other.rounds[i]
	}
	return median(differences)
}

// throughput is in millions of bytes a second.
func (m *measurement) throughput() float64 { return float64(m.row.bytes) / m.median() * 1e3 }

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// percentile is what p in a hundred values do not exceed.
func percentile(values []float64, p int) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*p+99)/100-1]
}
