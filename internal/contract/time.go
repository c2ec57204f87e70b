package contract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var fullTime = regexp.MustCompile(`^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))$`)

// isDateTime is RFC 3339's date-time whole: T and Z in either case, any number of fractional digits, leap seconds.
func isDateTime(s string) bool {
	return len(s) > 11 && (s[10] == 'T' || s[10] == 't') && isDate(s[:10]) && isTime(s[11:])
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isTime is RFC 3339's full-time. A 60th second exists only at the end of a day in UTC.
func isTime(s string) bool {
	m := fullTime.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	hour, minute, second := two(m[1]), two(m[2]), two(m[3])
	if hour > 23 || minute > 59 || second > 60 || two(m[5]) > 23 || two(m[6]) > 59 {
		return false
	}
	if second < 60 {
		return true
	}
	offset := two(m[5])*60 + two(m[6])
	if m[4] == "-" {
		offset = -offset
	}
	const day = 24 * 60
	return (hour*60+minute-offset+2*day)%day == day-1
}

// two reads the two digits that a pattern has let through; nothing is 0.
func two(digits string) int {
	n, _ := strconv.Atoi(strings.TrimLeft(digits, "+-"))
	return n
}
