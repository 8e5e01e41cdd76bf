// Package pipeline runs an analysis over a corpus: it brings the articles
// into order, cuts them into chunks, has workers analyse the chunks in
// parallel, and gives the results to a sink. What the sink gets does not
// depend on the number of workers, the order of the inputs, or what earlier
// runs left in the store.
//
// Articles are known by hashes of their content before their texts are at
// hand. So a chunk whose parts an earlier run kept is taken over whole, and an
// input whose bytes are known is not decoded unless one of its texts is
// wanted. Runs that were stopped and runs with a few new articles are the same
// to it.
package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"stance/internal/model"
)

// Source is where articles come from.
type Source interface {
	// Found returns the inputs, ordered by path, with their stored bytes as
	// far as they are known before reading.
	Found() []model.Input
	// ReadNew gives batches to take, from up to workers goroutines at once, and
	// returns when all inputs are read, take failed or ctx ended. Faults of
	// the inputs are rejects, not errors. The batch belongs to take. known is
	// asked for inputs as an earlier run read them, one after the other in the
	// order of Found; nil for one that is not known. Where the bytes are still the same, take gets Batch.Known alone;
	// where lines follow them, these come afterwards.
	ReadNew(ctx context.Context, workers int, known func(model.Input) *model.Input, take func(*model.Batch) error) error
	// ReadAgain reads once more the inputs of which want returns which records
	// are wanted, not nil. Others may come with them, and what changed since
	// comes as it is now.
	ReadAgain(ctx context.Context, workers int, want func(path string) *model.Wanted, take func(*model.Batch) error) error
	// Inputs returns the inputs as they were read.
	Inputs() []model.Input
}

// Worker analyses articles one after the other with scratch of its own.
type Worker interface {
	// Analyze overwrites r. r may keep parts of a, which does not change. Where
	// it sets r.Piece.More it is called again for the next piece of a.
	Analyze(a *model.Article, r *model.Result) error
}

// Sink takes the results.
type Sink interface {
	// Start is called once, before all else, with the number of workers.
	Start(workers int) error
	// Reuse takes the parts that an earlier run kept under the chunk's key and
	// returns the state that Flush was given then; false when there are none
	// or they are damaged. All chunks are asked for before the first Add.
	Reuse(c *model.Chunk) (state []byte, ok bool, err error)
	// Add takes one result of a chunk, or one piece of a result. Calls of one
	// worker come one after the other, those of different workers at once.
	// Strings of res stay valid until Flush; its slices do not.
	Add(worker int, res *model.Result) error
	// Drop forgets all that the worker gave Add since its last Flush.
	Drop(worker int) error
	// Flush ends a chunk. All Adds since the last Flush of the worker belong to
	// it. state is kept with its parts.
	Flush(worker int, c *model.Chunk, state []byte) error
	// Rejects takes rejects in their final order, a bounded number at a time,
	// after the last Flush. Part counts from 0.
	Rejects(part int, rejects []model.Reject) error
	// Rules takes what the rules did, after the last Flush.
	Rules(stats []model.RuleStat) error
}

// Spill holds what does not fit into memory. Names are unique within a run.
type Spill interface {
	CreateSpill(name string) (io.WriteCloser, error)
	OpenSpill(name string) (io.ReadCloser, error)
	RemoveSpill(name string) error
}

// Store keeps what later runs can use, by name. What is lost or damaged in it
// costs time and nothing else.
type Store interface {
	// Find lets read have what was kept under a name, when it is there and
	// whole, and returns the error of read.
	Find(name string, read func(io.Reader) error) (found bool, err error)
	// Keep keeps what write writes, when it returns no error.
	Keep(name string, write func(io.Writer) error) error
	// KeepSpills keeps spilled runs that are written, for a run that goes on
	// with this one, until Forget is given their name and number.
	KeepSpills(name string, spills []string) error
	// FindSpills makes them spilled runs of this run, to be read like others,
	// when all are there and whole, and returns their names there.
	FindSpills(name string) (spills []string, err error)
	Forget(name string, spills int)
}

