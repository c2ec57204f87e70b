//go:build unix

package media_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/media"
)

func TestFFmpegLeadsAGroupOfItsOwn(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "leads")
	leads := script(t, "kill -s 0 -- -$$ && echo yes > "+out) // there is a group of that number only if it made one
	requireFault(t, media.EncodeByFFmpeg(t.Context(), leads, task(t)))
	said, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, "yes\n", string(said))
}
