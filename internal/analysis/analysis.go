// Package analysis composes the stages into one road: an Article goes in, a
// Result comes out, and nothing else is read or written. run, explain, eval,
// fit and the rule tests all call it.
package analysis

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"sync"

	"stance/internal/diag"
	"stance/internal/model"
	"stance/internal/model/party"
	"stance/internal/model/rules"
	"stance/internal/model/sentiment"
	"stance/internal/model/stance"
	"stance/internal/model/text"
	"stance/internal/snapshot"
	"stance/internal/trace"
)

// Config says what an Analyzer knows.
type Config struct {
	Packs     []rules.Source // in the order of loading; later packs may extend earlier ones
	Lexicons  []rules.Source
	Sentiment []byte   // learned weights of the news scorer; nil for the lexicon alone
	Tone      []byte   // learned weights of tone; nil for none: every tone is neutral
	Pair      []byte   // learned weights of directed stance; nil for none
	Event     []byte   // learned weights of what one does to another; nil for none
	Words     []string // further vocabulary forms, for fitting
	Bayes     bool     // score with cdipaolo/sentiment too
	Scorer    string   // which score leads: news (also ""), bayes or vader, which must then be on
	Vader     bool     // score with VADER too
}

// Analyzer is the compiled, immutable form of a Config. It is safe for
// concurrent use: each goroutine takes a Worker of its own.
type Analyzer struct {
	Program   *rules.Program
	ModelHash string // 16 hex digits over the learned weights; "" without any
	scorer    *sentiment.Scorer
	lead      string // Config.Scorer
	tone      *stance.ToneModel
	pair      *stance.PairModel
	event     *stance.PairModel
}

// New compiles the packs. The list holds every mistake in them; the Analyzer
// is nil when one is an error.
func New(c Config) (*Analyzer, diag.List, error) {
	files := rules.Read(c.Packs, c.Lexicons)
	if c.Bayes {
		// Its model takes long to restore. That is done beside what cannot be
		// shared out; the scorer tells what is wrong with it.
		go func() {
			files.Wait()
			_, _ = sentiment.NewBayes()
		}()
	}
	words := slices.Concat(sentiment.Words(c.Sentiment), c.Words, stance.WeightWords(c.Tone), stance.WeightWords(c.Pair), stance.WeightWords(c.Event))
	p, mistakes := files.Compile(words)
	if p == nil {
		return nil, mistakes, nil
	}
	a := &Analyzer{Program: p, ModelHash: modelHash(c.Sentiment, c.Tone, c.Pair, c.Event), lead: c.Scorer}
	var wg sync.WaitGroup
	var errs [4]error
	wg.Go(func() {
		a.scorer, errs[0] = sentiment.NewScorer(p, c.Sentiment, sentiment.Options{Bayes: c.Bayes, Vader: c.Vader})
	})
	wg.Go(func() { a.tone, errs[1] = stance.NewToneModel(p, c.Tone) })
	wg.Go(func() { a.pair, errs[2] = stance.NewPairModel(p, c.Pair) })
	wg.Go(func() { a.event, errs[3] = stance.NewPairModel(p, c.Event) })
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, mistakes, fmt.Errorf("%s%w", [...]string{"", "tone: ", "directed stance: ", "events: "}[i], err)
		}
	}
	return a, mistakes, nil
}

// Write writes the analyzer so that Read can bring it back. key names the
// program that is running and the Config. One with VADER cannot be written.
func (a *Analyzer) Write(w io.Writer, key string) error {
	whole := *a
	var err error
	if whole.scorer, err = a.scorer.Whole(); err != nil {
		return err
	}
	return snapshot.Write(w, key, &whole)
}

// Read returns the analyzer that Write wrote under a key. It takes data over.
// Its error says that the bytes are not what Write wrote under the key.
func Read(data []byte, key string) (*Analyzer, error) { return snapshot.Read[Analyzer](data, key) }

