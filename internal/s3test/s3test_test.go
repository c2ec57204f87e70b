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

func TestAGateIsShutAndOpenedAgain(t *testing.T) {
	t.Parallel()
	s := s3test.Start(t)
	g := s.Gate(t)
	bucket, err := url.Parse(g.Bucket(t))
	require.NoError(t, err)
	require.Equal(t, g.Endpoint, bucket.Query().Get("endpoint"))
	ask := func(endpoint string) (status int, err error) {
		resp, err := http.Get(endpoint + "/" + bucket.Host)
		if err != nil {
			return 0, err
		}
		return resp.StatusCode, resp.Body.Close()
	}
	for range 2 {
		status, err := ask(g.Endpoint)
		require.NoError(t, err)
		require.Equal(t, http.StatusForbidden, status, "it asks who is there")
		g.Shut()
		_, err = ask(g.Endpoint)
		require.Error(t, err)
		status, err = ask(s.Endpoint)
		require.NoError(t, err, "the server is there still")
		require.Equal(t, http.StatusForbidden, status)
		g.Open()
	}
}
