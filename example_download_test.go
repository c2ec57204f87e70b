package roughy_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// Fetch the output of a completed render into a file, which is there when it is whole. After an error, the same call goes on from
// what has come.
func ExampleClient_DownloadFile() {
	server := documented()
	defer server.Close()
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	client, err := roughy.NewClient("sk_example", roughy.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	id := uuid.MustParse("0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")
	path := filepath.Join(folder, "a.mp4")
	_, err = client.DownloadFile(context.Background(), id, path, roughy.WithProgress(func(written, total int64) {
		fmt.Printf("%d of %d bytes\n", written, total)
	}))
	if err != nil {
		log.Fatal(err)
	}
	video, err := os.ReadFile(path)
	fmt.Printf("%q %v\n", video, err)
	// Output:
	// 6 of 6 bytes
	// "video\n" <nil>
}
