package traffic_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/traffic"
)

// What Chromium 156's developer tools exported of a page that read eight things: gzip is undone, a video is in base64, HEAD is called
// aborted, an answer that broke off has a status.
func TestChromiumsOwnExport(t *testing.T) {
	t.Parallel()
	recording, err := traffic.Open("testdata/chromium.har", nil, traffic.HAR)
	require.NoError(t, err)
	defer recording.Close()
	var got []traffic.Entry
	for e, err := range recording.Entries() {
		require.NoError(t, err)
		got = append(got, e.Clone())
	}
	require.Len(t, got, 10)
	page, zipped, missing, head, video, reset, cut := got[0], got[1], got[5], got[6], got[7], got[8], got[9]

	require.Equal(t, "text/html", page.Header.Get("Content-Type"))
	require.NotZero(t, page.Sent)
	require.Positive(t, page.Elapsed)
	require.Equal(t, "Bearer sk_test_chromium_1", zipped.Request.Get("Authorization"))
	require.Empty(t, zipped.Header["Content-Encoding"], "the text is decoded")
	require.Contains(t, string(zipped.Body), `"state":"processing"`)
	require.Equal(t, 404, missing.Status)
	require.Equal(t, "HEAD", head.Method)
	require.Equal(t, 200, head.Status)
	require.Empty(t, head.Problem)
	require.Equal(t, []byte{0, 0, 0, 24, 'f', 't', 'y', 'p', 255, 254, 1, 2, 3}, video.Body)
	require.Equal(t, "13", video.Header.Get("Content-Length"), "bytes in base64 are as they came")
	require.Equal(t, "net::ERR_EMPTY_RESPONSE", reset.Problem)
	require.Equal(t, contract.Cut, cut.Unseen)

	text := written(t, got...)
	for _, secret := range []string{"sk_test", "5ecre7", "c00k1e"} {
		require.NotContains(t, text, secret)
	}
}
