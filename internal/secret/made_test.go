package secret_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/secret"
)

func TestIsMade(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"6553f067": true, "0252f615": true, "4CFA-0116": true, "a1ffce": true, "job_74q2291": true, "deadbeefdeadbeef": true,
		"0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90": true, "aB3xY9zQ1": true, "ghp_abcdefghijklmnop": true, "12345": true,
		"pending": false, "decade": false, "h264": false, "1080p60": false, "1920x1080": false, "sha256": false, "step_2": false,
		"iso-8859-1": false, "yuv420p": false, "X-Request-Id": false, "": false,
	} {
		require.Equal(t, want, secret.IsMade(text), text)
	}
}