// Options of a run. The zero value works for corpora that fit into memory.
type Options struct {
	Workers        int      // 0: one per processor
	MemoryText     int64    // text held in memory before spilling, bytes; 0: 64 MiB
	ChunkText      int64    // text of a chunk, bytes: from a quarter to twice as much; 0: 1 MiB
	StopRejects    int64    // as many rejects end the run with ErrTooManyRejects; 0: no number does
	Spill          Spill    // nil: everything stays in memory
	Store          Store    // nil: nothing is kept for later runs or taken from earlier ones
	InputKey       string   // everything but the input that decides how it is read; with Store
	ChunkKey       string   // everything but the articles that decides what their parts hold; with Store
	Rules          []string // names of the rules that RuleCounts of results count
	Near           bool     // find near duplicates and mark them
	NewWorker      func() (Worker, error)
	Folder         func(*model.Article) string // folder of an article's parts below each table; nil: none
	Counter        *Counter                    // may be nil
	TopPairs       int                         // pairs in the summary; 0: 5
	RejectsAtATime int                         // for tests; 0: 4096
	// Shard is given, when it is not nil, what Join needs to know of a run
	// over one shard.
	Shard func(write func(io.Writer) error) error
}

// Counter can be read while the run goes on.
type Counter struct {
	Stage       atomic.Int32 // StageRead, StageAnalyze, StageWrite
	InputBytes  atomic.Int64 // stored bytes read
	Records     atomic.Int64 // records read
	TextTotal   atomic.Int64 // bytes of text to analyse; final from StageAnalyze on
	TextBytes   atomic.Int64 // bytes of text analysed
	ArticlesAll atomic.Int64 // articles to analyse, duplicates among them; final from StageAnalyze on
	Articles    atomic.Int64 // analysed
	Sentences   atomic.Int64
	Mentions    atomic.Int64
	Stances     atomic.Int64
	Rejects     atomic.Int64
	Duplicates  atomic.Int64
	Known       atomic.Int64 // inputs that were not decoded
	Reused      atomic.Int64 // articles that an earlier run analysed
}

// Stages of a run, in order.
const (
	StageRead int32 = iota
	StageAnalyze
	StageWrite
)

// Summary is what a run did. It holds nothing of the clock or the machine.
// Records = Articles + Rejected + Duplicates.
type Summary struct {
	Records        int64 // read, without those left out on request
	Articles       int64 // analysed
	Rejected       int64
	Duplicates     int64 // same id, same content: left out
	NearDuplicates int64 // analysed and marked as copies of another article
	Skipped        int64 // left out on request
	Warnings       int64 // rejects that lost nothing
	Sentences      int64
	Mentions       int64
	Stances        int64
	UnknownHolders int64 // stances whose holder no pack knows
	Tones          int64
	Quotes         int64
	TextBytes      int64 // of the articles analysed
	Chunks         int64
	Pairs          []Pair
	Rules          []model.RuleStat
	FirstRejects   []model.Reject // the first few in order, warnings among them
}

// Pair sums the stances of one holder towards one target.
type Pair struct {
	Holder, Target string // party ids; Holder "" is the narrator
	Stances        int64
	Strength       float64 // sum of the absolute scores
	Score          float64 // sum of the scores
}

// Errors that end a run.
var (
	ErrAllRejected    = errors.New("all input was rejected")
	ErrTooManyRejects = errors.New("too many rejects")
	ErrInternal       = errors.New("internal error")
)

const (
	defaultMemoryText = 64 << 20
	defaultChunkText  = 1 << 20
	refMemory         = 8 << 20
	rejectMemory      = 16 << 20
	firstRejects      = 5
)

// Run reads source, analyses every article and gives the results to sink.
// When it returns an error, what the sink got is incomplete. The summary is
// valid as far as the run came.
func Run(ctx context.Context, source Source, sink Sink, opts Options) (Summary, error) {
	r := newRun(sink, opts)
	defer r.close()
	err := r.run(ctx, source)
	return r.sum, err
}

