// Package jobs makes renders: Queue.Create puts a render and its River job into the database in one transaction, and a
// Queue that was started works them off. Open, then Start, then Stop.
//
// # No render lost, none published twice
//
// River runs a job at least once and does not fence, so the render's row decides. A worker claims the row, which makes it
// the next attempt and holds it by a lease that is extended while the worker lives. It encodes into a scratch file,
// uploads that under a key of this attempt alone, and publishes key, size and state in one write that is refused when
// another attempt has begun; then it deletes what it uploaded. A job whose render is over does nothing.
//
// # Ends
//
// What cannot be made (*media.Error) fails at once, with its code and message. Any other fault is the server's: it is
// logged and tried again, and after Config.Attempts the render fails with CodeInternal. Being stopped is no attempt.
//
// # Being killed
//
// At Start nobody else works on the data folder, which the folder's lock makes sure. So the jobs that River has down as
// running were left behind, and are taken up again at once.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// CodeInternal is the error_code of a render that failed by a fault of the server's. The other codes are media's.
const CodeInternal = "internal"

// Config says where renders are and how they are worked off. Store and Bucket are required.
type Config struct {
	Store  *store.Store
	Bucket *blobs.Bucket

	// Logger gets what goes wrong, from warnings up, and a line for each render that ends. Default: none.
	Logger *slog.Logger
	// Scratch is the folder for files under way; Start empties it. Default: "scratch" in the store's folder.
	Scratch string
	// Workers is how many renders are encoded at the same time. Default: 2.
	Workers int
	// Attempts is how often a render is tried before it fails by the server's fault. Default: 5.
	Attempts int
	// Backoff is the pause after an attempt that failed, counted from 1. Default: its square in seconds, at most 30.
	Backoff func(attempt int) time.Duration
	// Poll is how often jobs are looked for that fall due, to be tried again; of new ones the database tells. Default: 1 second.
	Poll time.Duration
	// Lease is how long a worker that gives no sign of life keeps its render. Default: 30 seconds.
	Lease time.Duration
	// Grace is how long Stop lets encodings finish before it interrupts them. Default: 3 seconds.
	Grace time.Duration
	// Choose picks the engine for a task. Default: media.Choose.
	Choose func(media.Task) (media.Engine, error)
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Scratch == "" {
		c.Scratch = filepath.Join(c.Store.Dir(), "scratch")
	}
	if c.Workers == 0 {
		c.Workers = 2
	}
	if c.Attempts == 0 {
		c.Attempts = 5
	}
	if c.Backoff == nil {
		c.Backoff = func(n int) time.Duration { return min(time.Duration(n*n)*time.Second, 30*time.Second) }
	}
	if c.Poll == 0 {
		c.Poll = time.Second
	}
	if c.Lease == 0 {
		c.Lease = 30 * time.Second
	}
	if c.Grace == 0 {
		c.Grace = 3 * time.Second
	}
	if c.Choose == nil {
		c.Choose = media.Choose
	}
	return c
}

// NewRender is what a render is made from.
type NewRender = store.NewRender

// Queue takes renders and, once started, makes them. Create is safe for concurrent use; Start and Stop are not.
type Queue struct {
	config  Config
	client  *river.Client[*sql.Tx]
	hint    chan struct{} // to the listener: a job was added
	release func() error  // lets go of the data folder; nil while the queue is not started
}

