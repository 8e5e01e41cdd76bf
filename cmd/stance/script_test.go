package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"stance/internal/io/dataset"
)

// update rewrites golden files, baselines, the expected output in scripts and
// the shown output in the README.
var update = flag.Bool("update", false, "rewrite golden files; read the diff before you commit it")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"stance": scriptMain, "stubborn": stubborn})
}

// unmasked is the variable of the environment that leaves output as it is.
const unmasked = "STANCE_TEST_UNMASKED"

// scriptMain is the command as scripts see it: what differs from run to run is
// masked, and an exit code other than 0 is told at the end of stderr.
func scriptMain() {
	if os.Getenv(unmasked) != "" {
		os.Exit(stanceMain(os.Args, streams{os.Stdin, os.Stdout, os.Stderr}))
	}
	out, errw := &maskingWriter{w: os.Stdout}, &maskingWriter{w: os.Stderr}
	code := stanceMain(os.Args, streams{os.Stdin, out, errw})
	if code != exitOK {
		fmt.Fprintf(errw, "[exit code %d]\n", code)
	}
	out.flush()
	errw.flush()
	os.Exit(code)
}

// tool returns the path of the command that scripts run: this test binary, or,
// when it is built with the race detector, one without. Scripts start some
// hundred processes; what a run does in parallel other tests run in their own.
var tool = sync.OnceValues(func() (string, error) {
	path, err := exec.LookPath("stance") // put there by TestMain
	if err != nil || !raceDetector() {
		return path, err
	}
	plain := filepath.Join(filepath.Dir(path), "plain", "stance") // removed with the folder of TestMain
	if err := os.MkdirAll(filepath.Dir(plain), 0o777); err != nil {
		return "", err
	}
	if out, err := exec.Command("go", "test", "-c", "-o", plain, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return plain, nil
})

func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// maskingWriter masks whole lines.
type maskingWriter struct {
	w    io.Writer
	line []byte // begun and not ended
}

func (m *maskingWriter) Write(p []byte) (int, error) {
	m.line = append(m.line, p...)
	end := bytes.LastIndexByte(m.line, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	_, err := m.w.Write(mask(m.line[:end]))
	m.line = m.line[end:]
	return len(p), err
}

func (m *maskingWriter) flush() {
	if len(m.line) > 0 {
		_, _ = m.w.Write(mask(m.line)) // a test that misses it fails
	}
}

// masks are the parts of the output that differ from run to run.
var masks = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`(?m)^time +\S+  \(\S+ [kM]B of text.*\)$`), "time TIME"},
	{regexp.MustCompile(`\btime=\S+`), "time=TIME"},
	{regexp.MustCompile(`"time":"[^"]*"`), `"time":"TIME"`},
	{regexp.MustCompile(`\d{8}T\d{6}\.\d{3}-\d+`), "RUN"},
	{regexp.MustCompile(`\b\d{6}-[0-9a-f]{16}\b`), "GENERATION"},
	{regexp.MustCompile(`\bfiles, [\d,]+ rows`), "files, ROWS"},
	{regexp.MustCompile(`\bwhere \d+ were committed`), "where BYTES were committed"},
	{regexp.MustCompile(`(?m)^go1\.\S+ \w+/\w+$`), "GO OS/ARCH"},
}

func mask(b []byte) []byte {
	for _, m := range masks {
		b = m.pattern.ReplaceAll(b, []byte(m.with))
	}
	return b
}

// TestScripts runs the command line; each script compares whole outputs.
// Scripts see the data folder of the project as data.
func TestScripts(t *testing.T) {
	data, err := filepath.Abs("../../data")
	if err != nil {
		t.Fatal(err)
	}
	stance, err := tool()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Getuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", filepath.Dir(stance)+string(filepath.ListSeparator)+e.Getenv("PATH"))
			return os.Symlink(data, filepath.Join(e.WorkDir, "data"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"lock": lockFolder, "gzip": gzipFile, "interrupt": interrupt, "killed": killScript},
	})
}

// lockFolder holds the lock of an output folder until the script ends.
func lockFolder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lock OUT")
	}
	out, err := dataset.Open(ts.MkAbs(args[0]), dataset.Options{Run: "other"})
	ts.Check(err)
	ts.Defer(func() { ts.Check(out.Close()) })
}

// gzipFile compresses a file.
func gzipFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: gzip FILE TARGET")
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, ts.ReadFile(args[0]))
	ts.Check(errors.Join(err, w.Close()))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes(), 0o666))
}

// interrupt starts stance, which must read standard input, sends it a signal
// as soon as it works on its output OUT, and writes what it said to FILE.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: interrupt INT|TERM OUT FILE ARGUMENT...")
	}
	sig, ok := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}[args[0]]
	if !ok {
		ts.Fatalf("unknown signal %s", args[0])
	}
	bin, err := tool()
	ts.Check(err)
	cmd := exec.Command(bin, args[3:]...)
	cmd.Dir = ts.Getenv("WORK")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	stdin, err := cmd.StdinPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	_, err = io.WriteString(stdin, `{"id":"a","text":"The train left on time."}`+"\n")
	ts.Check(err)
	staging := ts.MkAbs(filepath.Join(args[1], "staging"))
	for wait := time.Now().Add(20 * time.Second); time.Now().Before(wait); time.Sleep(10 * time.Millisecond) {
		if runs, _ := os.ReadDir(staging); len(runs) > 0 {
			break
		}
	}
	ts.Check(cmd.Process.Signal(sig))
	started := time.Now()
	late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
	err = cmd.Wait()
	late.Stop()
	if _, exited := err.(*exec.ExitError); !exited {
		ts.Fatalf("it went on: %v", err)
	}
	if took := time.Since(started); took >= time.Minute {
		ts.Fatalf("it took %v to stop", took)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), said.Bytes(), 0o666))
}

// killScript starts stance and kills it as soon as it has kept a part in OUT.
func killScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: killed OUT ARGUMENT...")
	}
	bin, err := tool()
	ts.Check(err)
	cmd := exec.Command(bin, args[1:]...)
	cmd.Dir = ts.Getenv("WORK")
	ts.Check(cmd.Start())
	for wait := time.Now().Add(time.Minute); time.Now().Before(wait); time.Sleep(time.Millisecond) {
		if kept, _ := filepath.Glob(ts.MkAbs(filepath.Join(args[0], "cache", "*", "index.json"))); len(kept) > 0 {
			break
		}
	}
	ts.Check(cmd.Process.Kill())
	if err := cmd.Wait(); err == nil {
		ts.Fatalf("it was done before it could be killed")
	}
}

// projectFile reads a file of the project and fails the test without it.
func projectFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// golden compares with a golden file, which -update rewrites.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := string(b); got != want {
		t.Errorf("%s differs; 'make update' rewrites it\n%s", path, firstDifference(want, got))
	}
}

// firstDifference shows where two texts part.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d: %q\n   want: %q", i+1, b, a)
		}
	}
	return ""
}
