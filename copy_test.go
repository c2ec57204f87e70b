package roughy_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// repository is a copy of this one, in which a test may change what it likes.
type repository struct {
	t   *testing.T
	dir string
}

// copied makes a copy of all that belongs to the module.
func copied(t *testing.T) repository {
	t.Helper()
	if testing.Short() && os.Getenv("ROUGHY_TEST_ALL") != "1" {
		t.Skip("compiles a copy of the module")
	}
	r := repository{t, t.TempDir()}
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(d.Name(), "."), path == filepath.FromSlash("internal/bench"):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			return os.MkdirAll(r.path(path), 0o755)
		case d.Type().IsRegular():
			copyFile(t, path, r.path(path))
		}
		return nil
	}))
	return r
}

// during is the copy for the time of a subtest, behind which it is as it was.
func (r repository) during(t *testing.T) repository { return repository{t, r.dir} }

func (r repository) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

// edit puts one text in the place of another, which the file has once.
func (r repository) edit(name, old, new string) {
	r.t.Helper()
	text := readText(r.t, r.path(name))
	require.Equal(r.t, 1, strings.Count(text, old), "%s has this so many times: %s", name, old)
	r.restore(name)
	require.NoError(r.t, os.WriteFile(r.path(name), []byte(strings.Replace(text, old, new, 1)), 0o644))
}

// add writes a file that is not there yet.
func (r repository) add(name, text string) {
	r.t.Helper()
	require.NoFileExists(r.t, r.path(name))
	r.t.Cleanup(func() { require.NoError(r.t, os.Remove(r.path(name))) })
	require.NoError(r.t, os.WriteFile(r.path(name), []byte(text), 0o644))
}

// restore makes a file what it was, when the subtest is over.
func (r repository) restore(name string) {
	r.t.Cleanup(func() { copyFile(r.t, filepath.FromSlash(name), r.path(name)) })
}

// generate runs the lines of generate.go.
func (r repository) generate() {
	r.t.Helper()
	for _, name := range generated {
		r.restore("gen/" + name + ".gen.go")
	}
	r.run("generate", ".")
}

// run runs the go command without a network, and expects success.
func (r repository) run(args ...string) {
	r.t.Helper()
	out, err := r.command(args...)
	require.NoError(r.t, err, out)
}

// fail runs the go command, and expects it to fail and to say each of these.
func (r repository) fail(want []string, args ...string) {
	r.t.Helper()
	out, err := r.command(args...)
	require.Error(r.t, err)
	for _, w := range want {
		require.Contains(r.t, out, w)
	}
}

// command leaves paths out of what it compiles, so that one copy's is another's too, and what only costs time: vet, and what debuggers
// want.
func (r repository) command(args ...string) (string, error) {
	cmd := exec.CommandContext(r.t.Context(), "go", args...)
	cmd.Dir, cmd.Env = r.dir, append(os.Environ(), "GOPROXY=off", "GOFLAGS=-trimpath -buildvcs=false -vet=off -ldflags=-w")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
