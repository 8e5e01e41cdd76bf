// Package dataset keeps the output folder: generations of tables that are
// published whole or not at all, the lock, and the check that what was
// published is still as it was.
//
//	OUT/.lock                       held while a run writes
//	OUT/current -> gen/000042-…     what readers open
//	OUT/gen/N-…/<table>/part-*      tables
//	OUT/gen/N-…/manifest.json       inputs, outputs, totals; deterministic
//	OUT/gen/N-…/_SUCCESS            SHA-256 of the manifest
//	OUT/runs/<run>.json             times, host, workers: all that is not
//	OUT/staging/<run>/              what is being written
//	OUT/cache/                      what runs found out, for later ones
package dataset

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// FS is what the output folder asks of a file system. Names are relative to
// the folder, with slashes, and cannot lead out of it.
type FS interface {
	Create(name string) (File, error) // fails when name exists
	Open(name string) (File, error)
	Mkdir(name string) error
	Rename(from, to string) error
	Link(from, to string) error
	Symlink(target, name string) error
	Readlink(name string) (string, error)
	Remove(name string) error
	RemoveAll(name string) error
	ReadDir(name string) ([]fs.DirEntry, error) // sorted by name
	SyncDir(name string) error
	Lock(name string) (io.Closer, error) // fails with ErrLocked when another process holds it
	Close() error
}

// File is an open file.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.Closer
	Sync() error
	Stat() (fs.FileInfo, error)
}

// Errors that callers tell apart; others are wrapped in *Error.
var (
	ErrLocked       = errors.New("locked by another run")
	ErrPermission   = errors.New("permission denied")
	ErrCannotCreate = errors.New("output cannot be created")
	ErrIO           = errors.New("input/output error")
	ErrDamaged      = errors.New("committed data is damaged")
	ErrNoData       = errors.New("nothing was published here")
)

// Error is a failed operation on the output folder. It is ErrIO.
type Error struct {
	Op    string // create, write, sync, close, rename …
	Path  string // with the folder
	Bytes int64  // that were to be written; 0 where that means nothing
	Err   error
}

// Error names the path, the operation and the bytes.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s", e.Path, e.Op)
	if e.Bytes > 0 {
		s += fmt.Sprintf(" of %d bytes", e.Bytes)
	}
	return s + ": " + reason(e.Err)
}

// Unwrap returns ErrIO and the cause.
func (e *Error) Unwrap() []error { return []error{ErrIO, e.Err} }

func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	if le, ok := errors.AsType[*os.LinkError](err); ok {
		return le.Err.Error()
	}
	return err.Error()
}

// noLinks reports whether a file system refuses hard links, to this file or
// at all.
func noLinks(err error) bool {
	return slices.ContainsFunc([]error{syscall.EXDEV, syscall.EPERM, syscall.ENOTSUP, syscall.EOPNOTSUPP, syscall.ENOSYS, syscall.EMLINK},
		func(e error) bool { return errors.Is(err, e) })
}

// disk is the FS of a real folder. os.Root keeps every name inside it.
type disk struct{ root *os.Root }

// OpenDisk opens a folder, which is made where it is missing. Its errors wrap
// ErrPermission or ErrCannotCreate.
func OpenDisk(dir string) (FS, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, cannotCreate(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, cannotCreate(dir, err)
	}
	return &openDisk{disk: disk{root}, folders: map[string]*os.Root{}}, nil
}

func cannotCreate(path string, err error) error {
	kind := ErrCannotCreate
	if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) {
		kind = ErrPermission
	}
	return fmt.Errorf("%w: %s: %s", kind, path, reason(err))
}

func (d disk) Create(name string) (File, error) { return create(d.root, name) }

func create(root *os.Root, name string) (File, error) {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d disk) Open(name string) (File, error) {
	f, err := d.root.Open(name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d disk) Mkdir(name string) error              { return d.root.Mkdir(name, 0o777) }
func (d disk) Rename(from, to string) error         { return d.root.Rename(from, to) }
func (d disk) Link(from, to string) error           { return d.root.Link(from, to) }
func (d disk) Symlink(target, name string) error    { return d.root.Symlink(target, name) }
func (d disk) Readlink(name string) (string, error) { return d.root.Readlink(name) }
func (d disk) Remove(name string) error             { return d.root.Remove(name) }
func (d disk) RemoveAll(name string) error          { return d.root.RemoveAll(name) }
func (d disk) Close() error                         { return d.root.Close() }

func (d disk) ReadDir(name string) ([]fs.DirEntry, error) {
	return fs.ReadDir(d.root.FS(), filepath.ToSlash(name))
}

func (d disk) SyncDir(name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d disk) Lock(name string) (io.Closer, error) {
	f, err := d.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, err
	}
	// The kernel drops the lock with the last descriptor, so a killed run
	// leaves none behind.
	return f, nil
}

// openDisk is a disk that holds folders open in which several files are made:
// to come to one by its name takes as long as to make the file.
type openDisk struct {
	disk
	mu      sync.RWMutex
	folders map[string]*os.Root // nil: one file was made there
}

// mostFolders bounds the folders that openDisk knows.
const mostFolders = 64

func (d *openDisk) Create(name string) (File, error) {
	dir, base := path.Split(name)
	d.mu.RLock()
	if root := d.folders[dir]; root != nil {
		defer d.mu.RUnlock()
		return create(root, base)
	}
	d.mu.RUnlock()
	d.note(dir)
	return d.disk.Create(name)
}

// note opens the folder in which a second file is made. Where it cannot be
// opened, making the file says why.
func (d *openDisk) note(dir string) {
	if dir == "" {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	root, known := d.folders[dir]
	switch {
	case root != nil:
	case known:
		if root, err := d.root.OpenRoot(dir); err == nil {
			d.folders[dir] = root
		}
	default:
		if len(d.folders) == mostFolders {
			d.leave("")
		}
		d.folders[dir] = nil
	}
}

// leave closes a folder and those in it. It is called with mu held.
func (d *openDisk) leave(name string) {
	for dir, root := range d.folders {
		if strings.HasPrefix(dir, name) {
			delete(d.folders, dir)
			if root != nil {
				root.Close() // nothing is written by it
			}
		}
	}
}

// gone leaves a folder that gets another name or none.
func (d *openDisk) gone(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leave(name + "/")
}

func (d *openDisk) Rename(from, to string) error {
	d.gone(from)
	return d.disk.Rename(from, to)
}

func (d *openDisk) RemoveAll(name string) error {
	d.gone(name)
	return d.disk.RemoveAll(name)
}

func (d *openDisk) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.leave("")
	return d.disk.Close()
}
