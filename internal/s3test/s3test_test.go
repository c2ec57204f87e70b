package s3test_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/s3test"
)

func TestAServerGoesAwayAndComesBackAtTheSameAddress(t *testing.T) {
	t.Parallel()
	s := s3test.Start(t)
	require.NotEqual(t, s.Endpoint, s.Public)
	bucket, err := url.Parse(s.Bucket(t))
	require.NoError(t, err)
	for range 2 {
		for _, endpoint := range []string{s.Endpoint, s.Public} {
			resp, err := http.Get(endpoint + "/" + bucket.Host)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, http.StatusForbidden, resp.StatusCode, "it asks who is there")
		}
		s.Stop(t)
		_, err := http.Get(s.Endpoint)
		require.Error(t, err)
		s.Resume(t)
	}
	require.NotEqual(t, s.Bucket(t), s.Bucket(t))
}
