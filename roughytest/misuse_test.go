package roughytest_test

import (
	"fmt"
	"math"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/roughytest"
)

// tbThatKeeps is a test whose end somebody else looks at.
type tbThatKeeps struct {
	mu       sync.Mutex
	text     string
	cleanups []func()
}

func (*tbThatKeeps) Helper() {}

func (k *tbThatKeeps) Cleanup(f func()) { k.cleanups = append(k.cleanups, f) }

func (k *tbThatKeeps) Fatalf(format string, args ...any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.text = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// run runs a test to its end and returns what it was failed with.
func (k *tbThatKeeps) run(test func()) string {
	done := make(chan struct{})
	go func() {
		defer close(done)
		test()
	}()
	<-done
	return k.text
}

// end does what a test does at its end.
func (k *tbThatKeeps) end() {
	for _, f := range slices.Backward(k.cleanups) {
		f()
	}
}

func TestMisuseEndsTheTest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		use  func(s *roughytest.Server, completed uuid.UUID)
		want string
	}{
		"an unknown state":        {func(s *roughytest.Server, _ uuid.UUID) { s.Add(roughytest.Render{State: "archived"}) }, `add: state "archived"`},
		"an id twice":             {func(s *roughytest.Server, id uuid.UUID) { s.Add(roughytest.Render{ID: id}) }, "add: there is a render"},
		"advance of no render":    {func(s *roughytest.Server, _ uuid.UUID) { s.Advance(uuid.Nil) }, "advance: there is no render 00000000-"},
		"advance past the end":    {func(s *roughytest.Server, id uuid.UUID) { s.Advance(id) }, "advance: the render .* is completed already"},
		"failure after the end":   {func(s *roughytest.Server, id uuid.UUID) { s.Fail(id, "x", "y") }, "fail: the render .* is completed already"},
		"failure of no render":    {func(s *roughytest.Server, _ uuid.UUID) { s.Fail(uuid.Nil, "x", "y") }, "fail: there is no render"},
		"removal of no render":    {func(s *roughytest.Server, _ uuid.UUID) { s.Remove(uuid.Nil) }, "remove: there is no render"},
		"break of no render":      {func(s *roughytest.Server, _ uuid.UUID) { s.Break(uuid.Nil, roughytest.ErrorPage) }, "break: there is no render"},
		"a break that is none":    {func(s *roughytest.Server, id uuid.UUID) { s.Break(id, "odd") }, `break: there is no break "odd"`},
		"an answer for no render": {func(s *roughytest.Server, _ uuid.UUID) { s.Answer(uuid.Nil, itself) }, "answer: there is no render"},
		"an answer of nothing":    {func(s *roughytest.Server, id uuid.UUID) { s.Answer(id, nil) }, "answer: no function: want a func"},
		"an answer without a handler": {func(s *roughytest.Server, id uuid.UUID) {
			s.Answer(id, func(http.Handler) http.Handler { return nil })
		}, "answer: the function returned no handler: want one"},
		"an unknown format": {func(s *roughytest.Server, _ uuid.UUID) {
			s.Add(roughytest.Render{Output: roughy.Output{Format: "webm"}})
		}, `add: output format "webm": want mp4, mov, m4a or mp3$`},
		"an unknown resolution": {func(s *roughytest.Server, _ uuid.UUID) {
			s.Add(roughytest.Render{Output: roughy.Output{Resolution: "480p"}})
		}, `add: output resolution "480p": want 720p, 1080p or 4k$`},
		"a frame rate that is no number": {func(s *roughytest.Server, _ uuid.UUID) {
			s.Add(roughytest.Render{Output: roughy.Output{FrameRate: new(math.NaN())}})
		}, "add: output frame rate NaN: want a number"},
		"an endless frame rate": {func(s *roughytest.Server, _ uuid.UUID) {
			s.Add(roughytest.Render{Output: roughy.Output{FrameRate: new(math.Inf(-1))}})
		}, "add: output frame rate -Inf: want a number"},
		"a failure to come without a code": {func(s *roughytest.Server, _ uuid.UUID) {
			s.Add(roughytest.Render{Failure: &roughy.Failure{Message: "y"}})
		}, `add: failure with code "" and message "y": want both`},
		"a failure without a message": {func(s *roughytest.Server, _ uuid.UUID) {
			s.Fail(s.Add(roughytest.Render{}), "x", "")
		}, `fail: failure with code "x" and message "": want both`},
		"a failure without anything": {func(s *roughytest.Server, _ uuid.UUID) {
			s.Fail(s.Add(roughytest.Render{}), "", "")
		}, `fail: failure with code "" and message "": want both`},
		"mending of no render":    {func(s *roughytest.Server, _ uuid.UUID) { s.Mend(uuid.Nil) }, "mend: there is no render"},
		"a key that is none":      {func(s *roughytest.Server, _ uuid.UUID) { s.Revoke("sk_tOpSeCrEt") }, "revoke: there is no such key"},
		"options that contradict": {func(s *roughytest.Server, _ uuid.UUID) { s.Client(roughy.WithPolling(2, 1)) }, "client: polling"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tb := &tbThatKeeps{}
			defer tb.end()
			s := roughytest.NewServer(tb)
			id := s.Add(roughytest.Render{State: roughy.StateCompleted})
			text := tb.run(func() { c.use(s, id) })
			require.Regexp(t, "^roughytest: "+c.want, text)
			require.NotContains(t, text, "tOpSeCrEt")
			_, err := s.Client().Render(t.Context(), id)
			require.NoError(t, err, "the server goes on")
		})
	}
}
