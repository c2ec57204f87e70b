package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
)

// trial is a module for the time of a try: the go.mod that pins the generator, and the code that it makes.
type trial struct {
	ctx      context.Context
	dir      string
	document string
}

func newTrial(ctx context.Context, document string) (t trial, err error) {
	if document, err = filepath.Abs(document); err != nil {
		return t, err
	}
	dir, err := os.MkdirTemp("", "roughy-gate-")
	if err != nil {
		return t, err
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			return t, errors.Join(err, os.RemoveAll(dir))
		}
	}
	return trial{ctx, dir, document}, nil
}

// all makes the code of each configuration and compiles it, which finds what the generator does not: two names that become
// one in Go.
func (t trial) all(configs []string) error {
	for _, config := range configs {
		path, err := filepath.Abs(config)
		if err != nil {
			return err
		}
		if err := t.command("no code can be made of this by "+config, "tool", "oapi-codegen", "-config", path, t.document); err != nil {
			return err
		}
	}
	return t.command("the code made of this does not compile", "build", "./...")
}

// command runs the go command in the trial's folder. Its error is a *refusal, which begins with what, where it is the document
// that does not do.
func (t trial) command(what string, args ...string) error {
	cmd := exec.CommandContext(t.ctx, "go", args...)
	cmd.Dir = t.dir
	out, err := cmd.CombinedOutput()
	if err == nil || t.ctx.Err() != nil {
		return errors.Join(err, t.ctx.Err())
	}
	return refused(what, string(out), err)
}
