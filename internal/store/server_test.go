package store_test

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/pgtest"
	"github.com/roughy-go/roughy/internal/store"
	"github.com/roughy-go/roughy/internal/store/storetest"
)

func connect(t *testing.T, address string, opts ...store.Option) *store.Store {
	t.Helper()
	s, err := store.Connect(t.Context(), address, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestPostgresKeepsTheContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, now func() time.Time) *store.Store {
		return connect(t, pgtest.URL(t), store.WithClock(now))
	})
}

func TestManyFirstConnectionsAtOnce(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			s, err := store.Connect(t.Context(), address)
			if err != nil {
				errs[i] = err
				return
			}
			_, err = s.CreateKey(t.Context(), "ann", [32]byte{byte(i)})
			errs[i] = errors.Join(err, s.Close())
		})
	}
	wg.Wait()
	require.Equal(t, make([]error, 8), errs)
	keys, err := connect(t, address).Keys(t.Context())
	require.NoError(t, err)
	require.Len(t, keys, 8)
}

func TestWritesAreRightAtTheServersStrictestDefault(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	s := connect(t, address)
	_, err := s.Writer().Exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`)
	require.NoError(t, err)
	var level string
	require.NoError(t, connect(t, address).Writer().QueryRow(`SHOW transaction_isolation`).Scan(&level))
	require.Equal(t, "read committed", level)
}

const password = "s3cret-pa55word"

// withPassword is the address with a password, and changed.
func withPassword(t *testing.T, address string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	u.User = url.UserPassword(u.User.Username(), password)
	change(u)
	return u.String()
}

func TestConnectionsThatFailAreExplained(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	at, untrusted := pgtest.URL(t), untrustedServer(t)
	u, err := url.Parse(at)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(*url.URL)
		says   string
	}{
		"nobody listens": {func(u *url.URL) { u.Host, u.Path = closed.Addr().String(), "/x" },
			`database "x" at ` + closed.Addr().String() + ` cannot be reached: check that the server runs, and its address`},
		"no such host": {func(u *url.URL) { u.Host, u.Path = "nowhere.invalid:5432", "/x" },
			`database "x" at nowhere.invalid:5432 cannot be reached: check that the server runs, and its address`},
		"no such database": {func(u *url.URL) { u.Path = "/nothing" },
			`database "nothing" at ` + u.Host + ` does not exist: make it with createdb`},
		"no TLS": {func(u *url.URL) { u.Path, u.RawQuery = "/x", "sslmode=require" },
			`database "x" at ` + u.Host + ` speaks no TLS: turn ssl on at the server, or set sslmode=disable in its address where nobody listens in`},
		"a setting that nobody knows": {func(u *url.URL) { u.Path, u.RawQuery = "/postgres", "foo=bar" },
			`database "postgres" at ` + u.Host + ` refuses connections: unrecognized configuration parameter "foo"; check the settings in its address`},
		"a certificate that nobody trusts": {func(u *url.URL) { u.Host, u.Path, u.RawQuery = untrusted, "/x", "sslmode=verify-full" },
			`database "x" at ` + untrusted + ` has a certificate that is not trusted: check it, the host in its address, and sslrootcert`},
		"no such user": {func(u *url.URL) { u.User, u.Path = url.UserPassword("eve", password), "/postgres" },
			`database "postgres" at ` + u.Host + ` lets user "eve" not in: check user, password and pg_hba.conf`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := store.Connect(t.Context(), withPassword(t, at, c.change))
			require.EqualError(t, err, c.says)
			requireNoPassword(t, err)
		})
	}
}

// untrustedServer is where one speaks TLS that signed its certificate itself.
func untrustedServer(t *testing.T) (host string) {
	t.Helper()
	certified := httptest.NewTLSServer(nil)
	t.Cleanup(certified.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			asked := make([]byte, 8) // may we speak TLS?
			_, _ = io.ReadFull(conn, asked)
			_, _ = conn.Write([]byte("S"))
			_ = tls.Server(conn, certified.TLS).Handshake() // which the client ends
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"nothing":               "",
		"another database":      "mysql://ann:" + password + "@127.0.0.1/x",
		"a file":                "/var/lib/roughy.db",
		"a keyword string":      "host=127.0.0.1 password=" + password,
		"a port that is not":    "postgres://ann:" + password + "@127.0.0.1:port/x",
		"a setting that is not": "postgres://ann:" + password + "@127.0.0.1/x?sslmode=perhaps",
		"a broken escape":       "postgres://ann:" + password + "%zz@127.0.0.1/x",
		"a password with an @":  "postgres://ann:a@" + password + "@127.0.0.1:1/x",
		"one that ends in an @": "postgres://ann:" + password + "@@127.0.0.1:1/x",
		"one with a slash":      "postgres://ann:12/" + password + "@127.0.0.1/x",
		"one with a hash":       "postgres://ann:12#" + password + "@127.0.0.1/x",
		"one with a hash last":  "postgres://ann:" + password + "#@127.0.0.1/x",
		"one with a question":   "postgres://ann:12?" + password + "@127.0.0.1/x",
		"one with a space":      "postgres://ann:12 " + password + "@127.0.0.1/x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := store.Connect(t.Context(), address)
			require.ErrorIs(t, err, store.ErrURL)
			require.ErrorContains(t, err, "write postgres://HOST:PORT/DATABASE, with USER:PASSWORD@ before the host, and @ : / # ? % and spaces")
			requireNoPassword(t, err)
		})
	}
}

func TestAPasswordOfOddLettersIsOneWhenTheyAreEncoded(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(pgtest.URL(t))
	require.NoError(t, err)
	u.User = url.UserPassword(u.User.Username(), "@:/#?% "+password)
	connect(t, u.String())
}

// requireNoPassword looks at every error below err.
func requireNoPassword(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		require.NotContains(t, err.Error(), password)
	}
}

func TestWhatAServerAnswersIsExplained(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	s := connect(t, address)
	u, err := url.Parse(address)
	require.NoError(t, err)
	name := fmt.Sprintf("database %q at %s ", u.Path[1:], u.Host)
	for code, want := range map[string]string{
		"53100": name + "has no space left on its disk: free some",
		"53300": name + "has no connection left: raise its max_connections, or run fewer processes",
		"25006": name + "is read-only: name the primary server",
		"42501": name + `lets user "postgres" not make or use its tables: make it the database's owner`,
		"57P01": name + "is being stopped or started: try again",
		"58030": name + "cannot be read or written: check the server's disk and its log",
		"23505": "ERROR: as it is (SQLSTATE 23505)",
	} {
		err := s.Explain(&pgconn.PgError{Severity: "ERROR", Code: code, Message: "as it is"})
		require.EqualError(t, err, want, code)
	}
	require.NoError(t, s.Explain(nil))
	require.Equal(t, context.DeadlineExceeded, s.Explain(context.DeadlineExceeded))
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.InTx(stopped, func(*sql.Tx) error { return nil }), context.Canceled)
}

