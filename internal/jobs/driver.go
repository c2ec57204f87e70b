package jobs

import (
	"context"
	"database/sql"
	"errors"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/roughy-go/roughy/internal/store"
)

// newDriver is River's driver for the store's database. hint tells the listener of SQLite that a job was added.
func newDriver(s *store.Store, hint <-chan struct{}) riverdriver.Driver[*sql.Tx] {
	if pool := s.Listener(); pool != nil {
		return riverdatabasesql.NewWithPgxListener(s.Writer(), pool)
	}
	return driver{riversqlite.New(s.Writer()), s, hint}
}

// How a listener hears of new jobs in River's words.
const (
	newJobs     = "river_insert"
	newJobsHere = `{"queue": "` + queueName + `"}`
)

// tell lets the listeners of Postgres hear of a job with tx. River tells of a queue once in a FetchCooldown, and the workers may have
// looked into it before the second of two jobs was there; what it does tell of is told once, being the same words in one transaction.
// The listener of SQLite notices every commit.
func tell(ctx context.Context, d riverdriver.Driver[*sql.Tx], tx *sql.Tx) error {
	if !d.SupportsListenNotify() {
		return nil
	}
	return d.UnwrapExecutor(tx).NotifyMany(ctx, &riverdriver.NotifyManyParams{Topic: newJobs, Payload: []string{newJobsHere}})
}

// driver is River's for SQLite but for how it learns of new jobs. River asks a table every 50 ms and the queue at every
// poll, each in about a millisecond; the store's Changes notices any commit sooner and for a hundredth of that.
type driver struct {
	*riversqlite.Driver
	store *store.Store
	hint  <-chan struct{} // from Create, which need not wait to be noticed
}

// GetListener is River's question for who wakes its client.
func (d driver) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return &listener{driver: d}
}

// listener tells River of new jobs after every commit, whatever it was: River then looks into the queue. It knows no other
// topic, and River does not need one here: a lone client leads and is told nothing by others. River calls one method at a
// time.
type listener struct {
	driver  driver
	changes *store.Changes
}

var _ riverdriver.Listener = (*listener)(nil)

var errNotConnected = errors.New("listener is not connected")

func (l *listener) Connect(ctx context.Context) (err error) {
	l.changes, err = l.driver.store.Changes(ctx)
	return err
}

func (l *listener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	if l.changes == nil {
		return nil, errNotConnected
	}
	if err := l.changes.Next(ctx, l.driver.hint); err != nil {
		return nil, err
	}
	return &riverdriver.Notification{Topic: newJobs, Payload: newJobsHere}, nil
}

func (l *listener) Close(context.Context) error {
	if l.changes == nil {
		return nil
	}
	changes := l.changes
	l.changes = nil
	return changes.Close()
}

func (l *listener) Listen(context.Context, string) error   { return nil }
func (l *listener) Unlisten(context.Context, string) error { return nil }
func (l *listener) Ping(context.Context) error             { return nil } // Next would have failed
func (l *listener) Schema() string                         { return "" }
func (l *listener) SetAfterConnectExec(string)             {}

var _ riverdriver.Driver[*sql.Tx] = driver{}
