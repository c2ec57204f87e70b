package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/store"
)

func assetsCommand() *cobra.Command {
	return group("assets", "Source files", assetsAddCommand())
}

func assetsAddCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add FILE",
		Short: "Copy a file in, establish what it is, and print its id",
		Long: `Copies a file into the bucket and establishes what it is, once: with ffprobe if it is on PATH, else by reading
the boxes of an MP4, MOV or M4A file.`,
		Example: "  asset=$(roughyd assets add clip.mp4)",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withBackend(cmd, func(ctx context.Context, b *backend) error {
				if err := b.sameBucket(ctx); err != nil {
					return err
				}
				a, err := addAsset(ctx, b, flag(cmd, "owner"), args[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", report.Printable(a.Name), describe(a.Source))
				return printID(cmd, a.ID, assetRow{ID: a.ID, Owner: a.Owner, Name: a.Name, Source: a.Source})
			})
		},
	}
	addOwner(cmd)
	return cmd
}

// addAsset takes a file in. Its bytes are there before its row is, so that no row ever names missing bytes.
func addAsset(ctx context.Context, b *backend, owner, path string) (store.Asset, error) {
	source, err := media.Probe(ctx, path)
	if err != nil {
		return store.Asset{}, err
	}
	id, err := store.NewID()
	if err != nil {
		return store.Asset{}, err
	}
	asset := store.Asset{ID: id, Owner: owner, Name: filepath.Base(path), Key: "assets/" + id.String(), Source: source}
	file, err := os.Open(path)
	if err != nil {
		return store.Asset{}, err
	}
	defer file.Close()
	if _, err := b.bucket.Upload(ctx, asset.Key, "application/octet-stream", file); err != nil {
		return store.Asset{}, err
	}
	added, err := b.store.AddAsset(ctx, asset)
	if err != nil {
		return store.Asset{}, errors.Join(err, b.bucket.Delete(context.WithoutCancel(ctx), asset.Key))
	}
	return added, nil
}

// assetRow is an asset as it is printed.
type assetRow struct {
	ID     uuid.UUID    `json:"id"`
	Owner  string       `json:"owner"`
	Name   string       `json:"name"`
	Source media.Source `json:"source"`
}
