package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stance/internal/io/gold"
)

// command runs a command line and returns its exit code and output.
func command(args ...string) (code int, out, msg string) {
	var stdout, stderr bytes.Buffer
	code = stanceMain(append([]string{"stance"}, args...), streams{strings.NewReader(""), &stdout, &stderr})
	return code, stdout.String(), stderr.String()
}

// sampleRun publishes the sample corpus, or what a pack makes of it.
func sampleRun(t *testing.T, packs ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	args := []string{"run", "../../data/sample", "-o", out}
	for _, p := range packs {
		args = append(args, "--pack", p)
	}
	if code, _, msg := command(args...); code != exitOK {
		t.Fatalf("run: exit %d: %s", code, msg)
	}
	return out
}

func TestDiff(t *testing.T) {
	pack := tempFile(t, "extra.yaml", "pack: {id: extra, version: 1.0.0, lang: en, license: CC0-1.0}\n"+
		"parties:\n  - {id: weekdays, label: Weekdays, kind: group, aliases: [Monday, Tuesday, Wednesday, Thursday, Friday]}\n")
	a, b := sampleRun(t), sampleRun(t, pack)
	if code, out, msg := command("diff", a, a); code != exitOK || out != "no changes\n" {
		t.Errorf("a run beside itself: exit %d\n%s%s", code, out, msg)
	}
	code, out, msg := command("diff", a, b, "--samples", "1")
	if code != exitCheck || !strings.Contains(out, "mentions: ") || !strings.Contains(out, "  party weekdays ") || !strings.Contains(out, "  gained ") {
		t.Errorf("exit %d\n%s%s", code, out, msg)
	}
	_, again, _ := command("diff", a, b, "--samples", "1")
	if again != out {
		t.Error("the same runs are compared differently")
	}
	_, object, _ := command("diff", b, a, "--json")
	var diffs []tableDiff
	if err := json.Unmarshal([]byte(object), &diffs); err != nil {
		t.Fatal(err)
	}
	for _, d := range diffs {
		if d.Table == "mentions" && (d.Lost == 0 || len(d.ByParty) == 0 || len(d.Samples) == 0 || d.Samples[0].Sentence == "") {
			t.Errorf("%+v", d)
		}
	}
	for _, tt := range []struct {
		code int
		args []string
	}{{exitUsage, []string{"diff", a}}, {exitUsage, []string{"diff", a, b, "--samples", "-1"}}, {exitNoInput, []string{"diff", a, a + "x"}}} {
		if code, _, msg := command(tt.args...); code != tt.code {
			t.Errorf("%v: exit %d, want %d: %s", tt.args, code, tt.code, msg)
		}
	}
}

func TestSample(t *testing.T) {
	in := sampleRun(t)
	dir := t.TempDir()
	for _, ending := range []string{".jsonl", ".csv"} {
		file := filepath.Join(dir, "s"+ending)
		code, out, msg := command("sample", in, "--by", "rule,party,confidence", "-n", "10", "-o", file)
		if code != exitOK || !strings.HasPrefix(out, "10 rows of ") {
			t.Fatalf("exit %d: %s%s", code, out, msg)
		}
		first, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		command("sample", in, "--by", "rule,party,confidence", "-n", "10", "-o", file)
		if second, _ := os.ReadFile(file); !bytes.Equal(first, second) {
			t.Error("the same sample is drawn differently")
		}
		// As it is drawn, nothing is judged yet; then a coder judges the first five.
		samples, list := gold.Read(file, first, gold.Coded)
		if len(list) > 0 || len(samples) != 10 || samples[0].Skip == "" || len(samples[0].Codes) != 2 || samples[0].Field("rule") == "" || samples[0].Text == "" {
			t.Fatalf("%v %+v", list, samples)
		}
		if code, _, msg := command("eval", "--task", "coded", file); code != exitConfig || !strings.Contains(msg, "no sample can be judged") {
			t.Errorf("not coded: exit %d: %s", code, msg)
		}
		coded := strings.Replace(string(first), `"coder_1":""`, `"coder_1":"yes"`, 5)
		if ending == ".csv" {
			coded = strings.Replace(string(first), ",,,\n", ",yes,,\n", 5)
		}
		if code, out, msg := command("eval", "--task", "coded", tempFile(t, "c"+ending, coded)); code != exitOK ||
			!strings.Contains(out, "task coded: 5 judgements in 5 texts; 5 texts skipped without a code\n") || !strings.Contains(out, "by rule\n") {
			t.Errorf("exit %d: %s%s", code, out, msg)
		}
	}
	for _, args := range [][]string{{"sample", in}, {"sample", in, "-o", "x.txt"}, {"sample", in, "-o", "x.csv", "--by", "mood"}, {"sample", in, "-o", "x.csv", "-n", "0"}} {
		if code, _, msg := command(args...); code != exitUsage {
			t.Errorf("%v: exit %d: %s", args, code, msg)
		}
	}
}

func TestDrawStrata(t *testing.T) {
	var all []drawn
	for i := range 12 {
		s := "large"
		if i%4 == 0 {
			s = "small" // three of twelve
		}
		all = append(all, drawn{id: string(rune('a' + i)), stratum: s})
	}
	n, sum := map[string]int{}, 0.0
	for _, d := range drawStrata(all, 8, "") {
		n[d.stratum]++
		sum += d.weight
	}
	if n["small"] != 3 || n["large"] != 5 || sum < 11.999 || sum > 12.001 {
		t.Errorf("%v, together standing for %v", n, sum)
	}
}

func TestInert(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "=1+1": "'=1+1", "-0.5": "-0.5", "-x": "'-x", "@a": "'@a", "\tb": "'\tb"} {
		if got := inert(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
