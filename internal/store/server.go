package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

const (
	// dialTime is how long a server is waited for, where its address does not say.
	dialTime = 5 * time.Second
	// idleInTx is how long a transaction keeps its locks while its process does nothing: all do one thing after the other.
	idleInTx = 5 * time.Second
	// schemaLock is the number of the lock that who changes the schema holds: "roughyd" in ASCII.
	schemaLock = 0x726f7567687964
)

// server is a Postgres database.
type server struct {
	config *pgx.ConnConfig
	db     *sql.DB
}

var _ database = (*server)(nil)

// ErrURL says that an address is not one of a Postgres database. It does not repeat the address, which may hold a password, and
// says what to write in a form that is not taken for one with a password, and cut.
var ErrURL = errors.New("not the address of a Postgres database: write postgres://HOST:PORT/DATABASE, with USER:PASSWORD@ before the host, " +
	"and @ : / # ? % and spaces of a password percent-encoded, such as %40 for @")

// Connect opens the Postgres database at address, a postgres:// URL, and brings its schema up to date. Processes that open one
// database at the same time wait for each other. Use the server itself or a pooler in session mode: locks and notifications
// belong to a session. No error holds the password.
func Connect(ctx context.Context, address string, opts ...Option) (*Store, error) {
	config, err := parse(address)
	if err != nil {
		return nil, err
	}
	d := &server{config: config, db: stdlib.OpenDB(*config)}
	s := newStore(d, opts)
	if s.dir != "" {
		if s.dir, err = filepath.Abs(s.dir); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	s.write, s.read = d.db, d.db
	conns := max(16, 4*runtime.GOMAXPROCS(0))
	d.db.SetMaxOpenConns(conns)
	d.db.SetMaxIdleConns(conns)
	d.db.SetConnMaxIdleTime(idleTime)
	if err := s.Migrate(ctx, s.update); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.listener, err = newListener(context.WithoutCancel(ctx), address); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func parse(address string) (*pgx.ConnConfig, error) {
	if u, err := url.Parse(address); err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || !whole(address) {
		return nil, ErrURL
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, ErrURL // pgx repeats the address, less the passwords that it recognizes
	}
	settle(config)
	return config, nil
}

// whole reports whether the user of a URL ends where it seems to. Of a password with an @ / # or ? that is not encoded, a part would
// be taken for the host, the database or a setting, which errors name.
func whole(address string) bool {
	_, rest, _ := strings.Cut(address, "://")
	authority := rest
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		authority = rest[:end]
	}
	return !strings.Contains(rest, "#") && strings.Count(rest, "@") == strings.Count(authority, "@") && strings.Count(rest, "@") <= 1
}

// settle sets what the store relies on, whatever the server's defaults are.
func settle(config *pgx.ConnConfig) {
	config.RuntimeParams["default_transaction_isolation"] = "read committed"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "roughyd"
	}
	if config.RuntimeParams["idle_in_transaction_session_timeout"] == "" { // of a process that was stopped in the middle, or of a machine that is gone
		config.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.FormatInt(idleInTx.Milliseconds(), 10)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = dialTime
	}
	config.DialFunc = wired(config.DialFunc)
}

// Postgres reports whether the database is a Postgres one, on which many processes may work at once.
func (s *Store) Postgres() bool { return s.listener != nil }

// LockTimeout bounds how long each statement of tx waits for a lock that another transaction holds. On SQLite there are none to wait for:
// one transaction writes at a time.
func (s *Store) LockTimeout(ctx context.Context, tx *sql.Tx, most time.Duration) error {
	if !s.Postgres() {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `SELECT set_config('lock_timeout', $1, true)`, strconv.FormatInt(max(most.Milliseconds(), 1), 10)); err != nil {
		return fmt.Errorf("bound waiting for locks: %w", err)
	}
	return nil
}

// Listener is a pool for one connection that waits for the Postgres server's notifications. It connects when it is first used,
// and is closed with the store. On SQLite it is nil.
func (s *Store) Listener() *pgxpool.Pool { return s.listener }

func newListener(ctx context.Context, address string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, ErrURL
	}
	settle(config.ConnConfig)
	config.MinConns, config.MaxConns = 0, 1
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("prepare connection: %w", err)
	}
	return pool, nil
}

func (*server) dialect() goose.Dialect { return goose.DialectPostgres }

func (d *server) prepare(context.Context, *sql.DB) error { return nil } // alone has read from it

// alone holds a lock of the session, on a connection of its own: a process that is killed loses it.
func (d *server) alone(ctx context.Context) (release func() error, err error) {
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := conn.ExecContext(waiting, `SELECT pg_advisory_lock($1)`, int64(schemaLock)); err != nil {
		_ = conn.Close()
		if ctx.Err() == nil && waiting.Err() != nil {
			return nil, fmt.Errorf("%s is held: another process has been changing the schema for %v; try again, or end that process",
				d.name(), patience)
		}
		return nil, fmt.Errorf("lock database: %w", err)
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(schemaLock))
		return errors.Join(err, conn.Close())
	}, nil
}

// count looks where CREATE TABLE would make one.
func (*server) count() string {
	return `SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename IN ($1, $2, $3, $4)`
}

// idle: servers and workers are replaced one by one, so that every schema must do for the version before it.
func (*server) idle() (release func() error, err error) { return func() error { return nil }, nil }

// name is the database's for people, without the user's secrets.
func (d *server) name() string {
	return "database " + strconv.Quote(d.config.Database) + " at " + d.host()
}

func (d *server) host() string {
	return net.JoinHostPort(d.config.Host, strconv.Itoa(int(d.config.Port)))
}
