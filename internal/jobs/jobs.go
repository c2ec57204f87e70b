// Package jobs makes renders: Queue.Create puts a render and its River job into the database in one transaction, and a
// Queue that was started works them off. Open, then Start, then Stop. A queue that is not started only takes renders, for whoever
// works them off. On SQLite one process works on a data folder; on Postgres as many as there are.
//
// # No render lost, none published twice
//
// River runs a job at least once and does not fence, so the render's row decides. The row names the one job that may claim
// it. A worker's claim is the next attempt, and is held by signs of life. The worker encodes into a scratch file, uploads that
// under a key of this attempt alone, and publishes key, size and state in one write that is refused when another attempt has
// begun; then it deletes what it uploaded. A job whose render is over, held or another job's does nothing.
//
// # Being killed
//
// Every started queue watches the workers of all. A claim whose signs of life stop for Config.Lease is taken back, and so is a
// job that was taken and not claimed for as long; the render gets a new job in the same transaction, which is the next to be taken.
// With the defaults that is within ten seconds, as long as one queue runs. It is measured by how long the watcher watched: no clocks
// are compared, so they may step or differ, and while the database is gone or takes no writes nobody's time runs. What a process
// locked and was stopped at keeps its own render waiting alone, for as long as Postgres lets it. On SQLite Start takes everything back
// at once: the folder's lock makes sure that nobody else works. The job that River has down as running for the dead is ended.
//
// # Ends
//
// What cannot be made (*media.Error) fails at once, with its code and message. Any other fault is the server's: it is
// logged and tried again. Being killed counts like a fault, being stopped or without bucket or database does not, and after
// Config.Attempts the render fails with CodeInternal. Codes lists what a render can fail with.
//
// # What is left behind
//
// Each process has a scratch folder of its own, which it holds locked, and which others remove when it is dead. What an
// attempt uploaded and can never publish is removed by the next one, and by Queue.Sweep. A bucket that cannot be reached is
// waited for, for a minute, then the render is tried again later; the database is waited for as long as it takes where an output is
// there to be published. A scratch folder that somebody removed is made anew.
//
// # Order
//
// New jobs are taken in their order. A retry waits for its time and behind new ones, but when it has stood for longer than its
// pause and Config.Lease it becomes a new job, in front of all others, as what is taken back does: so no clock that steps, and no rush,
// keeps it waiting.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/blobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// Config says where renders are and how they are worked off. Store and Bucket are required.
type Config struct {
	Store  *store.Store
	Bucket *blobs.Bucket

	// Logger gets what goes wrong, from warnings up, and a line for each render that ends. Default: none.
	Logger *slog.Logger
	// Scratch is the folder for files under way, in which each process makes its own. Processes of one machine may share it, those
	// of several must not. Default: "scratch" in the store's folder; without one, "roughyd-" and the user's number in the system's
	// temporary folder.
	Scratch string
	// Workers is how many renders are encoded at the same time. Default: 2.
	Workers int
	// Attempts is how often a render is tried before it fails by the server's fault. Default: 5.
	Attempts int
	// Backoff is the pause after an attempt that failed, counted from 1. Default: its square in seconds, at most 30.
	Backoff func(attempt int) time.Duration
	// Poll is how often jobs are looked for that fall due, to be tried again; of new ones the database tells. Default: 1 second.
	Poll time.Duration
	// Lease is how long a worker that gives no sign of life keeps its render; it gives three in that time. All processes on a
	// database must agree on it. Default: 6 seconds.
	Lease time.Duration
	// Grace is how long Stop lets encodings finish before it interrupts them. Default: 3 seconds.
	Grace time.Duration
	// Sweep is how often orphaned outputs are looked for, which lists all outputs; the first time is at the start. Default: 1 hour.
	Sweep time.Duration
	// Stale is how old what an upload left behind must be to be removed: older than any upload takes. Default: 24 hours.
	Stale time.Duration
	// Choose picks the engine for a task. Default: media.Choose.
	Choose func(media.Task) (media.Engine, error)
	// Observer counts what is done here. Default: nobody does.
	Observer Observer
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Scratch == "" {
		c.Scratch = filepath.Join(os.TempDir(), "roughyd-"+strconv.Itoa(os.Getuid()))
		if dir := c.Store.Dir(); dir != "" {
			c.Scratch = filepath.Join(dir, "scratch")
		}
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
		c.Lease = 6 * time.Second
	}
	if c.Grace == 0 {
		c.Grace = 3 * time.Second
	}
	if c.Sweep == 0 {
		c.Sweep = time.Hour
	}
	if c.Stale == 0 {
		c.Stale = 24 * time.Hour
	}
	if c.Choose == nil {
		c.Choose = media.Choose
	}
	if c.Observer == nil {
		c.Observer = nobody{}
	}
	return c
}

