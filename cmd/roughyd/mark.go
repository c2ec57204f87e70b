package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/store"
)

// errOther is a bucket that is not the one of the database.
var errOther = errors.New("this is not where the database's files are")

// sameBucket makes sure that the bucket is the one that the database's rows speak of. The first that are opened together belong
// together: the bucket gets a mark, which the database keeps. A database that has none takes the bucket's as it is.
func (b *backend) sameBucket(ctx context.Context) error {
	want, err := b.store.SettleBucket(ctx, b.mark)
	if err != nil {
		return err
	}
	found, err := b.bucket.Mark(ctx)
	if err != nil || found == want {
		return err
	}
	where := "the bucket of --bucket-url"
	if b.links.Dir != "" {
		where = b.links.Dir
	}
	return fmt.Errorf("%w: %s has not the mark of the bucket that the database works with; set --bucket-url and --data as they are elsewhere, "+
		"or bring back the files; if this is right, put a file %q there that holds %s", errOther, where, blobs.MarkKey, want)
}

// mark is the mark that the bucket has or now gets.
func (b *backend) mark(ctx context.Context) (uuid.UUID, error) {
	id, err := b.bucket.Mark(ctx)
	if err != nil || id != uuid.Nil {
		return id, err
	}
	if id, err = store.NewID(); err != nil {
		return uuid.Nil, err
	}
	return id, b.bucket.SetMark(ctx, id)
}

// checkMark asks for the bucket's mark before any work is done. A bucket that cannot be asked now is no reason not to start: it is
// asked again until it answers, and the server ends if it is another.
func (s *server) checkMark(ctx context.Context, log *slog.Logger) error {
	first, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	err := s.sameBucket(first)
	if err == nil || errors.Is(err, errOther) || ctx.Err() != nil {
		return err
	}
	log.WarnContext(ctx, "bucket is not known to be the database's", "error", err)
	go s.awaitMark(ctx)
	return nil
}

func (s *server) awaitMark(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch err := s.sameBucket(ctx); {
		case err == nil:
			return
		case errors.Is(err, errOther):
			s.broken <- err
			return
		}
	}
}
