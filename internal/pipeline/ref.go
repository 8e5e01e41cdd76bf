package pipeline

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"strings"

	"stance/internal/model"
)

// held is an article with its text, and the folder of its parts below each
// table.
type held struct {
	folder string
	model.Article
}

// ref stands for an article whose text is not at hand: about 200 bytes.
type ref struct {
	folder  string
	id      string
	source  model.Source
	same    [16]byte // hash of what makes two articles of one id the same
	content [16]byte // hash of all that the analysis and the tables read
	text    int64    // bytes
	known   bool     // the input was not decoded
	mark    mark
	// Where shards are joined: the one that the article is in, and the number
	// of its chunk there.
	shard, chunk int32
	// winner is the article of the same id and other content that is kept in
	// place of this one; nil when this one is kept.
	winner *model.Source
}

// contentOf hashes an article twice: what makes it the same as another with
// its id, and all of it.
func contentOf(a *model.Article) (same, content [16]byte) {
	h := sha256.New()
	fields := func(s ...string) { writeFields(h, s...) }
	rest := func() {
		var b [32]byte
		binary.LittleEndian.PutUint64(b[:], uint64(a.PublishedAt.Unix()))
		binary.LittleEndian.PutUint64(b[8:], uint64(a.PublishedAt.Nanosecond()))
		binary.LittleEndian.PutUint64(b[16:], uint64(a.BodyStart))
		h.Write(b[:24])
		fields(a.Outlet, a.URL, a.Byline, a.Headline, a.Lang)
	}
	h.Write(a.TextSHA256[:])
	// Where the id came from the text, equal text is enough.
	fromText := a.ID == hex.EncodeToString(a.TextSHA256[:8])
	if !fromText {
		rest()
	}
	var sum [sha256.Size]byte
	copy(same[:], h.Sum(sum[:0]))
	rest()
	fields(a.ID, a.Source.Path)
	fields(a.Warnings...)
	// Line and offset stand in rejects alone, which get them anew: a record
	// that becomes longer moves all those after it.
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(a.Source.RecordNo)))
	copy(content[:], h.Sum(sum[:0]))
	return same, content
}

// writeFields gives strings to a hash so that their bounds count.
func writeFields(h hash.Hash, s ...string) {
	var b [binary.MaxVarintLen64]byte
	h.Write(b[:binary.PutUvarint(b[:], uint64(len(s)))])
	for _, v := range s {
		h.Write(b[:binary.PutUvarint(b[:], uint64(len(v)))])
		io.WriteString(h, v)
	}
}

// nameOf returns 32 hex digits over strings.
func nameOf(s ...string) string {
	h := sha256.New()
	writeFields(h, s...)
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// folderOf returns the folder of an article's parts.
func (r *run) folderOf(a *model.Article) string {
	if r.opts.Folder == nil {
		return ""
	}
	return r.opts.Folder(a)
}

func (r *run) refOf(a *model.Article) ref {
	same, content := contentOf(a)
	// A copy, or the id would hold on to the memory of the text around it.
	v := ref{folder: r.folderOf(a), id: strings.Clone(a.ID), source: a.Source, same: same, content: content, text: int64(len(a.Text))}
	if r.opts.Near {
		v.mark = newMark(a)
	}
	return v
}

// byID orders all articles to find those that share an id.
var byID = ordering[ref]{
	compare: func(a, b *ref) int {
		return cmp.Or(strings.Compare(a.id, b.id), compareSource(&a.source, &b.source))
	},
	size: sizeOfRef, encode: encodeRef, decode: decodeRef,
}

// byPlace orders articles as their chunks follow each other: by folder, and in
// it as the inputs do. So an article more changes the chunks around it alone,
// and one in a newer input or at the end of its input the last.
var byPlace = ordering[ref]{
	compare: func(a, b *ref) int {
		return cmp.Or(strings.Compare(a.folder, b.folder), compareSource(&a.source, &b.source))
	},
	size: sizeOfRef, encode: encodeRef, decode: decodeRef,
}

// bySourceOrder orders articles as the inputs do.
var bySourceOrder = ordering[ref]{
	compare: func(a, b *ref) int { return compareSource(&a.source, &b.source) },
	size:    sizeOfRef, encode: encodeRef, decode: decodeRef,
}

var heldOrder = ordering[held]{
	compare: func(a, b *held) int {
		return cmp.Or(strings.Compare(a.folder, b.folder), compareSource(&a.Source, &b.Source))
	},
	size: func(a *held) int64 {
		return int64(len(a.Text)+len(a.URL)+len(a.Byline)+len(a.ID)+len(a.Outlet)) + 400
	},
	encode: func(dst []byte, a *held) []byte {
		p := packer{dst}
		p.str(a.folder)
		return encodeArticle(p.b, &a.Article)
	},
	decode: func(src []byte) (held, error) {
		u := newUnpacker(src)
		a := held{folder: u.str()}
		err := decodeArticle(&u, &a.Article)
		return a, err
	},
}

func sizeOfRef(r *ref) int64 { return int64(len(r.id)+len(r.folder)) + 256 }

// Flags of an encoded ref.
const (
	refLost = 1 << iota
	refKnown
)

func encodeRef(dst []byte, r *ref) []byte {
	p := packer{dst}
	p.str(r.folder)
	p.str(r.id)
	p.source(&r.source)
	p.b = append(append(p.b, r.same[:]...), r.content[:]...)
	p.int(r.text)
	p.int(r.mark.at)
	p.b = append(p.b, r.mark.bins[:]...)
	p.int(int64(r.shard))
	p.int(int64(r.chunk))
	var flags int64
	if r.winner != nil {
		flags |= refLost
	}
	if r.known {
		flags |= refKnown
	}
	if p.int(flags); r.winner != nil {
		p.source(r.winner)
	}
	return p.b
}

func decodeRef(src []byte) (ref, error) {
	u := newUnpacker(src)
	r := ref{folder: u.str(), id: u.str(), source: u.source()}
	u.bytes(r.same[:])
	u.bytes(r.content[:])
	r.text = u.int()
	r.mark.at = u.int()
	u.bytes(r.mark.bins[:])
	r.shard, r.chunk = int32(u.int()), int32(u.int())
	flags := u.int()
	if r.known = flags&refKnown != 0; flags&refLost != 0 {
		w := u.source()
		r.winner = &w
	}
	return r, u.err()
}
