package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/store"
)

// crashPlan holds what a run of this test binary plays in the crash test, as JSON of part.
const crashPlan = "ROUGHY_TEST_CRASH"

// part is what one process of the crash test does.
type part struct {
	Creator bool // it makes renders; else it works them off
	Dir     string
	Address string
	S3      string
	Seed    uint64
	Lease   time.Duration
	Renders int // that creators make together
	Clip    uuid.UUID
	Cut     uuid.UUID
	Song    uuid.UUID
	Junk    uuid.UUID
}

// playPart ends with its parent, whose end of the standard input is closed then.
func playPart(plan string) error {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	var p part
	if err := json.Unmarshal([]byte(plan), &p); err != nil {
		return err
	}
	ctx, random := context.Background(), rand.New(rand.NewPCG(p.Seed, 1))
	s, err := openStore(ctx, p.Dir, p.Address, store.WithClock(jumpingClock(p.Seed)))
	if err != nil {
		return err
	}
	b, err := openBucket(ctx, p.Dir, p.S3)
	if err != nil {
		return err
	}
	q, err := jobs.Open(ctx, jobs.Config{
		Store: s, Bucket: b, Lease: p.Lease, Sweep: time.Second, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Attempts: 10, // many are killed: an encoding takes as long here as an actor lives
		Backoff:  func(n int) time.Duration { return time.Duration(n) * 100 * time.Millisecond },
	})
	if err != nil {
		return err
	}
	if p.Creator {
		return p.create(ctx, s, q, random)
	}
	for err = store.ErrInUse; errors.Is(err, store.ErrInUse); err = q.Start(ctx) {
		time.Sleep(20 * time.Millisecond) // until the one who works there is killed
	}
	if err != nil {
		return err
	}
	select {}
}

// create makes renders until there are enough.
func (p part) create(ctx context.Context, s *store.Store, q *jobs.Queue, random *rand.Rand) error {
	for {
		made, err := s.Renders(ctx, "ann", 0)
		if err != nil {
			return err
		}
		if len(made) >= p.Renders {
			return errors.New("enough")
		}
		if _, err := q.Create(ctx, p.render(random)); err != nil {
			return err
		}
		time.Sleep(upTo(random, 100*time.Millisecond))
	}
}

// render is one of all kinds: copied, encoded, and ones that fail by their own fault.
func (p part) render(random *rand.Rand) jobs.NewRender {
	kinds := []jobs.NewRender{
		{AssetID: p.Clip},
		{AssetID: p.Clip, Output: roughy.Output{Format: roughy.FormatMP4}},
		{AssetID: p.Clip, Output: roughy.Output{Format: roughy.FormatMOV, Resolution: roughy.Resolution720p, FrameRate: new(5.0)}},
		{AssetID: p.Clip, CutID: &p.Cut, Output: roughy.Output{Format: roughy.FormatMP4}},
		{AssetID: p.Song, Output: roughy.Output{Format: roughy.FormatMP4}},
		{AssetID: p.Junk, Output: roughy.Output{Format: roughy.FormatMOV, FrameRate: new(5.0)}},
	}
	n := kinds[random.IntN(len(kinds))]
	n.Owner = "ann"
	return n
}

// ownFault are the codes that renders of these kinds fail with.
var ownFault = map[string]bool{media.CodeNoVideo: true, media.CodeEncodeFailed: true}

// jumpingClock is wrong by hours, and by others all the time.
func jumpingClock(seed uint64) func() time.Time {
	var offset atomic.Int64
	random := rand.New(rand.NewPCG(seed, 2))
	go func() {
		for {
			offset.Store(int64(upTo(random, 10*time.Hour) - 5*time.Hour))
			time.Sleep(upTo(random, 300*time.Millisecond))
		}
	}()
	return func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
}

// upTo is a random time below d.
func upTo(random *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(random.Int64N(int64(d)))
}
