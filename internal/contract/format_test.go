package contract_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ good, bad []string }{
		"uuid": {
			good: []string{"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90", "0192F0C1-7A3E-0C52-FB1D-5F0E6A7C8D90", "00000000-0000-0000-0000-000000000000"},
			bad:  []string{"", "0192f0c17a3e7c529b1d5f0e6a7c8d90", "{0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90}", "urn:uuid:0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90", "0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d9g"},
		},
		"date-time": {
			good: []string{"2026-10-31T09:15:00Z", "2026-10-31t09:15:00.123456789z", "1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00", "0000-02-29T00:00:00+23:59", "2026-10-31T09:15:00.1234567890123Z"},
			bad:  []string{"2026-10-31 09:15:00Z", "2026-10-31T09:15:00", "2026-02-29T00:00:00Z", "2026-10-31T24:00:00Z", "1990-12-31T22:59:60Z", "2026-10-31T09:15Z", "2026-10-31T09:15:00,5Z", "2026-10-31T09:15:00+24:00", "2026-10-31T09:15:00.Z", "2026-10-31T09:15:00Z\n", "2026-1-31T09:15:00Z"},
		},
		"date":     {good: []string{"2024-02-29"}, bad: []string{"2023-02-29", "2024-2-9", "20240229", "2024-02-29Z"}},
		"time":     {good: []string{"23:59:60Z", "08:30:06.283185z", "00:29:60+00:30"}, bad: []string{"08:30:06", "24:00:00Z", "23:59:61Z", "8:30:06Z"}},
		"duration": {good: []string{"P4DT12H30M5S", "P1W", "PT0S", "P1Y2M3D", "PT36H"}, bad: []string{"P", "PT", "P1YT", "P1D2H", "1D", "P2D1Y", "P1Y2D", "P1WT1H", "P1.5D"}},
		"email": {
			good: []string{"joe@example.com", `"joe bloggs"@example.com`, "a+b@localhost", "joe@[127.0.0.1]", "joe@[IPv6:::1]"},
			bad:  []string{"joe", "@example.com", "joe@", ".joe@example.com", "joe..b@example.com", "joe@-a.com", "joe@[::1]", "a b@example.com"},
		},
		"hostname":              {good: []string{"example.com", "xn--4gbwdl.xn--wgbh1c", "a", "1.2"}, bad: []string{"", "-a.com", "a_b", "a..b", "a.", strings.Repeat("a", 64)}},
		"ipv4":                  {good: []string{"192.0.2.1"}, bad: []string{"256.0.0.1", "1.2.3", "01.2.3.4", "0x7f.1.1.1", "::1"}},
		"ipv6":                  {good: []string{"::", "2001:db8::1", "::ffff:192.0.2.1"}, bad: []string{"1.2.3.4", "fe80::1%eth0", "12345::", "::1::"}},
		"uri":                   {good: []string{"https://a.example/b?c=d#e", "urn:a:b", "mailto:a@b", "http://[::1]:80/", "http://a%41.example", "x://%2F", "http://u:p%20@h:/?#", "http://[v1.a:b]/"}, bad: []string{"", "/a", "//a", "a b:c", "http://a b", "http://a/%zz", "http://[::1", "http://a:port/", "http://a/ü", "http://a/{b}", "http://a/b[c]", "a:[b]", ":a", "http://[1.2.3.4]", "http://a@b@c", "a:b#c#d"}},
		"uri-reference":         {good: []string{"", "/a", "../b?c", "#d", "//a/b"}, bad: []string{"1:a", `\a`, "#a#b"}},
		"iri":                   {good: []string{"http://ü.example/ß"}, bad: []string{"/ü"}},
		"iri-reference":         {good: []string{"/ü"}, bad: []string{"/ü^"}},
		"uri-template":          {good: []string{"/a/{b}{?c,d*}", "{+x:3}", "plain"}, bad: []string{"/a/{b", "{}", "{a b}", "a}"}},
		"json-pointer":          {good: []string{"", "/a~0b/~1", "/"}, bad: []string{"a", "/~2", "/~"}},
		"relative-json-pointer": {good: []string{"0", "1/a", "2#", "0+1/a"}, bad: []string{"", "/a", "01/a", "-1"}},
		"regex":                 {good: []string{"^a+$", "(?=a)b", `(a)\1`, `(?<!x)y`, `\u0041`}, bad: []string{"(", "[a", `\Z`, `\a`, "a**"}},
		"byte":                  {good: []string{"", "Zm9v", "Zg=="}, bad: []string{"Zg", "Zg==\n", "Z-_v", "Zh=="}},
		"int32":                 {good: []string{"=2147483647", "=-2147483648", "=1.0", "=1e3", "text"}, bad: []string{"=2147483648", "=1.5"}},
		"int64":                 {good: []string{"=9223372036854775807", "=-9223372036854775808", "=9007199254740993"}, bad: []string{"=9223372036854775808", "=1e19", "=0.1"}},
		"float":                 {good: []string{"=3.4e38", "=0.1"}, bad: []string{"=3.5e38"}},
		"double":                {good: []string{"=1.7e308", "=1e-999"}, bad: []string{"=1.8e308", "=1e400"}},
		"password":              {good: []string{"", "anything"}},
		"binary":                {good: []string{"", "anything"}},
	}
	for format, c := range cases {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			checker := formatChecker(t, format)
			for _, v := range c.good {
				require.Empty(t, checker(v), "%q is one", v)
			}
			for _, v := range c.bad {
				require.Equal(t, []string{"schema.format"}, checker(v), "%q is none", v)
			}
		})
	}
}

// formatChecker judges one value by a format: a number if it starts with =, else a string.
func formatChecker(t *testing.T, format string) func(string) []string {
	t.Helper()
	spec := `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/f":{"get":{"responses":{"200":{"description":"x",
		"content":{"application/json":{"schema":{"format":"` + format + `"}}}}}}}}}`
	c, err := contract.Load("f.json", []byte(spec))
	require.NoError(t, err)
	return func(v string) []string {
		body, isNumber := strings.CutPrefix(v, "=")
		if !isNumber {
			text, err := json.Marshal(v)
			require.NoError(t, err)
			body = string(text)
		}
		x := answer(body)
		x.URL.Path = "/f"
		return rules(c.Check(x))
	}
}
