package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"stance/internal/eval"
	"stance/internal/io/gold"
	"stance/internal/model"
)

// constant answers every question alike.
type constant struct{ class int }

func (c constant) judgement() eval.Judgement {
	p := []float64{.1, .1, .1}
	p[c.class+1] = .8
	return eval.Judgement{Class: c.class, Score: float64(c.class), P: p, Features: []string{"cue|*x*"}}
}

func (c constant) Segment(*gold.Sample) []model.Span                  { return nil }
func (c constant) Sentiment(*gold.Sample, eval.Scorer) eval.Judgement { return c.judgement() }
func (c constant) Pair(*gold.Sample) eval.Judgement                   { return eval.Judgement{} }
func (c constant) Event(*gold.Sample) eval.Judgement                  { return eval.Judgement{} }
func (c constant) Attribute(*gold.Sample) []eval.Attribution          { return nil }
func (c constant) Parties(*gold.Sample) []gold.Mention                { return nil }
func (c constant) Relations(*gold.Sample) []gold.Relation             { return nil }
func (c constant) Tone(s *gold.Sample) (out []eval.Judgement) {
	for range s.Targets {
		out = append(out, c.judgement())
	}
	return out
}

// toneGold holds six targets in three articles, four of them positive.
const toneGold = `{"id":"x-1","article":"a","text":"Ann won. \u001b[31m","targets":[{"from":0,"to":3,"mention":"Ann","label":1}]}
{"id":"x-2","article":"a","text":"Ann <b>lost</b> | again.","targets":[{"from":0,"to":3,"mention":"Ann","label":-1}]}
{"id":"x-3","article":"b","text":"Bob won.","targets":[{"from":0,"to":3,"mention":"Bob","label":1}]}
{"id":"x-4","article":"b","text":"Bob won.","targets":[{"from":0,"to":3,"mention":"Bob","label":1}]}
{"id":"x-5","article":"c","text":"Eve won, Ann slept.","targets":[{"from":0,"to":3,"mention":"Eve","label":1},{"from":9,"to":12,"mention":"Ann","label":0}]}
`

func tempFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// evalWith runs the command with a given predictor.
func evalWith(t *testing.T, o evalOptions, p eval.Predictor) (code int, out, msg string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	std := streams{strings.NewReader(""), &stdout, &stderr}
	samples, err := readLabelled(o, std)
	if err == nil {
		err = runEval(t.Context(), o, samples, p, std)
	}
	return tell(err, t.Context(), &stderr), stdout.String(), stderr.String()
}

func TestEvalReport(t *testing.T) {
	o := evalOptions{task: gold.Tone, files: []string{tempFile(t, "g", toneGold)}, format: "text", scorers: []eval.Scorer{eval.News},
		by: []string{"party"}, errors: 1, min: []bar{{"accuracy", .5}}}
	code, out, msg := evalWith(t, o, constant{1})
	if code != exitOK || msg != "" {
		t.Fatalf("exit %d: %s", code, msg)
	}
	for _, want := range []string{
		"task tone: 6 judgements in 5 texts\n", "  accuracy        0.667  0.500 to 1.000\n", "  1          0.667   1.000  0.800        4     0    0    4\n",
		"  Ann    3  ", "  x-2: answer 1, gold -1: [Ann] <b>lost</b> | again.\n    by cue|*x*\n", "  met: accuracy >= 0.5\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q:\n%s", want, out)
		}
	}
	o.format, o.errors = "markdown", 9
	_, out, _ = evalWith(t, o, constant{0})
	for _, want := range []string{"### task tone", "| accuracy       | 0.167 |", `gold -1: \[Ann\] &lt;b>lost&lt;/b> \| again.`, `\[Ann\] won. \u{1b}\[31m`} {
		if !strings.Contains(out, want) {
			t.Errorf("the Markdown lacks %q:\n%s", want, out)
		}
	}
}

