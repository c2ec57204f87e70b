package roughy_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

// ofTheAPI leaves out the requests for links, which alone carry no key: a span has the whole URL, and a link's query is a secret.
func ofTheAPI(r *http.Request) bool { return r.Header.Get("Authorization") != "" }

// Trace each request to the API by OpenTelemetry.
func ExampleWithHTTPClient() {
	server := documented()
	defer server.Close()
	spans := tracetest.NewInMemoryExporter() // in a program, one that sends them
	provider := trace.NewTracerProvider(trace.WithSyncer(spans))

	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL), roughy.WithHTTPClient(&http.Client{
		Transport: otelhttp.NewTransport(http.DefaultTransport, otelhttp.WithTracerProvider(provider), otelhttp.WithFilter(ofTheAPI)),
	}))
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
			if a.Key == "http.response.status_code" {
				fmt.Println(a.Value.AsInt64())
			}
		}
	}
	// Output:
	// HTTP GET
	// 200
}

func TestSpansHoldNoSecrets(t *testing.T) {
	t.Parallel()
	server := roughytest.NewServer(t)
	spans := tracetest.NewInMemoryExporter()
	client := server.Client(roughy.WithHTTPClient(&http.Client{Transport: otelhttp.NewTransport(server.Transport(),
		otelhttp.WithTracerProvider(trace.NewTracerProvider(trace.WithSyncer(spans))), otelhttp.WithFilter(ofTheAPI))}))
	id := server.Add(roughytest.Render{State: roughy.StateCompleted, Bytes: []byte("a clip")})
	_, err := client.Download(t.Context(), id, io.Discard)
	require.NoError(t, err)
	r, err := client.Render(t.Context(), id)
	require.NoError(t, err)
	require.Contains(t, r.DownloadURL, "?")
	require.Len(t, spans.GetSpans(), 2, "one for each read, none for the link")
	told := fmt.Sprintf("%+v", spans.GetSpans())
	require.Contains(t, told, id.String())
	require.NotContains(t, told, server.Key())
	require.NotContains(t, told, "signature")
}