func TestTroubleWithAnotherServerIsNotTheDatabases(t *testing.T) {
	t.Parallel()
	s := connect(t, pgtest.URL(t))
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	_, refused := net.Dial("tcp", closed.Addr().String())
	require.Error(t, refused)
	for _, theirs := range []error{refused, io.ErrUnexpectedEOF, io.EOF, net.ErrClosed} {
		wrapped := fmt.Errorf("upload: %w", theirs)
		require.Equal(t, wrapped, s.Explain(wrapped))
	}
}

func TestAServerThatIsGoneIsSaidSoAndComesBack(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	address := server.URL(t)
	s := connect(t, address)
	k, err := s.CreateKey(t.Context(), "ann", [32]byte{1})
	require.NoError(t, err)
	server.Stop(t)
	for range 3 { // the first may be a connection that was cut
		_, err = s.Keys(t.Context())
		require.Regexp(t, `^database ".*" at .* (cannot be reached: check that the server runs, and its address|is being stopped or started: try again)$`, s.Explain(err).Error())
	}
	server.Restart(t)
	keys, err := s.Keys(t.Context())
	require.NoError(t, err)
	require.Equal(t, []store.Key{k}, keys)
	owner, err := s.KeyOwner(t.Context(), [32]byte{1})
	require.NoError(t, err)
	require.Equal(t, "ann", owner)
}

func TestATransactionThatIsLeftAloneLetsGoOfItsLocks(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	s := connect(t, address)
	frozen, err := s.Writer().BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = frozen.Rollback() }()
	const lock = `LOCK TABLE renders IN EXCLUSIVE MODE`
	_, err = frozen.Exec(lock)
	require.NoError(t, err)
	refused := s.InTx(t.Context(), func(tx *sql.Tx) error {
		require.NoError(t, s.LockTimeout(t.Context(), tx, 10*time.Millisecond))
		_, err := tx.Exec(lock)
		return err
	})
	require.ErrorContains(t, refused, "lock")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, s.InTx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, lock)
		return err
	}))
	_, err = frozen.Exec(`SELECT 1`)
	require.Error(t, err)
}

func TestASchemaThatIsLockedIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	s := connect(t, address)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.NoError(t, s.Migrate(t.Context(), func(context.Context, *sql.DB) error {
		_, err := store.Connect(ctx, address)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		return nil
	}))
	connect(t, address)
}

func TestADatabaseOfANewerVersionIsNotOpened(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	_, err := connect(t, address).Writer().Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`)
	require.NoError(t, err)
	_, err = store.Connect(t.Context(), address)
	require.ErrorContains(t, err, "use the newer program")
}
