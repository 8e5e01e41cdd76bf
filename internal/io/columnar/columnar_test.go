package columnar

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path"
	"strings"
	"testing"
	"time"
)

// readWhole reads every column that can be read and returns the rows.
func readWhole(data []byte, arrow bool) (rows int, err error) {
	open := OpenParquet
	if arrow {
		open = OpenArrow
	}
	f, err := open(bytes.NewReader(data), int64(len(data)), Limits{Memory: 256 << 20})
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var names []string
	for _, c := range f.Columns {
		if c.Kind != Other {
			names = append(names, c.Name)
		}
	}
	err = f.Read(context.Background(), names, func(b *Batch) error {
		rows += b.Rows
		return nil
	})
	return rows, err
}

// TestSuites reads public suites of odd, broken and fuzzed files: nothing
// crashes or hangs, and valid files are read.
func TestSuites(t *testing.T) {
	f, err := os.Open("../../../../shared/bad-inputs/bad-inputs.tar.gz")
	if err != nil {
		t.Skip("no test suites of bad inputs beside the repository:", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	read, refused := 0, 0
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		arrow, parquet := strings.Contains(h.Name, "arrow-ipc"), strings.Contains(h.Name, "parquet")
		if h.Typeflag != tar.TypeReg || !arrow && !parquet {
			continue
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := readWhole(data, arrow); err != nil {
			refused++
			if testing.Verbose() {
				t.Logf("%s: %v", path.Join(path.Base(path.Dir(h.Name)), path.Base(h.Name)), err)
			}
		} else {
			read++
		}
		if d := time.Since(start); d > time.Minute {
			t.Errorf("%s took %v", h.Name, d)
		}
	}
	t.Logf("%d read, %d refused", read, refused)
	if read < 200 {
		t.Errorf("only %d files were read", read)
	}
}