// NewRender is what a render is made from.
type NewRender = store.NewRender

// Queue takes renders and, once started, makes them. Create is safe for concurrent use; Start and Stop are not.
type Queue struct {
	config Config
	client *river.Client[*sql.Tx]
	worker *worker
	driver riverdriver.Driver[*sql.Tx]
	hint   chan struct{} // to the listener: a job was added
	end    func() error  // ends what Start began beside River; nil while the queue is not started
}

// Open prepares the database for River and returns a queue that is not started: it takes renders for whoever works them
// off.
func Open(ctx context.Context, c Config) (*Queue, error) {
	c = c.withDefaults()
	warnings := slog.New(warnHandler{c.Logger.Handler()})
	hint := make(chan struct{}, 1)
	driver := newDriver(c.Store, hint)
	err := c.Store.Migrate(ctx, func(ctx context.Context, _ *sql.DB) error {
		return migrate(ctx, driver, warnings)
	})
	if err != nil {
		return nil, fmt.Errorf("migrate queue: %w", err)
	}
	workers := river.NewWorkers()
	w := &worker{Config: c}
	river.AddWorker(workers, w)
	client, err := river.NewClient(driver, settings(c, workers, warnings))
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	return &Queue{config: c, client: client, worker: w, driver: driver, hint: hint}, nil
}

// migrate brings River's tables up to date.
func migrate(ctx context.Context, driver riverdriver.Driver[*sql.Tx], logger *slog.Logger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: logger})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	known := m.AllVersions()
	newest := known[len(known)-1].Version
	applied, err := driver.GetExecutor().MigrationGetByLine(ctx, &riverdriver.MigrationGetByLineParams{Line: riverdriver.MigrationLineMain})
	if err != nil {
		return err
	}
	for _, a := range applied {
		if a.Version > newest { // River itself does not mind
			return fmt.Errorf("database has queue schema %d, this program knows up to %d: use the newer program", a.Version, newest)
		}
	}
	return nil
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
		Hooks:             []rivertype.Hook{river.HookInsertBeginFunc(due)},
		JobTimeout:        -1, // an encoding takes as long as it takes
		// The row says whether a worker is alive. A job that River takes for stuck finds the row held or over, and ends.
		RescueStuckJobsAfter: 24 * time.Hour,
	}
}

// due makes a new job due whatever the clocks say, by which River would leave it alone while one that stepped back catches up. New
// jobs are then taken in the order of their numbers, behind those in front.
func due(_ context.Context, job *rivertype.JobInsertParams) error {
	if job.ScheduledAt == nil || !job.ScheduledAt.Equal(inFront) {
		job.ScheduledAt = new(time.Unix(0, 0))
	}
	job.State = rivertype.JobStateAvailable // what has a time is due too, and not for the scheduler to find that out
	return nil
}

// inFront is when a job is due that comes before all that wait for the first time.
var inFront = time.Unix(-1, 0)

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
		return q.assign(ctx, tx, row.ID, 0)
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

// assign gives a render that nobody holds a new job in place of old, of which the workers are told. It has waited already if there is
// an old one.
func (q *Queue) assign(ctx context.Context, tx *sql.Tx, render uuid.UUID, old int64) error {
	var opts river.InsertOpts
	if old != 0 {
		opts.ScheduledAt = inFront
	}
	added, err := q.client.InsertTx(ctx, tx, renderArgs{RenderID: render}, &opts)
	if err != nil {
		return fmt.Errorf("insert job: %w", err)
	}
	if err := tell(ctx, q.driver, tx); err != nil {
		return fmt.Errorf("tell of job: %w", err)
	}
	return q.config.Store.Assign(ctx, tx, render, old, added.Job.ID)
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
