package contract

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// numbers are JSON numbers in all spellings, the same value often.
func numbers(r *rand.Rand, n int) []string {
	out := []string{"0", "-0", "0.0", "0e5", "-0.00e-7", "1", "1.0", "10e-1", "0.1", "0.01", "9223372036854775807", "9223372036854775808",
		"-9223372036854775808", "-9223372036854775809", "9999999999999999999", "99999999999999999999", "1e19", "1e18", "123456789012345678901234567890"}
	for len(out) < n {
		digits := strconv.FormatUint(r.Uint64()>>r.UintN(64), 10)
		zeros := strings.Repeat("0", r.IntN(4))
		text := []string{"", "-"}[r.IntN(2)] + []string{digits + zeros, digits + "." + zeros + digits[:1] + zeros, "0." + zeros + digits + zeros}[r.IntN(3)]
		if plain := strings.TrimPrefix(text, "-"); len(plain) > 1 && plain[0] == '0' && plain[1] != '.' {
			continue // no JSON number
		}
		if r.IntN(2) == 0 {
			text += []string{"e", "E+", "e-"}[r.IntN(3)] + strconv.Itoa(r.IntN(25))
		}
		out = append(out, text)
	}
	return out
}

func rat(t *testing.T, number string) *big.Rat {
	t.Helper()
	out, ok := new(big.Rat).SetString(number)
	require.True(t, ok, number)
	return out
}

func TestDecimalsAreExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	all := numbers(r, 400)
	for i, a := range all {
		d, exact := readDecimal(a), rat(t, a)
		require.Equal(t, exact.IsInt(), d.isInteger(), a)
		n, err := Int(a, 64)
		require.Equal(t, exact.IsInt() && exact.Num().IsInt64(), err == nil, a)
		if err == nil {
			require.Equal(t, exact.Num().Int64(), n, a)
		}
		for _, b := range all[:i] {
			e, other := readDecimal(b), rat(t, b)
			if d.long || e.long {
				continue
			}
			require.Equal(t, exact.Cmp(other) < 0, d.compare(e) < 0, "%s and %s", a, b)
			require.Equal(t, exact.Cmp(other) == 0, d == e, "%s and %s", a, b)
			if other.Sign() != 0 {
				require.Equal(t, new(big.Rat).Quo(exact, other).IsInt(), d.isMultipleOf(e), "%s and %s", a, b)
			}
		}
	}
}

func TestIntIsBoundedByItsBits(t *testing.T) {
	t.Parallel()
	for number, fits := range map[string]bool{"2147483647": true, "2147483648": false, "-2147483648": true, "-2147483649": false, "2.147483647e9": true,
		"1e999999999999999999999": false, "0e999999999999999999999": true} {
		_, err := Int(number, 32)
		require.Equal(t, fits, err == nil, number)
	}
	_, err := Int("1e-999999999999999999999", 64)
	require.ErrorIs(t, err, errInteger)
}
