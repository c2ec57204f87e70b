package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
)

// downloadOptions are the flags of download.
type downloadOptions struct {
	output  string
	force   bool
	timeout time.Duration
}

func (p *program) downloadCommand() *cobra.Command {
	var o downloadOptions
	cmd := &cobra.Command{
		Use:   "download ID",
		Short: "Fetch the output of a completed render",
		Long: `download reads a render and fetches its output by the signed link, which is renewed when it has expired. The API key is
not sent to the link's host. The length has to be the one that the render names.

The file appears under its own name only when it is whole; before that it has a temporary name in the same folder. An
existing file is not replaced unless --force is given. stdout gets the file's name, or with --format json an object of
id, file and bytes; with --output - it gets the bytes themselves, and nothing else.

Exit code 0 if the output is there, 1 if the render failed or an answer broke the contract, 2 if it could not be fetched: it
is not completed yet, the link was refused, the connection was lost, the disk is full.`,
		Example: `  roughy download 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy download --output clip.mp4 --force 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy download --output - 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 | ffprobe -`,
		Args: oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			return within(cmd.Context(), o.timeout, func(ctx context.Context) error {
				return p.download(ctx, uuid.MustParse(args[0]), o)
			})
		},
	}
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "file to write, or - for stdout (default ID.FORMAT in this folder)")
	cmd.Flags().BoolVar(&o.force, "force", false, "replace the file if it is there")
	addTimeout(cmd, &o.timeout, 0, "give up after this long")
	return cmd
}

func (p *program) download(ctx context.Context, id uuid.UUID, o downloadOptions) error {
	if o.output == "-" && onTerminal(p.stdout) {
		return errors.New("these bytes are not for a terminal: redirect stdout, or name a file with --output")
	}
	var seen sightings
	client, err := p.client(roughy.WithReports(seen.add))
	if err != nil {
		return err
	}
	render, err := client.Render(ctx, id)
	if err != nil {
		return err
	}
	if err := ready(render); err != nil {
		return err
	}
	if o.output == "-" {
		_, err = p.fetch(ctx, client, id, p.stdout)
	} else {
		err = p.save(ctx, client, render, o)
	}
	if err == nil {
		p.remark(&seen, id)
	}
	return err
}

// ready says why there is nothing to fetch.
func ready(r *roughy.Render) error {
	switch r.State {
	case roughy.StateCompleted:
		return nil
	case roughy.StateFailed:
		return broken("the render failed: " + failureLine(r.Failure))
	}
	return fmt.Errorf("the render is still %s: roughy wait %s waits for it", r.State, r.ID)
}

// save fetches into a file and prints its name.
func (p *program) save(ctx context.Context, client *roughy.Client, r *roughy.Render, o downloadOptions) error {
	path := o.output
	if path == "" {
		path = defaultName(r)
	}
	out, err := createFile(path, o.force)
	if err != nil {
		return err
	}
	defer out.discard()
	size, err := p.fetch(ctx, client, r.ID, out)
	if err != nil {
		return err
	}
	if err := out.publish(); err != nil {
		return err
	}
	if p.format == formatJSON {
		return p.printJSON(saved{ID: r.ID, File: path, Bytes: size})
	}
	_, err = fmt.Fprintln(p.stdout, path)
	return err
}

// saved is what --format json prints of a download.
type saved struct {
	ID    uuid.UUID `json:"id"`
	File  string    `json:"file"`
	Bytes int64     `json:"bytes"`
}

// fetch downloads with a bar, if there is a terminal to draw one on.
func (p *program) fetch(ctx context.Context, client *roughy.Client, id uuid.UUID, w io.Writer) (int64, error) {
	if !onTerminal(p.stderr) {
		return client.Download(ctx, id, w)
	}
	b := newBar(p.stderr)
	defer b.stop()
	return client.Download(ctx, id, w, roughy.WithProgress(b.show))
}

// defaultName is the id with the format's extension. Where the format is not known there is none.
func defaultName(r *roughy.Render) string {
	switch f := r.Output.Format; f {
	case roughy.FormatMP4, roughy.FormatMOV, roughy.FormatM4A, roughy.FormatMP3:
		return r.ID.String() + "." + string(f)
	}
	return r.ID.String()
}