type run struct {
	opts     Options
	sink     Sink
	count    *Counter
	articles *sorter[held]
	ids      *sorter[ref] // all articles, by id
	refs     *sorter[ref] // without exact duplicates, in the order of the chunks
	rejects  *sorter[model.Reject]
	inputs   inputs
	total    *tally
	mu       sync.Mutex // guards sum, first and inputs while reading
	sum      Summary
	first    model.Reject // in order of place; without its raw head
	lost     lost
	leads    map[string]lead // of near copies, by id
	texts    texts
	chunks   []planned
}

func newRun(sink Sink, opts Options) *run {
	if opts.Workers < 1 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if opts.Counter == nil {
		opts.Counter = &Counter{}
	}
	r := &run{opts: opts, sink: sink, count: opts.Counter, total: newTally(len(opts.Rules))}
	r.rejects = newSorter("rejects", rejectMemory, opts.Spill, rejectOrder)
	r.articles = newSorter("articles", r.memoryText(), opts.Spill, heldOrder)
	r.ids = newSorter("ids", refMemory, opts.Spill, byID)
	r.refs = newSorter("refs", refMemory, opts.Spill, byPlace)
	r.refs.again = true
	r.inputs.small = newSorter("inputs", refMemory, opts.Spill, keptOrder)
	return r
}

func (r *run) close() {
	r.rejects.close()
	r.articles.close()
	r.ids.close()
	r.refs.close()
	r.inputs.close()
}

func (r *run) run(ctx context.Context, source Source) error {
	if err := r.sink.Start(r.opts.Workers); err != nil {
		return err
	}
	if err := r.read(ctx, source); err != nil {
		return err
	}
	texts := make(chan error, 1)
	go func() { texts <- r.sortTexts() }()
	err := r.order() // which looks at no text
	if err == nil {
		err = r.plan(ctx)
	}
	if err = cmp.Or(err, <-texts); err != nil {
		return err
	}
	if err := r.readAgain(ctx, source); err != nil {
		return err
	}
	r.count.TextTotal.Store(r.sum.TextBytes)
	r.count.ArticlesAll.Store(r.refs.len())
	r.sum.TextBytes = 0
	r.count.Stage.Store(StageAnalyze)
	err = r.analyze(ctx)
	r.total.into(&r.sum, r.opts.Rules, cmp.Or(r.opts.TopPairs, 5))
	if err != nil {
		return err
	}
	r.forgetTexts()
	r.count.Stage.Store(StageWrite)
	if r.sum.Articles == 0 && r.sum.Rejected > 0 && r.sum.Skipped == 0 {
		if err := r.writeRejects(ctx, func(int, []model.Reject) error { return nil }); err != nil {
			return err
		}
		return fmt.Errorf("%w: %d of %d records; the first: %s: %s [%s]", ErrAllRejected, r.sum.Rejected, r.sum.Records,
			&r.first.Source, r.first.Message, r.first.Code)
	}
	if r.opts.Shard != nil {
		if err := r.opts.Shard(r.writeShard); err != nil {
			return err
		}
	}
	if err := r.sink.Rules(r.sum.Rules); err != nil {
		return err
	}
	return r.writeRejects(ctx, r.sink.Rejects)
}

// read files what the source holds.
func (r *run) read(ctx context.Context, source Source) error {
	known := r.known
	if r.opts.Store == nil {
		known = nil
	}
	if err := source.ReadNew(ctx, r.opts.Workers, known, func(b *model.Batch) error { return r.take(ctx, b) }); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := r.keepInputs(source.Inputs()); err != nil {
		return err
	}
	r.nameTexts(source.Inputs())
	return nil
}

// take files a batch of the source.
func (r *run) take(ctx context.Context, b *model.Batch) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r.count.InputBytes.Add(b.InputBytes)
	if b.Known != nil {
		return r.takeKnown(b.Known, b.KnownLines > 0)
	}
	refs, texts := make([]ref, len(b.Articles)), make([]held, len(b.Articles))
	for i := range b.Articles {
		refs[i] = r.refOf(&b.Articles[i])
		texts[i] = held{refs[i].folder, b.Articles[i]}
	}
	if err := r.takeNew(b, refs); err != nil {
		return err
	}
	if err := r.file(b.Records, b.Skipped, refs, b.Rejects); err != nil {
		return err
	}
	return r.articles.add(texts)
}

