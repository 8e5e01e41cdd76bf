package analysis

import (
	"bytes"
	"reflect"
	"testing"

	"stance/internal/model"
)

// ofRun returns the analyzer of a run.
func ofRun(tb testing.TB) *Analyzer {
	tb.Helper()
	c := embeddedConfig()
	c.Pair, c.Event, c.Bayes = nil, nil, true
	return compiled(tb, c)
}

func TestAnalyzerReadBackIsTheOneCompiled(t *testing.T) {
	made := ofRun(t)
	var b bytes.Buffer
	if err := made.Write(&b, "key"); err != nil {
		t.Fatal(err)
	}
	read, err := Read(bytes.Clone(b.Bytes()), "key")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read.Program, made.Program) {
		t.Error("the program is another one")
	}
	// Scorer and models show in what they find.
	text := "Israel condemned the attack on Monday\n\nIsrael's prime minister, Benjamin Netanyahu, accused Hamas of a cruel massacre.\n" +
		"\"We are not satisfied with the proposal,\" a Hamas official said, praising Qatar's zealous mediators.\n"
	found := func(a *Analyzer) (r model.Result) {
		a.NewWorker().Analyze(&model.Article{ID: "a", Text: text, Lang: "en"}, &r, nil)
		return r
	}
	want := found(made)
	if len(want.Tones) == 0 || len(want.Stances) == 0 || !want.Sentiments[0].HasBayes {
		t.Fatalf("little is found: %+v", want)
	}
	if got := found(read); !reflect.DeepEqual(got, want) {
		t.Errorf("found %+v, before %+v", got, want)
	}
	var again bytes.Buffer
	if err := read.Write(&again, "key"); err != nil {
		t.Fatal(err)
	}
	second, err := Read(again.Bytes(), "key")
	if err != nil || !reflect.DeepEqual(read, second) {
		t.Error("the analyzer changes when it is written once more:", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	a := ofRun(b)
	var buf bytes.Buffer
	for b.Loop() {
		buf.Reset()
		if err := a.Write(&buf, "key"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	a := ofRun(b)
	var buf bytes.Buffer
	if err := a.Write(&buf, "key"); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		if _, err := Read(buf.Bytes(), "key"); err != nil {
			b.Fatal(err)
		}
	}
}
