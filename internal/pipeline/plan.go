package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"stance/internal/model"
)

// planned is a chunk and how many articles it has.
type planned struct {
	model.Chunk
	articles int
	reused   bool
}

// lost are the articles whose id another one has.
type lost struct {
	n       int64
	name    string // in the store, of their rejects
	known   bool   // the rejects are those of an earlier run
	changed bool   // one of them is not there any more
	rejects []model.Reject
}

// lostKept bounds the rejects that are kept of articles whose id is taken.
const lostKept = 4096

// order finds articles that share an id and brings the others into the order
// of the tables: of several with the same content the first counts and the
// others are duplicates; those with other content are to be rejected.
func (r *run) order() error {
	if err := r.ids.sort(); err != nil {
		return err
	}
	bySource := r.refs // the articles in the order of the inputs
	if r.opts.Near && r.opts.Folder != nil {
		bySource = newSorter("near", refMemory, r.opts.Spill, bySourceOrder)
		bySource.again = true
		defer bySource.close()
	}
	var lead ref
	first := true
	conflicts := sha256.New()
	for v, err := range r.ids.all() {
		if err != nil {
			return err
		}
		switch {
		case first || v.id != lead.id:
			lead, first = *v, false
		case v.same == lead.same:
			r.sum.Duplicates++
			r.sum.TextBytes -= v.text
			r.count.Duplicates.Add(1)
			continue
		default:
			winner := lead.source
			v.winner = &winner
			r.lost.n++
			r.sum.TextBytes -= v.text
			conflicts.Write(v.content[:])
			writeFields(conflicts, v.source.Path, fmt.Sprint(v.source.RecordNo, v.source.Line, v.source.Offset), lead.source.Path, fmt.Sprint(lead.source.RecordNo))
		}
		if err := r.refs.put(v); err != nil {
			return err
		}
		if r.opts.Near && v.winner == nil && bySource != r.refs {
			if err := bySource.put(v); err != nil {
				return err
			}
		}
	}
	r.ids.close()
	if err := r.refs.sort(); err != nil {
		return err
	}
	if r.opts.Near {
		if err := r.findNear(bySource); err != nil {
			return err
		}
	}
	r.lost.name = nameOf("lost", string(conflicts.Sum(nil)))
	return nil
}

// findNear finds which of the articles kept are near copies, and of which.
func (r *run) findNear(articles *sorter[ref]) error {
	if err := articles.sort(); err != nil {
		return err
	}
	// each gives the articles kept with their numbers.
	each := func(f func(number int32, v *ref)) error {
		var number int32
		for v, err := range articles.all() {
			if err != nil {
				return err
			}
			if v.winner == nil {
				f(number, v)
				number++
			}
		}
		return nil
	}
	n := near{marks: make([]mark, 0, articles.len())}
	if err := each(func(_ int32, v *ref) { n.marks = append(n.marks, v.mark) }); err != nil {
		return err
	}
	n.resolve()
	ids := map[int32]string{} // of copies and leads
	for copy, l := range n.leads {
		ids[copy], ids[l.number] = "", ""
	}
	err := each(func(number int32, v *ref) {
		if _, ok := ids[number]; ok {
			ids[number] = v.id
		}
	})
	r.leads = map[string]lead{}
	for copy, l := range n.leads {
		l.id = ids[l.number]
		r.leads[ids[copy]] = l
	}
	return err
}

// cut decides where chunks of about so many bytes end. From a quarter of that
// on, the id of an article says whether its chunk ends with it, so that after
// an article more or less the bounds fall into step again; twice the size
// ends a chunk, too. So does the end of an input that has a quarter or more:
// what follows it is often new. The first chunks of many are smaller and grow
// with what stands before them, so that a run that is stopped early has kept
// most of what it did.
type cut struct {
	least       int64
	grow        bool   // the first chunks are smaller
	path        string // of the last article
	size, input int64  // of the chunk, and of the input so far
	all         int64  // of the run so far
}

// before reports whether the chunk ends before an article, after for the next.
func (c *cut) before(v *ref) bool { return v.source.Path != c.path && c.input >= c.least }

// after adds an article and reports whether the chunk ends with it.
func (c *cut) after(v *ref) bool {
	if v.source.Path != c.path {
		c.path, c.input = v.source.Path, 0
	}
	// Short articles cost rows too: count some bytes for each.
	size := v.text + 256
	least := c.least
	if c.grow {
		// In steps, and by what stands before them in their input, so that an
		// article or an input more or less in front moves few bounds.
		switch {
		case c.input < 8*least && c.all < 12*least:
			least = max(1, least/6)
		case c.input < 24*least && c.all < 48*least:
			least = max(1, least/2)
		}
	}
	c.size += size
	c.input += size
	c.all += size
	return c.size >= 8*least || c.size >= least && hashID(v.id) < hashes/uint64(3*least)*uint64(size)
}