// file files refs and rejects of an input, read or known.
func (r *run) file(records, skipped int64, refs []ref, rejects []model.Reject) error {
	var text int64
	for i := range refs {
		text += refs[i].text
	}
	r.count.Records.Add(records)
	r.mu.Lock()
	r.sum.Records += records
	r.sum.Skipped += skipped
	r.sum.TextBytes += text
	r.mu.Unlock()
	if err := r.rejectAll(rejects); err != nil {
		return err
	}
	return r.ids.add(refs)
}

func (r *run) rejectAll(rejects []model.Reject) error {
	for i := range rejects {
		if err := r.reject(rejects[i]); err != nil {
			return err
		}
	}
	return nil
}

// reject files a reject and ends the run when there are too many.
func (r *run) reject(rej model.Reject) error {
	r.mu.Lock()
	if rej.Warning {
		r.sum.Warnings++
	} else {
		if r.sum.Rejected == 0 || cmp.Or(cmp.Compare(rej.Path, r.first.Path), cmp.Compare(rej.RecordNo, r.first.RecordNo)) < 0 {
			r.first = rej
			r.first.RawHead = nil
		}
		r.sum.Rejected++
		r.count.Rejects.Add(1)
	}
	n := r.sum.Rejected
	r.mu.Unlock()
	if err := r.rejects.add([]model.Reject{rej}); err != nil {
		return err
	}
	if r.opts.StopRejects > 0 && n >= r.opts.StopRejects {
		return fmt.Errorf("%w: more than %d; one of them: %s: %s [%s]", ErrTooManyRejects, r.opts.StopRejects-1, &rej.Source, rej.Message, rej.Code)
	}
	return nil
}

// chunk is a chunk with the texts of its articles.
type chunk struct {
	*model.Chunk
	articles []model.Article
	text     int64 // bytes
}

// smallLast puts small chunks off until all others are sent, so that workers
// end at about the same time.
type smallLast struct {
	send func(chunk) error
	most int64   // bytes of text that are put off
	off  []chunk // from the smallest to the largest
	text int64   // of off, bytes
}

func (s *smallLast) add(c chunk) error {
	i, _ := slices.BinarySearchFunc(s.off, c.text, func(o chunk, text int64) int { return cmp.Compare(o.text, text) })
	s.off = slices.Insert(s.off, i, c)
	s.text += c.text
	return s.keep(s.most)
}

// keep sends the largest until no more than so many bytes are put off; at -1
// it sends all.
func (s *smallLast) keep(most int64) error {
	for len(s.off) > 0 && s.text > most {
		n := len(s.off) - 1
		c := s.off[n]
		s.off[n], s.off = chunk{}, s.off[:n]
		s.text -= c.text
		if err := s.send(c); err != nil {
			return err
		}
	}
	return nil
}

// analyze has workers analyse the chunks that are not reused.
func (r *run) analyze(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	chunks := make(chan chunk)
	tallies := make([]*tally, r.opts.Workers)
	var wg sync.WaitGroup
	for i := range r.opts.Workers {
		wg.Go(func() {
			w := &scratch{number: i}
			tallies[i] = newTally(len(r.opts.Rules))
			for c := range chunks {
				if ctx.Err() != nil {
					continue
				}
				if err := r.work(ctx, w, tallies[i], c); err != nil {
					cancel(err)
				}
			}
		})
	}
	small := smallLast{most: 2 * r.chunkText(), send: func(c chunk) error {
		select {
		case chunks <- c:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}}
	err := r.send(ctx, small.add)
	if err == nil {
		err = small.keep(-1)
	}
	close(chunks)
	wg.Wait()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	for _, t := range tallies {
		r.total.merge(t)
	}
	return err
}

// scratch is what one worker works with.
type scratch struct {
	number int
	worker Worker // nil: to be made
	res    *model.Result
}

// work analyses one chunk. A panic of the analysis rejects the article and
// costs the worker its scratch; any other ends the run.
func (r *run) work(ctx context.Context, w *scratch, total *tally, c chunk) (err error) {
	t := newTally(len(r.opts.Rules))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", ErrInternal, p, debug.Stack())
		}
		total.merge(t)
	}()
	for i := 0; i < len(c.articles); i++ {
		a := &c.articles[i]
		rej, text, err := r.add(ctx, w, t, a)
		if err != nil {
			return err
		}
		if rej == nil {
			continue
		}
		rejects := append(t.rejects, *rej)
		if text > 0 {
			// The sink has rows of an article that is rejected: the chunk begins
			// anew without it.
			if err := r.sink.Drop(w.number); err != nil {
				return err
			}
			r.progress(&t.sum, &Summary{})
			r.count.TextBytes.Add(-t.sum.TextBytes - text)
			t = newTally(len(r.opts.Rules))
			c.articles = slices.Delete(c.articles, i, i+1)
			i = -1
		}
		t.rejects = rejects
	}
	if err := r.sink.Flush(w.number, c.Chunk, t.encode()); err != nil {
		return err
	}
	return r.rejectAll(t.rejects)
}

