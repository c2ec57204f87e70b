package contract

import (
	"errors"
	"time"
)

// moment is an RFC 3339 date-time taken apart. Its offset is in minutes.
type moment struct {
	year, month, day     int
	hour, minute, second int
	nanosecond, offset   int
}

// isDateTime is RFC 3339's date-time whole: T and Z in either case, any number of fractional digits, leap seconds.
func isDateTime(s string) bool {
	_, ok := readDateTime(s)
	return ok
}

func isDate(s string) bool { return new(moment).readDate(s) }

func isTime(s string) bool { return new(moment).readTime(s) }

func readDateTime(s string) (m moment, ok bool) {
	const date = len("2006-01-02")
	ok = len(s) > date && (s[date] == 'T' || s[date] == 't') && m.readDate(s[:date]) && m.readTime(s[date+1:])
	return m, ok
}

func (m *moment) readDate(s string) bool {
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return false
	}
	century, year := two(s), two(s[2:])
	m.year, m.month, m.day = century*100+year, two(s[5:]), two(s[8:])
	return century >= 0 && year >= 0 && m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= daysIn(m.year, m.month)
}

func daysIn(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}

// readTime is RFC 3339's full-time. A 60th second exists only at the end of a day in UTC.
func (m *moment) readTime(s string) bool {
	const clock = len("15:04:05")
	if len(s) <= clock || s[2] != ':' || s[5] != ':' {
		return false
	}
	m.hour, m.minute, m.second = two(s), two(s[3:]), two(s[6:])
	rest, ok := m.readFraction(s[clock:])
	if !ok || !m.readOffset(rest) || !inside(m.hour, 23) || !inside(m.minute, 59) || !inside(m.second, 60) {
		return false
	}
	const day = 24 * 60
	return m.second < 60 || (m.hour*60+m.minute-m.offset+2*day)%day == day-1
}

// readFraction keeps nine digits and passes over the others.
func (m *moment) readFraction(s string) (rest string, ok bool) {
	if s[0] != '.' {
		return s, true
	}
	i := 1
	for unit := 100_000_000; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		m.nanosecond += int(s[i]-'0') * unit
		unit /= 10
	}
	return s[i:], i > 1
}

func (m *moment) readOffset(s string) bool {
	if s == "Z" || s == "z" {
		return true
	}
	if len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return false
	}
	hours, minutes := two(s[1:]), two(s[4:])
	if m.offset = hours*60 + minutes; s[0] == '-' {
		m.offset = -m.offset
	}
	return inside(hours, 23) && inside(minutes, 59)
}

func inside(n, most int) bool { return n >= 0 && n <= most }

// two reads the two digits at the front of a text, -1 if there are none.
func two(s string) int {
	tens, ones := s[0]-'0', s[1]-'0'
	if tens > 9 || ones > 9 {
		return -1
	}
	return int(tens)*10 + int(ones)
}

var errDateTime = errors.New("not a date-time")

// Time reads an RFC 3339 date-time: all that Check takes for one. A leap second is the first instant of the second after it,
// digits beyond nanoseconds are cut. The result is in UTC, or, where that has no year of four digits, in the zone it was
// written in, so that encoding/json can write it.
func Time(text string) (time.Time, error) {
	m, ok := readDateTime(text)
	if !ok {
		return time.Time{}, errDateTime
	}
	if m.second == 60 {
		m.nanosecond = 0 // and the 60th second carries over
	}
	t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute-m.offset, m.second, m.nanosecond, time.UTC)
	if t.Year() < 0 || t.Year() > 9999 {
		return t.In(zone(m.offset)), nil
	}
	return t, nil
}

// zone is that of an offset in minutes, or, for the leap second that ends the year 9999 in UTC, in which the next second has
// no name, an hour west of it.
func zone(offset int) *time.Location {
	if offset == 0 {
		offset = -60
	}
	return time.FixedZone("", offset*60)
}
