package roughy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

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
	p, err := openPart(filepath.Join(filepath.Dir(path), "."+d.id.String()+".part"))
	if err != nil {
		return err
	}
	defer p.close()
	if d.written, d.validator, err = p.known(); err != nil {
		return err
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
	*os.File          // the bytes
	root     *os.Root // the folder, which no symbolic link in it leads out of
	lock     *flock.Flock
}

func openPart(folder string) (*part, error) {
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if info, err := os.Lstat(folder); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder: remove it", folder)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	p := &part{root: root, lock: flock.New(filepath.Join(folder, "lock"))}
	if err := p.open(); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// open takes the lock, unless another has it or took it away, and opens the bytes.
func (p *part) open() error {
	locked, err := p.lock.TryLock()
	if err != nil {
		return err
	}
	mine, err := p.lock.Stat()
	if there, gone := os.Lstat(p.lock.Path()); !locked || err != nil || gone != nil || !os.SameFile(mine, there) {
		return fmt.Errorf("%s is in use: another download of this render is under way there", p.root.Name())
	}
	p.File, err = p.root.OpenFile("bytes", os.O_RDWR|os.O_CREATE, 0o666)
	return err
}

// known is how much an earlier download left, and of what. Its last byte is asked for again, so that the host is asked at all.
func (p *part) known() (size int64, validator string, err error) {
	tag, err := p.root.ReadFile("tag")
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

// begin implements sink.
func (p *part) begin(validator string, _ int64) error {
	_, err := p.Seek(0, io.SeekStart)
	err = errors.Join(err, p.Truncate(0)) // before its tag: no bytes are of any output
	return errors.Join(err, p.root.WriteFile("tag", []byte(validator), 0o600))
}

// publish gives the bytes their name, after they are on the disk. Whoever took the name meanwhile keeps it, unless it may be
// replaced.
func (p *part) publish(path string, replace bool) error {
	if err := errors.Join(p.Sync(), p.Close()); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	if err := vacant(path, replace); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(p.root.Name(), "bytes"), path); err != nil {
		return err
	}
	if folder, err := os.Open(filepath.Dir(path)); err == nil {
		_ = folder.Sync() // the name too, where folders can be synced
		_ = folder.Close()
	}
	return nil
}

// close leaves what is there to the next download.
func (p *part) close() {
	_ = p.Close() // publish did, and told of errors
	_ = p.lock.Close()
	_ = p.root.Close()
}

// remove takes away what is there, while nobody else can lock it, where open files can be removed.
func (p *part) remove() {
	_ = p.Close()
	err := os.RemoveAll(p.root.Name())
	p.close()
	if err != nil {
		_ = os.RemoveAll(p.root.Name())
	}
}
