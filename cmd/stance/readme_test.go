package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"stance/internal/eval"
	"stance/internal/io/table"
)

// block is a fenced block of a Markdown file.
type block struct {
	language string
	body     string
	from, to int // of the body in the file
}

// blocks returns the fenced blocks of a Markdown file, and whether each
// directly follows the one before.
func blocks(text string) (all []block, follows []bool) {
	for pos := 0; ; {
		open := strings.Index(text[pos:], "```")
		if open < 0 {
			return all, follows
		}
		open += pos
		line := strings.IndexByte(text[open:], '\n') + open + 1
		end := strings.Index(text[line:], "```")
		if end < 0 {
			return all, follows
		}
		end += line
		follows = append(follows, pos > 0 && strings.TrimSpace(text[pos:open]) == "")
		all = append(all, block{strings.TrimSpace(text[open+3 : line-1]), text[line:end], line, end})
		pos = end + 3
	}
}

// TestReadme runs every command that the README shows, in the order in which
// it stands there, and compares what it prints with the block of text that
// follows. Files that it shows (their first line is a comment with the name)
// are written for the commands behind them. Python is run by make
// test-consumers and make test-cluster.
func TestReadme(t *testing.T) {
	const path = "../../README.md"
	readme := projectFile(t, "README.md")
	w := newReadmeFolder(t)
	type change struct {
		from, to int
		text     string
	}
	var changes []change
	all, follows := blocks(readme)
	for i, b := range all {
		switch b.language {
		case "sh":
			got := w.sh(t, b.body)
			if i+1 == len(all) || !follows[i+1] || all[i+1].language != "text" {
				continue
			}
			shown := all[i+1]
			if string(mask([]byte(shown.body))) == string(mask([]byte(got))) {
				continue
			}
			if *update {
				changes = append(changes, change{shown.from, shown.to, got})
				continue
			}
			t.Errorf("README.md shows another output of\n%s\n%s", b.body, firstDifference(string(mask([]byte(shown.body))), string(mask([]byte(got)))))
		case "yaml":
			w.file(t, b.body)
			for _, line := range strings.Split(b.body, "\n") {
				if command, ok := strings.CutPrefix(strings.TrimSpace(line), "- run: "); ok {
					w.sh(t, command)
				}
			}
		case "crontab":
			for _, line := range strings.Split(strings.TrimSpace(b.body), "\n") {
				if fields := strings.SplitN(line, " ", 6); len(fields) == 6 {
					w.sh(t, fields[5])
				} else {
					t.Errorf("no line of a crontab: %q", line)
				}
			}
		case "ini":
			for _, line := range strings.Split(b.body, "\n") {
				if command, ok := strings.CutPrefix(line, "ExecStart="); ok {
					w.sh(t, strings.ReplaceAll(command, "%h", "$HOME"))
				}
			}
		case "text", "python", "python cluster":
		default:
			t.Errorf("README.md has a block in %q, which nothing runs", b.language)
		}
	}
	for i := len(changes) - 1; i >= 0; i-- {
		c := changes[i]
		readme = readme[:c.from] + c.text + readme[c.to:]
	}
	for _, g := range []struct {
		name     string
		generate func() string
	}{{"tables", readmeTables}, {"exit codes", readmeExitCodes}, {"accuracy", func() string { return readmeAccuracy(t) }}} {
		open, end := "<!-- "+g.name+" -->\n", "<!-- /"+g.name+" -->"
		before, rest, ok := strings.Cut(readme, open)
		old, after, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatalf("README.md lacks the marks of the section %q", g.name)
		}
		generated := g.generate()
		if old != generated && !*update {
			t.Errorf("the section %q of README.md is old; 'make update' rewrites it\n%s", g.name, firstDifference(old, generated))
		}
		readme = before + open + generated + end + after
	}
	if *update {
		if err := os.WriteFile(path, []byte(readme), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// readmeFolder is a folder that looks like a clone after make build.
type readmeFolder struct {
	dir string
	env []string
}

func newReadmeFolder(t *testing.T) readmeFolder {
	t.Helper()
	home := t.TempDir()
	dir := filepath.Join(home, "stance")
	if err := os.MkdirAll(filepath.Join(dir, "bin"), 0o777); err != nil {
		t.Fatal(err)
	}
	stance, err := tool()
	if err != nil {
		t.Fatal(err)
	}
	links := map[string]string{filepath.Join("bin", "stance"): stance}
	for _, name := range []string{"data", "Makefile", "scripts"} {
		if links[name], err = filepath.Abs(filepath.Join("../..", name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	// GO=true: the tool is built already.
	return readmeFolder{dir, append(os.Environ(), "HOME="+home, "GO=true", "MAKEFLAGS=", "MAKELEVEL=", unmasked+"=1")}
}

// sh runs commands and returns what they print.
func (w readmeFolder) sh(t *testing.T, script string) string {
	t.Helper()
	cmd := exec.Command("sh", "-eu", "-c", script)
	cmd.Dir, cmd.Env = w.dir, w.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s%s%v", script, out, err)
	}
	return string(out)
}

// file writes a shown file: its first line is a comment that holds its name.
func (w readmeFolder) file(t *testing.T, body string) {
	t.Helper()
	first, _, _ := strings.Cut(body, "\n")
	name, ok := strings.CutPrefix(first, "# ")
	if !ok {
		t.Errorf("a shown file does not begin with its name: %q", first)
		return
	}
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o666); err != nil {
		t.Fatal(err)
	}
}

// readmeTables lists the tables with their columns.
func readmeTables() string {
	var b strings.Builder
	b.WriteString("| table | one row is | columns |\n|---|---|---|\n")
	for _, s := range table.Schemas() {
		names := make([]string, len(s.Columns))
		for i, c := range s.Columns {
			names[i] = c.Name
			if c.Null {
				names[i] += "?"
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, s.Meaning, strings.Join(names, ", "))
	}
	return b.String()
}

// readmeExitCodes turns the list of the help text into a table.
func readmeExitCodes() string {
	var b strings.Builder
	b.WriteString("| exit code | meaning |\n|---|---|\n")
	for _, line := range strings.Split(strings.TrimSpace(exitCodesHelp), "\n")[1:] {
		code, meaning, _ := strings.Cut(strings.TrimSpace(line), " ")
		fmt.Fprintf(&b, "| %s | %s |\n", code, strings.TrimSpace(meaning))
	}
	return b.String()
}

// readmeAccuracy judges the analysis by the project's labelled texts.
func readmeAccuracy(t *testing.T) string {
	a := embedded(t)
	config, err := configuration(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string][]string{
		"segmentation": {"boundary_f1"}, "sentiment": {"macro_f1", "pearson_r"}, "tone": {"macro_f1"}, "stance_pairs": {"macro_f1", "blind_macro_f1"},
		"stance_events": {"macro_f1"}, "attribution": {"content_f1", "source_f1", "speaker_accuracy"}, "parties": {"mention_f1", "party_accuracy"},
		"relations": {"recall", "act_accuracy", "absent_right"},
	}
	var b strings.Builder
	b.WriteString("| labelled texts | judgements | figure | value | 95 % interval |\n|---|---|---|---|---|\n")
	for _, l := range baselines {
		var stdout, stderr bytes.Buffer
		std := streams{strings.NewReader(""), &stdout, &stderr}
		o := evalOptions{task: l.task, files: []string{"../../data/labeled/" + l.name + ".jsonl"}, format: "json", scorers: []eval.Scorer{eval.News}}
		samples, err := readLabelled(o, std)
		if err == nil {
			err = runEval(t.Context(), o, samples, newPredictor(a, config), std)
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, &stderr)
		}
		var run map[string]any
		if err := json.Unmarshal(stdout.Bytes(), &run); err != nil {
			t.Fatal(err)
		}
		intervals, _ := run["intervals"].(map[string]any)
		for _, name := range shown[l.name] {
			value, ok := run[name].(float64)
			bounds, _ := intervals[name].([]any)
			if !ok || len(bounds) != 2 {
				t.Fatalf("%s: no figure %s", l.name, name)
			}
			fmt.Fprintf(&b, "| `%s.jsonl` | %v | %s | %.2f | %.2f to %.2f |\n", l.name, run["n"], name, value, bounds[0], bounds[1])
		}
	}
	return b.String()
}
