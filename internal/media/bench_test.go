package media_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
)

// BenchmarkEncode has a clip of 10 s in 720p encoded by the engine and by ffmpeg with the same command line, in turns. The ratio is of
// the medians. The engine's ffmpeg stands back (nice 10): on a machine with other work start the test with nice -n 10, too.
func BenchmarkEncode(b *testing.B) {
	program, path := tool(b, "ffmpeg"), filepath.Join(b.TempDir(), "source.mp4")
	ffmpeg(b, "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=10", "-f", "lavfi", "-i", "sine=duration=10", "-preset", "ultrafast", path)
	t := media.Task{Input: path, Output: filepath.Join(b.TempDir(), "output"), Source: probe(b, path), Spec: roughy.Output{Format: "mov"}}
	var engine, bare []time.Duration
	timed := func(f func() error) time.Duration {
		began := time.Now()
		require.NoError(b, f())
		return time.Since(began)
	}
	for b.Loop() {
		engine = append(engine, timed(func() error { return media.EncodeByFFmpeg(b.Context(), program, t) }))
		bare = append(bare, timed(exec.Command(program, t.Args()...).Run))
	}
	slices.Sort(engine)
	slices.Sort(bare)
	b.ReportMetric(engine[len(engine)/2].Seconds()/bare[len(bare)/2].Seconds(), "ratio")
	b.ReportMetric(engine[len(engine)/2].Seconds(), "engine-s")
	b.ReportMetric(bare[len(bare)/2].Seconds(), "bare-s")
}
