package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/pgtest"
	"github.com/roughy-go/roughy/internal/store"
)

// kinds are the two databases: how an empty one is opened below the store, and then by it.
var kinds = map[string]func(t *testing.T) (raw *sql.DB, dialect goose.Dialect, open func() *store.Store){
	"SQLite": func(t *testing.T) (*sql.DB, goose.Dialect, func() *store.Store) {
		dir := t.TempDir()
		return rawDB(t, "sqlite", filepath.Join(dir, store.FileName)), goose.DialectSQLite3, func() *store.Store { return open(t, dir) }
	},
	"Postgres": func(t *testing.T) (*sql.DB, goose.Dialect, func() *store.Store) {
		address := pgtest.URL(t)
		return rawDB(t, "pgx", address), goose.DialectPostgres, func() *store.Store { return connect(t, address) }
	},
}

func rawDB(t *testing.T, driver, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func onEach(t *testing.T, test func(t *testing.T, raw *sql.DB, dialect goose.Dialect, open func() *store.Store)) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, dialect, open := kind(t)
			test(t, raw, dialect, open)
		})
	}
}

func exec(t *testing.T, db *sql.DB, text string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), text)
	require.NoError(t, err)
}

// makeFirst makes the tables of the first version.
func makeFirst(t *testing.T, raw *sql.DB, dialect goose.Dialect) {
	t.Helper()
	const first = "00001_store.sql"
	text, err := os.ReadFile(filepath.Join("migration", first))
	require.NoError(t, err)
	up(t, raw, dialect, fstest.MapFS{first: {Data: text}})
}

func up(t *testing.T, raw *sql.DB, dialect goose.Dialect, files fstest.MapFS) {
	t.Helper()
	p, err := goose.NewProvider(dialect, raw, files)
	require.NoError(t, err)
	_, err = p.Up(t.Context())
	require.NoError(t, err)
}

func TestADatabaseOfTheFirstVersionIsBroughtUpToDate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, raw *sql.DB, dialect goose.Dialect, open func() *store.Store) {
		makeFirst(t, raw, dialect)
		asset := uuid.NewString()
		exec(t, raw, `INSERT INTO assets (id, owner, name, blob_key, source, created_at) VALUES ('`+asset+`', 'ann', '', '', '{}', 1)`)
		held, free := uuid.New(), uuid.New()
		for id, lease := range map[uuid.UUID]string{held: "99", free: "0"} {
			exec(t, raw, `INSERT INTO renders (id, owner, asset_id, format, resolution, state, attempt, lease_until, created_at, started_at)
				VALUES ('`+id.String()+`', 'ann', '`+asset+`', 'mp4', '', 'processing', 3, `+lease+`, 1, 2)`)
		}

		s := open()
		listed, err := s.Held(t.Context())
		require.NoError(t, err)
		require.Len(t, listed, 1)
		require.Equal(t, held, listed[0].ID)
		r, err := s.Claim(t.Context(), free, 77) // whatever its job is, which the row does not know
		require.NoError(t, err)
		require.Equal(t, 4, r.Attempt)
	})
}

func TestReadsOfManyRowsGoByAnIndex(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, _ *sql.DB, dialect goose.Dialect, open func() *store.Store) {
		s := open()
		a, err := s.AddAsset(t.Context(), store.Asset{Owner: "ann"})
		require.NoError(t, err)
		exec(t, s.Writer(), `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
			INSERT INTO renders (id, owner, asset_id, format, resolution, state, attempt, created_at)
			SELECT 'render-' || i, 'ann', '`+a.ID.String()+`', 'mp4', '', 'pending', 0, i FROM n`)
		exec(t, s.Writer(), `ANALYZE renders`)
		explain, whole := `EXPLAIN (COSTS OFF) `, "Seq Scan"
		if dialect == goose.DialectSQLite3 {
			explain, whole = `EXPLAIN QUERY PLAN `, "SCAN"
		}
		for _, read := range []string{
			`SELECT * FROM renders WHERE id = 'x' AND owner = 'ann'`,
			`SELECT * FROM renders WHERE beat > 0`,
			`SELECT * FROM renders WHERE owner = 'ann' ORDER BY id DESC LIMIT 20`,
		} {
			require.NotContains(t, plan(t, s.Writer(), explain+read), whole, read)
		}
		require.Contains(t, plan(t, s.Writer(), explain+`SELECT * FROM renders WHERE size_bytes = 7`), whole, "it is told where there is none")
	})
}

// plan is the text of a query's plan, whose last column is its steps in both databases.
func plan(t *testing.T, db *sql.DB, query string) (text string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		cells := make([]sql.RawBytes, len(columns))
		into := make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		require.NoError(t, rows.Scan(into...))
		text += string(cells[len(cells)-1]) + "\n"
	}
	require.NoError(t, rows.Err())
	return text
}
