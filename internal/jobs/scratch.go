package jobs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lockName is the file in a process's scratch folder that it holds locked for as long as it lives.
const lockName = "lock"

// scratch is the folder for one process's files under way. It lies in one that processes share, and the system lets go of its
// lock when the process ends, however it does: so nobody removes the folder of one that lives.
type scratch struct {
	dir  string
	lock *flock.Flock
}

// takeScratch makes a folder in parent for this process, and removes those of processes that ended.
func takeScratch(parent string) (s *scratch, err error) {
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, err
	}
	err = alone(parent, func() error {
		if err := removeDead(parent); err != nil {
			return err
		}
		dir, err := os.MkdirTemp(parent, "")
		if err != nil {
			return err
		}
		s = &scratch{dir: dir, lock: flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))}
		_, err = s.lock.TryLock()
		return err
	})
	return s, err
}

// release removes the folder.
func (s *scratch) release() error {
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
