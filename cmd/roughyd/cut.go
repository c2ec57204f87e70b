package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

func cutsCommand() *cobra.Command {
	return group("cuts", "The parts of an asset that a render keeps", cutsAddCommand())
}

func cutsAddCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add --asset ID --segment START-END ...",
		Short: "Make a cut of an asset and print its id",
		Long: `Makes a cut: the segments that a render of the asset keeps, joined in the order given. START and END are seconds, or
durations such as 1m2.5s; the segment ends just before END.`,
		Example: "  cut=$(roughyd cuts add --asset $asset --segment 0.5-1.5)",
		Args:    cobra.NoArgs,
	}
	asset := idFlag(cmd, "asset", "the asset that is cut")
	segments := cmd.Flags().StringArray("segment", nil, "a part to keep, START-END; again for more")
	_ = cmd.MarkFlagRequired("segment")
	addOwner(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		parts, err := parseSegments(*segments)
		if err != nil {
			return usage{err}
		}
		return withExisting(cmd, func(ctx context.Context, b *backend) error {
			cut, err := addCut(ctx, b, flag(cmd, "owner"), *asset.id, parts)
			if err != nil {
				return err
			}
			return printID(cmd, cut.ID, cutRow{ID: cut.ID, Owner: cut.Owner, AssetID: cut.AssetID, Segments: cut.Segments})
		})
	}
	return cmd
}

// addCut stores a cut whose segments lie within the asset.
func addCut(ctx context.Context, b *backend, owner string, assetID uuid.UUID, segments []media.Segment) (store.Cut, error) {
	asset, err := b.store.Asset(ctx, owner, assetID)
	if err != nil {
		return store.Cut{}, about(err, "asset %s of owner %s", assetID, owner)
	}
	if err := media.ValidateSegments(asset.Source, segments); err != nil {
		return store.Cut{}, err
	}
	return b.store.AddCut(ctx, store.Cut{Owner: owner, AssetID: assetID, Segments: segments})
}

func parseSegments(texts []string) ([]media.Segment, error) {
	var segments []media.Segment
	for _, text := range texts {
		from, to, found := strings.Cut(text, "-")
		start, startErr := parseOffset(from)
		end, endErr := parseOffset(to)
		if !found || startErr != nil || endErr != nil {
			return nil, fmt.Errorf("--segment %q: write START-END in seconds or as durations, such as 0.5-1.5 or 1m-1m30s", text)
		}
		segments = append(segments, media.Segment{Start: start, End: end})
	}
	return segments, nil
}

func parseOffset(text string) (time.Duration, error) {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		text += "s"
	}
	return time.ParseDuration(text)
}

// cutRow is a cut as it is printed.
type cutRow struct {
	ID       uuid.UUID       `json:"id"`
	Owner    string          `json:"owner"`
	AssetID  uuid.UUID       `json:"asset_id"`
	Segments []media.Segment `json:"segments"`
}
