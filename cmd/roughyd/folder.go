package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/store"
)

// A data folder holds all that roughyd keeps:
//
//	roughy.db    keys, assets, cuts, renders and jobs
//	blobs/       the bytes of assets and outputs
//	link.key     the secret that signs links; without it every link given out stops working
//	serve.lock   held by the one server that works here
//
// folder is one opened beside whoever else has it open.
type folder struct {
	store  *store.Store
	links  blobs.Config // what the bucket was opened with
	bucket *blobs.Bucket
	queue  *jobs.Queue
}

// openFolder opens a data folder, or makes it. links says where links lead and how long; without a BaseURL none are signed.
func openFolder(ctx context.Context, dir string, links blobs.Config, log *slog.Logger) (f *folder, err error) {
	f = &folder{links: links}
	defer func() {
		if err != nil {
			f, err = nil, errors.Join(err, f.Close())
		}
	}()
	if f.store, err = store.Open(ctx, dir); err != nil {
		return f, err
	}
	f.links.Dir = filepath.Join(dir, "blobs")
	if links.BaseURL != "" {
		if f.links.Secret, err = linkSecret(dir); err != nil {
			return f, f.store.Explain(err)
		}
	}
	if f.bucket, err = blobs.Open(f.links); err != nil {
		return f, f.store.Explain(err)
	}
	f.queue, err = jobs.Open(ctx, jobs.Config{Store: f.store, Bucket: f.bucket, Logger: log})
	return f, err
}

// Close closes what was opened, in the reverse order.
func (f *folder) Close() error {
	var errs []error
	if f.bucket != nil {
		errs = append(errs, f.bucket.Close())
	}
	if f.store != nil {
		errs = append(errs, f.store.Close())
	}
	return errors.Join(errs...)
}

// withExisting is withFolder for commands that find nothing to do in a new folder.
func withExisting(cmd *cobra.Command, do func(context.Context, *folder) error) error {
	dir := flag(cmd, "data")
	if _, err := os.Stat(filepath.Join(dir, store.FileName)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is no data folder: name another with --data, or make one with serve, keys create or assets add", dir)
	}
	return withFolder(cmd, do)
}

// withFolder runs a command on the data folder that --data names, beside a server that may be working there. The folder is
// made when it is not there.
func withFolder(cmd *cobra.Command, do func(context.Context, *folder) error) (err error) {
	dir := flag(cmd, "data")
	f, err := openFolder(cmd.Context(), dir, blobs.Config{}, logger(cmd, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.store.Explain(do(cmd.Context(), f))
}
