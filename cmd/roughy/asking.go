package main

import (
	"errors"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
)

// asking is how the commands that ask for one render do it: for how long, how often, and how much of it is told.
type asking struct {
	timeout time.Duration
	retries retries
	verbose bool
}

// againHelp is what the help of each of these commands says of it.
const againHelp = `After a connection error and the statuses 408, 425, 429, 500, 502, 503 and 504 it asks again, up to --retries times within
two minutes, after pauses that grow or that Retry-After asks for. Each is told on stderr as it begins.`

// add defines the flags; usual is how long is asked at most unless the command line says otherwise.
func (a *asking) add(cmd *cobra.Command, usual time.Duration) {
	a.retries = 4
	addTimeout(cmd, &a.timeout, usual, "give up after this long")
	cmd.Flags().Var(&a.retries, "retries", "how often to ask again for what did not come; 0 is never")
	cmd.Flags().BoolVarP(&a.verbose, "verbose", "v", false, "tell each request on stderr")
}

// journal is what the client is to log to. It writes to w, a line at a time.
func (a asking) journal(w io.Writer) *journal {
	return &journal{
		w: w, verbose: a.verbose, most: int(a.retries) + 1, read: func() {}, again: func(int, time.Duration) {}, fetched: func(int, int64) {},
	}
}

// asker is a client that asks as the flags say.
func (p *program) asker(j *journal, options ...roughy.Option) (*roughy.Client, error) {
	return p.client(append(options, roughy.WithLogger(slog.New(j)), roughy.WithRetry(roughy.RetryOptions{Attempts: j.most}))...)
}

// retries is the value of --retries.
type retries uint16

func (r *retries) String() string { return strconv.Itoa(int(*r)) }
func (r *retries) Type() string   { return "N" }

func (r *retries) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return errors.New("a number such as 4 is needed, or 0 to ask once")
	}
	*r = retries(n)
	return nil
}