// plan cuts the articles into chunks and reuses those that were kept.
func (r *run) plan(ctx context.Context) error {
	if err := r.planLost(); err != nil {
		return err
	}
	first := cut{least: max(1, r.chunkText()/4)}
	first.grow = r.sum.TextBytes >= 32*first.least
	bounds := first
	key := sha256.New()
	var c planned
	var folder string
	var text int64
	var sources []source // of the chunk
	numbers := 0         // chunks in the folder
	end := func() error {
		if c.articles == 0 {
			return nil
		}
		c.Folder, c.Number = folder, numbers
		if r.opts.Store != nil {
			c.Key = hex.EncodeToString(key.Sum(nil))[:32]
			var err error
			if c.reused, err = r.reuse(&c.Chunk, sources, text); err != nil {
				return err
			}
		}
		if !c.reused {
			for i := range sources {
				if sources[i].known {
					r.inputs.want(&sources[i].Source)
				}
			}
		}
		r.chunks = append(r.chunks, c)
		c, text, sources, bounds.size = planned{}, 0, sources[:0], 0
		numbers++
		key.Reset()
		writeFields(key, r.opts.ChunkKey)
		return nil
	}
	writeFields(key, r.opts.ChunkKey)
	for v, err := range r.refs.all() {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if v.winner != nil {
			if !r.lost.known && v.known {
				r.inputs.want(&v.source)
			}
			continue
		}
		if v.folder != folder || bounds.before(v) {
			if err := end(); err != nil {
				return err
			}
		}
		if v.folder != folder {
			first.all = bounds.all
			folder, numbers, bounds = v.folder, 0, first
		}
		key.Write(v.content[:])
		if l, ok := r.leads[v.id]; ok {
			r.sum.NearDuplicates++
			writeFields(key, l.id, fmt.Sprint(l.equal))
		} else {
			writeFields(key)
		}
		sources = append(sources, source{v.id, v.known, v.source})
		c.articles++
		text += v.text
		if bounds.after(v) {
			if err := end(); err != nil {
				return err
			}
		}
	}
	if err := end(); err != nil {
		return err
	}
	r.sum.Chunks = int64(len(r.chunks))
	return nil
}

func (r *run) chunkText() int64 { return cmp.Or(r.opts.ChunkText, defaultChunkText) }

// source is where an article comes from.
type source struct {
	id    string
	known bool // its text is not at hand
	model.Source
}

// reuse takes over a chunk of an earlier run, when it was kept.
func (r *run) reuse(c *model.Chunk, sources []source, text int64) (bool, error) {
	state, ok, err := r.sink.Reuse(c)
	if err != nil || !ok {
		return false, err
	}
	t, err := decodeTally(state, len(r.opts.Rules))
	if err != nil {
		return false, fmt.Errorf("%w: a kept chunk: %v", ErrInternal, err)
	}
	for i := range t.rejects {
		at := slices.IndexFunc(sources, func(s source) bool { return s.id == t.rejects[i].ArticleID })
		if at < 0 {
			return false, fmt.Errorf("%w: a kept chunk rejects an article that it does not have", ErrInternal)
		}
		t.rejects[i].Source = sources[at].Source
	}
	r.total.merge(t)
	r.count.Reused.Add(int64(len(sources)))
	r.count.Articles.Add(t.sum.Articles)
	r.count.TextBytes.Add(text)
	r.count.Sentences.Add(t.sum.Sentences)
	r.count.Mentions.Add(t.sum.Mentions)
	r.count.Stances.Add(t.sum.Stances)
	return true, r.rejectAll(t.rejects)
}

// planLost takes over the rejects of articles whose id is taken, when they
// are those of an earlier run: to make them takes the texts.
func (r *run) planLost() error {
	if r.lost.n == 0 || r.opts.Store == nil {
		return nil
	}
	var err error
	r.lost.known, err = r.opts.Store.Find(r.lost.name, func(f io.Reader) error {
		return readValues(f, func(b []byte) error {
			rej, err := decodeReject(b)
			if err != nil {
				return err
			}
			return r.reject(rej)
		})
	})
	return err
}