// add analyses an article and gives its pieces to the sink. When it rejects
// the article the sink has the pieces of so many bytes of its text.
func (r *run) add(ctx context.Context, w *scratch, t *tally, a *model.Article) (rej *model.Reject, text int64, err error) {
	for more := true; more; {
		if ctx.Err() != nil {
			return nil, text, context.Cause(ctx)
		}
		if w.worker == nil {
			if w.worker, err = r.opts.NewWorker(); err != nil {
				return nil, text, err
			}
			w.res = &model.Result{}
		}
		if rej := w.one(a); rej != nil {
			return rej, text, nil
		}
		if err := r.sink.Add(w.number, w.res); err != nil {
			return nil, text, err
		}
		before := t.sum
		t.add(w.res)
		r.progress(&before, &t.sum)
		end := int64(len(a.Text))
		if more = w.res.Piece.More; more {
			end = max(text, 1)
			if n := len(w.res.Sentences); n > 0 {
				end = max(end, int64(w.res.Sentences[n-1].End))
			}
		}
		r.count.TextBytes.Add(end - text)
		text = end
	}
	return nil, text, nil
}

// progress counts what was analysed between two sums.
func (r *run) progress(from, to *Summary) {
	r.count.Articles.Add(to.Articles - from.Articles)
	r.count.Sentences.Add(to.Sentences - from.Sentences)
	r.count.Mentions.Add(to.Mentions - from.Mentions)
	r.count.Stances.Add(to.Stances - from.Stances)
}

// one analyses an article, or the next piece of it, into w.res.
func (w *scratch) one(a *model.Article) (rej *model.Reject) {
	defer func() {
		if p := recover(); p != nil {
			w.worker = nil
			rej = analysisReject(a, "E_PANIC", fmt.Sprintf("the analysis failed: %q", fmt.Sprint(p)))
		}
	}()
	w.res.Article = a
	if err := w.worker.Analyze(a, w.res); err != nil {
		w.res.Piece = model.Piece{}
		return analysisReject(a, "E_ANALYSIS", strconv.Quote(err.Error()))
	}
	return nil
}

func analysisReject(a *model.Article, code, message string) *model.Reject {
	return &model.Reject{Source: a.Source, ArticleID: a.ID, Stage: "analysis", Code: code, Message: message,
		RawHead: []byte(a.Text[:min(len(a.Text), model.RawHeadMax)])}
}

// writeRejects gives all rejects in order to sink.
func (r *run) writeRejects(ctx context.Context, sink func(part int, rejects []model.Reject) error) error {
	if err := r.rejects.sort(); err != nil {
		return err
	}
	most := cmp.Or(r.opts.RejectsAtATime, 4096)
	var part int
	var held []model.Reject
	send := func() error {
		err := sink(part, held)
		part, held = part+1, held[:0]
		return err
	}
	for rej, err := range r.rejects.all() {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(r.sum.FirstRejects) < firstRejects {
			r.sum.FirstRejects = append(r.sum.FirstRejects, *rej)
		}
		if held = append(held, *rej); len(held) >= most {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if len(held) > 0 {
		return send()
	}
	return nil
}
