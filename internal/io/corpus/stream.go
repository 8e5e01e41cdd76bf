package corpus

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

// fault is why an input, or the rest of one, cannot be read.
type fault struct {
	code    string
	message string
	warning bool // nothing was lost
}

func (f *fault) Error() string { return f.message }

// stream is the decompressed content of a file. Its Read returns a *fault
// where the input ends wrongly, and io.EOF otherwise.
type stream struct {
	raw   *rawReader
	r     io.Reader
	close func()
	file  *os.File    // nil for standard input
	stat  fs.FileInfo // of file, as it was opened
	size  int64       // of file; 0 for standard input
	err   error       // of Read
}

// rawReader counts and hashes the bytes as stored.
type rawReader struct {
	r   io.Reader
	sum hash.Hash
	n   int64
}

func (r *rawReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.sum.Write(p[:n])
	r.n += int64(n)
	if err != nil && err != io.EOF {
		err = &fault{code: "E_READ", message: "cannot be read: " + reason(err)}
	}
	return n, err
}

// openRegular opens a file without waiting for a writer, and refuses what is no
// regular one.
func (f *file) openRegular() (*os.File, fs.FileInfo, *fault) {
	file, err := os.OpenFile(f.open, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, &fault{code: "E_OPEN", message: "cannot be opened: " + reason(err)}
	}
	stat, err := file.Stat()
	if err != nil || !stat.Mode().IsRegular() {
		file.Close()
		return nil, nil, &fault{code: "E_NOT_REGULAR", message: "is no regular file"}
	}
	return file, stat, nil
}

// openStream opens f for reading. It never blocks on a FIFO: a file that
// stopped being regular since it was found is refused.
func openStream(f *file, stdin io.Reader) (*stream, error) {
	if f.fault != nil {
		return nil, f.fault
	}
	s := &stream{raw: &rawReader{r: stdin, sum: sha256.New()}, close: func() {}}
	ahead := int64(256 << 10)
	if f.begun != nil {
		s.file, s.stat, s.raw.sum, s.raw.n = f.begun.file, f.begun.stat, f.begun.sum, f.begun.bytes
		s.raw.r, s.size = s.file, s.stat.Size()
	} else if f.path != "-" || f.open != "" {
		file, stat, ft := f.openRegular()
		if ft != nil {
			return nil, ft
		}
		s.file, s.stat, s.raw.r, s.size = file, stat, file, stat.Size()
		ahead = min(ahead, s.size+1) // clearing more would be most of what a small file costs
	}
	b := bufio.NewReaderSize(s.raw, int(ahead))
	if f.packing != packingNone || f.format >= formatParquet {
		if _, err := b.Peek(1); err == io.EOF {
			return s, &fault{code: "E_EMPTY", message: "a file of no bytes"}
		}
	}
	var err error
	switch f.packing {
	case packingGzip:
		s.r, err = newGzip(b)
	case packingZstd:
		var d *zstd.Decoder
		frames := &zstdFrames{b: b}
		d, err = zstd.NewReader(frames, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(128<<20))
		if err == nil {
			s.r, s.close = &zstdReader{d, frames}, d.Close
		}
	case packingBzip2:
		tail := &bzip2Tail{b: b}
		s.r = &bzip2Reader{r: bzip2.NewReader(tail), tail: tail}
	default:
		s.r = b
	}
	if err != nil {
		return s, asFault(err, "E_READ")
	}
	return s, nil
}

// Read decompresses. Panics of decompressors on damaged input become faults.
// The first error stays: not every decompressor gives it again.
func (s *stream) Read(p []byte) (n int, err error) {
	if s.err != nil {
		return 0, s.err
	}
	defer func() {
		if r := recover(); r != nil {
			n, err = 0, &fault{code: "E_DAMAGED", message: fmt.Sprintf("cannot be decompressed: %v", r)}
		}
		s.err = err
	}()
	return s.r.Read(p)
}

// finish reads what is left of the stored bytes, so that their hash is that
// of the file, and closes.
func (s *stream) finish(f *file) {
	io.Copy(io.Discard, s.raw)
	f.bytes, f.sum = s.raw.n, hex.EncodeToString(s.raw.sum.Sum(nil))
	s.end()
}

// end closes.
func (s *stream) end() {
	s.close()
	if s.file != nil {
		s.file.Close()
	}
}

// changed returns a fault when the file is not the one that was opened any
// more: what was read may then be neither its old nor its new content.
func (s *stream) changed() *fault {
	if s.file == nil {
		return nil
	}
	st, err := s.file.Stat()
	if err == nil && st.Size() == s.stat.Size() && st.ModTime().Equal(s.stat.ModTime()) {
		return nil
	}
	return &fault{code: "E_CHANGED", message: "the file changed while it was read"}
}

// maxSpool bounds the temporary copy of an input that has to be read at
// random, in bytes.
const maxSpool = 8 << 30

