package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const mostShown = 200 // characters of a text from outside

// shown is a text from outside as it can stand on the page: without what does not print, and not too long.
func shown(text string) string {
	runes := []rune(Printable(text))
	if len(runes) <= mostShown {
		return string(runes)
	}
	return string(runes[:mostShown]) + "…"
}

// coordinate is a number in a drawing.
func coordinate(x float64) string { return decimal(x, 2) }

// decimal is a number with at most that many digits behind the point.
func decimal(x float64, digits int) string {
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if digits == 0 {
		return text
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// thousands is a number with a comma before each three digits.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// period is a duration with about three digits.
func period(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return short(d, time.Microsecond) + " µs"
	case d < time.Second:
		return short(d, time.Millisecond) + " ms"
	case d < time.Minute:
		return short(d, time.Second) + " s"
	case d < time.Hour:
		return long(d, time.Minute, "min", time.Second, "s")
	case d < 24*time.Hour:
		return long(d, time.Hour, "h", time.Minute, "min")
	default:
		return long(d, 24*time.Hour, "d", time.Hour, "h")
	}
}

func short(d, unit time.Duration) string {
	x := float64(d) / float64(unit)
	switch {
	case x < 10:
		return decimal(x, 2)
	case x < 100:
		return decimal(x, 1)
	default:
		return decimal(x, 0)
	}
}

// long is a duration in two units, or in the first alone.
func long(d, unit time.Duration, name string, smaller time.Duration, smallName string) string {
	text := fmt.Sprintf("%d %s", d/unit, name)
	if rest := d % unit / smaller; rest > 0 {
		text += fmt.Sprintf(" %d %s", rest, smallName)
	}
	return text
}
