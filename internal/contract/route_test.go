package contract_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
)

const routed = `openapi: 3.1.0
info: {title: t, version: "1"}
servers:
  - url: https://{env}.example.com:{port}/{base}
    variables:
      env: {default: prod, enum: [prod, test]}
      port: {default: "443", enum: ["443", "8443"]}
      base: {default: api/v1}
  - url: http://other.example.com
  - url: /rel
paths:
  /: {get: {operationId: root}}
  /a/{id}: {get: {operationId: any}, delete: {operationId: delete}}
  /a/me: {get: {operationId: me}}
  /f/{name}: {get: {operationId: name}}
  /f/{name}.{ext}: {get: {operationId: file}}
  /s%20p: {get: {operationId: space}}
  /own:
    servers: [{url: "https://own.example.com:443/p/"}]
    get: {operationId: own}
`

func TestRoutes(t *testing.T) {
	t.Parallel()
	c, err := contract.Load("routed.yaml", []byte(routed))
	require.NoError(t, err)
	cases := map[string]struct{ method, url, want string }{
		"a default with a slash, its own port":    {"GET", "https://prod.example.com/api/v1/a/me", "me"},
		"the port written":                        {"GET", "https://prod.example.com:443/api/v1/a/me", "me"},
		"the other port":                          {"GET", "https://test.example.com:8443/api/v1/a/x", "any"},
		"a port of no enum":                       {"GET", "https://test.example.com:8444/api/v1/a/x", ""},
		"another value of a variable":             {"GET", "https://prod.example.com/v2/a/me", "me"},
		"a value that the enum lacks":             {"GET", "https://dev.example.com/api/v1/a/me", ""},
		"the port of another scheme":              {"GET", "http://other.example.com:443/a/me", ""},
		"the scheme's port":                       {"GET", "http://other.example.com:80/a/me", "me"},
		"no path at all":                          {"GET", "http://other.example.com", "root"},
		"a longer host":                           {"GET", "http://other.example.com.evil.test/a/me", ""},
		"a server without a host":                 {"GET", "https://anywhere.test/rel/a/me", "me"},
		"a method of the less concrete path":      {"DELETE", "/rel/a/me", "delete"},
		"text beside the parameter":               {"GET", "/rel/f/a.b", "file"},
		"a parameter alone":                       {"GET", "/rel/f/ab", "name"},
		"a slash within a parameter":              {"GET", "/rel/a/b%2Fc", "any"},
		"a template that is escaped":              {"GET", "/rel/s%20p", "space"},
		"the path's own server, its port implied": {"GET", "https://own.example.com/p/own", "own"},
		"the document's server for that path":     {"GET", "/rel/own", ""},
	}
	for name, k := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(k.url)
			require.NoError(t, err)
			got, _ := c.Operation(k.method, u)
			require.Equal(t, k.want, got)
		})
	}
}

func TestServes(t *testing.T) {
	t.Parallel()
	relative := strings.Replace(routed, "paths:", "  - url: /\npaths:", 1)
	for name, k := range map[string]struct {
		document, url string
		want          bool
	}{
		"a server with variables":            {routed, "https://test.example.com:8443/api/v1/nothing", true},
		"a value that no enum has":           {routed, "https://dev.example.com/api/v1/nothing", false},
		"a server in capitals, its own port": {routed, "HTTP://OTHER.example.com:80/x?a=b", true},
		"another scheme":                     {routed, "ftp://other.example.com/x", false},
		"another host":                       {routed, "http://another.example.com/x", false},
		"a base path on any host":            {routed, "http://another.example.com/rel/x", false},
		"the front of a base path":           {routed, "http://another.example.com/relative", false},
		"a path's own server":                {routed, "https://own.example.com/p/x", true},
		"and beside its base path":           {routed, "https://own.example.com/q/x", false},
		"a base path without a host":         {routed, "/rel/x", true},
		"a relative server":                  {relative, "ftp://another.example.com", false},
		"no servers":                         {routed[:strings.Index(routed, "servers:")] + routed[strings.Index(routed, "paths:"):], "http://another.example.com/x", false},
	} {
		for _, options := range [][]contract.Option{nil, {contract.AnyHost()}} {
			c, err := contract.Load("routed.yaml", []byte(k.document), options...)
			require.NoError(t, err)
			u, err := url.Parse(k.url)
			require.NoError(t, err)
			require.Equal(t, k.want, c.Serves(u), name)
		}
	}
	require.False(t, ours(t).Serves(&url.URL{Scheme: "https", Host: "roughy.ai"}))
	require.True(t, ours(t).Serves(nil), "no URL says nothing against it")
}

func TestAt(t *testing.T) {
	t.Parallel()
	based := strings.Replace(routed, "paths:", "  - url: https://based.example.com/v1\npaths:", 1)
	for name, k := range map[string]struct {
		base, url string
		want      bool
	}{
		"behind the base":                      {"http://127.0.0.1:80/gate", "http://127.0.0.1/gate/a/x", true},
		"and behind a server's own base path":  {"http://127.0.0.1/gate", "http://127.0.0.1/gate/v1/a/x", true},
		"a base that ends like the server":     {"http://127.0.0.1/v1/", "http://127.0.0.1/v1/a/x", true},
		"a server that the base is beside":     {"http://127.0.0.1/gate", "https://based.example.com/v1/a/x", true},
		"the base's host and not its path":     {"http://127.0.0.1/gate", "http://127.0.0.1/other/a/x", false},
		"the front of its path":                {"http://127.0.0.1/gate", "http://127.0.0.1/gateway/a/x", false},
		"another host":                         {"http://127.0.0.1/gate", "http://127.0.0.2/gate/a/x", false},
		"a base that is the server's own host": {"https://based.example.com", "https://based.example.com/v1/a/x", true},
	} {
		base, err := url.Parse(k.base)
		require.NoError(t, err)
		c, err := contract.Load("routed.yaml", []byte(based), contract.At(base))
		require.NoError(t, err)
		u, err := url.Parse(k.url)
		require.NoError(t, err)
		_, ok := c.Operation("GET", u)
		require.Equal(t, k.want, ok, name)
		require.Equal(t, k.want, c.Serves(u), name)
	}
}
