package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
)

// downloadOptions are the flags of download.
type downloadOptions struct {
	asking
	output string
	force  bool
}

func (p *program) downloadCommand() *cobra.Command {
	var o downloadOptions
	cmd := &cobra.Command{
		Use:   "download ID",
		Short: "Fetch the output of a completed render",
		Long: `download reads a render and fetches its output by the signed link, which is renewed when it has expired. The API key is
not sent to the link's host. The length has to be the one that the render names. On a terminal, stderr has a bar, the rate and
the time that is left.

The file appears under its own name only when it is whole and on the disk. Until then what has come is in the folder .ID.part
beside it, and stays there if the download ends early, be it by Ctrl-C or a lost connection: the same command goes on from
there, or starts over if the output is another by then. An existing file is not replaced unless --force is given. stdout gets
the file's name, or with --format json an object of id, file and bytes; with --output - it gets the bytes themselves, and
nothing is kept.

` + againHelp + ` It goes on where a connection
was cut, and counts anew whenever bytes have come; 30 s without any count as a cut.

Exit code 0 if the output is there, 1 if the render failed or an answer broke the contract, 2 if it could not be fetched: it
is not completed yet, the link was refused, the connection was lost, the disk is full. 130 after Ctrl-C.`,
		Example: `  roughy download 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy download --output clip.mp4 --force 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90
  roughy download --output - 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 | ffprobe -
  for i in 1 2 3; do roughy download --timeout 10m 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 && break; done`,
		Args: oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			return within(cmd.Context(), o.timeout, func(ctx context.Context) error {
				return p.download(ctx, uuid.MustParse(args[0]), o)
			})
		},
	}
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "`file` to write, or - for stdout (default ID.FORMAT in this folder)")
	cmd.Flags().BoolVar(&o.force, "force", false, "replace the file if it is there")
	o.add(cmd, 0)
	return cmd
}

func (p *program) download(ctx context.Context, id uuid.UUID, o downloadOptions) error {
	if o.output == "-" && onTerminal(p.stdout) {
		return errors.New("these bytes are not for a terminal: redirect stdout, or name a file with --output")
	}
	var seen sightings
	t := p.newTransfer()
	journal := o.journal(t.w)
	journal.fetched = t.fetched
	client, err := p.asker(journal, roughy.WithReports(seen.add))
	if err != nil {
		return err
	}
	if t.render, err = client.Render(ctx, id); err != nil {
		return err
	}
	p.reached = true
	if err := ready(t.render); err != nil {
		return err
	}
	if t.stream = o.output == "-"; t.stream {
		err = t.run(ctx, func() (int64, error) {
			return client.Download(ctx, id, p.stdout, roughy.WithProgress(t.progress))
		}).err
	} else {
		err = p.save(ctx, client, t, o)
	}
	if err == nil {
		p.remark(&seen)
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
func (p *program) save(ctx context.Context, client *roughy.Client, t *transfer, o downloadOptions) error {
	id, path := t.render.ID, cmp.Or(o.output, defaultName(t.render))
	options := []roughy.DownloadOption{roughy.WithProgress(t.progress)}
	if o.force {
		options = append(options, roughy.WithReplace())
	}
	came := t.run(ctx, func() (int64, error) { return client.DownloadFile(ctx, id, path, options...) })
	if came.err != nil && came.bytes > 0 {
		folder, same := filepath.Join(filepath.Dir(path), "."+id.String()+".part"), "the same command"
		if errors.Is(came.err, fs.ErrExist) {
			same = "one with --force or another --output"
		}
		p.say(fmt.Sprintf("%s are kept in %s: %s goes on from there", share(came.bytes, t.total()), folder, same))
	}
	switch {
	case errors.Is(came.err, fs.ErrExist):
		return taken(path)
	case came.err != nil:
		return came.err
	case p.format == formatJSON:
		return p.printJSON(saved{ID: id, File: path, Bytes: came.bytes})
	}
	_, err := fmt.Fprintln(p.stdout, path)
	return err
}

// taken says why nothing may be written to path.
func taken(path string) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file; name another with --output, or stream to it with --output -", path)
	}
	return fmt.Errorf("%s is there already; --force replaces it, --output names another", path)
}

// saved is what --format json prints of a download.
type saved struct {
	ID    uuid.UUID `json:"id"`
	File  string    `json:"file"`
	Bytes int64     `json:"bytes"`
}

// defaultName is the id with the format's extension. Where the format is not known there is none.
func defaultName(r *roughy.Render) string {
	switch f := r.Output.Format; f {
	case roughy.FormatMP4, roughy.FormatMOV, roughy.FormatM4A, roughy.FormatMP3:
		return r.ID.String() + "." + string(f)
	}
	return r.ID.String()
}
