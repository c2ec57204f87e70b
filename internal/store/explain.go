package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"
)

// explained says in one sentence what a person can do about an error, which lies below it.
type explained struct {
	text string
	err  error
}

func (e *explained) Error() string { return e.text }
func (e *explained) Unwrap() error { return e.err }

// Explain puts into words what went wrong with the database or the data folder, and what to do about it, where an error comes of
// that: of one that is full, cannot be read or written, is kept busy by others or is damaged, of a server that cannot be reached
// or lets us not in. It understands the database, and the system's errors with files of the data folder, such as the bucket's;
// the error stays below, for errors.As and errors.Is. Any other error is returned as it is. Open, Connect, Migrate, InTx and Lock have explained theirs; those of the other methods are for the caller to
// explain, once, where they are shown.
func (s *Store) Explain(err error) error {
	if err == nil {
		return nil
	}
	text := s.kind.trouble(err)
	if path, ok := failedPath(err); ok && text == "" && s.concerns(path) {
		text = s.fileTrouble(path, err)
	}
	if text == "" {
		return err
	}
	return &explained{text: text, err: err}
}

// trouble is "" for a code that is nobody's trouble but ours.
func (f folder) trouble(err error) string {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return ""
	}
	switch failure.Code() & 0xff { // the primary code
	case sqlitecode.SQLITE_FULL:
		return full(f.dir)
	case sqlitecode.SQLITE_READONLY, sqlitecode.SQLITE_CANTOPEN, sqlitecode.SQLITE_PERM:
		return f.file() + " cannot be written: check its permissions and those of its folder"
	case sqlitecode.SQLITE_BUSY:
		return fmt.Sprintf("%s is busy: another process has been writing for %v; try again", f.dir, patience)
	case sqlitecode.SQLITE_NOTADB:
		return f.file() + " is not a database: put back a copy of it, or use another folder"
	case sqlitecode.SQLITE_CORRUPT:
		return f.file() + " is damaged: put back a copy of it, or use another folder"
	case sqlitecode.SQLITE_IOERR:
		return f.file() + " cannot be read or written: check that its disk is there, not full and not broken"
	default:
		return ""
	}
}

func full(dir string) string { return "no space left in " + dir + ": free some" }

// fileTrouble is "" for what the system's own words say as well.
func (s *Store) fileTrouble(path string, err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return full(s.dir)
	case errors.Is(err, syscall.EROFS):
		return s.dir + " cannot be written: its disk is read-only; use another folder"
	case errors.Is(err, fs.ErrPermission):
		return path + " cannot be read or written: check its permissions and those of its folder"
	default:
		return ""
	}
}

// failedPath is the file, or what is to become it, that the system refused something with.
func failedPath(err error) (path string, ok bool) {
	if failure, ok := errors.AsType[*fs.PathError](err); ok {
		return failure.Path, true
	}
	if failure, ok := errors.AsType[*os.LinkError](err); ok {
		return failure.New, true
	}
	return "", false
}

// concerns reports whether a path lies in the data folder, or is one that leads to it.
func (s *Store) concerns(path string) bool {
	path, err := filepath.Abs(path)
	return err == nil && s.dir != "" && (within(s.dir, path) || within(path, s.dir))
}

// within reports whether path is folder or lies in it. Both are absolute and clean.
func within(folder, path string) bool {
	inside, err := filepath.Rel(folder, path)
	return err == nil && inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator))
}
