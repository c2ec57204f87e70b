package roughy

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/contract"
)

// logAnswer logs what came of one attempt to read a render. Texts from elsewhere are clean in err and in findings, and not logged
// but for these.
func (c *Client) logAnswer(ctx context.Context, id uuid.UUID, a *answer, took time.Duration, err error) {
	if a.report != nil && a.report.Verdict >= contract.Warning && c.log.Enabled(ctx, slog.LevelWarn) {
		c.logFindings(ctx, id, a.report)
	}
	if !c.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{slog.String("render", id.String()), slog.Duration("took", took)}
	if a.status != 0 {
		attrs = append(attrs, slog.Int("status", a.status))
	}
	if name := c.requestID(a.header); name != "" {
		attrs = append(attrs, slog.String("request", name))
	}
	if a.report != nil {
		attrs = append(attrs, slog.String("verdict", a.report.Verdict.String()))
	}
	if err != nil {
		attrs = append(attrs, slog.Any("error", err))
	}
	c.log.LogAttrs(ctx, slog.LevelDebug, "read render", attrs...)
}

// logFindings logs an answer that did not keep the contract.
func (c *Client) logFindings(ctx context.Context, id uuid.UUID, r *Report) {
	findings := make([]string, len(r.Findings))
	for i, f := range r.Findings {
		findings[i] = f.String()
	}
	c.log.LogAttrs(ctx, slog.LevelWarn, "contract", slog.String("render", id.String()),
		slog.String("verdict", r.Verdict.String()), slog.Any("findings", findings))
}
