package roughy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
)

// DownloadFile is Download to a file. It has the name path only when it is whole and on the disk, and returns how many bytes there
// are. Until then they are in the folder .ID.part beside path, where an error leaves them, and the next DownloadFile of that render
// goes on from them if the link's host still has this very output, by its ETag or Last-Modified; an output that is another, or of
// another length, is thrown away. One call at a time may write there. A file at path, or what is no file, is an error, in which
// errors.Is finds fs.ErrExist. Default: no progress is told, and nothing is replaced.
func (c *Client) DownloadFile(ctx context.Context, id uuid.UUID, path string, opts ...DownloadOption) (int64, error) {
	d := c.newDownload(id, opts)
	err := d.wrap(d.toFile(ctx, path))
	return d.written, err
}

func (d *download) toFile(ctx context.Context, path string) error {
	if err := vacant(path, d.replace); err != nil {
		return err
	}
	path, err := filepath.Abs(path) // whatever becomes of the working folder
	if err != nil {
		return err
	}
	p, err := openPart(filepath.Join(filepath.Dir(path), "."+d.id.String()+".part"))
	if err != nil {
		return err
	}
	defer p.close()
	if d.written, d.validator, err = p.known(path); err != nil {
		return err
	}
	if strings.HasPrefix(d.validator, `"`) {
		d.etag = d.validator
	}
	d.to = p
	if err = d.run(ctx); err == nil {
		err = p.publish(path, d.replace)
	}
	if err == nil || d.useless(err) {
		p.remove()
	}
	return err
}

// useless reports whether nothing can go on from the bytes that are there, and forgets them then.
func (d *download) useless(err error) bool {
	said, _ := errors.AsType[*Error](err)
	useless := d.written == 0 || d.validator == "" || said != nil && (said.Code == codeLength || said.Code == codeChanged)
	if useless {
		d.written = 0
	}
	return useless
}

// vacant refuses a path that a file may not get.
func vacant(path string, replace bool) error {
	info, err := os.Lstat(path)
	switch {
	case path == "":
		return errors.New("no file is named")
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file: %w", path, fs.ErrExist)
	case !replace:
		return fmt.Errorf("%s is there already: %w", path, fs.ErrExist)
	default:
		return nil
	}
}

// part is what there is of an output file: a folder with its bytes, what names this very output, and the lock of who writes there.
type part struct {
	*os.File // the bytes
	folder   string
	lock     *flock.Flock
}

func openPart(folder string) (*part, error) {
	switch err := os.Mkdir(folder, 0o700); {
	case errors.Is(err, fs.ErrExist):
		if err := private(folder); err != nil {
			return nil, err
		}
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("no folder %s to write to: %w", filepath.Dir(folder), fs.ErrNotExist)
	case err != nil:
		return nil, err
	}
	p := &part{folder: folder, lock: flock.New(filepath.Join(folder, "lock"))}
	if err := p.open(); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// private refuses a folder in which somebody else may have laid links to other files.
func private(folder string) error {
	info, err := os.Lstat(folder)
	switch {
	case err != nil:
		return err
	case !info.IsDir() || info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows":
		return fmt.Errorf("%s is not what an earlier download left: remove it", folder)
	default:
		return nil
	}
}

// open takes the lock, unless another has it or took it away, and opens the bytes.
func (p *part) open() error {
	locked, err := p.lock.TryLock()
	if err != nil {
		return err
	}
	mine, err := p.lock.Stat()
	if there, gone := os.Lstat(p.lock.Path()); !locked || err != nil || gone != nil || !os.SameFile(mine, there) {
		return fmt.Errorf("%s is in use: another download of this render is under way there", p.folder)
	}
	p.File, err = os.OpenFile(p.bytes(), os.O_RDWR|os.O_CREATE, 0o666)
	return err
}

func (p *part) bytes() string { return filepath.Join(p.folder, "bytes") }
func (p *part) tag() string   { return filepath.Join(p.folder, "tag") }

// known is how much an earlier download left, and of what. Its last byte is asked for again, so that the host is asked at all.
func (p *part) known(path string) (size int64, validator string, err error) {
	if published, err := os.Stat(path); err == nil {
		if mine, err := p.Stat(); err != nil || os.SameFile(mine, published) { // it was killed before it let go of them
			return 0, "", errors.Join(err, p.renew())
		}
	}
	tag, err := os.ReadFile(p.tag())
	if err != nil {
		return 0, "", nil // whatever is there, nobody knows what it is of
	}
	end, err := p.Seek(0, io.SeekEnd)
	if err != nil || end == 0 || len(tag) == 0 {
		return 0, "", err
	}
	size, err = p.Seek(end-1, io.SeekStart)
	return size, string(tag), err
}

// renew lets go of the bytes, which have another name too, and begins with none.
func (p *part) renew() (err error) {
	_ = p.Close() // nothing was written
	if err := os.Remove(p.bytes()); err != nil {
		return err
	}
	p.File, err = os.OpenFile(p.bytes(), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	return err
}

// begin implements sink.
func (p *part) begin(validator string, _ int64) error {
	_, err := p.Seek(0, io.SeekStart)
	err = errors.Join(err, p.Truncate(0)) // before its tag: no bytes are of any output
	return errors.Join(err, os.WriteFile(p.tag(), []byte(validator), 0o600))
}

// publish gives the bytes their name, after they are on the disk. Whoever took the name meanwhile keeps it, unless it may be
// replaced.
func (p *part) publish(path string, replace bool) error {
	if err := errors.Join(p.Sync(), p.Close()); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	if err := p.name(path, replace); err != nil {
		return err
	}
	if folder, err := os.Open(filepath.Dir(path)); err == nil {
		_ = folder.Sync() // the name too, where folders can be synced
		_ = folder.Close()
	}
	return nil
}

// name gives the bytes the name path. A hard link fails where a file is, and a rename would replace it, even if it appeared this
// moment; but there are disks without hard links.
func (p *part) name(path string, replace bool) error {
	if !replace && os.Link(p.bytes(), path) == nil {
		return nil
	}
	if err := vacant(path, replace); err != nil {
		return err
	}
	if old, err := os.Lstat(path); err == nil {
		_ = os.Chmod(p.bytes(), old.Mode().Perm()) // it is read by whom it was
	}
	return os.Rename(p.bytes(), path)
}

// close leaves what is there to the next download.
func (p *part) close() {
	_ = p.Close() // publish did, and told of errors
	_ = p.lock.Close()
}

// remove takes away what is there, while nobody else can lock it, where open files can be removed.
func (p *part) remove() {
	_ = p.Close()
	for _, name := range []string{p.bytes(), p.tag(), p.lock.Path()} {
		_ = os.Remove(name)
	}
	err := os.Remove(p.folder)
	_ = p.lock.Close()
	if err != nil {
		_ = os.Remove(p.lock.Path())
		_ = os.Remove(p.folder)
	}
}
