package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// copyStep is how much is copied between two looks at the context.
const copyStep = 64 << 20

// copyEngine hands the input on as it is.
type copyEngine struct{}

var _ Engine = copyEngine{}

func (copyEngine) Name() string { return "copy" }

// Encode lets the kernel copy where it can.
func (copyEngine) Encode(ctx context.Context, t Task) (err error) {
	in, err := os.Open(t.Input)
	if err != nil {
		return fmt.Errorf("open input: %w", err)
	}
	defer in.Close()
	out, err := os.OpenFile(t.Output, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("create output: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch _, err := io.CopyN(out, in, copyStep); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("copy input: %w", err)
		}
	}
}
