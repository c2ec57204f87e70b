package pgtest_test

import (
	"bufio"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/pgtest"
)

const patience = 20 * time.Second

func connect(t testing.TB, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestEachDatabaseIsNewAndEmpty(t *testing.T) {
	t.Parallel()
	first, second := connect(t, pgtest.URL(t)), connect(t, pgtest.URL(t))
	for _, db := range []*sql.DB{first, second} {
		_, err := db.Exec(`CREATE TABLE here (n bigint)`)
		require.NoError(t, err)
	}
}

func TestADatabaseIsDroppedAtTheTestsEnd(t *testing.T) {
	t.Parallel()
	var address string
	t.Run("which used it", func(t *testing.T) { address = pgtest.URL(t) })
	require.ErrorContains(t, connect(t, address).Ping(), "does not exist")
}

func TestAServerThatWasStoppedComesBackWithWhatItHad(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t)
	db := connect(t, s.URL(t))
	_, err := db.Exec(`CREATE TABLE here AS SELECT 7 AS n`)
	require.NoError(t, err)
	s.Stop(t)
	require.Error(t, db.Ping())
	s.Restart(t)
	var n int
	require.NoError(t, db.QueryRow(`SELECT n FROM here`).Scan(&n))
	require.Equal(t, 7, n)
}

// child tells a run of this test binary to start a server and say where it is.
const child = "ROUGHY_TEST_PGTEST_CHILD"

func TestAServerEndsWithAProcessThatIsKilled(t *testing.T) {
	if os.Getenv(child) != "" {
		fmt.Println(pgtest.URL(t))
		select {}
	}
	t.Parallel()
	pgtest.URL(t) // skips where there is none
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, _, err := bufio.NewReader(out).ReadLine()
	require.NoError(t, err)
	config, err := pgx.ParseConfig(string(line))
	require.NoError(t, err)
	at := net.JoinHostPort(config.Host, fmt.Sprint(config.Port))
	require.NoError(t, cmd.Process.Kill())
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", at)
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	}, patience, 20*time.Millisecond)
}
