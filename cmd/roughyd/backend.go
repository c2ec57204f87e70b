package main

import (
	"context"
	"errors"
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
//	roughy.db    keys, assets, cuts, renders and jobs, unless they are in Postgres
//	blobs/       the bytes of assets and outputs, unless they are in S3
//	link.key     the secrets that sign links to them; without it every link given out stops working
//	scratch/     files under way
//	serve.lock   held by the one server that works here on SQLite
//
// backend is one place opened beside whoever else has it open.
type backend struct {
	store  *store.Store
	links  blobs.Config // what the bucket was opened with
	bucket *blobs.Bucket
	queue  *jobs.Queue
}

// openBackend opens a place, or makes it. links says where links lead and how long, work how renders are made; without a BaseURL
// no links to files are signed.
func openBackend(ctx context.Context, p place, links blobs.Config, work jobs.Config) (b *backend, err error) {
	b = &backend{links: links}
	defer func() {
		if err != nil {
			b, err = nil, errors.Join(err, b.Close())
		}
	}()
	if b.store, err = p.open(ctx); err != nil {
		return b, err
	}
	if err = b.openBucket(ctx, p); err != nil {
		return b, b.store.Explain(err)
	}
	work.Store, work.Bucket = b.store, b.bucket
	b.queue, err = jobs.Open(ctx, work)
	return b, err
}

func (b *backend) openBucket(ctx context.Context, p place) (err error) {
	if b.links.URL = p.bucket; p.bucket == "" {
		if err := os.MkdirAll(p.dir, 0o700); err != nil {
			return err
		}
		b.links.Dir = filepath.Join(p.dir, "blobs")
		if b.links.BaseURL != "" {
			if b.links.Secrets, err = linkSecrets(p.dir); err != nil {
				return err
			}
		}
	}
	b.bucket, err = blobs.Open(ctx, b.links)
	return err
}

// Close closes what was opened, in the reverse order.
func (b *backend) Close() error {
	var errs []error
	if b.bucket != nil {
		errs = append(errs, b.bucket.Close())
	}
	if b.store != nil {
		errs = append(errs, b.store.Close())
	}
	return errors.Join(errs...)
}

// withExisting is withBackend for commands that find nothing to do in a new folder.
func withExisting(cmd *cobra.Command, do func(context.Context, *backend) error) error {
	if err := placeOf(cmd).check(); err != nil {
		return err
	}
	return withBackend(cmd, do)
}

// withBackend runs a command on the place that the flags name, beside servers and workers that may be at it.
func withBackend(cmd *cobra.Command, do func(context.Context, *backend) error) (err error) {
	b, err := openBackend(cmd.Context(), placeOf(cmd), blobs.Config{}, jobs.Config{Logger: logger(cmd, slog.LevelWarn)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return b.store.Explain(do(cmd.Context(), b))
}
