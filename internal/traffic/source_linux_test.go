package traffic_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/traffic"
)

// A shell's <(…) is a name for a pipe.
func TestNamedPipeIsReadTwice(t *testing.T) {
	t.Parallel()
	from, to, err := os.Pipe()
	require.NoError(t, err)
	r, err := traffic.Open(fmt.Sprintf("/dev/fd/%d", from.Fd()), nil, traffic.HAR)
	require.NoError(t, err)
	require.NoError(t, from.Close())
	go func() {
		_, _ = to.Write(manyRenders(20))
		_ = to.Close()
	}()
	for range 2 {
		entries, err := all(r)
		require.NoError(t, err)
		require.Len(t, entries, 20)
	}
	require.NoError(t, r.Close())
}
