package roughy_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// documented answers every request with the example in openapi.yaml, and its link with a few bytes.
func documented() *httptest.Server {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	mux.HandleFunc("GET /v1/renders/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{
			"id": "0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90", "asset_id": "0192f0c0-11aa-7d0e-8f23-6b5a4c3d2e1f", "cut_id": null,
			"state": "completed", "output": {"format": "mp4", "frame_rate": 29.97}, "size_bytes": 6,
			"error_code": null, "error_message": null, "created_at": "2026-10-31T09:15:00Z",
			"started_at": "2026-10-31T09:15:01Z", "completed_at": "2026-10-31T09:15:42Z", "download_url": "%s/a.mp4?signature=0f1e"
		}`, server.URL)
	})
	mux.HandleFunc("GET /a.mp4", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "video\n") })
	return server
}

// Read a render as it is now.
func ExampleClient_Render() {
	server := documented()
	defer server.Close()
	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	render, err := client.Render(context.Background(), uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(render.State, render.Output.Format, *render.Output.FrameRate)
	// Output: completed mp4 29.97
}

// Wait for a render, with every answer held to the contract.
func ExampleClient_Wait() {
	server := documented()
	defer server.Close()

	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL)) // NewClient("") for the real API
	if err != nil {
		log.Fatal(err)
	}
	id := uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")
	render, err := client.Wait(context.Background(), id)
	if err != nil {
		log.Fatal(err) // the API said no, or broke its contract
	}
	if render.State == roughy.StateFailed {
		log.Fatal(render.Failure.Message) // a failed render is data
	}
	fmt.Println(render.State, *render.SizeBytes, "bytes")
	// Output: completed 6 bytes
}

// Follow each change of a render.
func ExampleClient_Watch() {
	server := documented()
	defer server.Close()
	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	for render, err := range client.Watch(context.Background(), uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(render.State)
	}
	// Output: completed
}

// Fetch the output of a completed render.
func ExampleClient_Download() {
	server := documented()
	defer server.Close()
	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	n, err := client.Download(context.Background(), uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90"), os.Stdout)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n, "bytes")
	// Output:
	// video
	// 6 bytes
}

// Look at what is wrong with the API's answers without being stopped by it.
func ExampleWithReports() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"error": {"code": "not_found"}}`)
	}))
	defer server.Close()
	client, err := roughy.NewClient("sk_example",
		roughy.WithBaseURL(server.URL),
		roughy.WithMode(roughy.ReportOnly),
		roughy.WithReports(func(r roughy.Report) { fmt.Println(r.Verdict, len(r.Findings) > 0) }))
	if err != nil {
		log.Fatal(err)
	}
	_, _ = client.Render(context.Background(), uuid.New())
	// Output: violation true
}
