// Package pipeline runs an analysis over a corpus: it brings the articles
// into the order of their ids, cuts them into chunks, has workers analyse
// the chunks in parallel, and gives the results to a sink. What the sink
// gets does not depend on the number of workers or the order of the inputs.
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
	// Read gives batches to take, from up to workers goroutines at once, and
	// returns when all inputs are read, take failed or ctx ended. Faults of
	// the inputs are rejects, not errors. The batch belongs to take.
	Read(ctx context.Context, workers int, take func(*model.Batch) error) error
}

// Worker analyses articles one after the other with scratch of its own.
type Worker interface {
	// Analyze overwrites r. r may keep parts of a, which does not change.
	Analyze(a *model.Article, r *model.Result) error
}

// Sink takes the results.
type Sink interface {
	// Start is called once, before all else, with the number of workers.
	Start(workers int) error
	// Add takes one result of a chunk. Calls of one worker come one after the
	// other, those of different workers at once. Strings of res stay valid;
	// its slices do not.
	Add(worker int, res *model.Result) error
	// Flush ends a chunk, which counts from 0 and is the same for the same
	// input. All Adds since the last Flush of the worker belong to it.
	Flush(worker, chunk int) error
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

// Options of a run. The zero value works for corpora that fit into memory.
type Options struct {
	Workers        int      // 0: one per processor
	MemoryText     int64    // text held in memory before spilling, bytes; 0: 64 MiB
	ChunkText      int64    // text after which a chunk may end, bytes; 0: 2 MiB
	StopRejects    int64    // as many rejects end the run with ErrTooManyRejects; 0: no number does
	Spill          Spill    // nil: everything stays in memory
	Rules          []string // names of the rules that RuleCounts of results count
	Near           bool     // find near duplicates and mark them
	NewWorker      func() Worker
	Counter        *Counter // may be nil
	TopPairs       int      // pairs in the summary; 0: 5
	RejectsAtATime int      // for tests; 0: 4096
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
	defaultChunkText  = 2 << 20
	rejectMemory      = 16 << 20
	firstRejects      = 5
)

// Run reads source, analyses every article and gives the results to sink.
// When it returns an error, what the sink got is incomplete. The summary is
// valid as far as the run came.
func Run(ctx context.Context, source Source, sink Sink, opts Options) (Summary, error) {
	if opts.Workers < 1 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if opts.Counter == nil {
		opts.Counter = &Counter{}
	}
	r := &run{opts: opts, sink: sink, count: opts.Counter}
	r.rejects = newSorter("rejects", rejectMemory, opts.Spill, rejectOrder)
	r.articles = newSorter("articles", cmp.Or(opts.MemoryText, defaultMemoryText), opts.Spill, articleOrder)
	defer r.rejects.close()
	defer r.articles.close()
	err := r.run(ctx, source)
	return r.sum, err
}

type run struct {
	opts     Options
	sink     Sink
	count    *Counter
	articles *sorter[model.Article]
	rejects  *sorter[model.Reject]
	near     near
	mu       sync.Mutex // guards sum and first while reading
	sum      Summary
	first    model.Reject // in order of place; without its raw head
}

func (r *run) run(ctx context.Context, source Source) error {
	if err := r.sink.Start(r.opts.Workers); err != nil {
		return err
	}
	if err := source.Read(ctx, r.opts.Workers, func(b *model.Batch) error { return r.take(ctx, b) }); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if err := r.articles.sort(); err != nil {
		return err
	}
	if r.opts.Near {
		r.near.resolve()
	}
	r.count.TextTotal.Store(r.sum.TextBytes)
	r.count.ArticlesAll.Store(r.articles.len())
	r.sum.TextBytes = 0
	r.count.Stage.Store(StageAnalyze)
	if err := r.analyze(ctx); err != nil {
		return err
	}
	r.count.Stage.Store(StageWrite)
	if r.sum.Articles == 0 && r.sum.Rejected > 0 {
		if err := r.writeRejects(ctx, func(int, []model.Reject) error { return nil }); err != nil {
			return err
		}
		return fmt.Errorf("%w: %d of %d records; the first: %s:%d: %s [%s]", ErrAllRejected, r.sum.Rejected, r.sum.Records,
			r.first.Path, r.first.RecordNo, r.first.Message, r.first.Code)
	}
	if err := r.sink.Rules(r.sum.Rules); err != nil {
		return err
	}
	return r.writeRejects(ctx, r.sink.Rejects)
}

// take files a batch of the source.
func (r *run) take(ctx context.Context, b *model.Batch) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	r.count.InputBytes.Add(b.InputBytes)
	r.count.Records.Add(b.Records)
	var text int64
	for i := range b.Articles {
		text += int64(len(b.Articles[i].Text))
	}
	var marks []mark
	if r.opts.Near {
		marks = make([]mark, len(b.Articles))
		for i := range b.Articles {
			marks[i] = newMark(&b.Articles[i])
		}
	}
	r.mu.Lock()
	r.sum.Records += b.Records
	r.sum.Skipped += b.Skipped
	r.sum.TextBytes += text
	r.near.add(marks)
	r.mu.Unlock()
	for i := range b.Rejects {
		if err := r.reject(b.Rejects[i]); err != nil {
			return err
		}
	}
	return r.articles.add(b.Articles)
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
		return fmt.Errorf("%w: more than %d; one of them: %s:%d: %s [%s]", ErrTooManyRejects, r.opts.StopRejects-1, rej.Path, rej.RecordNo, rej.Message, rej.Code)
	}
	return nil
}

