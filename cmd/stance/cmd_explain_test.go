package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stance/internal/analysis"
)

// TestTooLongToShow refuses an article that is analysed in pieces.
func TestTooLongToShow(t *testing.T) {
	in := filepath.Join(t.TempDir(), "long.txt")
	for _, n := range []int{analysis.Long - 1, analysis.Long} {
		if err := os.WriteFile(in, []byte(strings.Repeat("a ", n)[:n]), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := readArticles(context.Background(), in, "", nil)
		if refused := err != nil; refused != (n == analysis.Long) || refused && exitCode(err, context.Background()) != exitAllRejected {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}
