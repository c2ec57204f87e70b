package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/media/clip"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"roughyd": main})
}

// TestScripts runs the real program; testdata/*.txtar are its transcripts.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup:               setup,
		Condition:           condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ready":   ready,
			"keep":    keep,
			"watch":   watch,
			"get":     get,
			"revoked": revoked,
			"counted": counted,
			"limited": limited,
			"field":   field,
			"short":   short,
			"empty":   empty,
		},
	})
}

// setup gives each script a clip, a data folder and two addresses that nobody listens on.
func setup(env *testscript.Env) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	admin, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer admin.Close()
	env.Setenv("ADMIN", admin.Addr().String())
	env.Setenv("ADDR", l.Addr().String())
	env.Setenv("URL", "http://"+l.Addr().String())
	env.Setenv("ROUGHYD_DATA", env.WorkDir+"/data")
	env.Setenv("TMPDIR", env.WorkDir+"/.tmp")
	if err := os.WriteFile(env.WorkDir+"/clip.mp4", clip.MP4, 0o600); err != nil {
		return err
	}
	return l.Close()
}

// condition knows [ffmpeg]. With ROUGHY_TEST_ALL=1 it is always true, so that a script which needs ffmpeg fails without it.
func condition(name string) (bool, error) {
	if name != "ffmpeg" {
		return false, fmt.Errorf("condition %q is unknown", name)
	}
	_, err := exec.LookPath("ffmpeg")
	return err == nil || os.Getenv("ROUGHY_TEST_ALL") == "1", nil
}

// ready waits until the server at $URL answers.
func ready(ts *testscript.TestScript, neg bool, args []string) {
	for range 200 {
		if resp, err := http.Get(ts.Getenv("URL")); err == nil {
			resp.Body.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("nobody answers at %s", ts.Getenv("URL"))
}

// get URL prints what is there.
func get(ts *testscript.TestScript, neg bool, args []string) {
	fmt.Fprint(ts.Stdout(), content(ts, args[0]))
}

func content(ts *testscript.TestScript, url string) string {
	resp, err := http.Get(url)
	ts.Check(err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		ts.Fatalf("%s: %s", url, resp.Status)
	}
	text, err := io.ReadAll(resp.Body)
	ts.Check(err)
	return string(text)
}

// revoked KEY waits until the server refuses a key.
func revoked(ts *testscript.TestScript, neg bool, args []string) {
	client, err := roughy.NewClient(args[0], roughy.WithBaseURL(ts.Getenv("URL")))
	ts.Check(err)
	for range 100 {
		if _, err = client.Render(context.Background(), uuid.Nil); errors.Is(err, roughy.ErrUnauthenticated) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("the key still works: %v", err)
}

// limited KEY asks often, and fails when the server never says that it is too often.
func limited(ts *testscript.TestScript, neg bool, args []string) {
	said := false
	for range 200 {
		q, err := http.NewRequest(http.MethodGet, ts.Getenv("URL")+"/v1/renders/"+uuid.Nil.String(), nil)
		ts.Check(err)
		q.Header.Set("Authorization", "Bearer "+args[0])
		resp, err := http.DefaultClient.Do(q)
		ts.Check(err)
		resp.Body.Close()
		said = said || resp.StatusCode == http.StatusTooManyRequests && resp.Header.Get("Retry-After") != ""
	}
	if said == neg {
		ts.Fatalf("limited: %v", said)
	}
}

// counted LINE waits until the metrics at $ADMIN have a line.
func counted(ts *testscript.TestScript, neg bool, args []string) {
	for range 200 {
		if slices.Contains(strings.Split(content(ts, "http://"+ts.Getenv("ADMIN")+"/metrics"), "\n"), args[0]) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("no metric is %s", args[0])
}

// keep NAME puts what the last command printed into the variable NAME.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

// field ROW COLUMN prints one field of the table that the last command printed.
func field(ts *testscript.TestScript, neg bool, args []string) {
	row, err := strconv.Atoi(args[0])
	ts.Check(err)
	column, err := strconv.Atoi(args[1])
	ts.Check(err)
	fmt.Fprintln(ts.Stdout(), strings.Fields(strings.Split(ts.ReadFile("stdout"), "\n")[row])[column])
}

// short FILE N fails when FILE has more than N lines.
func short(ts *testscript.TestScript, neg bool, args []string) {
	most, err := strconv.Atoi(args[1])
	ts.Check(err)
	if n := strings.Count(ts.ReadFile(args[0]), "\n"); n > most {
		ts.Fatalf("%s has %d lines, more than %d", args[0], n, most)
	}
}

// empty DIR fails when DIR holds anything.
func empty(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(entries) > 0 {
		ts.Fatalf("%s still holds %v", args[0], entries)
	}
}

// watch KEY ID follows a render to its end through the typed client and prints its states, size and failure.
func watch(ts *testscript.TestScript, neg bool, args []string) {
	client, err := roughy.NewClient(args[0], roughy.WithBaseURL(ts.Getenv("URL")))
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	id, err := uuid.Parse(args[1])
	ts.Check(err)
	r, err := client.Wait(ctx, id)
	if neg {
		if err == nil {
			ts.Fatalf("read render %s, which should be refused", args[1])
		}
		fmt.Fprintln(ts.Stdout(), err)
		return
	}
	ts.Check(err)
	fmt.Fprintln(ts.Stdout(), r.State)
	if r.Failure != nil {
		fmt.Fprintln(ts.Stdout(), r.Failure.Code, r.Failure.Message)
		return
	}
	n, err := client.Download(ctx, r.ID, ts.Stdout())
	ts.Check(err)
	ts.Logf("downloaded %d bytes", n)
}
