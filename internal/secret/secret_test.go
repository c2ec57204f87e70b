package secret_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/secret"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a key", "key sk_live-1_2 refused", "key … refused"},
		{"a key behind an underscore", "old_sk_abc", "old…"},
		{"a bearer token of any form", "authorization: BEARER eyJh.bGci", "authorization: …"},
		{"what a header said", "Authorization: Basic dXNlcjpwdw== and Cookie: sid=LEAKck77; x", "Authorization: … and Cookie: …; x"},
		{"words about headers", "basic authorization: none, cookie: no", "basic authorization: none, cookie: no"},
		{"a signed link", "GET https://host/a.mp4?sig=1&e=2: refused", "GET https://host/a.mp4?… refused"},
		{"a link in quotes", `{"u":"http://h/?s=1"}`, `{"u":"http://h/?…"}`},
		{"a link without a host", `parse "/a?sig=1"`, `parse "/a?…"`},
		{"a link with a user", "https://me:pw@host/x", "https://…@host/x"},
		{"a user of a database whose password has slashes", "dial postgres://me:p/w@x/y@db:5432/x: refused", "dial postgres://…@db:5432/x: refused"},
		{"a path with an @", "https://host/@me/x@2", "https://host/@me/x@2"},
		{"a key behind a letter", "/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d9ask_0123456789abcdefghij", "/v1/renders/0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d9a…"},
		{"several", "sk_a https://h?b sk_c", "… https://h?… …"},
		{"words that look like keys", "task_id, disk_full, risk_", "task_id, disk_full, risk_"},
		{"how a key is written down", "Authorization: Bearer sk_…", "Authorization: Bearer sk_…"},
		{"a question", "really? yes", "really? yes"},
	} {
		require.Equal(t, c.want, secret.Mask(c.text), c.name)
		require.Equal(t, secret.Mask(c.want), c.want, "masked twice: %s", c.name)
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"what Mask hides", "GET https://h/x?b=1 for sk_a", "GET https://h/x?… for …"},
		{"a member of a query without a question mark", "GET /links&expiry=1&signature=a%2Bb: refused", "GET /links&expiry=1&signature=… refused"},
		{"a member of a link of S3", "X-Amz-Expires=9&X-Amz-Signature=0a1b", "X-Amz-Expires=9&X-Amz-Signature=…"},
		{"a member of what connects to a database", "user=me password=hush dbname=x", "user=me password=… dbname=x"},
		{"a member that has no value", "password= and token=", "password= and token="},
		{"members that are no secret", "size=1 key=2 author=me", "size=1 key=2 author=me"},
	} {
		require.Equal(t, c.want, secret.Log(c.text), c.name)
		require.Equal(t, secret.Log(c.want), c.want, "masked twice: %s", c.name)
	}
}

func TestMaskKey(t *testing.T) {
	t.Parallel()
	require.Equal(t, "proxy said … twice: …", secret.MaskKey("proxy said hunter-hunter twice: sk_1", "hunter-hunter"))
	require.Equal(t, "a text", secret.MaskKey("a text", "t"), "a key this short is no secret")
}

func TestIsName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie", "set-cookie2", "X-Api-Key", "apiKey", "api_key", "client_secret",
		"password", "session_token", "Access-Token", "token", "X-Amz-Signature", "private key", "aws.credential", "X-Auth", "X-Session-Id", "Ocp-Apim-Subscription-Key", "x-hub-sig"} {
		require.True(t, secret.IsName(name), name)
	}
	for _, name := range []string{"", "state", "key", "tokens", "author", "Content-Type", "asset_id"} {
		require.False(t, secret.IsName(name), name)
	}
}
