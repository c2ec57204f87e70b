package blobs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"
	"gocloud.dev/blob/s3blob"
)

const (
	defaultPatience = 15 * time.Second
	longestPause    = 2 * time.Second    // between two tries of a request
	longestTTL      = 7 * 24 * time.Hour // of a link, by the rules of its signature
	metadataTime    = 5 * time.Second    // for credentials of the machine's role
)

// settings are the members of a bucket URL's query, beside endpoint: those of the library that fit here.
var settings = []string{
	"region", "use_path_style", "profile", "ssetype", "kmskeyid", "dualstack", "fips",
	"request_checksum_calculation", "response_checksum_validation",
}

// parseURL reads Config.URL. No error repeats what it says, where somebody may have put credentials, nor has a URL with a query:
// what hides secrets from a log would cut it.
func parseURL(text string) (bucket *url.URL, endpoint string, err error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != s3blob.Scheme || u.Host == "":
		return nil, "", errors.New("bucket URL: write s3://BUCKET, with ?region=REGION behind it")
	case u.User != nil:
		return nil, "", errors.New("bucket URL: credentials do not belong into it; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	case u.Path != "" && u.Path != "/" || u.Fragment != "" || u.Port() != "":
		return nil, "", errors.New("bucket URL: write s3://BUCKET, with ?region=REGION behind it, and without a port, a path or a fragment")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, "", errors.New("bucket URL: its query cannot be read; write ?region=REGION&endpoint=URL")
	}
	for name, values := range q {
		if name != "endpoint" && !slices.Contains(settings, name) || len(values) != 1 {
			return nil, "", fmt.Errorf("bucket URL: its query knows endpoint, %s, each once; credentials come from the environment",
				strings.Join(settings, ", "))
		}
	}
	if endpoint = q.Get("endpoint"); q.Has("endpoint") && !isEndpoint(endpoint) {
		return nil, "", errors.New("endpoint in the bucket URL: write http://HOST or https://HOST")
	}
	q.Del("endpoint")
	u.RawQuery = q.Encode()
	return u, endpoint, nil
}

func isEndpoint(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		u.RawQuery == "" && u.Fragment == ""
}

func openS3(ctx context.Context, c Config) (*Bucket, error) {
	u, endpoint, err := parseURL(c.URL)
	switch {
	case err != nil:
		return nil, err
	case c.PublicEndpoint != "" && !isEndpoint(c.PublicEndpoint):
		return nil, errors.New("public endpoint: write http://HOST or https://HOST")
	case c.TTL > longestTTL:
		return nil, fmt.Errorf("links of S3 work for %v at most, not for %v", longestTTL, c.TTL)
	}
	var opener s3blob.URLOpener
	opened, err := opener.OpenBucketURL(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("bucket URL: %w", cause(err))
	}
	var client *s3.Client
	if !opened.As(&client) {
		return nil, errors.New("library has no client of S3")
	}
	patience := c.Patience
	if patience == 0 {
		patience = defaultPatience
	}
	client = s3.New(client.Options(), at(endpoint), patient(patience))
	if err := equipped(ctx, client.Options()); err != nil {
		return nil, err
	}
	o := &objects{name: u.Host, client: client, uploader: newUploader(client), patience: patience}
	o.signer = newSigner(s3.New(client.Options(), at(c.PublicEndpoint)), c.TTL)
	if o.blobs, err = s3blob.OpenBucket(ctx, client, u.Host, &opener.Options); err != nil {
		return nil, err
	}
	return &Bucket{blobs: o.blobs, place: o}, nil
}

// cause is what the library says without the URL that it says it of.
func cause(err error) error {
	if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), "open bucket s3:") {
		return inner
	}
	return err
}

// at makes a client go to an endpoint, unless that is "".
func at(endpoint string) func(*s3.Options) {
	return func(o *s3.Options) {
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
	}
}

// patient bounds how long a request takes that gets nowhere.
func patient(d time.Duration) func(*s3.Options) {
	return func(o *s3.Options) {
		o.Retryer = retry.AddWithMaxBackoffDelay(o.Retryer, longestPause)
		o.Logger = logging.Nop{} // the library would write to stderr, beside the log
		if c, ok := o.HTTPClient.(*awshttp.BuildableClient); ok {
			o.HTTPClient = c.WithTransportOptions(func(t *http.Transport) { t.DialContext = dialer(d) })
		}
	}
}

// equipped says what a client lacks that every request of it would fail for.
func equipped(ctx context.Context, o s3.Options) error {
	if o.Region == "" {
		return errors.New("bucket URL: no region; add region=REGION, or set AWS_REGION")
	}
	ctx, cancel := context.WithTimeout(ctx, metadataTime)
	defer cancel()
	if o.Credentials == nil {
		return errNoCredentials
	}
	if _, err := o.Credentials.Retrieve(ctx); err != nil {
		return errNoCredentials // its own text may quote a file or a program that it asked
	}
	return nil
}

var errNoCredentials = errors.New("no credentials for S3: " +
	"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for those of the shared config")

// newSigner makes links. Those that have expired are signed as of before.
func newSigner(client *s3.Client, ttl time.Duration) *s3.PresignClient {
	return s3.NewPresignClient(client, func(o *s3.PresignOptions) {
		o.Expires = ttl
		if ttl < 0 {
			o.Expires = time.Second
			o.Presigner = backdated{v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }), ttl - time.Second}
		}
	})
}

type backdated struct {
	*v4.Signer
	by time.Duration
}

func (b backdated) PresignHTTP(
	ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, at time.Time, opts ...func(*v4.SignerOptions),
) (string, http.Header, error) {
	return b.Signer.PresignHTTP(ctx, c, r, hash, service, region, at.Add(b.by), opts...)
}
