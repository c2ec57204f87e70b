package roughy

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

var (
	errRange   = errors.New("out of range")
	errInteger = errors.New("not an integer")
)

// parseInt reads a JSON number that is an integer in any of its spellings, such as 1.0, 10e-1 and 1e3, exactly, into bits
// bits. Anything else is errInteger or errRange.
func parseInt(text string, bits int) (int64, error) {
	digits, exponent := text, 0
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		digits = text[:at]
		exponent, _ = strconv.Atoi(text[at+1:]) // beyond int it is the nearest int, which is as good as infinite
	}
	digits, negative := strings.CutPrefix(digits, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return 0, nil
	}
	const longest = 20 // more digits than an int64 has
	zeros := exponent - len(fraction) + len(digits) - len(trimmed)
	switch {
	case exponent < -len(text) || zeros < 0:
		return 0, errInteger
	case exponent > longest+len(text) || zeros > longest || len(trimmed) > longest:
		return 0, errRange
	}
	digits = trimmed + strings.Repeat("0", zeros)
	if negative {
		digits = "-" + digits
	}
	n, err := strconv.ParseInt(digits, 10, bits)
	if err != nil {
		return 0, errRange
	}
	return n, nil
}

// parseTime reads an RFC 3339 date-time: t and z in either case, and a leap second, which is the first instant of the second
// after it. Digits beyond nanoseconds are cut. The result is in UTC, as long as that has a year of four digits.
func parseTime(text string) (time.Time, error) {
	text = strings.ToUpper(text)
	const second = len("2006-01-02T15:04:")
	leap := len(text) > second+2 && text[second:second+2] == "60"
	if leap {
		text = text[:second] + "59" + text[second+2:]
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, errors.New("not a date-time")
	}
	if leap {
		t = t.Truncate(time.Second).Add(time.Second)
	}
	return writable(t), nil
}

// writable is t in UTC, or in the zone it was written in where UTC puts it beyond the years that RFC 3339 and encoding/json
// can write.
func writable(t time.Time) time.Time {
	utc := t.UTC()
	if utc.Year() >= 0 && utc.Year() <= 9999 {
		return utc
	}
	_, offset := t.Zone()
	if offset == 0 { // the leap second that ends the year 9999 in UTC, in which the next second has no name
		offset = int(-time.Hour / time.Second)
	}
	return t.In(time.FixedZone("", offset))
}