// Open prepares the database for River and returns a queue that is not started: it takes renders for whoever works them
// off.
func Open(ctx context.Context, c Config) (*Queue, error) {
	c = c.withDefaults()
	warnings := slog.New(warnHandler{c.Logger.Handler()})
	hint := make(chan struct{}, 1)
	driver := driver{riversqlite.New(c.Store.Writer()), c.Store, hint}
	err := c.Store.Migrate(ctx, func(ctx context.Context, _ *sql.DB) error {
		m, err := rivermigrate.New[*sql.Tx](driver, &rivermigrate.Config{Logger: warnings})
		if err != nil {
			return err
		}
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("migrate queue: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{Config: c})
	client, err := river.NewClient[*sql.Tx](driver, settings(c, workers, warnings))
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	return &Queue{config: c, client: client, hint: hint}, nil
}

// settings are River's.
func settings(c Config, workers *river.Workers, logger *slog.Logger) *river.Config {
	return &river.Config{
		Queues:            map[string]river.QueueConfig{queueName: {MaxWorkers: c.Workers}},
		Workers:           workers,
		Logger:            logger,
		FetchPollInterval: c.Poll,
		FetchCooldown:     5 * time.Millisecond,
		SoftStopTimeout:   c.Grace,
		JobTimeout:        -1, // an encoding takes as long as it takes
		// The lease says whether a worker is alive. A job that River takes for stuck finds the row held, and waits.
		RescueStuckJobsAfter: 24 * time.Hour,
	}
}

// Create adds a pending render together with its job. Where no format is asked for it is decided now, from the asset's
// source, so that whoever reads the render knows what the output is. A spec that no engine could ever make is the
// *media.Error of media.ValidateSpec, an asset or cut that the owner does not have roughy.ErrNotFound; then nothing was added.
func (q *Queue) Create(ctx context.Context, n NewRender) (roughy.Render, error) {
	if err := media.ValidateSpec(n.Output); err != nil {
		return roughy.Render{}, fmt.Errorf("output spec: %w", err)
	}
	a, err := q.config.Store.Asset(ctx, n.Owner, n.AssetID)
	if err != nil {
		return roughy.Render{}, fmt.Errorf("create render: %w", err)
	}
	n.Output = decided(a.Source, n.Output)
	var row store.Render
	err = q.config.Store.InTx(ctx, func(tx *sql.Tx) (err error) {
		if row, err = q.config.Store.InsertRender(ctx, tx, n); err != nil {
			return err
		}
		if _, err := q.client.InsertTx(ctx, tx, renderArgs{RenderID: row.ID}, nil); err != nil {
			return fmt.Errorf("insert job: %w", err)
		}
		return nil
	})
	if err != nil {
		return roughy.Render{}, fmt.Errorf("create render: %w", err)
	}
	select {
	case q.hint <- struct{}{}:
	default: // one is on its way
	}
	return row.Render, nil
}

// decided names the format that a spec leaves open. One that would then ask for pictures of a sound stays open: nothing is made
// of it, and the render fails for the source's sake.
func decided(s media.Source, spec roughy.Output) roughy.Output {
	named := spec
	named.Format = media.OutputFormat(s, spec)
	if media.ValidateSpec(named) != nil {
		return spec
	}
	return named
}

// Start locks the data folder, takes up what a killed process left running, and works until Stop. ctx bounds the start
// alone. The error is store.ErrInUse when another process works on the folder.
func (q *Queue) Start(ctx context.Context) error {
	release, err := q.config.Store.Lock()
	if err != nil {
		return err
	}
	if err := q.start(ctx); err != nil {
		_ = release()
		return fmt.Errorf("start queue: %w", err)
	}
	q.release = release
	return nil
}

func (q *Queue) start(ctx context.Context) error {
	if err := os.RemoveAll(q.config.Scratch); err != nil {
		return fmt.Errorf("empty scratch folder: %w", err)
	}
	if err := os.MkdirAll(q.config.Scratch, 0o700); err != nil {
		return fmt.Errorf("scratch folder: %w", err)
	}
	if err := takeBack(ctx, q.config.Store, q.config.Logger); err != nil {
		return err
	}
	return q.client.Start(context.WithoutCancel(ctx))
}

// Stop takes no more jobs, gives those under way Config.Grace to finish, then interrupts them; they go back to the queue
// and are taken up at the next start. When ctx ends first they are interrupted then. A queue that was not started is
// stopped.
func (q *Queue) Stop(ctx context.Context) error {
	if q.release == nil {
		return nil
	}
	if err := q.client.Stop(ctx); err != nil {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.config.Grace)
		defer cancel()
		if err := q.client.StopAndCancel(hard); err != nil {
			return fmt.Errorf("stop queue: %w", err)
		}
	}
	release := q.release
	q.release = nil
	return release()
}

// warnHandler hands on warnings and errors alone: River tells every step of every job. That a stop interrupts what does not
// end by itself is none to warn of; the worker says what becomes of it.
type warnHandler struct{ slog.Handler }

func (h warnHandler) Handle(ctx context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "Soft stop timeout") {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h warnHandler) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

func (h warnHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnHandler{h.Handler.WithAttrs(attrs)}
}

func (h warnHandler) WithGroup(name string) slog.Handler {
	return warnHandler{h.Handler.WithGroup(name)}
}
