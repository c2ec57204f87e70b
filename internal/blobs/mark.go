package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
)

// MarkKey is where a bucket keeps its mark. It is no key for anybody else: it is not listed, no link leads to it.
const MarkKey = "roughyd"

// errMark says that something else is where the mark should be.
var errMark = errors.New(MarkKey + " in the bucket is not a mark of ours: name a bucket that nobody else uses, or restore it")

// Mark is the id that tells this bucket from others, uuid.Nil where it has none.
func (b *Bucket) Mark(ctx context.Context) (uuid.UUID, error) {
	text, err := b.readMark(ctx)
	switch err = known(err); {
	case errors.Is(err, ErrNotFound):
		return uuid.Nil, nil
	case err != nil:
		return uuid.Nil, fmt.Errorf("read mark of bucket: %w", err)
	}
	id, err := uuid.Parse(strings.TrimSpace(text))
	if err != nil {
		return uuid.Nil, errMark
	}
	return id, nil
}

// readMark reads a mark, or enough of what is none to see that.
func (b *Bucket) readMark(ctx context.Context) (string, error) {
	r, err := b.blobs.NewReader(ctx, MarkKey, nil)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(r, 100))
	return string(text), errors.Join(err, r.Close())
}

// SetMark gives the bucket a mark in place of the one that it has. Of several who do so at the same time one is the last.
func (b *Bucket) SetMark(ctx context.Context, id uuid.UUID) error {
	if _, err := b.upload(ctx, MarkKey, "text/plain", strings.NewReader(id.String()+"\n")); err != nil {
		return fmt.Errorf("mark bucket: %w", err)
	}
	return nil
}
