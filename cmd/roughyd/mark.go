package main

import (
	"context"
	"errors"
	"fmt"
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

// readyTime bounds how long a server that starts waits for its bucket.
const readyTime = 5 * time.Second

// settle asks for the bucket's mark, and then begins to work. A bucket that cannot be asked now is no reason not to start: it is asked
// again until it answers. Until then nothing is encoded, and the server ends if it is another.
func (s *server) settle(ctx context.Context, c serverConfig) error {
	first, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	switch err := s.sameBucket(first); {
	case errors.Is(err, errOther) || ctx.Err() != nil:
		return err
	case err != nil:
		c.logger.WarnContext(ctx, "bucket is not ready; nothing is encoded until it answers", "error", err)
		go s.awaitMark(ctx)
		return nil
	}
	if err := s.bucket.Ready(first); err != nil {
		c.logger.WarnContext(ctx, "bucket is not ready", "error", err)
	}
	return s.work(ctx, c)
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
			s.settled <- struct{}{}
			return
		case errors.Is(err, errOther):
			s.broken <- err
			return
		}
	}
}

// work begins to encode, if that is what the server is for.
func (s *server) work(ctx context.Context, c serverConfig) error {
	if c.renders == 0 {
		return nil
	}
	err := s.queue.Start(ctx)
	if errors.Is(err, store.ErrInUse) {
		return fmt.Errorf("%w; stop that one, or choose another folder with --data", err)
	}
	return err
}
