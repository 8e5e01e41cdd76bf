package analysis_test

import (
	"bytes"
	"reflect"
	"testing"

	"stance/data"
	"stance/internal/analysis"
	"stance/internal/model/rules"
)

// embedded is the configuration of a run.
func embedded() analysis.Config {
	c := analysis.Config{Sentiment: data.Model("sentiment.tsv"), Tone: data.Model("tone.tsv"), Bayes: true}
	for _, f := range data.Packs() {
		c.Packs = append(c.Packs, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	for _, f := range data.Lexicons() {
		c.Lexicons = append(c.Lexicons, rules.Source{Name: f.Name, Data: f.Data, Trusted: true})
	}
	return c
}

func TestAnalyzerReadBackIsTheOneCompiled(t *testing.T) {
	made, mistakes, err := analysis.New(embedded())
	if err != nil || made == nil {
		t.Fatal(mistakes, err)
	}
	var b bytes.Buffer
	if err := made.Write(&b, "key"); err != nil {
		t.Fatal(err)
	}
	read, err := analysis.Read(bytes.Clone(b.Bytes()), "key")
	if err != nil {
		t.Fatal(err)
	}
	// The scorer waits for what the one read has at hand, so that a second round
	// compares all there is.
	if !reflect.DeepEqual(read.Program, made.Program) {
		t.Error("the program is another one")
	}
	var again bytes.Buffer
	if err := read.Write(&again, "key"); err != nil {
		t.Fatal(err)
	}
	second, err := analysis.Read(again.Bytes(), "key")
	if err != nil || !reflect.DeepEqual(read, second) {
		t.Error("the analyzer changes when it is written once more:", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	a, mistakes, err := analysis.New(embedded())
	if err != nil || a == nil {
		b.Fatal(mistakes, err)
	}
	var buf bytes.Buffer
	for b.Loop() {
		buf.Reset()
		if err := a.Write(&buf, "key"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	a, mistakes, err := analysis.New(embedded())
	if err != nil || a == nil {
		b.Fatal(mistakes, err)
	}
	var buf bytes.Buffer
	if err := a.Write(&buf, "key"); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		if _, err := analysis.Read(buf.Bytes(), "key"); err != nil {
			b.Fatal(err)
		}
	}
}
