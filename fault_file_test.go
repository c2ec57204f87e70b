package roughy_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/faulttest"
)

// intoFolder downloads to a file in a folder that was prepared.
func intoFolder(prepare func(s *scene, folder string), opts ...roughy.DownloadOption) func(t *testing.T, f fault) sights {
	return func(t *testing.T, f fault) (all sights) {
		played(t, f, func(ctx context.Context, s *scene) {
			s.folder = s.TempDir()
			if prepare != nil {
				prepare(s, s.folder)
			}
			all = sights{s.resumed(ctx, s.folder, opts...)}
		})
		return all
	}
}

// fileFaults are what is in the way of a file.
func fileFaults() []fault {
	file := func(name string) func(s *scene, folder string) {
		return func(s *scene, folder string) { s.write(filepath.Join(folder, name), "theirs") }
	}
	appearing := func(s *scene, _ int, _ *request) steps {
		s.write(filepath.Join(s.folder, "a.mp4"), "theirs")
		s.theirs = []byte("theirs")
		return nil
	}
	return []fault{
		{name: "a file that is there", meet: intoFolder(file("a.mp4"))},
		{name: "a file that is there, WithReplace", meet: intoFolder(file("a.mp4"), roughy.WithReplace())},
		{name: "a file that appears meanwhile", link: appearing, meet: intoFolder(nil)},
		{name: "a file that appears meanwhile, WithReplace", link: appearing, meet: intoFolder(nil, roughy.WithReplace())},
		{name: "a folder in the place of the file, WithReplace", meet: intoFolder(func(s *scene, folder string) {
			require.NoError(s, os.Mkdir(filepath.Join(folder, "a.mp4"), 0o700))
		}, roughy.WithReplace())},
		{name: "a symbolic link to nothing in the place of the file", meet: intoFolder(func(s *scene, folder string) {
			require.NoError(s, os.Symlink("nothing", filepath.Join(folder, "a.mp4")))
		})},
		{name: "a file in the place of .ID.part", meet: intoFolder(func(s *scene, folder string) { s.write(partOf(folder), "") })},
		{name: "a symbolic link in the place of .ID.part", meet: intoFolder(func(s *scene, folder string) {
			require.NoError(s, os.Symlink(s.TempDir(), partOf(folder)))
		})},
		{name: "a folder that is everybody's in the place of .ID.part", meet: intoFolder(func(s *scene, folder string) {
			require.NoError(s, os.Mkdir(partOf(folder), 0o755))
		})},
		{name: "bytes that have the file's name already, WithReplace", meet: intoFolder(func(s *scene, folder string) {
			left(string(small[:150]), `"v1"`)(s, folder)
			require.NoError(s, os.Link(filepath.Join(partOf(folder), "bytes"), filepath.Join(folder, "a.mp4")))
		}, roughy.WithReplace())},
		{name: "no such folder", meet: func(t *testing.T, f fault) sights {
			return alone(t, f, func(ctx context.Context, s *scene) sight { return s.toFile(ctx, filepath.Join(s.TempDir(), "none")) })
		}},
		{name: "no name", meet: func(t *testing.T, f fault) sights {
			return alone(t, f, func(ctx context.Context, s *scene) sight {
				_, err := s.client.DownloadFile(ctx, id, "")
				return s.downloaded(time.Now(), err)
			})
		}},
		{name: "a writer to a disk that is full", meet: func(t *testing.T, f fault) sights {
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			require.NoError(t, err)
			defer full.Close()
			return alone(t, f, func(ctx context.Context, s *scene) sight { return s.into(ctx, full) })
		}},
		{name: "a writer that writes less than it is given", meet: func(t *testing.T, f fault) sights {
			return alone(t, f, func(ctx context.Context, s *scene) sight {
				return s.into(ctx, writer(func([]byte) (int, error) { return 1, nil }))
			})
		}},
		{name: "a file on a disk that is full", meet: onFullDisk},
		{name: "two downloads into one folder", meet: twoAtOnce},
	}
}

// resumed is toFile, and what it asked for.
func (s *scene) resumed(ctx context.Context, folder string, opts ...roughy.DownloadOption) sight {
	s.Helper()
	at := s.toFile(ctx, folder, opts...)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asking != "" {
		at.sees += "; it asked for " + s.asking
	}
	return at
}

// alone meets a fault once.
func alone(t *testing.T, f fault, call func(ctx context.Context, s *scene) sight) (all sights) {
	t.Helper()
	played(t, f, func(ctx context.Context, s *scene) { all = sights{call(ctx, s)} })
	return all
}

func (s *scene) write(path, text string) {
	s.Helper()
	require.NoError(s, os.WriteFile(path, []byte(text), 0o600))
}

// into is what a caller of Download sees whose writer goes wrong.
func (s *scene) into(ctx context.Context, w io.Writer) sight {
	began := time.Now()
	n, err := s.client.Download(ctx, id, w)
	require.Less(s, n, int64(len(s.want)))
	return s.downloaded(began, err)
}

// twoAtOnce begins a download while another one is under way.
func twoAtOnce(t *testing.T, f fault) (all sights) {
	came, gate := make(chan struct{}), make(chan struct{})
	f.link = brokenBy(steps{faulttest.Wait(gate), faulttest.Cut()}, nil)
	played(t, f, func(ctx context.Context, s *scene) {
		folder := s.TempDir()
		ended := make(chan error, 1)
		go func() {
			_, err := s.client.DownloadFile(ctx, id, filepath.Join(folder, "b.mp4"), roughy.WithProgress(func(written, _ int64) {
				if written == 100 {
					close(came)
				}
			}))
			ended <- err
		}()
		<-came
		reads, fetches := s.made(apiHost), s.made(linkHost)
		_, err := s.client.DownloadFile(ctx, id, filepath.Join(folder, "b.mp4"))
		s.folder = folder
		second := s.downloaded(time.Now(), err)
		close(gate)
		require.NoError(s, <-ended)
		got, err := os.ReadFile(filepath.Join(folder, "b.mp4"))
		require.NoError(s, err)
		require.Equal(s, string(s.want), string(got))
		first := s.downloaded(time.Now(), nil)
		first.requests = fmt.Sprintf("%d+%d", reads, fetches+1)
		all = append(sights{second}.by("the second"), sights{first}.by("the first")...)
	})
	return all
}
