package blobs_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/s3test"
)

// Not parallel: the log is everybody's, and the library writes to it that an upload could not be completed.
func TestS3AnUploadThatIsRefusedAtItsEndIsGivenUpAndLogsNoSecret(t *testing.T) {
	var lines bytes.Buffer
	before := log.Writer()
	log.SetOutput(&lines)
	t.Cleanup(func() { log.SetOutput(before) })
	givenUp := make(chan struct{}, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch q := r.URL.Query(); {
		case r.Method == http.MethodPost && q.Has("uploads"):
			fmt.Fprint(w, "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>")
		case r.Method == http.MethodPut:
			_, _ = io.Copy(io.Discard, r.Body) // else the connection is reset under the client
			w.Header().Set("ETag", `"part"`)
		case r.Method == http.MethodDelete && q.Get("uploadId") == "one":
			givenUp <- struct{}{}
			w.WriteHeader(http.StatusNoContent)
		default:
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
		}
	}))
	t.Cleanup(s.Close)
	b := room{config: blobs.Config{URL: "s3://bucket?region=eu-west-1&endpoint=" + s.URL}}.open(t)
	_, err := b.Upload(t.Context(), key, "video/mp4", strings.NewReader(parts(2)))
	require.ErrorContains(t, err, "S3 answered 403 AccessDenied: check the credentials")
	requireDiscreet(t, err)
	<-givenUp
	for _, secret := range []string{s3test.SecretKey, s3test.AccessKey, "X-Amz-", "Signature=", "?"} {
		require.NotContains(t, lines.String(), secret)
	}
	require.Contains(t, lines.String(), "failed to complete multipart upload", "it is what was looked at")
}
