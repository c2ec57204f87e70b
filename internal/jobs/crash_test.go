//go:build unix

package jobs_test

import (
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/pgtest"
	"github.com/roughy-go/roughy/internal/s3test"
)

var (
	crashRenders = flag.Int("renders", 0, "renders of the crash test on each database, half of them for files, half for S3; 0: 6, or 20 with ROUGHY_TEST_ALL=1")
	crashSeed    = flag.Uint64("seed", 0, "what the crash test does at random follows from it; 0: the clock")
	crashOutage  = flag.Duration("outage", 3*time.Second, "how long the crash test takes Postgres and S3 away")
	crashLease   = flag.Duration("lease", 2*time.Second, "lease in the crash test")
)

// TestCrash kills and pauses workers and creators at random, takes the database and the bucket away, fills the disk and lets
// every clock jump, until all renders are over; then it counts.
func TestCrash(t *testing.T) {
	for name, c := range map[string]struct{ postgres, s3 bool }{
		"SQLite":          {},
		"SQLite and S3":   {s3: true},
		"Postgres":        {postgres: true},
		"Postgres and S3": {postgres: true, s3: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of the time it waits
			crash(t, c.postgres, c.s3)
		})
	}
}

func crash(t *testing.T, postgres, s3 bool) {
	tool(t, "ffmpeg")
	tool(t, "ffprobe")
	c := stage(t, postgres, s3)
	began := time.Now()
	for c.unfinished(t) {
		c.people(t)
		c.strike(t)
	}
	c.curtain(t)
	t.Logf("%d renders were over after %v: %d kills, %d pauses, %d processes", c.plan.Renders, time.Since(began).Round(time.Millisecond),
		c.kills, c.pauses, c.started)
	c.audit(t)
}

func tool(t *testing.T, name string) {
	t.Helper()
	if _, err := osexec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("ROUGHY_TEST_ALL") == "1" {
		t.Fatalf("%s is missing; apt-get install ffmpeg", name)
	}
	t.Skipf("%s is missing; apt-get install ffmpeg", name)
}

// drama is a crash test under way.
type drama struct {
	house
	plan   part
	server *pgtest.Server // nil for SQLite
	gate   *s3test.Gate   // before the bucket; nil for files
	random *rand.Rand
	said   *os.File
	full   bool // the folder is on a disk of its own, that can be filled
	enough bool // renders are made
	over   int  // of them

	deadline               time.Time
	workers, creators      []*actor
	kills, pauses, started int
	outages                []func(t *testing.T) // to come, in their order
	asides                 sync.WaitGroup
}

// actor is a process. Its exit is noticed by a goroutine.
type actor struct {
	cmd   *osexec.Cmd
	input io.Closer
	gone  chan struct{}
}

func stage(t *testing.T, postgres, s3 bool) *drama {
	t.Helper()
	c := &drama{}
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", seed)
	c.random = rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	c.full = smallDisk(t, dir)
	address, bucket := "", ""
	if postgres {
		c.server = pgtest.Start(t)
		address = c.server.URL(t)
	}
	if s3 {
		c.gate = s3test.Start(t).Gate(t)
		bucket = c.gate.Bucket(t)
	}
	c.house = openHouseAt(t, dir, address, bucket)
	c.plan = part{Dir: dir, Address: address, S3: bucket, Lease: *crashLease, Renders: (renders() + 1) / 2}
	c.props(t)
	var err error
	c.said, err = os.Create(filepath.Join(t.TempDir(), "said"))
	require.NoError(t, err)
	c.deadline = time.Now().Add(2*time.Minute + time.Duration(c.plan.Renders)*3*time.Second)
	t.Cleanup(func() { c.tell(t) })
	c.outages = []func(*testing.T){c.diskFull, c.databaseGone, c.bucketGone}
	return c
}

func renders() int {
	switch {
	case *crashRenders > 0:
		return *crashRenders
	case os.Getenv("ROUGHY_TEST_ALL") == "1":
		return 20
	default:
		return 6
	}
}

