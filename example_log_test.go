package roughy_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"

	"github.com/roughy-go/roughy"
)

// Log each request, without the key and without the query of a link.
func ExampleWithLogger() {
	server := documented()
	defer server.Close()
	handler := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { // what is another at each run
			if a.Key == slog.TimeKey || a.Key == "took" {
				return slog.Attr{}
			}
			return a
		},
	})
	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL), roughy.WithLogger(slog.New(handler)))
	if err != nil {
		log.Fatal(err)
	}
	id, err := roughy.ParseID("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")
	if err != nil {
		log.Fatal(err)
	}
	render, err := client.Render(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(render.State)
	// Output:
	// level=DEBUG msg="read render" render=0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 status=200 verdict=ok
	// completed
}

// An id that came as a text, such as one from a webhook.
func ExampleParseID() {
	id, err := roughy.ParseID("0192F0C1-7a3e-7c52-9b1d-5f0e6a7c8d90")
	fmt.Println(id, err)
	_, err = roughy.ParseID("sk_example")
	fmt.Println(err)
	// Output:
	// 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 <nil>
	// no render id: want a UUID such as 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
}
