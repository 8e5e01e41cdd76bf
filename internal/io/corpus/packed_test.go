package corpus

import (
	"fmt"
	"strings"
	"testing"
)

// sixLines are six records, and sixBzipped the same compressed: the standard
// library compresses no bzip2.
func sixLines() string {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, `{"id":"r%d","text":"Line number %d of a small file."}`+"\n", i, i)
	}
	return b.String()
}

const sixBzipped = "BZh11AY&SY ?+\x81\x00\x00\x96]\x80\x00\x10P\x05~\x10\x00\x04\x37'\x9eJ \x00\x88\x12T\x1e\xa0\x06\x87\xa2\x01\xa0\x89\x45\x0c\x41\xa0z\x87\xa2\x34\x98\xba\x13\x8a\x42\x88\xa1\x8eY\xe9\x0d\xc4\xcc\xcc\xd6x)\x09\xc5\x31P'\x14\x46\xc3\x98\xdb\xc4\x92I$\x95\x10\xa0\xdc\x1b\x8e\x83\x61\xd0s\x1dG\x01\xc4~\x0e\xa3\x80\xe4\x37\x1f\xa3\xf8j8\x83\xd4r\x1a\x0e\xc3\x41\xccw\x0e\xc3Q\xfe.\xe4\x8ap\xa1 @~W\x02"

// packedFiles are the same six records in every packing.
func packedFiles() map[string][]byte {
	return map[string][]byte{"gz": gzipped(sixLines()), "zst": zstandard(sixLines()), "bz2": []byte(sixBzipped)}
}

// TestJunkAfterPacked puts bytes behind a complete compressed file: nothing of
// it is lost, and a warning says so.
func TestJunkAfterPacked(t *testing.T) {
	for ending, whole := range packedFiles() {
		for _, junk := range []string{"\n", "\x00", "x", "\x00\x00", "ab", "\x00\x00\x00", "abc", "P*M", "\x1f\x8c", "abcd", strings.Repeat("\x00", 512), "junk behind the end of it all"} {
			g := read(t, []string{write(t, "x.jsonl."+ending, append(whole[:len(whole):len(whole)], junk...))}, Options{}, 1)
			if len(g.articles) != 6 || len(g.rejects) != 1 || !g.rejects[0].Warning || !strings.HasSuffix(g.rejects[0].Code, "_JUNK") {
				t.Errorf("%s with %q behind it:\n%s", ending, junk, g.summary())
			}
		}
		g := read(t, []string{write(t, "x.jsonl."+ending, append(whole[:len(whole):len(whole)], whole...))}, Options{}, 1)
		if len(g.articles) != 12 || len(g.rejects) != 0 {
			t.Errorf("%s twice:\n%s", ending, g.summary())
		}
	}
}

// TestCutPacked cuts a compressed file at every byte: what is whole before the
// cut is kept, and one reject says what is not.
func TestCutPacked(t *testing.T) {
	for ending, whole := range packedFiles() {
		kept := map[int]int{}
		for n := range whole {
			g := read(t, []string{write(t, "x.jsonl."+ending, whole[:n])}, Options{}, 1)
			ok := len(g.rejects) == 1 && !g.rejects[0].Warning && (strings.HasSuffix(g.rejects[0].Code, "_TRUNCATED") || n == 0 && g.rejects[0].Code == "E_EMPTY")
			for i, a := range g.articles {
				ok = ok && a.ID == fmt.Sprint("r", i) && a.Text == fmt.Sprintf("Line number %d of a small file.", i)
			}
			if ok = ok && len(g.articles) < 7; ok && len(g.articles) < 6 {
				ok = g.rejects[0].Line == int64(len(g.articles))+1
			}
			if !ok {
				t.Errorf("%s cut at byte %d of %d:\n%s", ending, n, len(whole), g.summary())
			}
			kept[len(g.articles)]++
		}
		if ending == "gz" && len(kept) < 4 {
			t.Errorf("%s: every cut keeps as much: %v", ending, kept)
		}
	}
	// A second one that is cut.
	for ending, whole := range packedFiles() {
		for n := 1; n < len(whole); n++ {
			g := read(t, []string{write(t, "x.jsonl."+ending, append(whole[:len(whole):len(whole)], whole[:n]...))}, Options{}, 1)
			if len(g.articles) < 6 || len(g.rejects) != 1 || !g.rejects[0].Warning && !strings.HasSuffix(g.rejects[0].Code, "_TRUNCATED") {
				t.Errorf("a second %s cut at byte %d of %d:\n%s", ending, n, len(whole), g.summary())
			}
		}
	}
}