// unfinished reports whether there are renders to come or under way.
func (c *drama) unfinished(t *testing.T) bool {
	t.Helper()
	require.Less(t, time.Now(), c.deadline, "renders are lost")
	rows, err := c.store.Renders(t.Context(), "ann", 0)
	if err != nil {
		return true // the database is gone for now
	}
	c.enough = len(rows) >= c.plan.Renders
	c.over = 0
	for _, r := range rows {
		if r.State.Terminal() {
			c.over++
		}
	}
	if len(c.outages) > 0 && c.over*(len(c.outages)+1) >= c.plan.Renders/2 {
		next := c.outages[0]
		c.outages = c.outages[1:]
		next(t)
		return true
	}
	return !c.enough || c.over < len(rows) || len(c.outages) > 0
}

// people starts processes in place of those that ended.
func (c *drama) people(t *testing.T) {
	t.Helper()
	ended := func(a *actor) bool {
		select {
		case <-a.gone:
			return true
		default:
			return false
		}
	}
	c.workers, c.creators = slices.DeleteFunc(c.workers, ended), slices.DeleteFunc(c.creators, ended)
	for len(c.workers) < 3 {
		c.workers = append(c.workers, c.enter(t, false))
	}
	for len(c.creators) < 2 && !c.enough {
		c.creators = append(c.creators, c.enter(t, true))
	}
}

func (c *drama) enter(t *testing.T, creator bool) *actor {
	t.Helper()
	p := c.plan
	p.Creator, p.Seed = creator, c.random.Uint64()
	plan, err := json.Marshal(p)
	require.NoError(t, err)
	a := &actor{cmd: osexec.Command(os.Args[0], "-test.run=^$"), gone: make(chan struct{})}
	a.cmd.Env = append(os.Environ(), crashPlan+"="+string(plan))
	a.cmd.Stderr = c.said
	a.input, err = a.cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, a.cmd.Start())
	c.started++
	go func() {
		_ = a.cmd.Wait()
		close(a.gone)
	}()
	return a
}

// strike does something to a process, after a while. There are three strikes to each render that ends, so that on a slow machine
// somebody lives long enough to make one.
func (c *drama) strike(t *testing.T) {
	t.Helper()
	time.Sleep(upTo(c.random, 700*time.Millisecond))
	if c.kills+c.pauses > 10+3*c.over {
		return
	}
	all := slices.Concat(c.workers, c.creators)
	victim := all[c.random.IntN(len(all))]
	if c.random.IntN(3) > 0 {
		c.kills++
		_ = victim.cmd.Process.Kill()
		return
	}
	c.pauses++
	_ = victim.cmd.Process.Signal(syscall.SIGSTOP)
	time.AfterFunc(upTo(c.random, 2*c.plan.Lease), func() { _ = victim.cmd.Process.Signal(syscall.SIGCONT) })
}

// curtain ends all processes.
func (c *drama) curtain(t *testing.T) {
	t.Helper()
	for _, a := range slices.Concat(c.workers, c.creators) {
		_ = a.cmd.Process.Kill()
		<-a.gone
	}
	c.asides.Wait()
}

// diskFull leaves no room in the data folder for a while.
func (c *drama) diskFull(t *testing.T) {
	t.Helper()
	if !c.full {
		t.Log("the disk is not filled: only root can give the test one of its own")
		return
	}
	filler := filepath.Join(c.dir, "filler")
	require.NoError(t, fill(filler))
	c.asides.Go(func() {
		time.Sleep(c.plan.Lease)
		_ = os.Remove(filler)
	})
}

// databaseGone stops the Postgres server for a while.
func (c *drama) databaseGone(t *testing.T) {
	t.Helper()
	if c.server == nil {
		return
	}
	c.server.Stop(t)
	c.asides.Go(func() {
		time.Sleep(*crashOutage)
		c.server.Restart(t)
	})
}

// bucketGone takes S3 away for a while.
func (c *drama) bucketGone(*testing.T) {
	if c.gate == nil {
		return
	}
	c.gate.Shut()
	c.asides.Go(func() {
		time.Sleep(*crashOutage)
		c.gate.Open()
	})
}

// tell shows what the processes said, where the test failed.
func (c *drama) tell(t *testing.T) {
	c.curtain(t)
	_ = c.said.Close()
	if !t.Failed() {
		return
	}
	text, _ := os.ReadFile(c.said.Name())
	t.Logf("the processes said:\n%s", text[max(0, len(text)-20_000):])
}
