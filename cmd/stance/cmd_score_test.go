package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"stance/internal/analysis"
	"stance/internal/io/columnar"
	"stance/internal/io/table"
)

// score analyses records and returns what it writes.
func score(t *testing.T, in []byte, o scoreOptions) []byte {
	t.Helper()
	a, err := published()
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	if err := runScore(t.Context(), o, a, streams{bytes.NewReader(in), &stdout, io.Discard}); err != nil {
		t.Fatal(err)
	}
	return stdout.Bytes()
}

// published compiles what run and score analyse with, once for all tests.
var published = sync.OnceValues(func() (*analysis.Analyzer, error) {
	c, err := configuration(nil, false)
	if err != nil {
		return nil, err
	}
	c.Pair, c.Event, c.Bayes = nil, nil, true
	return newAnalyzer(c)
})

// sampleRecords are the articles of the sample as JSON Lines, text files too.
func sampleRecords(t *testing.T) []byte {
	t.Helper()
	lines, err := os.ReadFile(filepath.Join(sampleFolder, "corpus.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(sampleFolder, "articles", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		day := filepath.Base(f)[:len(time.DateOnly)]
		line, err := json.Marshal(map[string]string{"text": string(b), "published_at": day})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(append(lines, line...), '\n')
	}
	return lines
}

// newsRecords are the first articles of the news sample.
func newsRecords(t *testing.T) []byte {
	t.Helper()
	f, err := os.Open(newsSample)
	if err != nil {
		t.Skip("no news sample beside the repository:", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var lines []byte
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<20)
	for n := 0; n < 200 && s.Scan(); n++ {
		lines = append(append(lines, s.Bytes()...), '\n')
	}
	if s.Err() != nil || len(lines) == 0 {
		t.Fatal(s.Err())
	}
	return lines
}

// jsonRows reads JSON Lines as rows of text, in the way of cell. Lists of
// objects are rows of a table of their own, with the columns of the row
// around them that they lack.
func jsonRows(t *testing.T, lines []byte) map[string][]row {
	t.Helper()
	rows := map[string][]row{}
	text := func(v any) string {
		if v == nil {
			return ""
		}
		return fmt.Sprint(v)
	}
	d := json.NewDecoder(bytes.NewReader(lines))
	d.UseNumber()
	for {
		var fields map[string]any
		if err := d.Decode(&fields); err == io.EOF {
			return rows
		} else if err != nil {
			t.Fatal(err)
		}
		outer := row{}
		for name, v := range fields {
			list, ok := v.([]any)
			if !ok {
				outer[name] = text(v)
				continue
			}
			var words []string
			for _, x := range list {
				members, ok := x.(map[string]any)
				if !ok {
					words = append(words, text(x))
					continue
				}
				inner := row{}
				for _, shared := range []string{"article_id", "outlet", "pub_date"} {
					inner[shared] = text(fields[shared])
				}
				for m, v := range members {
					inner[m] = text(v)
					if l, ok := v.([]any); ok {
						inner[m] = strings.Trim(fmt.Sprint(l), "[]")
					}
				}
				rows[name] = append(rows[name], inner)
			}
			outer[name] = strings.Join(words, " ")
		}
		rows[""] = append(rows[""], outer)
	}
}

// sameRows compares rows, brought into the order of the tables, with those
// that run published: every column that both have, which but for a few are
// all.
func sameRows(t *testing.T, name string, got, want []row, lacks ...string) {
	t.Helper()
	got = slices.Clone(got)
	slices.SortStableFunc(got, func(a, b row) int { return strings.Compare(a["article_id"], b["article_id"]) })
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%s: %d rows, run has %d", name, len(got), len(want))
		return
	}
	for i := range want {
		for column, w := range want[i] {
			g, ok := got[i][column]
			if ok == slices.Contains(lacks, column) {
				t.Fatalf("%s: column %s: there %v", name, column, ok)
			}
			if ok && g != w {
				t.Fatalf("%s: row %d: %s is %q, run has %q", name, i, column, g, w)
			}
		}
		if got[i]["error"] != "" {
			t.Errorf("%s: row %d: error %q", name, i, got[i]["error"])
		}
	}
}

// TestScoreEqualsRun holds that score gives the rows that run publishes, in
// both formats, from both formats, and for any number of workers. Copies are
// what only run can see, so it is told not to look for them.
func TestScoreEqualsRun(t *testing.T) {
	for _, c := range []struct {
		name    string
		records func(*testing.T) []byte
	}{{"sample", sampleRecords}, {"news", newsRecords}} {
		t.Run(c.name, func(t *testing.T) {
			records := c.records(t)
			inputs := []string{sampleFolder}
			if c.name == "news" {
				inputs = []string{filepath.Join(t.TempDir(), "news.jsonl")}
				if err := os.WriteFile(inputs[0], records, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			g := runTables(t, append(inputs, "--no-near-duplicates")...)
			nested := jsonRows(t, score(t, records, scoreOptions{table: table.Nested}))
			for i, line := range bytes.Split(bytes.TrimSpace(records), []byte("\n")) {
				var r struct{ ID string }
				if err := json.Unmarshal(line, &r); err != nil {
					t.Fatal(err)
				}
				if r.ID != "" && nested[""][i]["article_id"] != r.ID {
					t.Fatalf("row %d is of article %s, the record %s", i, nested[""][i]["article_id"], r.ID)
				}
			}
			sameRows(t, "nested", nested[""], readAllRows(t, g, table.Articles), "source_path", "record_no", "duplicate_of", "duplicate_similarity", "text")
			for _, name := range table.Streams() {
				if name == table.Nested {
					continue
				}
				want := readAllRows(t, g, name)
				sameRows(t, "nested "+name, nested[name], want)
				sameRows(t, name, jsonRows(t, score(t, records, scoreOptions{table: name, workers: 3}))[""], want)
				sameRows(t, name+" as Arrow", arrowRows(t, score(t, records, scoreOptions{table: name, to: "arrow"}), name), want)
			}
			one := score(t, records, scoreOptions{table: table.Nested, workers: 1})
			if more := score(t, records, scoreOptions{table: table.Nested, workers: 5}); !bytes.Equal(one, more) {
				t.Error("the rows depend on the number of workers")
			}
		})
	}
}

// arrowRows reads an Arrow stream of a table as rows of text.
func arrowRows(t *testing.T, b []byte, name string) []row {
	t.Helper()
	f, err := columnar.OpenArrowStream(bytes.NewReader(b), columnar.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := table.Find(name)
	var names []string
	var kinds []table.Kind
	for _, c := range f.Columns {
		known, _ := s.Column(c.Name) // error is text, as the zero Column is
		names, kinds = append(names, c.Name), append(kinds, known.Kind)
	}
	var rows []row
	if err := f.Read(t.Context(), names, func(b *columnar.Batch) error {
		for i := range b.Rows {
			r := row{}
			for j, n := range names {
				r[n] = cell(kinds[j], &b.Columns[j], i)
			}
			rows = append(rows, r)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestScoreAnswersAtOnce holds that the rows of a batch come before the next
// batch is given, and that closed pipes and signals end the command.
func TestScoreAnswersAtOnce(t *testing.T) {
	stance, err := tool()
	if err != nil {
		t.Fatal(err)
	}
	const record = `{"id":"a","text":"Hamas accused Israel of delay."}` + "\n"
	start := func() (*exec.Cmd, io.WriteCloser, io.ReadCloser, *bytes.Buffer) {
		cmd := exec.Command(stance, "score", "--table", "sentences")
		cmd.Env = append(os.Environ(), unmasked+"=1")
		said := &bytes.Buffer{}
		cmd.Stderr = said
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		return cmd, in, out, said
	}
	ask := func(in io.Writer, out *bufio.Reader) {
		t.Helper()
		if _, err := io.WriteString(in, record); err != nil {
			t.Fatal(err)
		}
		if line, err := out.ReadString('\n'); err != nil || !strings.HasPrefix(line, `{"sentence_id":"a/s0"`) {
			t.Fatal(line, err)
		}
	}
	ends := func(cmd *exec.Cmd, said *bytes.Buffer, code int, with string) {
		t.Helper()
		var exit *exec.ExitError
		if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if cmd.ProcessState.ExitCode() != code || !strings.Contains(said.String(), with) {
			t.Errorf("%v, not exit code %d; %q lacks %q", cmd.ProcessState, code, said, with)
		}
	}

	cmd, in, out, said := start()
	lines := bufio.NewReader(out)
	ask(in, lines)
	ask(in, lines)
	in.Close()
	if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
		t.Errorf("%q %v", rest, err)
	}
	ends(cmd, said, exitOK, "")

	cmd, in, out, said = start()
	ask(in, bufio.NewReader(out))
	out.Close()
	if _, err := io.WriteString(in, record); err != nil {
		t.Fatal(err)
	}
	ends(cmd, said, exitIO, "standard output was closed")

	cmd, in, out, said = start()
	ask(in, bufio.NewReader(out))
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ends(cmd, said, exitTerminated, "stopped by SIGTERM")
}
