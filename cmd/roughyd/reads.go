package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/store"
)

// reads are what the endpoint reads. Where the store can explain what went wrong, the database is gone, full, busy or broken: there
// is nothing wrong with the request, and somebody will see to it.
type reads struct{ *store.Store }

var _ api.Store = reads{}

// KeyOwner implements api.Store.
func (r reads) KeyOwner(ctx context.Context, hash [32]byte) (string, error) {
	owner, err := r.Store.KeyOwner(ctx, hash)
	return owner, r.judge(err)
}

// ReadRender implements api.Store.
func (r reads) ReadRender(ctx context.Context, owner string, id uuid.UUID) (roughy.Render, string, error) {
	render, output, err := r.Store.ReadRender(ctx, owner, id)
	return render, output, r.judge(err)
}

func (r reads) judge(err error) error {
	if err == nil {
		return nil
	}
	if explained := r.Explain(err); explained.Error() != err.Error() {
		return fmt.Errorf("%w: %w", api.ErrUnavailable, explained)
	}
	return err
}

// links are signed by the bucket, which for S3 may have to fetch credentials from somewhere first.
type links struct{ *blobs.Bucket }

var _ api.Links = links{}

// Link implements api.Links.
func (l links) Link(ctx context.Context, key string) (string, error) {
	link, err := l.Bucket.Link(ctx, key)
	if errors.Is(err, blobs.ErrUnreachable) {
		return "", fmt.Errorf("%w: %w", api.ErrUnavailable, err)
	}
	return link, err
}

// linkFailed tells the log why a link has no bytes, with the id that the client was told.
func linkFailed(log *slog.Logger) func(*http.Request, error) {
	return func(r *http.Request, err error) {
		if ctx := r.Context(); ctx.Err() == nil { // else nobody waits for them
			log.LogAttrs(ctx, slog.LevelError, "link failed", slog.String("request", api.RequestID(ctx)), slog.Any("error", err))
		}
	}
}
