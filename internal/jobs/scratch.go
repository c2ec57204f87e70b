package jobs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// lockName is the file in a process's scratch folder that it holds locked for as long as it lives.
const lockName = "lock"

// scratch is the folder for one process's files under way. It lies in one that processes share, and the system lets go of its
// lock when the process ends, however it does: so nobody removes the folder of one that lives.
type scratch struct {
	parent string
	mu     sync.Mutex // guards the rest
	dir    string
	lock   *flock.Flock
}

// takeScratch makes a folder in parent for this process, and removes those of processes that ended.
func takeScratch(parent string) (*scratch, error) {
	s := &scratch{parent: parent}
	return s, s.take()
}

func (s *scratch) take() error {
	if err := os.MkdirAll(s.parent, 0o700); err != nil {
		return err
	}
	return alone(s.parent, func() (err error) {
		if err := removeDead(s.parent); err != nil {
			return err
		}
		if s.dir, err = os.MkdirTemp(s.parent, ""); err != nil {
			return err
		}
		s.lock = flock.New(filepath.Join(s.dir, lockName), flock.SetPermissions(0o600))
		_, err = s.lock.TryLock()
		return err
	})
}

// folder makes a new one in it. Where somebody removed it, it is taken anew.
func (s *scratch) folder(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	made, err := os.MkdirTemp(s.dir, name)
	if !errors.Is(err, fs.ErrNotExist) {
		return made, err
	}
	_ = s.lock.Close() // of a file that is gone
	if err := s.take(); err != nil {
		return "", err
	}
	return os.MkdirTemp(s.dir, name)
}

// release removes the folder.
func (s *scratch) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(os.RemoveAll(s.dir), s.lock.Close())
}

// alone keeps others from looking at the folders in parent while f does: one that is new has no lock yet.
func alone(parent string, f func() error) error {
	lock := flock.New(filepath.Join(parent, lockName), flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock scratch folder: %w", err)
	}
	defer func() { _ = lock.Close() }()
	return f()
}

// sweepScratch removes the folders in parent of processes that ended.
func sweepScratch(parent string) error {
	return alone(parent, func() error { return removeDead(parent) })
}

// removeDead removes the folders in parent that no process holds.
func removeDead(parent string) error {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := removeIfDead(filepath.Join(parent, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func removeIfDead(dir string) error {
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	dead, err := lock.TryLock()
	if err != nil || !dead {
		return err
	}
	return errors.Join(os.RemoveAll(dir), lock.Close())
}
