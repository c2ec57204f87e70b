package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/admin"
)

// told is what the admin address tells. Who only signs links that S3 answers is of use while S3 is gone.
func (s *server) told(c serverConfig) http.Handler {
	needed := map[string]func(context.Context) error{"server": s.staying, "database": s.databaseReady}
	spare := map[string]func(context.Context) error{}
	if c.renders == 0 && c.bucket != "" {
		spare["bucket"] = s.bucket.Ready
	} else {
		needed["bucket"] = s.bucket.Ready
	}
	return admin.New(admin.Config{Checks: needed, Spare: spare, Queue: s.queue.Jobs, Metrics: s.metrics, Logger: c.logger})
}

// staying fails once the server stops, so that a load balancer sends no more to it.
func (s *server) staying(context.Context) error {
	if s.stopping.Load() {
		return admin.ErrStopping
	}
	return nil
}

// databaseReady makes the read that every request begins with, of a key that nobody has.
func (s *server) databaseReady(ctx context.Context) error {
	if _, err := s.store.KeyOwner(ctx, [32]byte{}); !errors.Is(err, roughy.ErrNotFound) {
		return s.store.Explain(err)
	}
	return nil
}
