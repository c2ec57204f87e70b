package blobs_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/faulttest"
	"github.com/roughy-go/roughy/internal/s3test"
)

// raw speaks to the server without us.
func raw(s *s3test.Server) *s3.Client {
	return s3.New(s3.Options{
		Region: s3test.Region, BaseEndpoint: &s.Endpoint, UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: s3test.AccessKey, SecretAccessKey: s3test.SecretKey}, nil
		}),
	})
}

// unfinished is how many uploads in parts a bucket has that have not ended.
func unfinished(t *testing.T, s *s3test.Server, bucket string) int {
	t.Helper()
	out, err := raw(s).ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &bucket})
	require.NoError(t, err)
	return len(out.Uploads)
}

func bucketName(t *testing.T, r room) string {
	t.Helper()
	u, err := url.Parse(r.config.URL)
	require.NoError(t, err)
	return u.Host
}

// requireDiscreet holds an error to tell nothing that gives access, and no more than a line.
func requireDiscreet(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	for _, secret := range []string{s3test.SecretKey, s3test.AccessKey, "X-Amz-", "x-id=", "?", "\n", "Authorization:", "Credential=", "Signature=", "https response error"} {
		require.NotContains(t, err.Error(), secret)
	}
}

func TestS3LinksLeadToThePublicEndpoint(t *testing.T) {
	t.Parallel()
	s := s3test.Start(t)
	r := s3Room(t, s)
	l := link(t, stocked(t, r), key)
	require.True(t, strings.HasPrefix(l, s.Public+"/"), "the server itself goes to another")
	require.NotContains(t, l, s3test.SecretKey)
	resp, body := fetch(t, http.MethodGet, l, nil)
	require.Equal(t, http.StatusOK, resp.StatusCode, body)
	requireRefused(t, http.MethodGet, strings.Replace(l, s.Public, s.Endpoint, 1), "the host is signed")

	r.config.PublicEndpoint = ""
	l = link(t, r.open(t), key)
	require.True(t, strings.HasPrefix(l, s.Endpoint+"/"))
	resp, _ = fetch(t, http.MethodGet, l, nil)
	require.Equal(t, http.StatusOK, resp.StatusCode)
}

func TestS3SweepingGivesUpWhatKilledUploadsLeft(t *testing.T) {
	t.Parallel()
	s := s3test.Start(t)
	r := s3Room(t, s)
	b, name := r.open(t), bucketName(t, r)
	for _, k := range []string{key, otherKey} {
		left, err := raw(s).CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &name, Key: &k})
		require.NoError(t, err)
		_, err = raw(s).UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: &name, Key: &k, UploadId: left.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("half"),
		})
		require.NoError(t, err)
	}
	require.NoError(t, b.Sweep(t.Context(), day))
	require.Equal(t, 2, unfinished(t, s, name), "they may be under way")
	require.Empty(t, list(t, b, ""))
	require.NoError(t, b.Sweep(t.Context(), -time.Minute))
	require.Zero(t, unfinished(t, s, name))
}

