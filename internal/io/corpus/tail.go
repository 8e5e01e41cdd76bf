package corpus

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// zstdFrames passes the frames of a zstd file on and ends where something else
// follows: the decoder takes a few bytes behind a frame for one that is cut.
// The layout of frames is that of RFC 8878.
type zstdFrames struct {
	b       *bufio.Reader
	left    int64 // bytes to pass before the next header
	inFrame bool  // that header is the header of a block
	sum     bool  // a checksum ends the frame
	frames  int
	junk    bool // something else followed
}

const zstdMagic, zstdSkippable = 0xFD2FB528, 0x184D2A50

func (z *zstdFrames) Read(p []byte) (int, error) {
	if z.left == 0 {
		if err := z.header(); err != nil {
			return 0, err
		}
	}
	n, err := z.b.Read(p[:min(int64(len(p)), z.left)])
	z.left -= int64(n)
	return n, err
}

// header sees how much to pass up to the next header. What is cut is passed
// as it is, for the decoder to tell.
func (z *zstdFrames) header() error {
	head, _ := z.b.Peek(18) // of the longest header
	if len(head) == 0 {
		return io.EOF
	}
	z.left = int64(len(head))
	if z.inFrame {
		if len(head) < 3 {
			return nil
		}
		h := uint32(head[0]) | uint32(head[1])<<8 | uint32(head[2])<<16
		z.left = 3 + int64(h>>3)
		if h>>1&3 == 1 { // a byte repeated
			z.left = 4
		}
		if z.inFrame = h&1 == 0; !z.inFrame && z.sum {
			z.left += 4
		}
		return nil
	}
	magic := binary.LittleEndian.AppendUint32(nil, zstdMagic)
	word := uint32(0)
	if len(head) >= 4 {
		word = binary.LittleEndian.Uint32(head)
	}
	switch {
	case word == zstdMagic:
		z.frames++
		if len(head) < 5 {
			return nil
		}
		d := head[4]
		single := d >> 5 & 1
		size := 5 + int64(1-single) + []int64{0, 1, 2, 4}[d&3] + []int64{int64(single), 2, 4, 8}[d>>6]
		if size <= z.left {
			z.left, z.inFrame, z.sum = size, true, d&4 != 0
		}
	case word&^15 == zstdSkippable:
		z.frames++
		if len(head) >= 8 {
			z.left = 8 + int64(binary.LittleEndian.Uint32(head[4:]))
		}
	case z.frames > 0 && !bytes.HasPrefix(magic, head):
		z.junk = true
		return io.EOF
	}
	return nil
}

// bzip2Tail remembers the last bytes that were read of a bzip2 file.
type bzip2Tail struct {
	b    *bufio.Reader
	last [12]byte
}

func (t *bzip2Tail) Read(p []byte) (int, error) { return t.b.Read(p) }

// ReadByte is what the decoder reads with.
func (t *bzip2Tail) ReadByte() (byte, error) {
	c, err := t.b.ReadByte()
	if err == nil {
		copy(t.last[:], t.last[1:])
		t.last[len(t.last)-1] = c
	}
	return c, err
}

// ended reports whether a stream ended before the last byte: its mark and
// checksum, 48 and 32 bits, stand there, with up to seven bits behind them.
func (t *bzip2Tail) ended() bool {
	end := len(t.last) - 1
	for pad := range 8 {
		mark := uint64(0)
		for i := range 48 {
			bit := 8*end - pad - 32 - 48 + i
			mark = mark<<1 | uint64(t.last[bit/8]>>(7-bit%8)&1)
		}
		if mark == 0x177245385090 {
			return true
		}
	}
	return false
}
