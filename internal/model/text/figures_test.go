package text

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stance/internal/model"
)

const sharedData = "../../../../shared/data"

type segmented struct {
	ID, Name  string
	Text      string
	Sentences []json.RawMessage
}

// readSegmented reads a set of texts with gold sentences, or skips the test.
func readSegmented(t *testing.T, name string) []segmented {
	f, err := os.Open(filepath.Join(sharedData, "segmentation", name))
	if err != nil {
		t.Skipf("needs the shared data: %v", err)
	}
	defer f.Close()
	var out []segmented
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		var x segmented
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

func TestGoldenRules(t *testing.T) {
	texts := readSegmented(t, "golden_rules_en.jsonl")
	r, right := NewReader(vocabulary), 0
	var l model.Layers
	for _, x := range texts {
		r.Read(&model.Article{Text: x.Text}, &l)
		var got, want []string
		for _, s := range l.Sentences {
			got = append(got, strings.Join(strings.Fields(s.In(x.Text)), " "))
		}
		for _, raw := range x.Sentences {
			var s string
			if err := json.Unmarshal(raw, &s); err != nil {
				t.Fatal(err)
			}
			want = append(want, s)
		}
		if strings.Join(got, "\n") == strings.Join(want, "\n") {
			right++
		} else {
			t.Logf("%s:\n got %q\nwant %q", x.Name, got, want)
		}
	}
	t.Logf("golden rules: %d of %d", right, len(texts))
	if right < 48 {
		t.Errorf("golden rules: %d of %d, want 48 at least", right, len(texts))
	}
}

func TestBoundaries(t *testing.T) {
	for _, c := range []struct {
		file string
		f1   float64
	}{{"gum_news_train.jsonl", .97}, {"ewt_dev.jsonl", .85}} {
		t.Run(c.file, func(t *testing.T) {
			r := NewReader(vocabulary)
			var l model.Layers
			var tp, found, gold, exact int
			texts := readSegmented(t, c.file)
			for _, x := range texts {
				r.Read(&model.Article{Text: x.Text}, &l)
				want, got := map[int32]bool{}, map[int32]bool{}
				for i, raw := range x.Sentences {
					var s struct{ From, To int32 }
					if err := json.Unmarshal(raw, &s); err != nil {
						t.Fatal(err)
					}
					if i+1 < len(x.Sentences) {
						want[s.To] = true
					}
				}
				for i := range len(l.Sentences) - 1 {
					got[l.Runes.Rune(l.Sentences[i].End)] = true
				}
				hits := 0
				for e := range got {
					if want[e] {
						hits++
					} else if os.Getenv("SHOW") != "" {
						b := int(l.Runes.Byte(e))
						t.Logf("EXTRA %s: %q | %q", x.ID, x.Text[max(0, b-60):b], x.Text[b:min(len(x.Text), b+40)])
					}
				}
				for e := range want {
					if !got[e] && os.Getenv("SHOW") != "" {
						b := int(l.Runes.Byte(e))
						t.Logf("MISSED %s: %q | %q", x.ID, x.Text[max(0, b-60):b], x.Text[b:min(len(x.Text), b+40)])
					}
				}
				tp, found, gold = tp+hits, found+len(got), gold+len(want)
				if hits == len(got) && hits == len(want) {
					exact++
				}
			}
			f1 := 2 * float64(tp) / float64(found+gold)
			t.Logf("%s: precision %.4f recall %.4f F1 %.4f, exact %d of %d", c.file, float64(tp)/float64(found), float64(tp)/float64(gold), f1, exact, len(texts))
			if f1 < c.f1 {
				t.Errorf("%s: boundary F1 %.4f, want %.2f", c.file, f1, c.f1)
			}
		})
	}
}
