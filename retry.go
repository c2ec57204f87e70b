package roughy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// RetryOptions says when a Client asks again for what it did not get: after connection errors, and after the statuses 408, 425,
// 429, 500, 502, 503 and 504, of the API and of a link's host. All it sends are GETs. A field that is zero has its default.
type RetryOptions struct {
	// Attempts is how often a thing is asked for at most, the first time included; 1 never asks again. A download counts anew whenever
	// bytes have come. Default: 5.
	Attempts int

	// First is about how long the first pause is, and Max what the pauses grow to, twice as long each time. Each differs by up
	// to a half at random, so that many clients spread out. Default: 500 ms and 8 s.
	First, Max time.Duration

	// MaxAfter is the longest Retry-After that is obeyed: no attempt is made before that time. One that asks for more ends the
	// attempts, and is in Error.RetryAfter. Default: 1 minute.
	MaxAfter time.Duration

	// Budget is how long after the first attempt the last one may begin; a download's begins anew whenever bytes have come. What
	// would come later, or after the deadline of the context, is not waited for. Default: 2 minutes.
	Budget time.Duration

	// Stall is how long a link's host may send nothing before its connection counts as cut. Default: 30 seconds.
	Stall time.Duration
}

// withDefaults is o with what is not set, or what is wrong with it.
func (o RetryOptions) withDefaults() (RetryOptions, error) {
	if o.Attempts < 0 || min(o.First, o.Max, o.MaxAfter, o.Budget, o.Stall) < 0 {
		return o, errors.New("retry options: a negative number: want one above zero, or zero for the default")
	}
	if o.First > 0 && o.Max > 0 && o.First > o.Max {
		return o, fmt.Errorf("retry options: pauses from %v to %v: want the first to be the shorter", o.First, o.Max)
	}
	if o.Attempts == 0 {
		o.Attempts = 5
	}
	for _, d := range []struct {
		field *time.Duration
		usual time.Duration
	}{
		{&o.First, orMost(500*time.Millisecond, o.Max)}, {&o.Max, max(8*time.Second, o.First)},
		{&o.MaxAfter, time.Minute}, {&o.Budget, 2 * time.Minute}, {&o.Stall, 30 * time.Second},
	} {
		if *d.field == 0 {
			*d.field = d.usual
		}
	}
	return o, nil
}

// orMost is d, but not more than most if that is set.
func orMost(d, most time.Duration) time.Duration {
	if most > 0 {
		return min(d, most)
	}
	return d
}

// attempts are the requests for one thing, made until there is an answer to keep.
type attempts struct {
	RetryOptions
	log     *slog.Logger
	pause   backoff.ExponentialBackOff
	started time.Time
	made    int
	answer  *Error // the last answer that came in vain
}

func (c *Client) attempts() attempts {
	a := attempts{RetryOptions: c.retry, log: c.log}
	a.anew()
	return a
}

// anew forgets the attempts that were made.
func (a *attempts) anew() {
	a.pause = backoff.ExponentialBackOff{InitialInterval: a.First, MaxInterval: a.Max, Multiplier: 2, RandomizationFactor: 0.5}
	a.started, a.made, a.answer = time.Now(), 0, nil
}

// again returns nil when it is time for another attempt. If there is to be none it returns err, with what came of those before.
func (a *attempts) again(ctx context.Context, err error) error {
	a.made++
	if ctx.Err() != nil && !errors.Is(err, ctx.Err()) { // net/http tells the cause alone
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	if said, ok := errors.AsType[*Error](err); ok && said.Status != 0 {
		said.attempts, a.answer = a.made, said
	}
	pause, due := a.next(ctx, err)
	if !due {
		return a.over(err)
	}
	a.log.LogAttrs(ctx, slog.LevelInfo, "asking again", slog.Any("error", err), slog.Int("attempt", a.made), slog.Duration("pause", pause))
	if ended := sleep(ctx, pause); ended != nil {
		return a.over(fmt.Errorf("%w, before it was time to ask again: %w", ended, err))
	}
	return nil
}

// next is the pause before the next attempt, if there is to be one.
func (a *attempts) next(ctx context.Context, err error) (pause time.Duration, due bool) {
	if ctx.Err() != nil || a.made >= a.Attempts || !curable(err) {
		return 0, false
	}
	pause = a.pause.NextBackOff()
	if said, ok := errors.AsType[*Error](err); ok && said.RetryAfter > 0 {
		if said.RetryAfter > a.MaxAfter {
			return 0, false
		}
		late := min(rand.N(said.RetryAfter/10+1), math.MaxInt64-said.RetryAfter)
		pause = max(pause, said.RetryAfter+late) // never earlier, and not all at once
	}
	end := a.started.Add(a.Budget)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(end) {
		end = deadline
	}
	return pause, time.Now().Add(pause).Before(end)
}

// over is the error of all attempts: the last one's, and the last answer if that came before it.
func (a *attempts) over(err error) error {
	switch said, _ := errors.AsType[*Error](err); {
	case a.made == 1 && a.answer == nil || said != nil && said == a.answer:
		return err
	case a.answer != nil:
		return fmt.Errorf("%w (attempt %d; the last answer was: %w)", err, a.made, a.answer)
	default:
		return fmt.Errorf("%w (attempt %d)", err, a.made)
	}
}

// passing are the statuses that may be others in a moment.
var passing = []int{
	http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
	http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// curable reports whether asking again may help: not where an answer came that says no or breaks the contract, and not where
// whoever answers is not, or does not speak as, the one who was asked.
func curable(err error) bool {
	if said, ok := errors.AsType[*Error](err); ok && said.Status != 0 {
		return slices.Contains(passing, said.Status)
	}
	return !errors.Is(err, ErrContract) && otherScheme(err) == "" &&
		!errors.As(err, new(*tls.CertificateVerificationError)) && !errors.As(err, new(tls.RecordHeaderError))
}

// otherScheme is the scheme to try where a server speaks another one; "" if that is not what is wrong.
func otherScheme(err error) string {
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return "http"
	case errors.Is(err, errAlert):
		return "https"
	default:
		return ""
	}
}

// retryAfter is how long a Retry-After asks to wait, in either of its forms; 0 if it does not. A date is counted from the answer's
// own Date, so that it does not matter what this machine's clock says; unless that makes days of it, and this clock less.
func retryAfter(h http.Header) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(text, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, math.MaxInt64/uint64(time.Second))) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	here := time.Until(at).Round(time.Second)
	date, err := http.ParseTime(h.Get("Date"))
	if there := at.Sub(date); err == nil && (there < 24*time.Hour || here <= 0) {
		return max(there, 0)
	}
	return max(here, 0)
}

// ended is why a context has ended: its error, and its cause if that is another.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}

// sleep returns early, with why ctx has ended, when it does.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ended(ctx)
	}
}
