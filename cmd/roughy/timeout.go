package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
)

// addTimeout defines --timeout; 0 is no limit.
func addTimeout(cmd *cobra.Command, timeout *time.Duration, usual time.Duration, usage string) {
	cmd.Flags().DurationVar(timeout, "timeout", usual, usage+"; 0 is no limit")
}

// checkTimeout refuses a limit that ends before it begins.
func checkTimeout(cmd *cobra.Command) error {
	if d, err := cmd.Flags().GetDuration("timeout"); err == nil && d < 0 { // err: a command without one
		return fmt.Errorf("--timeout %v: want a duration such as 30s, or 0 for no limit", d)
	}
	return nil
}

// within does something that has to end after d, unless d is 0, and says so if that is why it ended.
func within(ctx context.Context, d time.Duration, do func(context.Context) error) error {
	if d == 0 {
		return do(ctx)
	}
	limited, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	err := do(limited)
	if errors.Is(err, context.DeadlineExceeded) && limited.Err() != nil {
		return fmt.Errorf("not done within %v, the limit that --timeout sets: %w", d, err)
	}
	return err
}

// patient takes the client's own limit for a read away, where --timeout is the limit.
func patient() roughy.Option { return roughy.WithHTTPClient(&http.Client{}) }
