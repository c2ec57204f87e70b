package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
	"github.com/roughy-go/roughy/internal/store"
)

// owner is whose all is that the bench gives a server.
const owner = "bench"

// allowance is the rate that a key is allowed: counted as always, and never reached.
const allowance = "1000000"

// renderTime is how long a render may take at most.
const renderTime = 5 * time.Minute

// house is a place where roughyd works, opened beside it as roughyd's other commands open it.
type house struct {
	dir    string
	store  *store.Store
	bucket *blobs.Bucket
	queue  *jobs.Queue
}

// house opens a new place, on the Postgres database at address; "" is SQLite.
func (s *stage) house(ctx context.Context, address string) (*house, error) {
	dir, err := os.MkdirTemp(s.folder, "data-")
	if err != nil {
		return nil, err
	}
	h := &house{dir: dir}
	if address == "" {
		h.store, err = store.Open(ctx, dir)
	} else {
		h.store, err = store.Connect(ctx, address, store.WithDir(dir))
	}
	if err != nil {
		return nil, err
	}
	s.ends = append(s.ends, func() { _ = h.store.Close() }) // the folder goes, too
	if h.bucket, err = blobs.Open(ctx, blobs.Config{Dir: filepath.Join(dir, "blobs")}); err != nil {
		return nil, err
	}
	s.ends = append(s.ends, func() { _ = h.bucket.Close() })
	h.queue, err = jobs.Open(ctx, jobs.Config{Store: h.store, Bucket: h.bucket})
	return h, err
}

// roughyd starts the server of a house as it is started by people, but for the allowance. Its log, a line for each request, goes to
// a file.
func (s *stage) roughyd(ctx context.Context, h *house, address string) (*server, error) {
	path, err := s.build(ctx, "roughyd")
	if err != nil {
		return nil, err
	}
	at, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	return s.serve(ctx, program{path: path, address: at, log: filepath.Join(h.dir, "log"), args: []string{
		"serve", "--data", h.dir, "--database-url", address, "--bucket-url", "", "--addr", at, "--admin-addr", "127.0.0.1:0", "--rate", allowance,
	}})
}

// newKey is a key of the owner's.
func (h *house) newKey(ctx context.Context) (string, error) {
	made, hash, err := api.NewKey()
	if err != nil {
		return "", err
	}
	_, err = h.store.CreateKey(ctx, owner, hash)
	return made, err
}

// newAsset takes a file in.
func (h *house) newAsset(ctx context.Context, path string) (uuid.UUID, error) {
	source, err := media.Probe(ctx, path)
	if err != nil {
		return uuid.Nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return uuid.Nil, err
	}
	defer file.Close()
	id, err := store.NewID()
	if err != nil {
		return uuid.Nil, err
	}
	a := store.Asset{ID: id, Owner: owner, Name: filepath.Base(path), Key: "assets/" + id.String(), Source: source}
	if _, err := h.bucket.Upload(ctx, a.Key, "application/octet-stream", file); err != nil {
		return uuid.Nil, err
	}
	_, err = h.store.AddAsset(ctx, a)
	return id, err
}

// newClip takes the bundled clip in.
func (h *house) newClip(ctx context.Context) (uuid.UUID, error) {
	path := filepath.Join(h.dir, "clip.mp4")
	if err := os.WriteFile(path, clip.MP4, 0o600); err != nil {
		return uuid.Nil, err
	}
	return h.newAsset(ctx, path)
}

// newRender asks for a render, which is to be completed, and waits for it.
func (h *house) newRender(ctx context.Context, asset uuid.UUID, output roughy.Output) (store.Render, error) {
	ctx, cancel := context.WithTimeout(ctx, renderTime)
	defer cancel()
	made, err := h.queue.Create(ctx, jobs.NewRender{Owner: owner, AssetID: asset, Output: output})
	if err != nil {
		return store.Render{}, err
	}
	for looks := time.NewTicker(5 * time.Millisecond); ; {
		r, err := h.store.Row(ctx, made.ID)
		switch {
		case err != nil:
			return r, err
		case r.State == roughy.StateCompleted:
			return r, nil
		case r.State == roughy.StateFailed:
			return r, fmt.Errorf("render failed: %s: %s", r.Failure.Code, r.Failure.Message)
		}
		select {
		case <-looks.C:
		case <-ctx.Done():
			return r, fmt.Errorf("render is still %s: %w", r.State, ctx.Err())
		}
	}
}
