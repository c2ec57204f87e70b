package contract

import (
	"errors"
	"math/bits"
	"strconv"
)

// decimal is a JSON number, exactly: digits times ten to the power of exponent, where digits ends in no zero. A number of
// more than 19 digits is long: of those, only the exponent is known.
type decimal struct {
	negative bool
	long     bool
	digits   uint64
	exponent int
}

// mostDigits always fit the digits of a decimal.
const mostDigits = 19

// readDecimal takes the text of a JSON number apart. Zero, to whatever power, is the decimal of no digits.
func readDecimal(number string) (d decimal) {
	power, zeros, significant, fraction := 0, 0, 0, false
digits:
	for i := range len(number) {
		switch c := number[i]; {
		case c|0x20 == 'e':
			power, _ = strconv.Atoi(number[i+1:]) // beyond int it is the nearest int, which is as good as infinite
			break digits
		case c == '-':
			d.negative = true
		case c == '.':
			fraction = true
			continue
		case c == '0':
			zeros++
		default:
			if significant == 0 {
				zeros = 0
			}
			if significant += zeros + 1; significant <= mostDigits {
				d.digits = d.digits*tens[zeros+1] + uint64(c-'0')
			}
			zeros = 0
		}
		if fraction {
			d.exponent--
		}
	}
	if significant == 0 {
		return decimal{}
	}
	d.long = significant > mostDigits
	d.exponent = saturate(power, d.exponent+zeros)
	return d
}

// saturate adds a short number to one that may be the largest there is.
func saturate(power, n int) int {
	const far = 1 << 40
	return max(-far, min(far, power)) + n
}

// tens are the powers of ten that fit 64 bits.
var tens = func() (out [20]uint64) {
	out[0] = 1
	for i := range len(out) - 1 {
		out[i+1] = out[i] * 10
	}
	return out
}()

// isInteger is true for 1.0 and 1e3 too.
func (d decimal) isInteger() bool { return d.exponent >= 0 }

// order is how many digits stand in front of the point.
func (d decimal) order() int {
	n := 0
	for n < len(tens) && d.digits >= tens[n] {
		n++
	}
	return n + d.exponent
}

// compare is exact for decimals that are not long.
func (d decimal) compare(e decimal) int {
	switch {
	case d.sign() != e.sign():
		return d.sign() - e.sign()
	case d.negative:
		return -d.compareSize(e)
	}
	return d.compareSize(e)
}

func (d decimal) sign() int {
	switch {
	case d.digits == 0:
		return 0
	case d.negative:
		return -1
	}
	return 1
}

func (d decimal) compareSize(e decimal) int {
	if d.digits == 0 || d.order() != e.order() {
		return d.order() - e.order()
	}
	a, b := d.digits, e.digits // of the same order, so that the shorter one can be made as long as the other
	if n := d.exponent - e.exponent; n > 0 {
		a *= tens[n]
	} else {
		b *= tens[-n]
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// isMultipleOf is exact for decimals that are not long. Nothing but zero is a multiple of zero.
func (d decimal) isMultipleOf(e decimal) bool {
	switch {
	case d.digits == 0:
		return true
	case e.digits == 0 || d.exponent < e.exponent: // digits that end in no zero have no factor of ten
		return false
	}
	rest := d.digits % e.digits
	for range d.exponent - e.exponent {
		if rest == 0 {
			break
		}
		high, low := bits.Mul64(rest, 10)
		_, rest = bits.Div64(high, low, e.digits)
	}
	return rest == 0
}

var (
	// ErrRange is what Int says of an integer that does not fit.
	ErrRange = errors.New("out of range")

	errInteger = errors.New("not an integer")
)

// Int reads a JSON number that is an integer in any of its spellings, such as 1.0, 10e-1 and 1e3, exactly. What Check takes for
// an integer of the format int32 or int64 it reads; for others of over so many bits it says ErrRange.
func Int(number string, bitSize int) (int64, error) {
	if !isNumber(number) {
		return 0, errInteger
	}
	return readDecimal(number).integer(bitSize)
}

func (d decimal) integer(bitSize int) (int64, error) {
	switch {
	case !d.isInteger():
		return 0, errInteger
	case d.long || d.order() > mostDigits:
		return 0, ErrRange
	}
	n := d.digits * tens[d.exponent]
	most := uint64(1) << (bitSize - 1)
	switch {
	case d.negative && n <= most:
		return -int64(n), nil
	case !d.negative && n < most:
		return int64(n), nil
	}
	return 0, ErrRange
}
