package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	liberrors "github.com/pb33f/libopenapi-validator/errors"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract/contracttest"
)

var seeds = flag.Uint64("seeds", 300, "how many documents to make up")

func TestLibopenapiDisagreesOnlyWhereTheTableSaysWhy(t *testing.T) {
	t.Parallel()
	var p witnessProcess
	defer p.stop()
	trial := contracttest.Trial{Load: p.load, Ledger: contracttest.NewLedger(contracttest.Libopenapi)}
	trial.Run(*seeds, 20)
	t.Log(trial.String())
	require.Empty(t, trial.Open)
	require.LessOrEqual(t, trial.GivenUp, trial.Documents/100)
}

func TestLibopenapiNeedsEachRowOfTheTable(t *testing.T) {
	t.Parallel()
	var p witnessProcess
	defer p.stop()
	for _, row := range contracttest.Disagreements(contracttest.Libopenapi) {
		t.Run(row.Why, func(t *testing.T) {
			require.NotEmpty(t, row.Clause)
			require.NoError(t, row.Hold(p.load))
		})
	}
}

// The witness runs in a process of its own: it keeps the memory of what it loads, and in the middle of a document nothing stops
// it but the end of its process.
const (
	witnessVariable  = "ROUGHY_WITNESS" // makes that process of this test's program
	witnessPatience  = 5 * time.Second  // for one document, or one body
	witnessDocuments = 200              // until the process is replaced
	witnessMemory    = 3 << 30          // bytes, at which the process ends itself
)

func TestMain(m *testing.M) {
	if _, ok := os.LookupEnv(roleVariable); ok {
		main()
		return
	}
	if os.Getenv(witnessVariable) == "" {
		os.Exit(m.Run())
	}
	go limitMemory()
	if err := serveWitness(os.Stdin, os.Stdout); err != nil {
		os.Exit(1)
	}
}

func limitMemory() {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	for range time.Tick(20 * time.Millisecond) {
		if metrics.Read(sample); sample[0].Value.Uint64() > witnessMemory {
			os.Exit(1)
		}
	}
}

// witnessQuestion is a document to load, or a body to judge by the last one.
type witnessQuestion struct{ Document, Body []byte }

func serveWitness(in io.Reader, out io.Writer) error {
	questions, answers := json.NewDecoder(in), json.NewEncoder(out)
	var v validator.Validator
	for {
		var q witnessQuestion
		if err := questions.Decode(&q); err != nil {
			return fmt.Errorf("question: %w", err)
		}
		if q.Document != nil {
			var err error
			if v, err = libValidator(q.Document, config.WithFormatAssertions()); err != nil {
				v = nil
			}
			q.Body = []byte("0") // which shows whether the schema compiles
		}
		if err := answers.Encode(libOutcome(v, q.Body)); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
}

func libOutcome(v validator.Validator, body []byte) contracttest.Outcome {
	if v == nil {
		return contracttest.Fails
	}
	request, err := http.NewRequest(http.MethodGet, contracttest.Host+contracttest.Path, nil)
	if err != nil {
		return contracttest.Fails
	}
	response := &http.Response{StatusCode: http.StatusOK, Header: contracttest.Answer(nil).Header, Request: request, Body: io.NopCloser(bytes.NewReader(body))}
	ok, errs := v.ValidateHttpResponse(request, response)
	for _, e := range errs {
		if uncompiled(e) {
			return contracttest.Fails
		}
	}
	return map[bool]contracttest.Outcome{true: contracttest.Accepts, false: contracttest.Refuses}[ok]
}

// uncompiled tells an error about the document from one about the answer.
func uncompiled(e *liberrors.ValidationError) bool {
	return strings.Contains(e.Message, "failed schema compilation") || e.Message == "schema is nil" || e.Message == "schema cannot be rendered"
}

var errWitness = errors.New("the witness took too long or too much")

// witnessProcess is the process that serves, once there is one.
type witnessProcess struct {
	*exec.Cmd
	questions *json.Encoder
	answers   *json.Decoder
	loaded    int
}

func (p *witnessProcess) load(document []byte) (contracttest.Judge, error) {
	if p.loaded++; p.loaded%witnessDocuments == 0 {
		p.stop()
	}
	outcome, err := p.ask(witnessQuestion{Document: document})
	if err != nil || outcome == contracttest.Fails {
		return nil, err
	}
	return func(body []byte) (contracttest.Outcome, error) { return p.ask(witnessQuestion{Body: body}) }, nil
}

func (p *witnessProcess) ask(q witnessQuestion) (outcome contracttest.Outcome, err error) {
	if p.Cmd == nil {
		if err := p.start(); err != nil {
			return "", err
		}
	}
	process := p.Process // which is not this one any more, should the time be up while p stops
	late := time.AfterFunc(witnessPatience, func() { _ = process.Kill() })
	defer late.Stop()
	if p.questions.Encode(q) != nil || p.answers.Decode(&outcome) != nil {
		p.stop()
		return "", errWitness
	}
	return outcome, nil
}

func (p *witnessProcess) start() error {
	p.Cmd = exec.Command(os.Args[0])
	p.Env = append(os.Environ(), witnessVariable+"=1")
	in, err := p.StdinPipe()
	if err != nil {
		return fmt.Errorf("witness: %w", err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return fmt.Errorf("witness: %w", err)
	}
	p.questions, p.answers = json.NewEncoder(in), json.NewDecoder(out)
	return p.Start()
}

func (p *witnessProcess) stop() {
	if p.Cmd != nil && p.Process != nil {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
	p.Cmd = nil
}
