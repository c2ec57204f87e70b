package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

func TestTheLogHidesSecretsInWhateverWentWrong(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		var log bytes.Buffer
		cmd := &cobra.Command{}
		cmd.Flags().String("format", format, "")
		cmd.SetErr(&log)
		l := logger(cmd, 0)
		failure := errors.New("dial postgres://me:hush@db.example/x?password=hush for sk_hush")
		l.Warn("no sk_hush", "error", failure, "attempt", 3)
		l.With("error", failure).WithGroup("of").Error("again", "link", "https://files.example/1.mp4?X-Amz-Signature=hush")
		l.Info("started", "url", "https://me:hush@renders.example", slog.Group("of", "link", "/links?signature=hush", "error", failure))
		l.Info("request", "path", "/links&X-Amz-Signature=hush")
		require.NotContains(t, log.String(), "hush")
		for _, kept := range []string{"db.example/x", "files.example/1.mp4", "attempt", "again", "renders.example", "/links&X-Amz-Signature="} {
			require.Contains(t, log.String(), kept)
		}
	}
}

func TestTheLogHasDurationsWithTheirUnit(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]string{
		0:                     "0s",
		123:                   "123ns",
		1_499_500:             "1.5ms",
		4_860_478_219:         "4.86s",
		-4_860_478_219:        "-4.86s",
		15 * time.Minute:      "15m0s",
		5_025_678 * 1_000_000: "1h23m46s",
	} {
		for format, line := range map[string]string{"text": "took=" + want + "\n", "json": `"took":"` + want + `"}` + "\n"} {
			var log bytes.Buffer
			cmd := &cobra.Command{}
			cmd.Flags().String("format", format, "")
			cmd.SetErr(&log)
			logger(cmd, 0).Info("request", "took", took)
			require.True(t, strings.HasSuffix(log.String(), line), "%s: %s", line, log.String())
		}
	}
}
