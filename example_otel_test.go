package roughy_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp/filters"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

// Trace the requests to the API by OpenTelemetry. Those for a link are left out, because a span holds the whole URL, and a link's
// query is a secret. They are the ones without a key; their host may be the API's own.
func ExampleWithHTTPClient() {
	server := documented()
	defer server.Close()
	spans := tracetest.NewInMemoryExporter() // in a program, one that sends them
	transport := otelhttp.NewTransport(http.DefaultTransport,
		otelhttp.WithTracerProvider(trace.NewTracerProvider(trace.WithSyncer(spans))),
		otelhttp.WithFilter(filters.HeaderContains("Authorization", "Bearer")))

	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL),
		roughy.WithHTTPClient(&http.Client{Transport: transport, Timeout: 30 * time.Second}))
	if err != nil {
		log.Fatal(err)
	}
	id := uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")
	if _, err := client.Download(context.Background(), id, io.Discard); err != nil {
		log.Fatal(err)
	}
	for _, span := range spans.GetSpans() {
		fmt.Println(span.Name)
		for _, a := range span.Attributes {
			if a.Key == "http.request.method" || a.Key == "http.response.status_code" {
				fmt.Println(a.Key, a.Value.String())
			}
		}
	}
	// Output:
	// HTTP GET
	// http.request.method GET
	// http.response.status_code 200
}

// Without the example's filter the link's query is in a span, which shows that the test would find it.
func TestSpansHoldNoSecrets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options []otelhttp.Option
		spans   int
		query   bool // a span holds the link's
	}{
		"requests with a key": {[]otelhttp.Option{otelhttp.WithFilter(filters.HeaderContains("Authorization", "Bearer"))}, 2, false},
		"all requests":        {nil, 3, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, spans := roughytest.NewServer(t), tracetest.NewInMemoryExporter()
			links := &queries{RoundTripper: server.Transport()}
			options := append(c.options, otelhttp.WithTracerProvider(trace.NewTracerProvider(trace.WithSyncer(spans))))
			client := server.Client(roughy.WithHTTPClient(&http.Client{Transport: otelhttp.NewTransport(links, options...)}))

			id := server.Add(roughytest.Render{State: roughy.StateCompleted, Bytes: []byte("a clip")})
			_, err := client.Render(t.Context(), id)
			require.NoError(t, err)
			_, err = client.Download(t.Context(), id, io.Discard)
			require.NoError(t, err)

			told := fmt.Sprintf("%+v", spans.GetSpans())
			require.Len(t, spans.GetSpans(), c.spans)
			require.Contains(t, told, id.String())
			require.NotContains(t, told, server.Key())
			require.Len(t, links.asked, 1)
			require.Contains(t, links.asked[0], "signature=")
			require.Equal(t, c.query, strings.Contains(told, links.asked[0]))
		})
	}
}

// queries remembers the queries of the requests that have one.
type queries struct {
	http.RoundTripper
	asked []string
}

func (q *queries) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.RawQuery != "" {
		q.asked = append(q.asked, r.URL.RawQuery)
	}
	return q.RoundTripper.RoundTrip(r)
}
