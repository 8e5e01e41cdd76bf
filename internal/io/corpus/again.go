package corpus

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"io/fs"
	"os"

	"stance/internal/model"
)

// ReadNew is Read for inputs that may be known from an earlier run. known is
// given an input's path, format and stored bytes, and returns the input as it
// was then, or nil; it is called by one goroutine, in the order of the paths. Where
// the SHA-256 is still the same, take is given a batch of nothing but Known; where lines
// were added, of Known and KnownLines, and then the lines behind those.
func (c *Corpus) ReadNew(ctx context.Context, workers int, known func(model.Input) *model.Input, take func(*model.Batch) error) error {
	if c.opts.Limit > 0 {
		// What is read of an input depends on those before it.
		known = nil
	}
	return c.read(ctx, workers, known, take)
}

// begun is a file of lines whose first ones are known and read.
type begun struct {
	file  *os.File // stands behind them
	stat  fs.FileInfo
	sum   hash.Hash // of them
	bytes int64
	lines int64
}

// knownBatch stands for a file that is as it was, or for its first lines.
func (f *file) knownBatch(was *model.Input) *model.Batch {
	f.bytes, f.sum = was.Bytes, was.SHA256
	f.records.Store(was.Records)
	f.rejects.Store(was.Rejects)
	b := &model.Batch{Path: f.path, InputBytes: was.Bytes, Known: was}
	if f.begun != nil {
		b.KnownLines = f.begun.lines
	}
	return b
}

// asBefore reports whether a file is still as it was, or begins with all it
// was and goes on with further lines: then it sets f.begun. A file that cannot
// be read is not, nor is one of which nothing is known.
func (f *file) asBefore(ctx context.Context, was *model.Input) bool {
	if was == nil {
		return false
	}
	file, stat, ft := f.openRegular()
	if ft != nil {
		return false
	}
	b := &begun{file: file, stat: stat, sum: sha256.New(), bytes: was.Bytes}
	defer func() {
		if f.begun == nil {
			file.Close()
		}
	}()
	if stat.Size() < was.Bytes {
		return false
	}
	goesOn := stat.Size() > was.Bytes
	if goesOn && (f.format != formatLines || f.packing != packingNone) {
		return false
	}
	buf, last := make([]byte, min(was.Bytes, 256<<10)), byte(0)
	for left := was.Bytes; left > 0; {
		n, err := file.Read(buf[:min(left, int64(len(buf)))])
		if n == 0 || err != nil || ctx.Err() != nil {
			return false
		}
		if goesOn {
			if left == was.Bytes && isWide(buf[:n]) {
				return false
			}
			b.lines += int64(bytes.Count(buf[:n], newline))
			last = buf[n-1]
		}
		b.sum.Write(buf[:n])
		left -= int64(n)
	}
	if hex.EncodeToString(b.sum.Sum(nil)) != was.SHA256 || goesOn && last != '\n' {
		return false
	}
	if goesOn {
		f.begun = b
	}
	return true
}

// isWide reports whether a file begins as UTF-16, which has its mark at the
// start alone.
func isWide(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xfe, 0xff}) || bytes.HasPrefix(head, []byte{0xff, 0xfe})
}

// begunAt opens a file of lines and stands before a record that was read of
// it; nil where it has to be read from its start.
func (f *file) begunAt(at *model.Source) *begun {
	if at.Offset == 0 || f.packing != packingNone {
		return nil
	}
	file, stat, ft := f.openRegular()
	if ft != nil {
		return nil
	}
	head := make([]byte, 2)
	if _, err := file.ReadAt(head, 0); err == nil && !isWide(head) {
		if _, err = file.Seek(at.Offset, io.SeekStart); err == nil {
			return &begun{file: file, stat: stat, sum: sha256.New(), bytes: at.Offset, lines: at.RecordNo - 1}
		}
	}
	file.Close()
	return nil
}

// ReadAgain reads once more the inputs of which want returns which records are
// wanted, not nil, after Read or ReadNew and with the same options. Of lines no
// others are decoded, none behind the last are read and, where lines can be
// found by their offset, none before the first; those of other formats are
// given, too. What changed since is not told: the caller knows the articles.
// Standard input cannot be read again.
func (c *Corpus) ReadAgain(ctx context.Context, workers int, want func(path string) *model.Wanted, take func(*model.Batch) error) error {
	again := &Corpus{opts: c.opts, roles: c.roles}
	for _, f := range c.files {
		if f.open == "" {
			continue
		}
		if wants := want(f.path); wants != nil {
			again.files = append(again.files, &file{path: f.path, open: f.open, format: f.format, packing: f.packing, fault: f.fault, size: f.size, wants: wants})
		}
	}
	return again.Read(ctx, workers, take)
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
