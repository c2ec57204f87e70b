package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/api"
	"github.com/roughy-go/roughy/internal/store"
)

func keysCommand() *cobra.Command {
	return group("keys", "API keys", keysCreateCommand(), keysListCommand(), keysRevokeCommand())
}

func keysCreateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "create",
		Short:   "Make a key and show it, this once",
		Example: "  export ROUGHY_API_KEY=$(roughyd keys create --owner ada)",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withBackend(cmd, func(ctx context.Context, b *backend) error {
				key, row, err := createKey(ctx, b, flag(cmd, "owner"))
				if err != nil {
					return err
				}
				if err := printID(cmd, shown(key), newKey{keyRow: keyRowOf(row), Key: key}); err != nil {
					return errors.Join(err, b.store.RevokeKey(context.WithoutCancel(ctx), row.ID)) // nobody has seen it
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "key %s of %s; only its hash is kept, so it cannot be shown again\n", row.ID, row.Owner)
				return nil
			})
		},
	}
	addOwner(cmd)
	return cmd
}

func keysListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the keys of all owners, without the keys themselves",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withExisting(cmd, func(ctx context.Context, b *backend) error {
				keys, err := b.store.Keys(ctx)
				if err != nil {
					return err
				}
				rows := make([]keyRow, 0, len(keys))
				for _, k := range keys {
					rows = append(rows, keyRowOf(k))
				}
				return printTable(cmd, []string{"ID", "OWNER", "CREATED", "REVOKED"}, rows, func(k keyRow) []string {
					return []string{k.ID.String(), k.Owner, stamp(&k.Created), stamp(k.Revoked)}
				})
			})
		},
	}
}

func keysRevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke KEY_ID",
		Short: "Make a key useless, within 2 seconds",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID("KEY_ID", args[0])
			if err != nil {
				return usage{err}
			}
			return withExisting(cmd, func(ctx context.Context, b *backend) error {
				return about(b.store.RevokeKey(ctx, id), "key %s", id)
			})
		},
	}
}

// createKey makes a key of owner. The key itself is nowhere but in what it returns.
func createKey(ctx context.Context, b *backend, owner string) (string, store.Key, error) {
	key, hash, err := api.NewKey()
	if err != nil {
		return "", store.Key{}, err
	}
	row, err := b.store.CreateKey(ctx, owner, hash)
	return key, row, err
}

// keyRow is a key as it is listed.
type keyRow struct {
	ID      uuid.UUID  `json:"id"`
	Owner   string     `json:"owner"`
	Created time.Time  `json:"created_at"`
	Revoked *time.Time `json:"revoked_at"`
}

func keyRowOf(k store.Key) keyRow {
	return keyRow{ID: k.ID, Owner: k.Owner, Created: k.CreatedAt, Revoked: k.RevokedAt}
}

// newKey is a key as it is shown once.
type newKey struct {
	keyRow
	Key string `json:"key"`
}

type shown string

func (s shown) String() string { return string(s) }
