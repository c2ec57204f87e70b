package roughy_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// Tell apart what an API can answer instead of a render.
func ExampleError() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request-Id", "req_7")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"error": {"code": "not_found", "message": "There is no such render."}}`)
	}))
	defer server.Close()
	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Render(context.Background(), uuid.New())
	refused, _ := errors.AsType[*roughy.Error](err)
	switch {
	case errors.Is(err, roughy.ErrNotFound):
		fmt.Println("no such render:", refused.Message, refused.RequestID)
	case errors.Is(err, roughy.ErrUnauthenticated):
		fmt.Println("the key is wrong")
	case errors.Is(err, roughy.ErrRateLimited):
		fmt.Println("ask again in", refused.RetryAfter)
	case errors.Is(err, roughy.ErrContract):
		fmt.Println("the API broke its contract:", err)
	default:
		fmt.Println(err)
	}
	// Output: no such render: There is no such render. req_7
}

// Ask again more patiently than usual. The second attempt brings the render.
func ExampleWithRetry() {
	good := documented()
	defer good.Close()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		good.Config.Handler.ServeHTTP(w, r)
	}))
	defer server.Close()

	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL),
		roughy.WithRetry(roughy.RetryOptions{Attempts: 10, First: 10 * time.Millisecond, Budget: time.Hour}))
	if err != nil {
		log.Fatal(err)
	}
	render, err := client.Render(context.Background(), uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(render.State, "at attempt", asked)
	// Output: completed at attempt 2
}
