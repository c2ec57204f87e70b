//go:build unix

package jobs_test

import (
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
	"github.com/roughy-go/roughy/internal/store"
)

// props adds the assets, and lets the database itself record each publication.
func (c *drama) props(t *testing.T) {
	t.Helper()
	path := long(t)
	source, err := media.Probe(t.Context(), path)
	require.NoError(t, err)
	bytes, err := os.ReadFile(path)
	require.NoError(t, err)
	add := func(key string, bytes string, s media.Source) store.Asset {
		_, err := c.bucket.Upload(t.Context(), key, "video/mp4", strings.NewReader(bytes))
		require.NoError(t, err)
		a, err := c.store.AddAsset(t.Context(), store.Asset{Owner: "ann", Name: key, Key: key, Source: s})
		require.NoError(t, err)
		return a
	}
	whole := add("assets/clip", string(bytes), source)
	cut, err := c.store.AddCut(t.Context(), store.Cut{
		Owner: "ann", AssetID: whole.ID, Segments: []media.Segment{{End: source.Duration / 2}},
	})
	require.NoError(t, err)
	c.plan.Clip, c.plan.Cut = whole.ID, cut.ID
	c.plan.Song = add("assets/song", "never read", media.Source{Container: "m4a", AudioCodec: "aac", AudioBitrate: 128_000}).ID
	c.plan.Junk = add("assets/junk", strings.Repeat("no clip at all ", 1000), source).ID
	_, err = jobs.Open(t.Context(), jobs.Config{Store: c.store, Bucket: c.bucket})
	require.NoError(t, err)
	for _, text := range recorders[c.server != nil] {
		exec(t, c.store.Writer(), text)
	}
}

// long is the bundled clip many times over: encoding it takes long enough to be hit.
func long(t *testing.T) string {
	t.Helper()
	short, path := filepath.Join(t.TempDir(), "short.mp4"), filepath.Join(t.TempDir(), "long.mp4")
	require.NoError(t, os.WriteFile(short, clip.MP4, 0o600))
	cmd := osexec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-stream_loop", "19", "-i", short, "-c", "copy", path)
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, string(said))
	return path
}

// recorders keep each write of a render that is completed then, whoever makes it.
var recorders = map[bool][]string{
	false: {
		`CREATE TABLE published (render text NOT NULL)`,
		`CREATE TRIGGER record AFTER UPDATE ON renders WHEN NEW.state = 'completed'
			BEGIN INSERT INTO published VALUES (NEW.id); END`,
	},
	true: {
		`CREATE TABLE published (render text NOT NULL)`,
		`CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN INSERT INTO published VALUES (NEW.id); RETURN NULL; END $$`,
		`CREATE TRIGGER record AFTER UPDATE ON renders FOR EACH ROW WHEN (NEW.state = 'completed') EXECUTE FUNCTION record()`,
	},
}

// audit counts renders, outputs and files when nobody works any more.
func (c *drama) audit(t *testing.T) {
	t.Helper()
	q := c.queue(t, func(c *jobs.Config) { c.Stale = time.Nanosecond }) // nobody uploads any more
	rows, err := c.store.Renders(t.Context(), "ann", 0)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(rows), c.plan.Renders)
	var want []string
	ends, attempts, died := map[string]int{}, 0, 0
	for _, r := range rows {
		attempts, died = attempts+r.Attempt, died+r.Failures
		require.True(t, r.State.Terminal(), r.ID)
		if r.State == roughy.StateFailed {
			ends[r.Failure.Code]++
			require.True(t, ownFault[r.Failure.Code] || r.Failure.Code == jobs.CodeInternal, r.Failure.Code)
			continue
		}
		ends["completed"]++
		want = append(want, r.OutputKey)
		c.playable(t, r)
	}
	t.Logf("%d renders, %d attempts, %d of them died: %v", len(rows), attempts, died, ends)
	require.GreaterOrEqual(t, ends["completed"], ends[jobs.CodeInternal], "attempts are not used up so soon")
	slices.Sort(want)
	require.Eventually(t, func() bool { // what was on its way to S3 when its sender was killed may arrive yet
		return q.Sweep(t.Context()) == nil && slices.Equal(want, c.keys(t, "renders/"))
	}, patience, 50*time.Millisecond, "one output to each completed render, and no other: %v", want)
	require.Equal(t, ends["completed"], c.count(t, `SELECT count(*) FROM published`))
	require.Equal(t, ends["completed"], c.count(t, `SELECT count(DISTINCT render) FROM published`))
	require.Empty(t, c.scratch(t), "files under way of processes that ended")
	requireNoTemporaries(t, c.dir)
}

// playable holds an output to its size and to ffprobe.
func (c *drama) playable(t *testing.T, r store.Render) {
	t.Helper()
	path, release, err := c.bucket.Local(t.Context(), r.OutputKey, t.TempDir())
	require.NoError(t, err)
	defer release()
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.EqualValues(t, *r.SizeBytes, info.Size())
	said, err := osexec.CommandContext(t.Context(), "ffprobe", "-v", "error", path).CombinedOutput()
	require.NoError(t, err, string(said))
	require.Empty(t, string(said))
}
