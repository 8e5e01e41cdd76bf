package corpus

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stance/internal/model"
)

// badInputs unpacks the public test suites of damaged files that lie beside
// the repository during development.
func badInputs(t *testing.T) map[string][]byte {
	t.Helper()
	f, err := os.Open("../../../../shared/bad-inputs/bad-inputs.tar.gz")
	if err != nil {
		t.Skip("no test suites of bad inputs beside the repository:", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if files[path.Clean(h.Name)], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

func under(files map[string][]byte, prefix string) []string {
	var names []string
	for name := range files {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// readBytes reads data as a file of a name's ending and fails when that does
// not end.
func readBytes(t *testing.T, dir, name string, data []byte, o Options) got {
	t.Helper()
	in := filepath.Join(dir, path.Base(name))
	if err := os.WriteFile(in, data, 0o666); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(in)
	c, err := Open([]string{in}, o)
	if err != nil {
		t.Fatal(name, err)
	}
	var g got
	var mu sync.Mutex
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	err = c.Read(ctx, 2, func(b *model.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		g.articles = append(g.articles, b.Articles...)
		g.rejects = append(g.rejects, b.Rejects...)
		g.records += b.Records
		return nil
	})
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return g
}

func (g got) has(codes ...string) bool {
	return slices.ContainsFunc(g.rejects, func(r model.Reject) bool { return slices.Contains(codes, r.Code) })
}

func TestJSONSuite(t *testing.T) {
	files := badInputs(t)
	dir := t.TempDir()
	var accepted, valid, refused, invalid, either int
	for _, name := range under(files, "json/test_parsing/") {
		g := readBytes(t, dir, name, files[name], Options{})
		// Valid JSON that is no article is told apart from what is no JSON.
		bad := g.has("E_JSON", "E_DUP_KEY", "E_UTF8", "E_BINARY")
		switch base := path.Base(name); {
		case strings.HasPrefix(base, "y_"):
			if bad {
				t.Errorf("%s was refused: %+v", base, g.rejects)
			}
			valid++
			if !bad {
				accepted++
			}
		case strings.HasPrefix(base, "n_"):
			if !bad {
				t.Errorf("%s was accepted", base)
			}
			invalid++
			if bad {
				refused++
			}
		default:
			either++
		}
	}
	t.Logf("%d of %d y_ files accepted; %d of %d n_ files refused; %d by policy", accepted, valid, refused, invalid, either)
}

// TestCSVSpectrum reads every column of each file as the text of articles and
// compares with what encoding/csv finds there.
func TestCSVSpectrum(t *testing.T) {
	files := badInputs(t)
	dir := t.TempDir()
	names := under(files, "csv-spectrum/")
	if len(names) < 9 {
		t.Fatalf("%d files", len(names))
	}
	cells, exact := 0, 0
	for _, name := range names {
		rows, err := csv.NewReader(bytes.NewReader(files[name])).ReadAll()
		if err != nil {
			t.Fatal(name, err)
		}
		for c, column := range rows[0] {
			g := readBytes(t, dir, name, files[name], Options{Fields: map[string]string{"text": column, "id": "-", "headline": "-", "outlet": "-", "date": "-"}})
			found := map[int64]string{}
			for _, a := range g.articles {
				found[a.Source.RecordNo] = strings.ReplaceAll(a.Text, "\r\n", "\n")
			}
			for _, r := range g.rejects {
				if r.Code != "E_EMPTY_TEXT" {
					t.Errorf("%s: %+v", name, r)
				}
			}
			for i, row := range rows[1:] {
				if got := found[int64(i+1)]; got != row[c] {
					t.Errorf("%s: row %d column %q holds %q, want %q", name, i+1, column, got, row[c])
				}
				if cells++; found[int64(i+1)] == row[c] {
					exact++
				}
			}
			if g.records != int64(len(rows)-1) {
				t.Errorf("%s: %d records, want %d", name, g.records, len(rows)-1)
			}
		}
	}
	t.Logf("%d files, %d of %d cells exact", len(names), exact, cells)
}

// formatsOf returns the endings under which a file of the suites is read: that
// of its own kind, and every other format, since an ending can be wrong.
func formatsOf(name string) (own string, others []string) {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(name, "gofuzz/csv"):
		own = ".csv"
	case strings.HasPrefix(name, "gofuzz/json"):
		own = ".json"
	case strings.HasPrefix(name, "gofuzz/gzip"):
		own = ".jsonl.gz"
	case strings.HasPrefix(name, "zstd/"), strings.HasPrefix(name, "kz/"):
		own = ".txt.zst"
	case strings.Contains(name, "arrow-ipc"):
		own = ".arrow"
	case strings.Contains(name, "parquet"):
		own = ".parquet"
	default:
		if f, p := classify(base); f != formatUnknown {
			own = "." + f.String() + []string{"", ".gz", ".zst", ".bz2"}[p]
		}
	}
	for _, f := range Formats() {
		if "."+f != own {
			others = append(others, "."+f)
		}
	}
	return own, append(others, ".jsonl.gz", ".html.zst", ".txt.bz2", ".parquet.gz")
}

// TestDamagedFiles reads every file of the suites as what it is, and as
// everything that it is not: nothing crashes, hangs or loses a record without
// a word.
func TestDamagedFiles(t *testing.T) {
	files := badInputs(t)
	dir := t.TempDir()
	type count struct{ files, articles, rejects int }
	counts := map[string]*count{}
	slowest, slow := time.Duration(0), ""
	for _, name := range under(files, "") {
		own, others := formatsOf(name)
		for _, as := range append([]string{own}, others...) {
			if as == "" || testing.Short() && as != own {
				continue
			}
			start := time.Now()
			g := readBytes(t, dir, "x"+as, files[name], Options{})
			if d := time.Since(start); d > slowest {
				slowest, slow = d, name+" as "+as
			}
			lost := 0
			for _, r := range g.rejects {
				if !r.Warning {
					lost++
				}
			}
			if int64(len(g.articles)+lost) != g.records {
				t.Errorf("%s as %s: %d records, %d articles and %d rejects", name, as, g.records, len(g.articles), lost)
			}
			group, _, _ := strings.Cut(name, "/")
			group += " " + as
			if as != own {
				group = "any file as " + as
			}
			if counts[group] == nil {
				counts[group] = &count{}
			}
			counts[group].files++
			counts[group].articles += len(g.articles)
			counts[group].rejects += len(g.rejects)
		}
	}
	for _, group := range slices.Sorted(maps.Keys(counts)) {
		c := counts[group]
		t.Logf("%-32s %5d files %6d articles %7d rejects", group, c.files, c.articles, c.rejects)
	}
	t.Logf("slowest: %s, %v", slow, slowest)
}

// TestGoodCompression decompresses the valid files of the suites, whose
// content is no text, and finds no damage.
func TestGoodCompression(t *testing.T) {
	files := badInputs(t)
	n := 0
	for _, name := range under(files, "kz/good/") {
		if !strings.HasSuffix(name, ".zst") {
			continue
		}
		in := filepath.Join(t.TempDir(), "x.txt.zst")
		if err := os.WriteFile(in, files[name], 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := openStream(&file{path: in, open: in, format: formatText, packing: packingZstd}, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := io.ReadAll(s)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if want, ok := files[strings.TrimSuffix(name, ".zst")]; ok && !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
		}
		s.finish(&file{})
		n++
	}
	t.Logf("%d files", n)
}
