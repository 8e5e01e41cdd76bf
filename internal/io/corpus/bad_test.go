package corpus

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"io"
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

// readBytes reads data as a file of a name's ending and fails when that takes
// long.
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
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
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
	var accepted, refused, either int
	for _, name := range under(files, "json/test_parsing/") {
		g := readBytes(t, dir, name, files[name], Options{})
		// Valid JSON that is no article is told apart from what is no JSON.
		bad := g.has("E_JSON", "E_DUP_KEY", "E_UTF8", "E_BINARY")
		switch base := path.Base(name); {
		case strings.HasPrefix(base, "y_"):
			if bad && !strings.Contains(base, "duplicated_key") {
				t.Errorf("%s was refused: %+v", base, g.rejects)
			}
			accepted++
		case strings.HasPrefix(base, "n_"):
			if !bad {
				t.Errorf("%s was accepted", base)
			}
			refused++
		default:
			either++
		}
	}
	t.Logf("%d accepted, %d refused, %d by policy", accepted, refused, either)
}

func TestCSVSpectrum(t *testing.T) {
	files := badInputs(t)
	names := under(files, "csv-spectrum/")
	if len(names) < 9 {
		t.Fatalf("%d files", len(names))
	}
	for _, name := range names {
		c := csvReader{delimiter: guessDelimiter(files[name])}
		columns := 0
		for b := files[name]; len(b) > 0; {
			size, status := c.parse(b, true)
			if columns == 0 {
				columns = len(c.fields)
			}
			if status != csvGood || len(c.fields) != columns {
				t.Errorf("%s: status %d, %d fields of %d", name, status, len(c.fields), columns)
			}
			b = b[size:]
		}
	}
}

// TestDamagedFiles reads every file of the suites whose format is known:
// nothing crashes or hangs.
func TestDamagedFiles(t *testing.T) {
	files := badInputs(t)
	dir := t.TempDir()
	counts := map[string][3]int{}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range files {
			if !yield(name) {
				return
			}
		}
	}) {
		as := path.Base(name)
		switch {
		case strings.HasPrefix(name, "yaml/"):
			continue
		case strings.HasPrefix(name, "gofuzz/csv"):
			as += ".csv"
		case strings.HasPrefix(name, "gofuzz/json"):
			as += ".json"
		case strings.HasPrefix(name, "gofuzz/gzip"):
			as += ".jsonl.gz"
		case strings.HasPrefix(name, "zstd/"), strings.HasPrefix(name, "kz/"):
			as = strings.TrimSuffix(as, ".zst") + ".txt.zst"
		case strings.Contains(name, "arrow-ipc"):
			as += ".arrow"
		case strings.Contains(name, "parquet"):
			as += ".parquet"
		}
		if f, _ := classify(as); f == formatUnknown {
			continue
		}
		start := time.Now()
		g := readBytes(t, dir, as, files[name], Options{Fields: map[string]string{"text": "text"}})
		if d := time.Since(start); d > time.Minute {
			t.Errorf("%s took %v", name, d)
		}
		group, _, _ := strings.Cut(name, "/")
		c := counts[group+" "+filepath.Ext(as)]
		c[0]++
		c[1] += len(g.articles)
		c[2] += len(g.rejects)
		counts[group+" "+filepath.Ext(as)] = c
	}
	t.Log("files, articles, rejects by suite: ", counts)
}