func modelHash(models ...[]byte) string {
	h := sha256.New()
	n := 0
	for _, m := range models {
		n += len(m)
		fmt.Fprintf(h, "%d\n", len(m))
		h.Write(m)
	}
	if n == 0 {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Long is the bytes of text from which on AnalyzePiece takes an article in
// pieces.
const Long = 4 << 20

// pieceSize is the bytes of text of a piece: what is found in it takes some
// seventy times as much memory.
const pieceSize = 1 << 20

// Worker is the scratch of one goroutine.
type Worker struct {
	a         *Analyzer
	reader    *text.Reader
	finder    *party.Finder
	sentiment sentiment.Scratch
	stage     *stance.Stage
	long      int // bytes; Long
	piece     int // bytes; pieceSize
}

// NewWorker returns scratch for one goroutine.
func (a *Analyzer) NewWorker() *Worker {
	return &Worker{a: a, reader: text.NewReader(a.Program.Vocabulary), finder: party.NewFinder(a.Program), stage: stance.NewStage(a.Program, a.tone, a.pair, a.event),
		long: Long, piece: pieceSize}
}

// ToneSpace names the features of tone.
func (a *Analyzer) ToneSpace() *stance.Space { return a.tone.Space }

// PairSpace names the features of directed stance.
func (a *Analyzer) PairSpace() *stance.Space { return a.pair.Space }

// ToneFeatures returns the features of the i-th tone of the result analyzed
// last. It is for fitting; the slice is valid until the next call.
func (w *Worker) ToneFeatures(i int) []stance.Feature { return w.stage.ToneFeatures(i) }

// PairFeatures returns the features of the ordered pair of two mentions of
// the result analyzed last. It is for fitting; the slice is valid until the
// next call.
func (w *Worker) PairFeatures(holder, target int32) []stance.Feature {
	return w.stage.PairFeatures(holder, target)
}

// Pair returns P(against), P(none) and P(favor) from one mention towards
// another of the result analyzed last.
func (w *Worker) Pair(holder, target int32) [3]float32 { return w.stage.Pair(holder, target) }

// Event returns P(conflict), P(neutral) and P(cooperation) of what one mention
// does to another, of the result analyzed last.
func (w *Worker) Event(source, target int32) [3]float32 { return w.stage.Event(source, target) }

// Analyze reads one article into r, whose memory it reuses. r refers to art
// and stays valid until r is analyzed into again. tr may be nil.
func (w *Worker) Analyze(art *model.Article, r *model.Result, tr *trace.Recorder) {
	w.reader.Begin(art, len(art.Text))
	w.find(art, r, tr)
	w.judge(art, r, tr)
}

// AnalyzePiece is Analyze for articles of any length: one of Long bytes or
// more is taken in pieces, with time and memory in proportion to the piece.
// Each call with an r whose Piece.More is set goes on with the article of the
// call before. The rows of all pieces are those of the whole article, with
// these exceptions: a surname or "the president" does not mean whom only a
// later piece names; pronouns and quotations reach 32 KiB back over the
// beginning of a piece at most; a quotation that fills a piece is cut.
func (w *Worker) AnalyzePiece(art *model.Article, r *model.Result) {
	if !r.Piece.More {
		size := len(art.Text)
		if size >= w.long {
			size = w.piece
		}
		w.reader.Begin(art, size)
	}
	w.find(art, r, nil)
	w.judge(art, r, nil)
}

// find reads the text and the mentions in it.
func (w *Worker) find(art *model.Article, r *model.Result, tr *trace.Recorder) {
	r.Article = art
	w.reader.Next(&r.Layers)
	r.Mentions = w.finder.Find(art, &r.Layers, r.Mentions[:0], tr)
}

// judge scores sentences and finds stances and tones.
func (w *Worker) judge(art *model.Article, r *model.Result, tr *trace.Recorder) {
	r.Sentiments = w.a.scorer.All(art, &r.Layers, r.Mentions, r.Sentiments[:0], &w.sentiment, tr)
	for i := range r.Sentiments {
		sentiment.Lead(&r.Sentiments[i], w.a.lead)
	}
	w.stage.Run(r, tr)
}
