package main

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"

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
