package media_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
)

// copyTask is a task that the copy engine makes, with the engine.
func copyTask(t *testing.T) (media.Task, media.Engine) {
	t.Helper()
	task := media.Task{Input: clipFile(t), Output: filepath.Join(t.TempDir(), "output"), Source: theClip}
	engine, err := media.Choose(task)
	require.NoError(t, err)
	require.Equal(t, "copy", engine.Name())
	return task, engine
}

func TestCopyHandsOnEveryByte(t *testing.T) {
	t.Parallel()
	task, engine := copyTask(t)
	require.NoError(t, os.WriteFile(task.Output, bytes.Repeat([]byte("x"), 1<<20), 0o600), "what was there is overwritten")
	require.NoError(t, engine.Encode(t.Context(), task))
	data, err := os.ReadFile(task.Output)
	require.NoError(t, err)
	require.True(t, bytes.Equal(clip.MP4, data))
}

func TestCopyFails(t *testing.T) {
	t.Parallel()
	task, engine := copyTask(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	because := errors.New("the lease is over")
	cancel(because)
	require.ErrorIs(t, engine.Encode(ctx, task), because)

	lost := task
	lost.Input = filepath.Join(t.TempDir(), "gone")
	requireFault(t, engine.Encode(t.Context(), lost))
	lost = task
	lost.Output = filepath.Join(t.TempDir(), "no", "folder")
	requireFault(t, engine.Encode(t.Context(), lost))
	lost = task
	lost.Output = "/dev/full"
	requireFault(t, engine.Encode(t.Context(), lost))
}

// requireFault holds an error to be the machine's fault, which may be gone the next time.
func requireFault(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	var refused *media.Error
	require.NotErrorAs(t, err, &refused)
}

// script is a program that does what a shell script says. Another process writes it: while this one has it open for writing
// a child of a parallel test may inherit that, and then nobody can run it.
func script(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ffmpeg")
	write := exec.Command("/bin/sh", "-c", `cat > "$0" && chmod 700 "$0"`, path)
	write.Stdin = strings.NewReader("#!/bin/sh\n" + text)
	require.NoError(t, write.Run())
	return path
}

// task is one that needs ffmpeg.
func task(t testing.TB) media.Task {
	t.Helper()
	return media.Task{Input: clipFile(t), Output: filepath.Join(t.TempDir(), "output"), Source: theClip, Spec: roughy.Output{Format: "mp4"}}
}

func TestWhatFFmpegDoesBecomesACodeOrAFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ script, code string }{
		"it refuses the source":    {"echo 'Invalid data in /srv/private' >&2; exit 1", media.CodeEncodeFailed},
		"it lacks an encoder":      {"echo \"Unknown encoder 'libx264'\" >&2; exit 1", media.CodeEncoderMissing},
		"it is too old":            {"echo \"Unrecognized option 'fps_mode'.\" >&2; exit 1", media.CodeEncoderMissing},
		"it makes nothing":         {`for o; do :; done; : > "${o#file:}"`, media.CodeEncodeFailed},
		"it makes something else":  {`for o; do :; done; echo x > "${o#file:}"`, media.CodeEncodeFailed},
		"it makes no file":         {"exit 0", ""},
		"the disk is full":         {"echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1", ""},
		"a thread is refused":      {"echo 'Resource temporarily unavailable' >&2; exit 1", ""},
		"its memory is used up":    {"echo 'Cannot allocate memory' >&2; exit 1", media.CodeEncodeLimit},
		"x264's memory is used up": {"echo 'x264 [error]: malloc of size 26999616 failed' >&2; exit 1", media.CodeEncodeLimit},
		"somebody kills it":        {"kill -KILL $$", ""},
		"it complains without end": {"i=0; while [ $i -lt 2000 ]; do echo 'Invalid data found when processing input' >&2; i=$((i+1)); done; exit 1", media.CodeEncodeFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := media.EncodeByFFmpeg(t.Context(), script(t, c.script), task(t))
			if c.code == "" {
				requireFault(t, err)
				return
			}
			requireRefusal(t, err, c.code)
			require.NotContains(t, err.Error(), "private")
			require.NotContains(t, err.Error(), "Invalid data")
			if cause := errors.Unwrap(err); cause != nil {
				require.Less(t, len(cause.Error()), 9<<10)
			}
		})
	}
}

func TestPicturesTooLargeForH264AreCalledThat(t *testing.T) {
	t.Parallel()
	err := media.EncodeByFFmpeg(t.Context(), script(t, "echo '[libx264 @ 0x1] invalid width x height (20000x64)' >&2; exit 1"), task(t))
	requireRefusal(t, err, media.CodeEncodeFailed)
	require.ErrorContains(t, err, "16384 pixels")
}

func TestWhatFFmpegSaidIsKeptForTheLog(t *testing.T) {
	t.Parallel()
	err := media.EncodeByFFmpeg(t.Context(), script(t, "echo 'moov atom not found' >&2; exit 1"), task(t))
	require.ErrorContains(t, errors.Unwrap(err), "exit status 1: moov atom not found")
}

func TestFaultsOfTheMachineAreNotFFmpegs(t *testing.T) {
	t.Parallel()
	fine := script(t, "exit 0")
	lost := task(t)
	lost.Input += "gone"
	requireFault(t, media.EncodeByFFmpeg(t.Context(), fine, lost))
	lost = task(t)
	lost.Output = filepath.Join(t.TempDir(), "no", "folder")
	requireFault(t, media.EncodeByFFmpeg(t.Context(), fine, lost))
	requireFault(t, media.EncodeByFFmpeg(t.Context(), filepath.Join(t.TempDir(), "gone"), task(t)))
}

func TestFFmpegLearnsNoSecret(t *testing.T) {
	t.Setenv("ROUGHY_API_KEY", "sk_secret")
	t.Setenv("FFREPORT", "file=report.log")
	out := filepath.Join(t.TempDir(), "env")
	requireFault(t, media.EncodeByFFmpeg(t.Context(), script(t, "env > "+out), task(t)))
	env, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Contains(t, string(env), "PATH=")
	require.NotContains(t, string(env), "ROUGHY")
	require.NotContains(t, string(env), "FFREPORT")
}

func TestFFmpegEndsWithItsContext(t *testing.T) {
	t.Parallel()
	began := filepath.Join(t.TempDir(), "began")
	slow := script(t, "sleep 600 & echo $! > "+began+"; wait")
	ctx, cancel := context.WithCancelCause(t.Context())
	because := errors.New("the lease is over")
	done := make(chan error, 1)
	go func() { done <- media.EncodeByFFmpeg(ctx, slow, task(t)) }()
	require.Eventually(t, func() bool { return childOf(began) != "" }, 20*time.Second, 5*time.Millisecond)
	child := childOf(began)
	cancel(because)
	require.ErrorIs(t, <-done, because)
	requireGone(t, child)
}

func TestFFmpegRefusesAClipWithoutContent(t *testing.T) {
	t.Parallel()
	program := tool(t, "ffmpeg")
	broken := bytes.Clone(clip.MP4)
	start := bytes.Index(broken, []byte("mdat")) + 4
	clear(broken[start:])
	lost := task(t)
	require.NoError(t, os.WriteFile(lost.Input, broken, 0o600))
	requireRefusal(t, media.EncodeByFFmpeg(t.Context(), program, lost), media.CodeEncodeFailed)
}

// childOf reads what a script wrote of its child, "" before it did.
func childOf(path string) string {
	data, _ := os.ReadFile(path)
	pid, ended := strings.CutSuffix(string(data), "\n")
	if !ended {
		return ""
	}
	return pid
}
