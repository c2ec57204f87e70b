package intercept_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/intercept"
)

// BenchmarkProxy is a render of 700 bytes on its way through, beside a ReverseProxy with the same transport and without.
func BenchmarkProxy(b *testing.B) {
	document, err := os.ReadFile("../../openapi.yaml")
	require.NoError(b, err)
	c, err := contract.Load("openapi.yaml", document, contract.AnyHost())
	require.NoError(b, err)
	body := clean + strings.Repeat(" ", 700-len(clean))
	upstream := httptest.NewServer(answer(200, body))
	b.Cleanup(upstream.Close)
	target, err := url.Parse(upstream.URL)
	require.NoError(b, err)
	proxy := func(m contract.Mode) http.Handler {
		return intercept.Proxy(target, nil, intercept.Options{Judge: c, Mode: m})
	}
	for name, h := range map[string]http.Handler{
		"plain": plain(target, nil, 0), "plain flush": plain(target, nil, -1),
		"off": proxy(contract.Off), "report": proxy(contract.ReportOnly), "enforce": proxy(contract.Enforce),
	} {
		b.Run(name, func(b *testing.B) {
			s := httptest.NewServer(h)
			defer s.Close()
			client := &http.Client{Transport: intercept.NewTransport()}
			b.ReportAllocs()
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					resp, err := client.Get(s.URL + path)
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
				}
			})
		})
	}
}
