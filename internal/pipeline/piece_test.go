package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"stance/internal/io/corpus"
	"stance/internal/io/dataset"
	"stance/internal/model"
	"stance/internal/pipeline"
)

// long gives the simple analysis in a first piece that holds all and a second
// one that holds what both share; LATE fails between them.
type long struct{ simple }

func (w long) Analyze(a *model.Article, r *model.Result) error {
	if r.Piece.More {
		if strings.Contains(a.Text, "LATE") {
			panic("asked for")
		}
		all := len(r.Sentences)
		r.Piece = model.Piece{Number: 1, Known: int32(all)}
		r.Stances, r.Tones, r.Dyads = r.Stances[:0], r.Tones[:0], r.Dyads[:0]
		return nil
	}
	err := w.simple.Analyze(a, r)
	r.Piece.More = true
	return err
}

// TestPieces gives every article in two pieces: the tables are those of whole
// articles, and of one that fails in its second piece no row is left.
func TestPieces(t *testing.T) {
	dir := t.TempDir()
	lines := invented(60)
	fails := []byte(`{"id":"a030b","text":"Alba praised Borea. It was LATE."}`)
	whole := write(t, dir, "whole/in.jsonl", bytes.Join(lines, []byte("\n")))
	late := write(t, dir, "late/in.jsonl", bytes.Join(append(lines, fails), []byte("\n")))
	want, err := runOnce(t, filepath.Join(dir, "a"), []string{whole}, corpus.Options{}, pipeline.Options{}, dataset.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var counter pipeline.Counter
	inPieces := pipeline.Options{NewWorker: func() (pipeline.Worker, error) { return long{}, nil }, Counter: &counter}
	got, err := runOnce(t, filepath.Join(dir, "b"), []string{late}, corpus.Options{}, inPieces, dataset.Options{})
	if err != nil || got.sum.Rejected != 1 || got.sum.Articles != 60 || got.sum.Sentences != want.sum.Sentences || got.sum.TextBytes != want.sum.TextBytes {
		t.Fatal(got.sum, err)
	}
	if counter.Articles.Load() != 60 || counter.Sentences.Load() != got.sum.Sentences || counter.TextBytes.Load() != got.sum.TextBytes {
		t.Errorf("counted %d articles, %d sentences, %d bytes of text", counter.Articles.Load(), counter.Sentences.Load(), counter.TextBytes.Load())
	}
	for _, name := range []string{"articles", "sentences", "mentions", "tones", "stances", "dyads", "rule_stats"} {
		a, b := want.gen.Manifest.Rows(name), got.gen.Manifest.Rows(name)
		if a != b || a == 0 {
			t.Errorf("table %s has %d rows as a whole and %d in pieces", name, a, b)
		}
	}
	if same := hashTree(t, filepath.Join(want.gen.Path, "stances")); same != hashTree(t, filepath.Join(got.gen.Path, "stances")) {
		t.Error("the stances differ")
	}
}

// TestCancelBetweenPieces stops a run within its only article.
func TestCancelBetweenPieces(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.jsonl", bytes.Join(invented(1), nil))
	src, err := corpus.Open([]string{in}, corpus.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := dataset.Open(filepath.Join(dir, "out"), dataset.Options{Run: "r"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	pieces := 0
	_, err = pipeline.Run(ctx, src, out, pipeline.Options{Workers: 1, NewWorker: func() (pipeline.Worker, error) { return unending{&pieces, cancel}, nil }})
	if !errors.Is(err, context.Canceled) || pieces != 5 {
		t.Errorf("%d pieces, error %v", pieces, err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(fmt.Errorf("closing: %w", err))
	}
}

// unending is an analysis of ever more pieces.
type unending struct {
	pieces *int
	fifth  func()
}

func (w unending) Analyze(a *model.Article, r *model.Result) error {
	if *w.pieces++; *w.pieces == 5 {
		w.fifth()
	}
	*r = model.Result{Article: a, Layers: model.Layers{Piece: model.Piece{More: true}}}
	return nil
}
