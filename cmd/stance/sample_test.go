package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stance/internal/io/dataset"
	"stance/internal/io/table"
)

const sampleFolder = "../../data/sample"

// runTables runs the command on inputs and returns the published generation.
func runTables(t *testing.T, args ...string) *dataset.Generation {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	var stdout, stderr bytes.Buffer
	if code := stanceMain(append([]string{"stance", "run", "-o", out}, args...), streams{strings.NewReader(""), &stdout, &stderr}); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, &stdout, &stderr)
	}
	g, damage, err := dataset.Verify(context.Background(), out)
	if err != nil || len(damage) > 0 {
		t.Fatal(err, damage)
	}
	return g
}

// readAllRows returns the rows of a table.
func readAllRows(t *testing.T, g *dataset.Generation, name string) []row {
	t.Helper()
	var names []string
	for _, c := range table.Find(name).Columns {
		names = append(names, c.Name)
	}
	var rows []row
	if err := readRows(t.Context(), g, name, names, nil, func(r row) { rows = append(rows, r) }); err != nil {
		t.Fatal(err)
	}
	return rows
}

// readByHand are the articles of the sample whose stances the golden file
// shows sentence by sentence.
var readByHand = []string{
	"2024-03-12_harbour-post_cairo-talks-stall.txt", "2024-05-21_meridian-wire_power-station-strike.txt",
	"2024-10-08_civic-dispatch_insulin-cap.txt", "2025-04-10_eastmark-courier_tariff-letters.txt",
}

// TestSampleTables compares the tables of the sample with a file that people
// read: rows of each table, and the stances of some articles under their
// sentences.
func TestSampleTables(t *testing.T) {
	g := runTables(t, sampleFolder)
	var b strings.Builder
	b.WriteString("rows of the tables\n")
	for _, s := range table.Schemas() {
		n := len(readAllRows(t, g, s.Name))
		if int64(n) != g.Manifest.Rows(s.Name) {
			t.Errorf("%s: %d rows, %d in the manifest", s.Name, n, g.Manifest.Rows(s.Name))
		}
		fmt.Fprintf(&b, "  %-16s %5d\n", s.Name, n)
	}
	articles, sentences, stances := readAllRows(t, g, table.Articles), readAllRows(t, g, table.Sentences), readAllRows(t, g, table.Stances)
	for _, name := range readByHand {
		i := slices.IndexFunc(articles, func(r row) bool { return strings.HasSuffix(r["source_path"], name) })
		if i < 0 {
			t.Fatalf("no article %s", name)
		}
		fmt.Fprintf(&b, "\n%s\n", name)
		for _, s := range sentences {
			if s["article_id"] != articles[i]["article_id"] || s["section"] == "headline_repeat" || s["section"] == "boilerplate" {
				continue
			}
			fmt.Fprintf(&b, "  %s: %s\n", s["section"], oneLine(s["text"]))
			if s["speaker_party"] != "" {
				fmt.Fprintf(&b, "      spoken by %s (%s)\n", s["speaker_party"], s["speaker_method"])
			}
			for _, st := range stances {
				if st["sentence_id"] != s["sentence_id"] {
					continue
				}
				holder := cmp.Or(st["holder_party"], st["holder_person"], st["voice"])
				target := cmp.Or(st["target_party"], st["target_issue"], st["target_person"])
				fmt.Fprintf(&b, "      %s -> %s: %s, %s (%q, rule %s)\n", holder, target, st["act"], st["label"], st["cue"], st["rule"])
			}
		}
	}
	golden(t, "testdata/sample.golden", b.String())
}

// TestSampleBalances holds the totals of the sample, and the size that the
// project promises.
func TestSampleBalances(t *testing.T) {
	g := runTables(t, sampleFolder)
	m := g.Manifest.Totals
	if m.Records != m.Articles+m.Rejected+m.Duplicates || m.Rejected != 0 || m.Articles < 60 {
		t.Errorf("totals %+v", m)
	}
	var records int64
	formats := map[string]bool{}
	for _, in := range g.Manifest.Inputs {
		records += in.Records
		formats[in.Format] = true
	}
	if records != m.Records || !formats["txt"] || !formats["jsonl"] {
		t.Errorf("%d records in the inputs, %d in all; formats %v", records, m.Records, formats)
	}
	for _, name := range []string{table.Sentences, table.Mentions, table.Tones, table.Stances, table.Quotes, table.ArticleParties, table.Dyads, table.RuleStats} {
		if g.Manifest.Rows(name) == 0 {
			t.Errorf("the sample gives no row of %s", name)
		}
	}
}

// TestSameRowsOfShuffledLines holds that the order of the lines of an input
// changes nothing but where articles say they were read, and which of near
// copies published at one time leads the others.
func TestSameRowsOfShuffledLines(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(sampleFolder, "corpus.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimRight(string(b), "\n")+"\n", "\n")
	lines = lines[:len(lines)-1]
	path := filepath.Join(t.TempDir(), "corpus.jsonl")
	parts := func() map[string]string {
		if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o666); err != nil {
			t.Fatal(err)
		}
		sums := map[string]string{}
		for _, tb := range runTables(t, "--workers", "2", "--no-near-duplicates", path).Manifest.Tables {
			if tb.Name == table.Articles {
				continue // source_path and record_no differ
			}
			sum, err := json.Marshal(tb.Parts)
			if err != nil {
				t.Fatal(err)
			}
			sums[tb.Name] = string(sum)
		}
		return sums
	}
	want := parts()
	r := rand.New(rand.NewPCG(3, 4))
	r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	for name, sum := range parts() {
		if sum != want[name] {
			t.Errorf("%s: other bytes when the lines are shuffled", name)
		}
	}
}
