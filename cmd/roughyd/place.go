package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/roughy-go/roughy/internal/store"
)

// place is where everything is kept, which all commands have flags for.
type place struct {
	dir      string
	database string // a postgres:// URL, which may hold a password; "" is SQLite in dir
	bucket   string // an s3:// URL; "" is a folder in dir
}

// placeFlags are the names of those flags.
func placeFlags() []string { return []string{"data", "database-url", "bucket-url"} }

func addPlace(flags *pflag.FlagSet) {
	flags.String("data", cmp.Or(os.Getenv("ROUGHYD_DATA"), "roughy-data"), "data folder; ROUGHYD_DATA sets it too")
	flags.String("database-url", "", "postgres:// URL of the database; ROUGHYD_DATABASE_URL sets it too (default SQLite in the data folder)")
	flags.String("bucket-url", "", "s3:// URL of the bucket; ROUGHYD_BUCKET_URL sets it too (default files in the data folder)")
}

func placeOf(cmd *cobra.Command) place {
	return place{
		dir:      flag(cmd, "data"),
		database: flagOrEnv(cmd, "database-url", "ROUGHYD_DATABASE_URL"),
		bucket:   flagOrEnv(cmd, "bucket-url", "ROUGHYD_BUCKET_URL"),
	}
}

// flagOrEnv is a flag whose default must not be shown in a help text.
func flagOrEnv(cmd *cobra.Command, name, env string) string {
	if cmd.Flag(name).Changed {
		return flag(cmd, name)
	}
	return os.Getenv(env)
}

func (p place) open(ctx context.Context) (*store.Store, error) {
	if p.database == "" {
		return store.Open(ctx, p.dir)
	}
	s, err := store.Connect(ctx, p.database, store.WithDir(p.dir))
	if errors.Is(err, store.ErrURL) {
		return nil, fmt.Errorf("--database-url is %w", err)
	}
	return s, err
}

// check tells of a data folder that is not there.
func (p place) check() error {
	if p.database != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(p.dir, store.FileName)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is no data folder: name another with --data, or make one with serve, keys create or assets add", p.dir)
	}
	return nil
}
