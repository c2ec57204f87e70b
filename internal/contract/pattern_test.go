package contract_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPatternsAreReadAsECMA262(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		pattern   string
		good, bad []string
	}{
		"white space beyond ASCII": {`^\S+$`, []string{"ab"}, []string{"a b", "a\u00a0b", "a\vb", "a\ufeffb"}},
		"in a class":               {`^[^\s,]+$`, []string{"ab"}, []string{"a\u2003b", "a,b"}},
		"all but white space":      {`^[\S\n]+$`, []string{"a\nb"}, []string{"a b"}},
		"a dot":                    {`^a.b$`, []string{"axb", "a b"}, []string{"a\nb", "a\rb", "a\u2028b"}},
		"a bracket in a class":     {`^[[:a:]]$`, []string{"a]", ":]"}, []string{"b"}},
		"no character":             {`^a[]?$`, []string{"a"}, []string{"ab"}},
		"any character":            {`^a[^]$`, []string{"a\n"}, []string{"a"}},
		"a code point":             {`^\u{1F600}\u0061$`, []string{"😀a"}, []string{"a"}},
		"a control character":      {`^\cA[\b]$`, []string{"\x01\x08"}, []string{"A"}},
		"a script":                 {`^\p{Script=Greek}\P{L}$`, []string{"α1"}, []string{"a1", "αa"}},
		"an escaped slash":         {`^a\/\-b$`, []string{"a/-b"}, []string{"ab"}},
		"digits":                   {`^\d$`, []string{"1"}, []string{"١", "1\n"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := patternChecker(t, c.pattern)
			for _, v := range c.good {
				require.Empty(t, check(v), "%q matches", v)
			}
			for _, v := range c.bad {
				require.Equal(t, []string{"schema.pattern"}, check(v), "%q does not match", v)
			}
		})
	}
	for _, pattern := range []string{`\A`, `a\Z`, `(a)\1`, `(?=a)`, `\Qa\E`, `a\\\`, `(`} {
		require.Equal(t, []string{"unchecked.pattern"}, patternChecker(t, pattern)("a"), pattern)
	}
}

func patternChecker(t *testing.T, pattern string) func(string) []string {
	t.Helper()
	schema, err := json.Marshal(map[string]string{"pattern": pattern})
	require.NoError(t, err)
	check := small(t, "3.1.0", "application/json", string(schema))
	return func(v string) []string {
		body, err := json.Marshal(v)
		require.NoError(t, err)
		return check("application/json", string(body))
	}
}
