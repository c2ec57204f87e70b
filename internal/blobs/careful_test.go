package blobs_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/s3test"
)

func TestS3UploadsThatEndEarlyLeaveNoParts(t *testing.T) {
	t.Parallel()
	s := s3test.Start(t)
	r := s3Room(t, s)
	b, name := r.open(t), bucketName(t, r)
	var all sync.WaitGroup
	for n := range 4 { // some end while a part is under way, some between two
		all.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			seen := 0
			key := fmt.Sprintf("renders/%d/1.mp4", n)
			_, err := b.Upload(ctx, key, "video/mp4", io.MultiReader(strings.NewReader(parts(n+1)), readerFunc(func([]byte) (int, error) {
				seen = unfinished(t, s, name)
				cancel()
				return 0, io.EOF
			})))
			if n > 0 { // the first may not have begun to go up
				require.NotZero(t, seen, "it was under way")
			}
			require.ErrorIs(t, err, context.Canceled)
		})
	}
	all.Wait()
	require.Zero(t, unfinished(t, s, name))
	require.Empty(t, list(t, b, ""))
}

// A part is slow here: all of it is there when the upload ends, but it is not answered for yet.
func TestS3AnUploadIsGivenUpOnceItsPartsAreAnsweredFor(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var under atomic.Int32
	givenUp := make(chan int32, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPost:
			fmt.Fprint(w, "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>")
		case http.MethodPut:
			under.Add(1)
			_, _ = io.Copy(io.Discard, r.Body)
			cancel()
			select { // S3 does not stop for a client that has left
			case early := <-givenUp:
				givenUp <- early
			case <-time.After(100 * time.Millisecond):
			}
			under.Add(-1)
			w.Header().Set("ETag", `"part"`)
		case http.MethodDelete:
			givenUp <- under.Load()
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	t.Cleanup(s.Close)
	b := room{config: blobs.Config{URL: "s3://bucket?region=eu-west-1&endpoint=" + s.URL}}.open(t)
	_, err := b.Upload(ctx, key, "video/mp4", strings.NewReader(parts(3)))
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, <-givenUp, "parts under way")
}
