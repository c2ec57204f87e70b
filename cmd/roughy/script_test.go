package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	main "github.com/roughy-go/roughy/cmd/roughy"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"roughy": main.Main})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"held":    held,
			"release": release,
		},
	})
}

type worldKey struct{}

// setup gives each script an API of its own, a right key, and the ids by name.
func setup(e *testscript.Env) error {
	w := newWorld()
	e.Values[worldKey{}] = w
	e.Defer(w.close)
	e.Setenv("ROUGHY_BASE_URL", w.api.URL)
	e.Setenv("ROUGHY_API_KEY", rightKey)
	e.Setenv("SERVER", w.api.URL)
	e.Setenv("KEY", rightKey)
	e.Setenv("STORAGE", w.storage.URL)
	e.Setenv("SIGNATURE", signature)
	for name, id := range renders {
		e.Setenv(name, id)
	}
	return nil
}

// exits runs a program and wants an exact exit code: exits [-tty] [-ttyout] [-interrupt] [-stdin FILE] CODE PROGRAM [ARG…]. With -tty,
// stderr is a terminal, with -ttyout, stdout; with -interrupt, Ctrl-C comes once the server holds back an answer. Whatever the
// program does, no key and no query of a link may be on its stderr, no key on its stdout, and no key at the storage's host.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	flags := map[string]bool{}
	stdin := os.DevNull
	for len(args) > 1 && strings.HasPrefix(args[0], "-") {
		if args[0] == "-stdin" {
			stdin, args = ts.MkAbs(args[1]), args[1:]
		}
		flags[args[0]], args = true, args[1:]
	}
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits [-tty] [-ttyout] [-interrupt] [-stdin FILE] CODE PROGRAM [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)

	var stdout, stderr bytes.Buffer
	cmd := exec.Command(args[1], args[2:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), environment(ts), &stdout, &stderr
	in, err := os.Open(stdin)
	ts.Check(err)
	defer in.Close()
	cmd.Stdin = in
	var hangUps []func()
	if flags["-tty"] {
		end, hangUp := terminal(ts, &stderr)
		cmd.Stderr, hangUps = end, append(hangUps, hangUp)
	}
	if flags["-ttyout"] {
		end, hangUp := terminal(ts, &stdout)
		cmd.Stdout, hangUps = end, append(hangUps, hangUp)
	}
	w := ts.Value(worldKey{}).(*world)
	finish(ts, w, cmd, flags["-interrupt"])
	for _, hangUp := range hangUps {
		hangUp()
	}
	_, _ = ts.Stdout().Write(stdout.Bytes())
	_, _ = ts.Stderr().Write(stderr.Bytes())
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d\n%s%s", got, want, &stdout, &stderr)
	}
	keepsSecrets(ts, w, stdout.String(), stderr.String())
}

// held waits until the server holds back an answer to a program that runs in the background.
func held(ts *testscript.TestScript, _ bool, _ []string) { <-ts.Value(worldKey{}).(*world).hanging }

// release lets the answer go that HELD is about.
func release(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Value(worldKey{}).(*world).release <- struct{}{}
}

// finish runs a program to its end, and interrupts it on the way if that is asked for.
func finish(ts *testscript.TestScript, w *world, cmd *exec.Cmd, interrupted bool) {
	for len(w.hanging) > 0 {
		<-w.hanging // of a program before this one
	}
	ts.Check(cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // the exit code tells
		close(ended)
	}()
	if interrupted {
		interrupt(ts, w, cmd, ended)
	}
	<-ended
}

func keepsSecrets(ts *testscript.TestScript, w *world, stdout, stderr string) {
	if strings.Contains(stderr, signature) || strings.Contains(stderr, "sk_") || strings.Contains(stdout, "sk_test") {
		ts.Fatalf("a secret was printed\n%s%s", stdout, stderr)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.leaked {
		ts.Fatalf("the storage's host was sent the key")
	}
}

func environment(ts *testscript.TestScript) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "TERM=xterm"}
	for _, name := range []string{"ROUGHY_API_KEY", "ROUGHY_BASE_URL", "NO_COLOR", "GITHUB_ACTIONS"} {
		if v := ts.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

func interrupt(ts *testscript.TestScript, w *world, cmd *exec.Cmd, ended <-chan struct{}) {
	select {
	case <-w.hanging:
	case <-ended:
		ts.Fatalf("the server was never asked for what it holds back")
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
}
