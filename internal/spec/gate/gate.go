// Gate stands before the generator, in the first line of generate.go: it loads the document and tries the generator's
// configurations elsewhere, so that gen is replaced as a whole or not at all.
//
//	go run ./internal/spec/gate openapi.yaml gen/models.yaml gen/client.yaml gen/server.yaml
//
// It runs in the module's folder. What fails is told on one line, with the place in the document or in the configuration that is at
// fault, and exits with 1, upon which go generate runs none of the lines behind it. It imports contract alone of ours, for whatever
// imports gen need not compile while the document is being changed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/roughy-go/roughy/internal/contract"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%v; gen stays as it was\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) < 2 {
		return errors.New("usage: gate DOCUMENT CONFIG...")
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	if _, err := contract.Load(args[0], data); err != nil {
		return err
	}
	err = try(ctx, data, args[1:])
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		return err
	}
	// A configuration that does not even do for a document without operations is at fault itself.
	blank := try(ctx, []byte(nothing), r.configs)
	if own, ok := errors.AsType[*refusal](blank); ok {
		return own.blame()
	}
	if blank != nil {
		return blank
	}
	return fmt.Errorf("%s: %w", position(args[0], data, r.complaint), err)
}
