package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/admin"
)

// told is what the admin address tells.
func (s *server) told(log *slog.Logger) http.Handler {
	return admin.New(admin.Config{
		Checks: map[string]func(context.Context) error{
			"server":   s.staying,
			"database": s.databaseReady,
			"bucket":   s.bucket.Ready,
		},
		Queue:   s.queue.Jobs,
		Metrics: s.metrics,
		Logger:  log,
	})
}

// staying fails once the server stops, so that a load balancer sends no more to it.
func (s *server) staying(context.Context) error {
	if s.stopping.Load() {
		return errors.New("it is being stopped")
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
