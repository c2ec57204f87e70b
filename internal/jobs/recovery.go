package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/roughy-go/roughy/internal/store"
)

// takeBack gives the jobs and claims of a process that was killed free again, in one transaction. It reaches into River's
// table, which River itself would do only after RescueStuckJobsAfter: it writes what River writes for a job that a stop
// interrupted, but leaves the attempt counted, so that a render that kills its server ends as failed. A test pins the
// step against River's version.
func takeBack(ctx context.Context, s *store.Store, logger *slog.Logger) error {
	return s.InTx(ctx, func(tx *sql.Tx) error {
		held, err := s.ReleaseAll(ctx, tx)
		if err != nil {
			return err
		}
		const text = `UPDATE river_job SET state = 'available' WHERE state = 'running' AND kind = $1`
		done, err := tx.ExecContext(ctx, text, renderArgs{}.Kind())
		if err != nil {
			return fmt.Errorf("take running jobs back: %w", err)
		}
		if n, err := done.RowsAffected(); err == nil && n > 0 {
			logger.WarnContext(ctx, "a server was killed: its renders are taken up again", "jobs", n, "claims", held)
		}
		return nil
	})
}
