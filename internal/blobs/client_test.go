package blobs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/s3test"
)

func TestABucketURLThatIsNoneSaysHowToWriteOne(t *testing.T) {
	t.Parallel()
	const leak = "SECRETvalue"
	for name, c := range map[string]struct {
		config blobs.Config
		says   string
	}{
		"another scheme":            {blobs.Config{URL: "gs://bucket/" + leak}, "write s3://BUCKET"},
		"no bucket":                 {blobs.Config{URL: "s3://?region=" + leak}, "write s3://BUCKET"},
		"no URL":                    {blobs.Config{URL: "s3://%zz" + leak}, "write s3://BUCKET"},
		"credentials":               {blobs.Config{URL: "s3://AKIA:" + leak + "@bucket"}, "set AWS_ACCESS_KEY_ID"},
		"a path":                    {blobs.Config{URL: "s3://bucket/" + leak}, "without a port, a path"},
		"a fragment":                {blobs.Config{URL: "s3://bucket#" + leak}, "or a fragment"},
		"credentials in the query":  {blobs.Config{URL: "s3://bucket?secret_access_key=" + leak}, "credentials come from the environment"},
		"a setting twice":           {blobs.Config{URL: "s3://bucket?region=a&region=" + leak}, "each once"},
		"a query that is none":      {blobs.Config{URL: "s3://bucket?%zz=" + leak}, "its query cannot be read"},
		"an endpoint without http":  {blobs.Config{URL: "s3://bucket?endpoint=" + leak + ":9000"}, "endpoint in the bucket URL: write http"},
		"an endpoint with a user":   {blobs.Config{URL: "s3://bucket?endpoint=https://u:" + leak + "@host"}, "endpoint in the bucket URL: write http"},
		"an endpoint twice":         {blobs.Config{URL: "s3://bucket?endpoint=http://a&endpoint=http://" + leak}, "each once"},
		"a public one with a query": {blobs.Config{URL: "s3://bucket", PublicEndpoint: "https://host?x=" + leak}, "public endpoint: write http"},
		"no truth value":            {blobs.Config{URL: "s3://bucket?region=a&use_path_style=maybe"}, "use_path_style"},
		"a profile that is not":     {blobs.Config{URL: "s3://bucket?region=a&profile=nobody"}, "profile, nobody"},
		"no region":                 {blobs.Config{URL: "s3://bucket"}, "add region=REGION"},
		"links for a month":         {blobs.Config{URL: "s3://bucket?region=a", TTL: 30 * day}, "168h0m0s at most"},
	} {
		_, err := blobs.Open(t.Context(), c.config)
		require.ErrorContains(t, err, c.says, name)
		require.NotContains(t, err.Error(), leak, name)
		require.NotContains(t, err.Error(), "\n", name)
	}
}

// child is a run of this test in a process of its own, whose environment it is about.
const child = "ROUGHY_BLOBS_CHILD"

func TestCredentialsComeFromTheEnvironmentOrTheSharedConfig(t *testing.T) {
	t.Parallel()
	if url := os.Getenv(child); url != "" {
		b, err := blobs.Open(t.Context(), blobs.Config{URL: url, Patience: time.Second})
		if err == nil {
			err = b.Ready(t.Context())
		}
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		return
	}
	s := s3test.Start(t)
	config := filepath.Join(t.TempDir(), "credentials")
	entry := "[theirs]\naws_access_key_id = " + s3test.AccessKey + "\naws_secret_access_key = " + s3test.SecretKey + "\n"
	require.NoError(t, os.WriteFile(config, []byte(entry), 0o600))
	none := []string{"AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull}
	for name, c := range map[string]struct {
		environ []string
		url     string
		says    string
	}{
		"the environment":       {s3test.Environ(), s.Bucket(t), ""},
		"the shared config":     {append(slices.Clone(none), "AWS_SHARED_CREDENTIALS_FILE="+config), s.Bucket(t) + "&profile=theirs", ""},
		"nowhere":               {none, s.Bucket(t), "no credentials for S3: set AWS_ACCESS_KEY_ID"},
		"another one's":         {append(slices.Clone(none), "AWS_ACCESS_KEY_ID=AKIAOTHER", "AWS_SECRET_ACCESS_KEY=other-SECRETvalue"), s.Bucket(t), "S3 answered 4"},
		"with the wrong secret": {append(s3test.Environ(), "AWS_SECRET_ACCESS_KEY=other-SECRETvalue"), s.Bucket(t), "check the credentials"},
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(e string) bool { return len(e) > 4 && e[:4] == "AWS_" }), append(c.environ, child+"="+c.url)...)
		said, err := cmd.CombinedOutput()
		if c.says == "" {
			require.NoError(t, err, "%s: %s", name, said)
			continue
		}
		require.Error(t, err, name)
		require.Contains(t, string(said), "refused: ", name)
		require.Contains(t, string(said), c.says, name)
		require.NotContains(t, string(said), "SECRETvalue", name)
		require.NotContains(t, string(said), s3test.SecretKey, name)
	}
}