// chunk is a run of articles in the order of their ids.
type chunk struct {
	n        int
	articles []model.Article
	text     int64
}

// analyze cuts the ordered articles into chunks and has workers analyse them.
func (r *run) analyze(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	chunks := make(chan chunk)
	tallies := make([]tally, r.opts.Workers)
	var wg sync.WaitGroup
	for w := range r.opts.Workers {
		wg.Go(func() {
			t := &tallies[w]
			t.init(len(r.opts.Rules))
			for c := range chunks {
				if ctx.Err() != nil {
					continue
				}
				if err := r.work(ctx, w, t, c); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := r.cut(ctx, func(c chunk) error {
		select {
		case chunks <- c:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(chunks)
	wg.Wait()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	total := &tallies[0]
	for i := range tallies[1:] {
		total.merge(&tallies[i+1])
	}
	total.into(&r.sum, r.opts.Rules, cmp.Or(r.opts.TopPairs, 5))
	return err
}

// cut sends the articles in chunks. A chunk ends where the id of its last
// article says so once it has enough text, and at twice that at the latest:
// an article more or less moves the bounds of its neighbourhood only.
func (r *run) cut(ctx context.Context, send func(chunk) error) error {
	least := cmp.Or(r.opts.ChunkText, defaultChunkText)
	var c chunk
	for a, err := range r.unique() {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if r.opts.Near {
			a.DuplicateOf, a.Similarity = r.near.lead(a)
			if a.DuplicateOf != "" {
				r.sum.NearDuplicates++
			}
		}
		c.articles = append(c.articles, *a)
		// Short articles cost rows too: count some bytes for each.
		c.text += int64(len(a.Text)) + 256
		if c.text >= 2*least || c.text >= least && hashID(a.ID)%16 == 0 {
			if err := send(c); err != nil {
				return err
			}
			c = chunk{n: c.n + 1, articles: make([]model.Article, 0, len(c.articles))}
		}
	}
	if len(c.articles) > 0 {
		if err := send(c); err != nil {
			return err
		}
		c.n++
	}
	r.sum.Chunks = int64(c.n)
	return nil
}

// work analyses one chunk. A panic of the analysis rejects the article and
// costs the worker its scratch; any other ends the run.
func (r *run) work(ctx context.Context, w int, t *tally, c chunk) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", ErrInternal, p, debug.Stack())
		}
	}()
	for i := range c.articles {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		a := &c.articles[i]
		if t.worker == nil {
			t.worker, t.res = r.opts.NewWorker(), &model.Result{}
		}
		if err := t.one(a); err != nil {
			if err := r.reject(*err); err != nil {
				return err
			}
			continue
		}
		if err := r.sink.Add(w, t.res); err != nil {
			return err
		}
		t.add(t.res)
		r.count.Articles.Add(1)
		r.count.TextBytes.Add(int64(len(a.Text)))
		r.count.Sentences.Add(int64(len(t.res.Sentences)))
		r.count.Mentions.Add(int64(len(t.res.Mentions)))
		r.count.Stances.Add(int64(len(t.res.Stances)))
	}
	return r.sink.Flush(w, c.n)
}

// one analyses an article into t.res.
func (t *tally) one(a *model.Article) (rej *model.Reject) {
	defer func() {
		if p := recover(); p != nil {
			t.worker = nil
			rej = analysisReject(a, "E_PANIC", fmt.Sprintf("the analysis failed: %q", fmt.Sprint(p)))
		}
	}()
	t.res.Article = a
	if err := t.worker.Analyze(a, t.res); err != nil {
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

// tally is what one worker counts, and its scratch.
type tally struct {
	worker Worker
	res    *model.Result
	sum    Summary
	pairs  map[[2]string]*pairCount
	rules  []model.RuleStat
}

// pairCount sums scores in millionths, so that the order of adding is all
// the same.
type pairCount struct{ stances, strength, score int64 }

func (t *tally) init(rules int) {
	t.pairs = map[[2]string]*pairCount{}
	t.rules = make([]model.RuleStat, rules)
}

func (t *tally) add(res *model.Result) {
	t.sum.Articles++
	t.sum.TextBytes += int64(len(res.Article.Text))
	t.sum.Sentences += int64(len(res.Sentences))
	t.sum.Mentions += int64(len(res.Mentions))
	t.sum.Stances += int64(len(res.Stances))
	t.sum.Tones += int64(len(res.Tones))
	t.sum.Quotes += int64(len(res.Quotes))
	for i := range res.Stances {
		s := &res.Stances[i]
		if s.Target < 0 || s.Holder < 0 || !res.Sentences[s.Sentence].Section.Counts() || res.Article.DuplicateOf != "" {
			continue
		}
		key := [2]string{res.Mentions[s.Holder].ID, res.Mentions[s.Target].ID}
		if key[0] == "" || key[1] == "" || res.Mentions[s.Target].Kind != model.MentionParty {
			continue
		}
		p := t.pairs[key]
		if p == nil {
			p = &pairCount{}
			t.pairs[key] = p
		}
		score := int64(s.Score*1e6 + 0.5)
		if s.Score < 0 {
			score = -int64(-s.Score*1e6 + 0.5)
		}
		p.stances++
		p.score += score
		p.strength += max(score, -score)
	}
	for i := range min(len(res.RuleCounts), len(t.rules)) {
		n, s := &res.RuleCounts[i], &t.rules[i]
		s.Tried += n.Tried
		s.Fired += n.Fired
		s.Shadowed += n.Shadowed
		s.Negated += n.Negated
		if n.Fired > 0 {
			s.Articles++
		}
	}
}

func (t *tally) merge(o *tally) {
	t.sum.Articles += o.sum.Articles
	t.sum.TextBytes += o.sum.TextBytes
	t.sum.Sentences += o.sum.Sentences
	t.sum.Mentions += o.sum.Mentions
	t.sum.Stances += o.sum.Stances
	t.sum.Tones += o.sum.Tones
	t.sum.Quotes += o.sum.Quotes
	for key, n := range o.pairs {
		p := t.pairs[key]
		if p == nil {
			t.pairs[key] = n
			continue
		}
		p.stances += n.stances
		p.strength += n.strength
		p.score += n.score
	}
	for i := range o.rules {
		n, s := &o.rules[i], &t.rules[i]
		s.Tried += n.Tried
		s.Fired += n.Fired
		s.Shadowed += n.Shadowed
		s.Negated += n.Negated
		s.Articles += n.Articles
	}
}

func (t *tally) into(sum *Summary, rules []string, top int) {
	sum.Articles, sum.TextBytes, sum.Sentences, sum.Mentions = t.sum.Articles, t.sum.TextBytes, t.sum.Sentences, t.sum.Mentions
	sum.Stances, sum.Tones, sum.Quotes = t.sum.Stances, t.sum.Tones, t.sum.Quotes
	for key, p := range t.pairs {
		sum.Pairs = append(sum.Pairs, Pair{key[0], key[1], p.stances, float64(p.strength) / 1e6, float64(p.score) / 1e6})
	}
	slices.SortFunc(sum.Pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Strength, a.Strength), cmp.Compare(a.Holder, b.Holder), cmp.Compare(a.Target, b.Target))
	})
	sum.Pairs = slices.Clip(sum.Pairs[:min(len(sum.Pairs), top)])
	for i := range t.rules {
		t.rules[i].Rule = rules[i]
		if sum.Sentences > 0 {
			t.rules[i].Per1000Sentence = 1000 * float64(t.rules[i].Fired) / float64(sum.Sentences)
		}
	}
	sum.Rules = slices.Clone(t.rules)
	slices.SortFunc(sum.Rules, func(a, b model.RuleStat) int { return cmp.Compare(a.Rule, b.Rule) })
}