func TestS3ACopyGoesWhenItIsReleased(t *testing.T) {
	t.Parallel()
	b := stocked(t, s3Room(t, s3test.Start(t)))
	scratch := t.TempDir()
	path, release, err := b.Local(t.Context(), key, scratch)
	require.NoError(t, err)
	require.Equal(t, scratch, filepath.Dir(path))
	require.Equal(t, ".mp4", filepath.Ext(path))
	release()
	_, _, err = b.Local(t.Context(), "renders/none/1.mp4", scratch)
	require.ErrorIs(t, err, blobs.ErrNotFound)
	entries, err := os.ReadDir(scratch)
	require.NoError(t, err)
	require.Empty(t, entries)
	_, _, err = b.Local(t.Context(), key, filepath.Join(scratch, "none"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NotErrorIs(t, err, blobs.ErrNotFound, "the bytes are there")
}

// tasks is all that asks S3 for something, done at the same time.
func tasks(t *testing.T, b *blobs.Bucket) map[string]error {
	t.Helper()
	ctx, scratch := t.Context(), t.TempDir()
	upload := func(text string) error {
		_, err := b.Upload(ctx, key, "video/mp4", strings.NewReader(text))
		return err
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	out := map[string]error{}
	for what, do := range map[string]func() error{
		"asking":          func() error { return b.Ready(ctx) },
		"sweeping":        func() error { return b.Sweep(ctx, day) },
		"deleting":        func() error { return b.Delete(ctx, key) },
		"uploading":       func() error { return upload("bytes") },
		"uploading parts": func() error { return upload(parts(2)) },
		"reading": func() error {
			_, _, err := b.Local(ctx, key, scratch)
			return err
		},
		"listing": func() (last error) {
			for _, last = range b.Keys(ctx, "") {
			}
			return last
		},
	} {
		all.Go(func() {
			err := do()
			mu.Lock()
			defer mu.Unlock()
			out[what] = err
		})
	}
	all.Wait()
	return out
}

func TestS3GoneIsUnreachableUntilItIsBack(t *testing.T) {
	t.Parallel()
	s := s3test.Start(t)
	r := s3Room(t, s)
	b := stocked(t, r)
	s.Stop(t)
	for what, err := range tasks(t, b) {
		require.ErrorIs(t, err, blobs.ErrUnreachable, what)
		require.NotErrorIs(t, err, blobs.ErrNotFound, what)
		require.ErrorContains(t, err, "connection refused", what)
		requireDiscreet(t, err)
	}
	again := r.open(t)
	l := link(t, again, key)
	s.Resume(t)
	require.NoError(t, again.Ready(t.Context()))
	require.Equal(t, "0123456789", read(t, b, key))
	resp, _ := fetch(t, http.MethodGet, l, nil)
	require.Equal(t, http.StatusOK, resp.StatusCode, "one needs no S3 to sign")
}

func TestS3ThatWillNotSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s := s3test.Start(t)
	for name, c := range map[string]struct{ url, says string }{
		"no such bucket":   {s.URL("nobodys-bucket"), "NoSuchBucket: make the bucket first"},
		"the wrong region": {strings.Replace(s.Bucket(t), s3test.Region, "eu-west-9", 1), "S3 answered 4"},
	} {
		b, err := blobs.Open(t.Context(), blobs.Config{URL: c.url})
		require.NoError(t, err, name)
		for what, err := range tasks(t, b) {
			require.NotErrorIs(t, err, blobs.ErrNotFound, "%s: %s", name, what)
			require.NotErrorIs(t, err, blobs.ErrUnreachable, "%s: %s", name, what)
			require.ErrorContains(t, err, c.says, "%s: %s", name, what)
			requireDiscreet(t, err)
		}
		require.NoError(t, b.Close())
	}
}

func TestS3ThatIsNotReachedInTimeIsUnreachable(t *testing.T) {
	t.Parallel()
	s := s3test.Start(t)
	b, err := blobs.Open(t.Context(), blobs.Config{URL: s.Bucket(t), Patience: time.Nanosecond}) // too short to connect
	require.NoError(t, err)
	for what, err := range tasks(t, b) {
		require.ErrorIs(t, err, blobs.ErrUnreachable, what)
		require.NotErrorIs(t, err, context.DeadlineExceeded, what)
		require.ErrorContains(t, err, "i/o timeout", what)
		requireDiscreet(t, err)
	}
	require.NoError(t, b.Close())
}

// Machines at Amazon get credentials that end soon from a place that may be gone when they do.
func TestLinkDoesNotWaitForeverForCredentials(t *testing.T) {
	var asked atomic.Int32
	over := make(chan struct{})
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 1 {
			<-over
			return
		}
		fmt.Fprintf(w, `{"AccessKeyId":"A","SecretAccessKey":"B","Token":"C","Expiration":%q}`, time.Now().UTC().Format(time.RFC3339))
	}))
	t.Cleanup(at.Close)
	t.Cleanup(func() { close(over) })
	for name, value := range map[string]string{
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": at.URL, "AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": "",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(name, value)
	}
	b, err := blobs.Open(t.Context(), blobs.Config{URL: "s3://renders?region=eu-west-1", Patience: 50 * time.Millisecond})
	require.NoError(t, err)
	_, err = b.Link(t.Context(), "renders/1.mp4")
	require.ErrorIs(t, err, blobs.ErrUnreachable)
	require.ErrorContains(t, err, "no credentials in 50ms")
	require.NoError(t, b.Close())
}

// TestS3ThatFallsSilent stands for a machine that is gone: nobody refuses a connection, and nobody answers.
func TestS3ThatFallsSilentIsUnreachable(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]faulttest.Step{
		"before its answer":  {faulttest.Wait(nil)},
		"within its answer":  {faulttest.Head("200 OK", "Content-Length: 9", "Last-Modified: Wed, 25 Nov 2026 12:00:00 GMT"), faulttest.Text("half"), faulttest.Wait(nil)},
		"cut off":            {faulttest.Head("200 OK", "Content-Length: 9", "Last-Modified: Wed, 25 Nov 2026 12:00:00 GMT"), faulttest.Text("half"), faulttest.Cut()},
		"reset":              {faulttest.Reset()},
		"with 503":           {faulttest.Head("503 Service Unavailable", "Content-Length: 0")},
		"with a proxy's 502": {faulttest.Head("502 Bad Gateway", "Content-Type: text/html", "Content-Length: 6"), faulttest.Text("<html>")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := blobs.Open(t.Context(), blobs.Config{
				URL: "s3://bucket?region=eu-west-1&endpoint=" + faulttest.Serve(t, steps...), Patience: 50 * time.Millisecond,
			})
			require.NoError(t, err)
			scratch := t.TempDir()
			_, _, err = b.Local(t.Context(), key, scratch)
			require.ErrorIs(t, err, blobs.ErrUnreachable)
			require.NotErrorIs(t, err, context.DeadlineExceeded)
			requireDiscreet(t, err)
			entries, err := os.ReadDir(scratch)
			require.NoError(t, err)
			require.Empty(t, entries, "no part of a copy stays")
			require.NoError(t, b.Close())
		})
	}
}

func TestAnEndpointThatIsAnotherServersIsSaidSo(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string][]faulttest.Step{
		"nothing there":         {faulttest.Head("404 Not Found", "Content-Type: text/plain", "Content-Length: 4"), faulttest.Text("none")},
		"a page says so":        {faulttest.Head("404 Not Found", "Content-Type: text/html", "Content-Length: 13"), faulttest.Text("<html></html>")},
		"a page for everything": {faulttest.Head("200 OK", "Content-Type: text/html", "Content-Length: 13"), faulttest.Text("<html></html>")},
		"a text for everything": {faulttest.Head("200 OK", "Content-Type: text/plain", "Content-Length: 6"), faulttest.Text("hello\n")},
		"an empty answer":       {faulttest.Head("200 OK", "Content-Length: 0")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := blobs.Open(t.Context(), blobs.Config{URL: "s3://bucket?region=eu-west-1&endpoint=" + faulttest.Serve(t, steps...)})
			require.NoError(t, err)
			err = b.Ready(t.Context())
			require.ErrorContains(t, err, "endpoint does not answer as S3 does: check endpoint in the bucket's URL")
			requireDiscreet(t, err)
			require.NoError(t, b.Close())
		})
	}
}
