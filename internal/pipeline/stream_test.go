package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stance/internal/io/columnar"
	"stance/internal/io/corpus"
	"stance/internal/io/table"
	"stance/internal/pipeline"
)

// stream sends input through Stream.
func stream(t testing.TB, ctx context.Context, in io.Reader, from, name string, f table.StreamFormat, w io.Writer, workers int) error {
	t.Helper()
	src, err := corpus.Open([]string{"-"}, corpus.Options{From: from, Stdin: in, MaxRecord: 512 << 10})
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewStream(name, f, table.Content{}, table.Metadata{ToolVersion: "test"})
	if err != nil {
		t.Fatal(err)
	}
	head, err := s.Head()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(head); err != nil {
		t.Fatal(err)
	}
	if err := pipeline.Stream(ctx, src, w, pipeline.StreamOptions{Workers: workers,
		NewWorker: func() pipeline.Worker { return simple{} }, NewEncoder: func() pipeline.Encoder { return s.NewRows() }}); err != nil {
		return err
	}
	_, err = w.Write(s.Tail())
	return err
}

// records are JSON Lines, some of them bad.
func records(n int) string {
	var b strings.Builder
	for i := range n {
		switch {
		case i%7 == 3:
			fmt.Fprintf(&b, `{"id":"a%d"}`, i)
		case i%7 == 5:
			fmt.Fprintf(&b, `{"id":"a%d","text":"PANIC"}`, i)
		case i == 104:
			fmt.Fprintf(&b, `{"id":"a%d","text":"%s"}`, i, strings.Repeat("x", 600<<10))
		default:
			fmt.Fprintf(&b, `{"id":"a%d","text":"%sAlba hails Borea."}`, i, strings.Repeat("And so on. ", i%9))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestStreamKeepsOrder holds that each record is a row, in the order of the
// input, for any number of workers and however the input arrives, and that a
// row says why it has nothing.
func TestStreamKeepsOrder(t *testing.T) {
	in := records(700)
	var want string
	for _, workers := range []int{1, 2, 7} {
		for _, r := range []io.Reader{strings.NewReader(in), &dribble{in, 999}} {
			var out bytes.Buffer
			if err := stream(t, t.Context(), r, "jsonl", table.Nested, table.StreamJSONL, &out, workers); err != nil {
				t.Fatal(err)
			}
			if want == "" {
				want = out.String()
			}
			if out.String() != want {
				t.Fatalf("other rows with %d workers", workers)
			}
		}
	}
	lines := strings.Split(strings.TrimSpace(want), "\n")
	if len(lines) != 700 {
		t.Fatalf("%d rows for 700 records", len(lines))
	}
	for i, l := range lines {
		code := "null}"
		switch {
		case i%7 == 3:
			code = `[E_NO_TEXT]"}`
		case i%7 == 5:
			code = `the analysis failed: \"asked for\" [E_PANIC]"}`
		}
		id := fmt.Sprintf(`{"article_id":"a%d",`, i)
		if i == 104 { // a line that is skipped
			id, code = `{"article_id":null,`, `[E_TOO_LONG]"}`
		}
		if !strings.HasPrefix(l, id) || !strings.HasSuffix(l, code) || strings.HasSuffix(l, `"error":null}`) != strings.Contains(l, `"sentences":[{"`) {
			t.Fatalf("row %d: %.200s … %s", i, l, l[max(0, len(l)-100):])
		}
	}
}

// dribble gives a few bytes at a time.
type dribble struct {
	rest string
	n    int
}

func (d *dribble) Read(p []byte) (int, error) {
	if d.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, d.rest[:min(d.n, len(d.rest))])
	d.rest = d.rest[n:]
	return n, nil
}

// TestStreamOfArrow reads back what is written as Arrow, flat and nested: the
// input of one stream is the output of another.
func TestStreamOfArrow(t *testing.T) {
	var out bytes.Buffer
	if err := stream(t, t.Context(), strings.NewReader(records(100)), "jsonl", table.Sentences, table.StreamArrow, &out, 2); err != nil {
		t.Fatal(err)
	}
	// The sentences are articles now: they have article_id and text.
	again := func(b []byte) (string, error) {
		var rows bytes.Buffer
		err := stream(t, t.Context(), bytes.NewReader(b), "arrow", table.Nested, table.StreamJSONL, &rows, 2)
		return rows.String(), err
	}
	rows, err := again(out.Bytes())
	if err != nil || strings.Count(rows, "\n") < 100 || !strings.Contains(rows, `{"article_id":"a8",`) || !strings.Contains(rows, `{"article_id":"a3",`) {
		t.Fatalf("%v\n%.2000s", err, rows)
	}
	f, err := columnar.OpenArrowStream(bytes.NewReader(out.Bytes()), columnar.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if last := f.Columns[len(f.Columns)-1]; last.Name != "error" || len(f.Columns) != len(table.Find(table.Sentences).Columns)+1 || f.Metadata["tool_version"] != "test" {
		t.Errorf("%+v %v", f.Columns, f.Metadata)
	}
	// Cut anywhere it is broken, but between messages it only ends.
	whole, broken := 0, 0
	for cut := range out.Len() {
		if cut%499 != 0 && cut < out.Len()-20 {
			continue
		}
		rows, err := again(out.Bytes()[:cut])
		switch {
		case errors.Is(err, corpus.ErrBroken):
			broken++
		case err != nil:
			t.Fatal(cut, err)
		case rows != "":
			whole++
		}
	}
	if whole == 0 || broken < 50 {
		t.Errorf("%d cuts are between messages, %d are not", whole, broken)
	}
	// Flipped bits end with an error or with rows.
	for at := 0; at < out.Len(); at += 997 {
		b := bytes.Clone(out.Bytes())
		b[at] ^= 1 << (at % 8)
		if _, err := again(b); err != nil && !errors.Is(err, corpus.ErrBroken) {
			t.Fatal(at, err)
		}
	}
}

// endless gives records for ever and counts them.
type endless struct{ n atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	const line = `{"text":"Alba hails Borea."}` + "\n"
	if len(p) < len(line) {
		return 0, io.ErrShortBuffer
	}
	e.n.Add(1)
	return copy(p, line), nil
}

// stuck is a writer that waits until it is closed.
type stuck chan struct{}

func (s stuck) Write(p []byte) (int, error) {
	<-s
	return 0, io.ErrClosedPipe
}

// TestStreamIsBounded holds that input waits for a slow reader of the output,
// whose end then ends everything, even while the input is silent.
func TestStreamIsBounded(t *testing.T) {
	in, out := &endless{}, make(stuck)
	ended := make(chan error)
	go func() {
		ended <- stream(t, t.Context(), in, "jsonl", table.Sentences, table.StreamJSONL, io.MultiWriter(io.Discard, skipFirst(out)), 2)
	}()
	for before := int64(-1); before != in.n.Load(); time.Sleep(50 * time.Millisecond) {
		before = in.n.Load()
	}
	if n := in.n.Load(); n > 100 {
		t.Errorf("%d records were read and none was written", n)
	}
	close(out)
	if err := <-ended; !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}

	silent, feed := io.Pipe()
	defer feed.Close()
	out = make(stuck)
	close(out)
	go func() {
		ended <- stream(t, t.Context(), silent, "jsonl", table.Sentences, table.StreamJSONL, skipFirst(out), 2)
	}()
	fmt.Fprintln(feed, `{"text":"Alba hails Borea."}`)
	if err := <-ended; !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}

	ctx, cancel := context.WithCancelCause(t.Context())
	go func() { ended <- stream(t, ctx, silent, "jsonl", table.Sentences, table.StreamJSONL, io.Discard, 2) }()
	stop := errors.New("stop")
	cancel(stop)
	if err := <-ended; !errors.Is(err, stop) {
		t.Error(err)
	}
}

// skipFirst takes the first write, which is the head.
func skipFirst(w io.Writer) io.Writer { return &skipper{w: w} }

type skipper struct {
	w     io.Writer
	begun bool
}

func (s *skipper) Write(p []byte) (int, error) {
	if !s.begun {
		s.begun = true
		return len(p), nil
	}
	return s.w.Write(p)
}