// readAgain reads the texts that are wanted of inputs that were not decoded.
func (r *run) readAgain(ctx context.Context, source Source) error {
	kept, err := r.findTexts()
	if err != nil {
		return err
	}
	if len(r.inputs.wanted) > 0 && !kept {
		want := func(path string) *model.Wanted {
			if n := r.inputs.wanted[path]; n != nil {
				return &model.Wanted{Has: n.has, First: n.first, Last: n.last}
			}
			return nil
		}
		err := source.ReadAgain(ctx, r.opts.Workers, want, func(b *model.Batch) error {
			var texts []held
			for i := range b.Articles {
				if a := &b.Articles[i]; r.inputs.wanted[b.Path].has(a.Source.RecordNo) {
					texts = append(texts, held{r.folderOf(a), *a})
				}
			}
			return r.articles.add(texts)
		})
		if err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return r.articles.sort()
}

// text gives the text of an article in order; nil when its input changed since
// it was read.
func text(next func() (*held, error, bool)) func(v *ref) (*model.Article, error) {
	var a *held // the next that was not asked for
	return func(v *ref) (*model.Article, error) {
		for {
			if a == nil {
				var err error
				var ok bool
				if a, err, ok = next(); err != nil || !ok {
					return nil, err
				}
			}
			c := cmp.Or(strings.Compare(a.folder, v.folder), cmp.Compare(a.Source.Path, v.source.Path), cmp.Compare(a.Source.RecordNo, v.source.RecordNo))
			if c > 0 {
				return nil, nil
			}
			article := &a.Article
			a = nil
			if c < 0 {
				continue // of an exact copy, or changed
			}
			if _, content := contentOf(article); content != v.content {
				return nil, nil
			}
			return article, nil
		}
	}
}

// rejectChanged rejects an article whose input changed between the two times
// that it was read. What depends on it is not kept.
func (r *run) rejectChanged(v *ref) error {
	return r.reject(model.Reject{Source: v.source, ArticleID: v.id, Stage: "order", Code: "E_CHANGED", Message: "the input changed while it was read"})
}

// send gives the chunks that are not reused to take, in order, with their
// texts, and rejects the articles whose id is taken.
func (r *run) send(ctx context.Context, take func(chunk) error) error {
	next, stop := iter.Pull2(r.articles.all())
	defer stop()
	text := text(next)
	var c chunk
	at, n := 0, 0 // the chunk, and articles in it so far
	for v, err := range r.refs.all() {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if v.winner != nil {
			if !r.lost.known {
				a, err := text(v)
				if err == nil && a == nil {
					r.lost.changed = true
					err = r.rejectChanged(v)
				} else if err == nil {
					err = r.rejectLost(a, v.winner)
				}
				if err != nil {
					return err
				}
			}
			continue
		}
		p := &r.chunks[at]
		if !p.reused {
			a, err := text(v)
			if err != nil {
				return err
			}
			if n == 0 {
				c = chunk{Chunk: &p.Chunk, articles: make([]model.Article, 0, p.articles)}
			}
			if a == nil {
				p.Key = "" // not to be kept
				if err := r.rejectChanged(v); err != nil {
					return err
				}
			} else {
				if l, ok := r.leads[v.id]; ok {
					a.DuplicateOf, a.Similarity = l.id, l.similarity()
				}
				c.articles = append(c.articles, *a)
				c.text += int64(len(a.Text))
			}
		}
		if n++; n < p.articles {
			continue
		}
		if !p.reused {
			slices.SortFunc(c.articles, func(a, b model.Article) int { return strings.Compare(a.ID, b.ID) })
			if err := take(c); err != nil {
				return err
			}
		}
		at, n = at+1, 0
	}
	return r.keepLost()
}

// rejectLost rejects an article whose id is taken.
func (r *run) rejectLost(a *model.Article, winner *model.Source) error {
	rej := model.Reject{Source: a.Source, ArticleID: a.ID, Stage: "order", Code: "E_DUP_ID",
		Message: fmt.Sprintf("id %q has other content in %s, record %d, which was kept", a.ID, winner.Path, winner.RecordNo),
		RawHead: []byte(a.Text[:min(len(a.Text), model.RawHeadMax)])}
	if r.opts.Store != nil && r.lost.n <= lostKept {
		r.lost.rejects = append(r.lost.rejects, rej)
	}
	return r.reject(rej)
}

func (r *run) keepLost() error {
	if len(r.lost.rejects) == 0 || r.lost.changed {
		return nil
	}
	return r.opts.Store.Keep(r.lost.name, func(w io.Writer) error {
		for i := range r.lost.rejects {
			if err := writeValue(w, encodeReject(nil, &r.lost.rejects[i])); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeValue writes bytes after their number; readValues reads what it wrote,
// to the end.
func writeValue(w io.Writer, b []byte) error {
	var n [binary.MaxVarintLen64]byte
	if _, err := w.Write(n[:binary.PutUvarint(n[:], uint64(len(b)))]); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}
