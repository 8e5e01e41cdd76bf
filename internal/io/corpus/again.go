package corpus

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"stance/internal/model"
)

// ErrChanged is wrapped by ReadAgain's error when an input is no longer as
// Read or ReadNew found it.
var ErrChanged = errors.New("input changed while it was read")

// ReadNew is Read for inputs that may be known from an earlier run. known is
// given an input's path, format and stored bytes, and returns the input as it
// was then, or nil; it is called by one goroutine at a time. Where the SHA-256
// is still the same, take is given a batch of nothing but Known.
func (c *Corpus) ReadNew(ctx context.Context, workers int, known func(model.Input) *model.Input, take func(*model.Batch) error) error {
	if c.opts.Limit > 0 {
		// What is read of an input depends on those before it.
		known = nil
	}
	return c.read(ctx, workers, known, take)
}

// asBefore reports whether a file is still as it was. A file that cannot be
// read is not.
func (f *file) asBefore(ctx context.Context, was *model.Input) bool {
	file, err := os.OpenFile(f.open, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer file.Close()
	if st, err := file.Stat(); err != nil || !st.Mode().IsRegular() || st.Size() != was.Bytes {
		return false
	}
	sum, buf := sha256.New(), make([]byte, 256<<10)
	for err == nil {
		var n int
		n, err = file.Read(buf)
		sum.Write(buf[:n])
		err = cmp.Or(err, ctx.Err())
	}
	return err == io.EOF && hex.EncodeToString(sum.Sum(nil)) == was.SHA256
}

// ReadAgain reads once more the inputs whose paths want accepts, after Read or
// ReadNew and with the same options. Standard input cannot be read again.
func (c *Corpus) ReadAgain(ctx context.Context, workers int, want func(path string) bool, take func(*model.Batch) error) error {
	again := &Corpus{opts: c.opts, roles: c.roles}
	var before []*file
	for _, f := range c.files {
		if f.open != "" && want(f.path) {
			again.files = append(again.files, &file{path: f.path, open: f.open, format: f.format, packing: f.packing, fault: f.fault, size: f.size})
			before = append(before, f)
		}
	}
	if err := again.Read(ctx, workers, take); err != nil {
		return err
	}
	for i, f := range again.files {
		if f.sum != before[i].sum {
			return fmt.Errorf("%w: %s", ErrChanged, f.path)
		}
	}
	return nil
}

// Found returns the inputs in the order of their paths, with their stored
// bytes as far as they are known before reading.
func (c *Corpus) Found() []model.Input {
	in := make([]model.Input, len(c.files))
	for i, f := range c.files {
		in[i] = model.Input{Path: f.path, Format: f.format.String(), Bytes: f.size}
	}
	return in
}
