package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/cli"
	"github.com/roughy-go/roughy/internal/report"
	"github.com/roughy-go/roughy/internal/secret"
)

// Exit codes; the root's help says what they mean.
const (
	exitOK      = 0
	exitBroken  = 1   // the contract, or the render, is broken
	exitUnread  = 2   // wrong usage, or nothing could be read
	exitStopped = 130 // 128 + SIGINT, as shells have it; also for SIGTERM
)

// broken is an answer to what was asked that is bad news: exit code 1. The program itself did its work.
type broken string

func (b broken) Error() string { return string(b) }

// ended is how a run went that only Ctrl-C ends.
type ended struct{ error }

func (e ended) Unwrap() error { return e.error }

// conclude says on stderr what went wrong, and chooses the exit code. What is broken counts more than that the run was
// stopped, and that more than that something could not be read.
func (p *program) conclude(ctx context.Context, ran *cobra.Command, err error) int {
	var violated *roughy.ContractError
	switch {
	case err == nil:
		return exitOK
	case !p.started:
		p.say(strings.Join(strings.Fields(cli.Suggested(err.Error())), " "))
		fmt.Fprintf(p.stderr, "See: %s --help\n", ran.CommandPath())
		return exitUnread
	case errors.As(err, new(broken)):
		p.tell(err)
		return exitBroken
	case errors.As(err, &violated):
		return p.concludeContract(err, violated.Report)
	case ctx.Err() != nil && !errors.As(err, new(ended)):
		p.say("stopped")
		return exitStopped
	}
	p.tell(err)
	return exitUnread
}

// tell gives each of several errors its line.
func (p *program) tell(err error) {
	if only, ok := err.(ended); ok {
		err = only.error
	}
	joined, ok := err.(interface{ Unwrap() []error })
	switch {
	case ok && strings.Contains(err.Error(), "\n"): // else it is one sentence, with several reasons
		for _, e := range joined.Unwrap() {
			p.tell(e)
		}
	case p.reached:
		p.say(err.Error())
	default:
		p.say(reason(err))
	}
}

// concludeContract lists the findings one to a line, which an error's text would put into one.
func (p *program) concludeContract(err error, r roughy.Report) int {
	var refused *roughy.Error
	switch {
	case errors.As(err, &refused) && r.Verdict == roughy.Violation:
		p.say("nothing was read, and the answer does not keep the contract: " + refusal(refused))
	case refused != nil:
		p.say("nothing was read, and the answer could not be checked: " + refusal(refused))
	case r.Verdict == roughy.Violation:
		p.say("the answer breaks the contract, so it is not shown")
	default:
		p.say("the answer could not be checked, so it is not shown")
	}
	for _, f := range r.Findings {
		fmt.Fprintln(p.stderr, "  "+clean(f.String()))
	}
	if r.Verdict == roughy.Violation {
		return exitBroken
	}
	return exitUnread
}

// refusal is an error answer without its findings, which have lines of their own.
func refusal(e *roughy.Error) string {
	text := fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message)
	if !e.FromServer {
		text += " (check --base-url or ROUGHY_BASE_URL: this may not be the API)"
	}
	return text
}

// say writes the one line that an error gets.
func (p *program) say(text string) { sayTo(p.stderr, text) }

// sayTo writes a line of this program's own, at once.
func sayTo(w io.Writer, text string) { _, _ = io.WriteString(w, "roughy: "+clean(text)+"\n") }

// reason is an error in words that say what to do.
func reason(err error) string {
	var refused *roughy.Error
	if errors.As(err, &refused) && errors.Is(err, roughy.ErrContract) {
		return refusal(refused)
	}
	if errors.Is(err, syscall.ECONNREFUSED) || errors.As(err, new(*net.DNSError)) {
		return err.Error() + " (check --base-url or ROUGHY_BASE_URL)"
	}
	return err.Error()
}

// clean is a text on one line that can neither steer a terminal nor give away a key or a signed link, whoever wrote it.
func clean(text string) string {
	return report.Printable(secret.MaskKey(text, os.Getenv("ROUGHY_API_KEY")))
}
