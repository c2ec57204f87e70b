package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
)

func rendersCommand() *cobra.Command {
	return group("renders", "Outputs made from assets", rendersCreateCommand(), rendersListCommand())
}

func rendersCreateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "create --asset ID",
		Short: "Ask for a render and print its id",
		Long: `Asks for a render. The server makes it, or a worker, now or when it is started. What is not asked for
stays as the source has it; numbers are upper limits. A source that already is what is asked for is handed on byte for byte,
unread, and so is one that is damaged inside.`,
		Example: `  roughyd renders create --asset $asset
  roughyd renders create --asset $asset --cut $cut --output-format mp4 --resolution 720p --frame-rate 25 --video-bitrate 5M`,
		Args: cobra.NoArgs,
	}
	asset, cut := idFlag(cmd, "asset", "the asset to render"), &idValue{}
	cmd.Flags().Var(cut, "cut", "the cut of it to render (default the whole asset)")
	output := outputFlags(cmd)
	addOwner(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := media.ValidateSpec(*output); err != nil {
			return usage{byFlag(err)}
		}
		return withExisting(cmd, func(ctx context.Context, b *backend) error {
			n := jobs.NewRender{Owner: flag(cmd, "owner"), AssetID: *asset.id, CutID: cut.id, Output: *output}
			if err := checkParts(ctx, b, n); err != nil {
				return err
			}
			r, err := b.queue.Create(ctx, n)
			if err != nil {
				return err
			}
			return printID(cmd, r.ID, r.Gen())
		})
	}
	return cmd
}

// byFlag says of the flag what media says of the member of the output spec, whose name it begins with.
func byFlag(err error) error {
	member, wrong, _ := strings.Cut(err.Error(), " ")
	if member == "format" {
		member = "output-format"
	}
	return fmt.Errorf("--%s %s", strings.ReplaceAll(member, "_", "-"), wrong)
}

// about names what err is about. Of what is not there that is all there is to say, and not by which step it was missed.
func about(err error, what string, args ...any) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, roughy.ErrNotFound):
		err = roughy.ErrNotFound
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(what, args...), err)
}

// checkParts says which part of a render its owner does not have.
func checkParts(ctx context.Context, b *backend, n jobs.NewRender) error {
	if _, err := b.store.Asset(ctx, n.Owner, n.AssetID); err != nil {
		return about(err, "asset %s of owner %s", n.AssetID, n.Owner)
	}
	if n.CutID == nil {
		return nil
	}
	cut, err := b.store.Cut(ctx, n.Owner, *n.CutID)
	if err != nil {
		return about(err, "cut %s of owner %s", n.CutID, n.Owner)
	}
	if cut.AssetID != n.AssetID {
		return fmt.Errorf("cut %s is one of asset %s, not of %s", n.CutID, cut.AssetID, n.AssetID)
	}
	return nil
}

func rendersListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the renders of an owner, the newest first",
		Args:  cobra.NoArgs,
	}
	limit := cmd.Flags().Uint("limit", 0, "at most so many (default all)")
	addOwner(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return withExisting(cmd, func(ctx context.Context, b *backend) error {
			renders, err := b.store.Renders(ctx, flag(cmd, "owner"), int(*limit))
			if err != nil {
				return err
			}
			rows := make([]gen.Render, 0, len(renders))
			for _, r := range renders {
				rows = append(rows, r.Gen())
			}
			return printTable(cmd, []string{"ID", "STATE", "CREATED", "COMPLETED", "BYTES", "ERROR"}, rows, renderCells)
		})
	}
	return cmd
}

func renderCells(r gen.Render) []string {
	size, code := "-", "-"
	if r.SizeBytes != nil {
		size = strconv.FormatInt(*r.SizeBytes, 10)
	}
	if r.ErrorCode != nil {
		code = *r.ErrorCode
	}
	return []string{r.ID.String(), string(r.State), stamp(&r.CreatedAt), stamp(r.CompletedAt), size, code}
}
