package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// nothing is the least that a document can say.
const nothing = "openapi: 3.1.0\ninfo: {title: Nothing, version: 1.0.0}\npaths: {}\n"

// trial is a module for the time of a try: the go.mod that pins the generator, and the code that it makes.
type trial struct {
	ctx      context.Context
	dir      string
	document string
}

// try makes the code of a document by each configuration and compiles it, which finds what the generator does not: two names that
// become one in Go. Its error is a *refusal where the document or a configuration does not do.
func try(ctx context.Context, document []byte, configs []string) error {
	dir, err := os.MkdirTemp("", "roughy-gate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t := trial{ctx, dir, filepath.Join(dir, "openapi.yaml")}
	if err := t.fill(document); err != nil {
		return err
	}
	for _, config := range configs {
		path, err := filepath.Abs(config)
		if err == nil {
			_, err = os.Stat(config)
		}
		if err != nil {
			return err
		}
		r := refusal{what: "no code can be made of this by " + config, configs: []string{config}}
		if err := t.command(r, "tool", "oapi-codegen", "-config", path, t.document); err != nil {
			return err
		}
	}
	return t.command(refusal{what: "the code made of this does not compile", configs: configs}, "build", "./...")
}

// fill writes what a trial begins with. A module that requires nothing has no go.sum.
func (t trial) fill(document []byte) error {
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == "go.sum":
			continue
		case err != nil:
			return fmt.Errorf("%w: go to the module's folder", err)
		}
		if err := os.WriteFile(filepath.Join(t.dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(t.document, document, 0o600)
}

// command runs the go command in the trial's folder. Its error is r with what that said, where it is not about the module.
func (t trial) command(r refusal, args ...string) error {
	cmd := exec.CommandContext(t.ctx, "go", args...)
	cmd.Dir = t.dir
	out, err := cmd.CombinedOutput()
	if err == nil || t.ctx.Err() != nil {
		return errors.Join(err, t.ctx.Err())
	}
	return r.says(strings.ReplaceAll(string(out), t.dir+string(filepath.Separator), ""), err)
}