// spool copies the stream to a temporary file that is already unlinked, and
// returns it with its size. Its error is a *fault, besides a warning with the
// copy complete, unless the copy cannot be written.
func (s *stream) spool(ctx context.Context) (*os.File, int64, error) {
	tmp, err := os.CreateTemp("", "stance-*")
	if err != nil {
		return nil, 0, fmt.Errorf("temporary copy: %w", err)
	}
	os.Remove(tmp.Name())
	buf := make([]byte, 256<<10)
	for size := int64(0); ; {
		if err := ctx.Err(); err != nil {
			tmp.Close()
			return nil, 0, context.Cause(ctx)
		}
		n, err := s.Read(buf)
		if size += int64(n); size > maxSpool {
			err = &fault{code: "E_TOO_LONG", message: fmt.Sprintf("longer than the limit of %d bytes", int64(maxSpool))}
		} else if _, werr := tmp.Write(buf[:n]); werr != nil {
			err = fmt.Errorf("temporary copy: %w", werr)
		}
		ft, _ := errors.AsType[*fault](err)
		switch {
		case err == nil:
		case err == io.EOF:
			return tmp, size, nil
		case ft != nil && ft.warning:
			return tmp, size, ft
		default:
			tmp.Close()
			return nil, 0, err
		}
	}
}

func asFault(err error, code string) error {
	if ft, ok := errors.AsType[*fault](err); ok {
		return ft
	}
	return &fault{code: code, message: err.Error()}
}

// gzipReader reads the members of a gzip file one by one, so that junk after
// a complete member is told from damage within one.
type gzipReader struct {
	b       *bufio.Reader
	z       *gzip.Reader
	members int
}

func newGzip(b *bufio.Reader) (*gzipReader, error) {
	z, err := gzip.NewReader(b)
	if err != nil {
		if err == io.ErrUnexpectedEOF || err == io.EOF {
			return nil, &fault{code: "E_GZIP_TRUNCATED", message: "gzip ends inside its header"}
		}
		return nil, asFault(err, "E_GZIP")
	}
	z.Multistream(false)
	return &gzipReader{b: b, z: z}, nil
}

func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := g.z.Read(p)
		switch {
		case err == nil:
			return n, nil
		case err == io.ErrUnexpectedEOF:
			return n, &fault{code: "E_GZIP_TRUNCATED", message: "gzip ends before its last block"}
		case err != io.EOF:
			return n, asFault(err, "E_GZIP")
		case n > 0:
			return n, nil
		}
		g.members++
		if _, err := g.b.Peek(1); err == io.EOF {
			return 0, io.EOF
		}
		if magic, _ := g.b.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
			return 0, &fault{code: "E_GZIP_JUNK", message: fmt.Sprintf("bytes after the end of gzip member %d", g.members), warning: true}
		}
		if err := g.z.Reset(g.b); err != nil {
			if err == io.ErrUnexpectedEOF || err == io.EOF {
				return 0, &fault{code: "E_GZIP_TRUNCATED", message: "gzip ends inside a header"}
			}
			return 0, asFault(err, "E_GZIP")
		}
		g.z.Multistream(false)
	}
}

type zstdReader struct {
	d      *zstd.Decoder
	frames *zstdFrames
}

func (z *zstdReader) Read(p []byte) (int, error) {
	n, err := z.d.Read(p)
	switch {
	case err == nil || err == io.EOF && !z.frames.junk:
		return n, err
	case err == io.EOF:
		err = &fault{code: "E_ZSTD_JUNK", message: "bytes after the end of the last zstd frame", warning: true}
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = &fault{code: "E_ZSTD_TRUNCATED", message: "zstd ends before its last block"}
	default:
		err = asFault(err, "E_ZSTD")
	}
	return n, err
}

type bzip2Reader struct {
	r    io.Reader
	tail *bzip2Tail
	some bool // something was decompressed
}

func (z *bzip2Reader) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	z.some = z.some || n > 0
	bad, _ := errors.AsType[bzip2.StructuralError](err)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case z.some && (strings.Contains(string(bad), "continuation") || errors.Is(err, io.ErrUnexpectedEOF) && z.tail.ended()):
		err = &fault{code: "E_BZIP2_JUNK", message: "bytes after the end of the last bzip2 stream", warning: true}
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = &fault{code: "E_BZIP2_TRUNCATED", message: "bzip2 ends before its last block"}
	default:
		err = asFault(err, "E_BZIP2")
	}
	return n, err
}

// text returns the stream as UTF-8 by its byte order mark, without the mark,
// and the bytes left out at its start. Invalid UTF-8 stays: records deal with
// it one by one.
func (s *stream) text() (*bufio.Reader, int64) {
	ahead := 64 << 10
	if _, buffered := s.r.(*bufio.Reader); buffered {
		ahead = 4 << 10
	}
	b := bufio.NewReaderSize(s, ahead)
	head, _ := b.Peek(3)
	switch {
	case bytes.Equal(head, []byte{0xef, 0xbb, 0xbf}):
		b.Discard(3)
		return b, 3
	case isWide(head):
		return bufio.NewReader(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(b)), 0
	}
	return b, 0
}

// notTextAhead is notText for what a reader gives next.
func notTextAhead(r *bufio.Reader) *fault {
	head, _ := r.Peek(4 << 10)
	return notText(head)
}

// validUTF8 replaces each invalid byte sequence with U+FFFD, and reports
// whether there was one.
func validUTF8(b []byte) (string, bool) {
	s := string(b)
	valid := strings.ToValidUTF8(s, "\uFFFD")
	return valid, len(valid) != len(s) || valid != s
}