func TestEvalBars(t *testing.T) {
	file := filepath.Join(t.TempDir(), "junit.xml")
	o := evalOptions{task: gold.Tone, files: []string{tempFile(t, "g", toneGold)}, format: "json", scorers: []eval.Scorer{eval.News},
		junit: file, min: []bar{{"accuracy", .5}, {"macro_f1", .9}}}
	code, out, msg := evalWith(t, o, constant{1})
	if code != exitCheck || !strings.Contains(msg, "macro_f1 is 0.2667, below 0.9") {
		t.Errorf("exit %d: %s", code, msg)
	}
	var object struct {
		N    int
		Bars []struct{ Met bool }
	}
	if err := json.Unmarshal([]byte(out), &object); err != nil || object.N != 6 || len(object.Bars) != 2 || !object.Bars[0].Met || object.Bars[1].Met {
		t.Errorf("%v %+v", err, object)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var suite junitSuite
	if err := xml.Unmarshal(b, &suite); err != nil || suite.Tests != 2 || suite.Failures != 1 || suite.Cases[0].Failure != nil || suite.Cases[1].Failure == nil {
		t.Errorf("%v %s", err, b)
	}
	o.min = []bar{{"f2", .5}}
	if code, _, msg := evalWith(t, o, constant{1}); code != exitUsage || !strings.Contains(msg, "it has macro_f1, accuracy, average_recall, ece") {
		t.Errorf("exit %d: %s", code, msg)
	}
}

func TestEvalBaseline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tone.json")
	var lines strings.Builder
	for i := range 12 {
		fmt.Fprintf(&lines, `{"id":"x%d-1","text":"Ann won. \u001b[31m","targets":[{"from":0,"to":3,"mention":"Ann","label":1}]}`+"\n", i)
	}
	lines.WriteString(`{"id":"y-1","text":"Ann lost.","targets":[{"from":0,"to":3,"mention":"Ann","label":-1}]}`)
	o := evalOptions{task: gold.Tone, files: []string{tempFile(t, "g", lines.String())}, format: "text", scorers: []eval.Scorer{eval.News}, baseline: file}
	if code, _, msg := evalWith(t, o, constant{1}); code != exitNoInput {
		t.Errorf("no baseline: exit %d: %s", code, msg)
	}
	o.update = true
	if code, _, msg := evalWith(t, o, constant{1}); code != exitOK {
		t.Fatalf("update: exit %d: %s", code, msg)
	}
	o.update = false
	if code, out, msg := evalWith(t, o, constant{1}); code != exitOK || !strings.Contains(out, "0 better, 0 worse of 13 shared") {
		t.Errorf("the same: exit %d: %s%s", code, msg, out)
	}
	code, out, msg := evalWith(t, o, constant{-1})
	if code != exitCheck || !strings.Contains(msg, "significantly worse than") || !strings.Contains(out, "x0-1: answer -1, was 1, gold 1: [Ann] won. \\u{1b}[31m\n") {
		t.Errorf("worse: exit %d: %s%s", code, msg, out)
	}
	if err := os.WriteFile(file, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, msg := evalWith(t, o, constant{1}); code != exitConfig {
		t.Errorf("bad baseline: exit %d: %s", code, msg)
	}
}

func TestEvalCommandLine(t *testing.T) {
	good := tempFile(t, "good.jsonl", toneGold)
	bad := tempFile(t, "bad.jsonl", `{"text":"A"}`+"\n"+`{"text":"A","targets":[{"from":0,"to":1,"mention":"B","label":1}]}`)
	tests := []struct {
		name string
		args []string
		code int
		msg  string
	}{
		{"no task", []string{good}, exitUsage, "stance: eval needs --task: segmentation, sentiment, tone, stance, attribution, parties, relations or coded\n"},
		{"unknown task", []string{"--task", "mood", good}, exitUsage, "stance: unknown task \"mood\": expected segmentation, sentiment, tone, stance, attribution, parties, relations or coded\n"},
		{"no gold", []string{"--task", "tone"}, exitUsage, "stance: eval needs at least one GOLD file; see 'stance eval --help'\n"},
		{"two formats", []string{"--task", "tone", good, "--json", "--markdown"}, exitUsage, "stance: --json and --markdown exclude each other\n"},
		{"bar", []string{"--task", "tone", "--min", "accuracy", good}, exitUsage, "stance: --min \"accuracy\": expected FIGURE=NUMBER, such as macro_f1=0.62\n"},
		{"update alone", []string{"--task", "tone", "--update-baseline", good}, exitUsage, "stance: --update-baseline needs --baseline FILE to write to\n"},
		{"scorer elsewhere", []string{"--task", "tone", "--scorer", "bayes", good}, exitUsage, "stance: --scorer belongs to the task sentiment\n"},
		{"unknown scorer", []string{"--task", "sentiment", "--scorer", "x", good}, exitUsage, "stance: unknown scorer \"x\": expected news, bayes, vader or all\n"},
		{"missing", []string{"--task", "tone", good + "x"}, exitNoInput, "stance: open " + good + "x: no such file or directory\n"},
		{"bad lines", []string{"--task", "tone", good, bad}, exitConfig, bad + ":1:1: the field \"targets\" is missing; expected an array of {from, to, mention, label} [missing]\n" +
			bad + ":2:51: \"mention\" is \"B\" but the offsets hold \"A\"; they count code points, the end exclusive [mention]\nstance: 2 mistakes in labelled texts\n"},
	}
	for _, tt := range tests {
		var out, msg bytes.Buffer
		code := stanceMain(append([]string{"stance", "eval"}, tt.args...), streams{strings.NewReader(""), &out, &msg})
		if code != tt.code || msg.String() != tt.msg || out.Len() > 0 {
			t.Errorf("%s: exit %d, want %d\n%s%s", tt.name, code, tt.code, &out, &msg)
		}
	}
}

func TestOptionsMayStandAnywhere(t *testing.T) {
	commands := []*cli.Command{
		{Name: "run", Flags: []cli.Flag{&cli.StringFlag{Name: "out", Aliases: []string{"o"}}, &cli.BoolFlag{Name: "quiet"}}},
		{Name: "rules", Subcommands: []*cli.Command{{Name: "test", Flags: []cli.Flag{&cli.StringFlag{Name: "rule"}}}}},
	}
	for line, want := range map[string]string{
		"":                              "",
		"run in -o OUT in2":             "run -o OUT in in2",
		"run in --quiet in2":            "run --quiet in in2",
		"run in --out=OUT - --quiet":    "run --out=OUT --quiet in -",
		"run in -o -- --quiet -- -x -y": "run -o -- --quiet -- in -x -y",
		"run in -o":                     "run -o",
		"rules test a --rule r":         "rules test --rule r a",
		"rules a --rule r":              "rules a --rule r",
		"walk a --fast":                 "walk a --fast",
	} {
		if got := optionsFirst(commands, append([]string{"stance"}, strings.Fields(line)...)); !reflect.DeepEqual(got, append([]string{"stance"}, strings.Fields(want)...)) {
			t.Errorf("%q: %q, want %q", line, got[1:], want)
		}
	}
}

// baselines are the labelled texts of the project, their tasks and the runs
// that a change is compared with.
var baselines = []struct {
	name string
	task gold.Task
}{
	{"segmentation", gold.Segmentation}, {"sentiment", gold.Sentiment}, {"tone", gold.Tone}, {"stance_pairs", gold.Stance},
	{"stance_events", gold.Stance}, {"attribution", gold.Attribution}, {"parties", gold.Parties}, {"relations", gold.Relations},
}

// TestLabelled is the gate: the answers to the project's own labelled texts
// must not get significantly worse. With -update this run becomes the
// baseline.
func TestLabelled(t *testing.T) {
	a := embedded(t)
	config, err := configuration(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, b := range baselines {
		t.Run(b.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			std := streams{strings.NewReader(""), &stdout, &stderr}
			o := evalOptions{task: b.task, files: []string{"../../data/labeled/" + b.name + ".jsonl"}, format: "text", scorers: []eval.Scorer{eval.News},
				baseline: "../../data/labeled/baseline/" + b.name + ".json", update: *update}
			samples, err := readLabelled(o, std)
			if err != nil {
				t.Fatalf("%v\n%s", err, &stderr)
			}
			judged += len(samples)
			if err := runEval(t.Context(), o, samples, newPredictor(a, config), std); err != nil {
				var e *exitError
				if errors.As(err, &e) && e.err != nil {
					t.Fatal(err)
				}
				t.Fatalf("%s%s", &stdout, &stderr)
			}
		})
	}
	if judged < 400 {
		t.Errorf("%d labelled texts; the project promises 400", judged)
	}
}
