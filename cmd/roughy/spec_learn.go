package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/spec/diff"
	"github.com/roughy-go/roughy/internal/spec/learn"
	"github.com/roughy-go/roughy/internal/traffic"
)

// learnOptions are the flags of spec learn.
type learnOptions struct {
	har, ndjson, spec, output string
	exchanges, renders        int
	timeout                   time.Duration
}

func (p *program) learnCommand() *cobra.Command {
	var o learnOptions
	cmd := &cobra.Command{
		Use:   "learn [ID...]",
		Short: "Propose what the document does not say and the traffic shows",
		Long: `learn holds traffic to an OpenAPI document and proposes what the document should say too, as an OpenAPI Overlay 1.0 on stdout: new
fields, enum values, statuses, media types and response headers, null and other types where they are not documented, formats, and
required members that are left out. stderr sums up the evidence, and what was seen and is not proposed, with the reason.

The traffic is a HAR file (--har) or one exchange a line (--ndjson), as for roughy check, or it is read live: each ID once, from the
arguments or, one a line, from stdin; with --spec, URLs or paths below --base-url instead. Which exchanges belong to the API is
decided as by check. The document is --spec FILE, else ./openapi.yaml if it is there, else the built-in one.

Each action has, in x- members, its evidence (exchanges, renders, first and last seen, in which states of the render), a confidence,
and what spec diff says of that change with oasdiff: breaking or not, and by which rules. high confidence is from 20 exchanges of 10 renders on,
medium from 5 of 3; it is low where another type, a broken format or a missing member is in less than half of the answers since the first,
and where no type was seen, and at most medium for several types.

Something is proposed if it was in --min-exchanges answers about --min-renders renders, which are URLs with another document. null,
another type, a broken format and a missing required member want two at least, of two renders if there were more than one, and, but
for null, one in fifty of the answers since the first: less looks like a fault of the API, and is told as a conflict. A format for
texts that are documented without one is proposed if all of them have it: uuid, date-time or date.

Never proposed: that a member is required; that what does not come is taken back; values, but for words of an enum; members whose
names are no plain ones (letters, digits, _ . $ : and -) or may be ids or secrets; headers of HTTP itself, of browsers, CDNs, proxies
and tracing (traceparent, X-B3-..., CF-Ray), unlike those for callers (X-Request-Id, RateLimit-..., Deprecation, Sunset); answers in HTML.
More new values of an enum than it documents, and than four, are counted and not told. A new object whose members are named by ids, or
hardly ever come together, is proposed as a map, without the names.

Without drift the overlay has no actions. Exit code 0 whatever was learned; 2 if nothing could be learned from: no exchange is of the
document's API, or the recording cannot be read.`,
		Example: `  roughy spec learn --har traffic.har.gz -o learned.yaml && roughy spec apply --dry-run learned.yaml
  roughy spec learn 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90 < /dev/null
  roughy spec learn --spec api.yaml --ndjson - --min-exchanges 10 --format json | jq '.actions[].target'`,
		Args: func(_ *cobra.Command, args []string) error { return o.conflict(args) },
		RunE: func(cmd *cobra.Command, args []string) error { return p.learn(cmd.Context(), cmd.InOrStdin(), args, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.har, "har", "", "learn from the exchanges of this HAR `file`, gzipped or not; - is stdin")
	flags.StringVar(&o.ndjson, "ndjson", "", "learn from the exchanges of this `file`, a JSON object a line; - is stdin")
	flags.StringVar(&o.spec, "spec", "", "the OpenAPI 3.0 or 3.1 `file` that is to learn (default ./openapi.yaml, or what is built in)")
	flags.StringVarP(&o.output, "output", "o", "", "write the overlay to this `file` rather than to stdout")
	flags.IntVar(&o.exchanges, "min-exchanges", 2, "in how many answers something has to be seen")
	flags.IntVar(&o.renders, "min-renders", 1, "of how many renders these have to be")
	addTimeout(cmd, &o.timeout, 30*time.Second, "give up on each live read after this long")
	return cmd
}

func (o learnOptions) conflict(args []string) error {
	switch {
	case o.har != "" && o.ndjson != "":
		return errors.New("--har and --ndjson: one recording at a time")
	case o.recorded() && len(args) > 0:
		return errors.New("a recording is read whole: leave the ids out, or the recording")
	case o.exchanges < 1 || o.renders < 1:
		return errors.New("--min-exchanges and --min-renders: want at least 1")
	}
	for _, used := range []string{o.har, o.ndjson, o.spec} {
		if sameFile(o.output, used) {
			return errors.New("--output: this file is read too: name another one")
		}
	}
	return nil
}

func (o learnOptions) recorded() bool { return o.har != "" || o.ndjson != "" }

// document is the one that is to learn, and what it is called for people.
func (o learnOptions) document() (name, told string, data []byte, err error) {
	if o.spec != "" {
		data, err = readDocument(o.spec)
		return o.spec, o.spec, data, err
	}
	if _, err := os.Stat(usualDocument); err == nil {
		data, err = readDocument(usualDocument)
		return usualDocument, "./" + usualDocument, data, err
	}
	return usualDocument, "the built-in document, as there is no ./" + usualDocument, roughy.Spec(), nil
}

func (p *program) learn(ctx context.Context, stdin io.Reader, args []string, o learnOptions) error {
	base, err := p.givenBase()
	if err != nil {
		return err
	}
	name, told, document, err := o.document()
	if err != nil {
		return err
	}
	if base == nil && o.spec == "" && !o.recorded() {
		base, _ = url.Parse(roughy.DefaultBaseURL)
	}
	learner, err := learn.New(name, document, learn.Options{Exchanges: o.exchanges, Renders: o.renders, Base: base})
	if err != nil {
		return err
	}
	judge := label(name)
	if _, err := judge(document, document); err != nil { // else one would hear of it after all the traffic
		return err
	}
	s := study{program: p, learner: learner, o: o, base: base}
	if o.recorded() {
		err = s.recorded(ctx, stdin)
	} else {
		err = s.live(ctx, stdin, args)
	}
	if err != nil {
		return err
	}
	learned := learner.Learned()
	switch {
	case learned.Exchanges == 0:
		return s.nothing(name)
	case learned.Exchanges == learned.Unseen && len(learned.Proposals)+len(learned.Rest) == 0:
		return fmt.Errorf("nothing to learn from: %s holds no body of an answer whole: record or export it with content", clean(s.source))
	}
	overlay, labels, err := learner.Overlay(learned, clean(s.source), document, judge)
	if err != nil {
		return err
	}
	text, err := overlay.Encode()
	if p.format == formatJSON {
		text, err = overlay.EncodeJSON()
	}
	if err == nil {
		err = p.deliver(o.output, text)
	}
	if err != nil {
		return err
	}
	s.report(told, learned, labels)
	return nil
}

// deliver writes to a file, whole or not at all, or to stdout.
func (p *program) deliver(path string, text []byte) error {
	if path == "" || path == "-" {
		_, err := p.stdout.Write(text)
		return err
	}
	f, err := createFile(path)
	if err != nil {
		return err
	}
	defer f.discard()
	if _, err = f.Write(text); err == nil {
		err = f.Chmod(0o644)
	}
	if err != nil {
		return fmt.Errorf("output file: %w", err)
	}
	return f.publish()
}

// label says what a change does to clients, as spec diff has it without a policy: by oasdiff's rules, and ours where that has none.
func label(name string) func(before, after []byte) (learn.Label, error) {
	return func(before, after []byte) (learn.Label, error) {
		r, err := diff.Compare(diff.Document{Name: name, Data: before}, diff.Document{Name: name, Data: after}, diff.Policy{}, time.Now())
		if err != nil {
			return learn.Label{}, err
		}
		out := learn.Label{Breaking: r.Count(diff.Breaking) > 0}
		for _, c := range r.Changes {
			if !slices.Contains(out.Rules, c.Rule) {
				out.Rules = append(out.Rules, c.Rule)
			}
		}
		return out, nil
	}
}

// study is one run of spec learn.
type study struct {
	*program
	learner *learn.Learner
	o       learnOptions
	base    *url.URL
	source  string // where the traffic is from
	outside int    // exchanges with other hosts
	unread  int    // without an answer that can be read
}

// recorded learns from every exchange of a recording that belongs to the API.
func (s *study) recorded(ctx context.Context, stdin io.Reader) error {
	name, format := s.o.har, traffic.HAR
	if s.o.ndjson != "" {
		name, format = s.o.ndjson, traffic.NDJSON
	}
	if s.source = name; name == "-" {
		s.source, stdin = "stdin", until(ctx, stdin)
	}
	recording, err := traffic.Open(name, stdin, format)
	if err != nil {
		return err
	}
	defer recording.Close()
	known, err := recording.Any(s.learner.Serves)
	if err != nil {
		return err
	}
	for e, err := range recording.Entries() {
		switch {
		case err != nil:
			return fmt.Errorf("%w; nothing was learned", err)
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		s.add(e, known)
	}
	return nil
}

// add learns from one entry. If any entry of the recording has a known server, the ones that have not are outside.
func (s *study) add(e traffic.Entry, known bool) {
	switch {
	case known && !s.learner.Serves(e.URL):
		s.outside++
		return
	case e.Problem != "":
		s.unread++
		return
	case !known:
		e.URL = &url.URL{Path: e.URL.Path, RawPath: e.URL.RawPath}
	}
	s.learner.Add(e)
}

func (s *study) nothing(document string) error {
	if s.o.recorded() && s.unread > 0 && s.outside+s.learner.Stats().Unknown == 0 {
		return fmt.Errorf("nothing to learn from: %s holds %s without an answer that can be read; roughy check --help says what a line or an entry needs",
			clean(s.source), counted(s.unread, "exchange", "exchanges"))
	}
	return fmt.Errorf("nothing to learn from: %s holds no answer of an operation of %s (other paths: %d, other hosts: %d, without an answer: %d): is it of another API?",
		clean(s.source), document, s.learner.Stats().Unknown, s.outside, s.unread)
}
