package main

import (
	"bufio"
	"compress/gzip"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestSameBytes holds that tables do not depend on the number of workers or
// processors, the order of the inputs, the time zone or the locale, nor on
// whether the run was stopped and taken up, went on from an earlier one, or
// was done in shards: one hash.
func TestSameBytes(t *testing.T) {
	t.Run("sample", func(t *testing.T) {
		var inputs []string
		err := filepath.WalkDir(sampleFolder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				inputs = append(inputs, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		oneHash(t, inputs)
	})
	t.Run("news", func(t *testing.T) {
		if _, err := os.Stat(newsSample); err != nil {
			t.Skip("no news sample beside the repository:", err)
		}
		oneHash(t, newsFiles(t, 400))
	})
}

// newsFiles writes the first articles of the news sample into four files.
func newsFiles(t *testing.T, n int) []string {
	f, err := os.Open(newsSample)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 16<<20)
	dir := t.TempDir()
	inputs := []string{filepath.Join(dir, "2024-01.jsonl"), filepath.Join(dir, "2024-02.jsonl"), filepath.Join(dir, "2024-03.jsonl"), filepath.Join(dir, "2024-04.jsonl")}
	files := map[string][]byte{}
	for i := 0; i < n && lines.Scan(); i++ {
		name := inputs[i*len(inputs)/n]
		files[name] = append(append(files[name], lines.Bytes()...), '\n')
	}
	for name, data := range files {
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return inputs
}

// oneHash runs over inputs in many ways.
func oneHash(t *testing.T, inputs []string) {
	bin, err := tool()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	command := func(env []string, args ...string) *exec.Cmd {
		cmd := exec.Command(bin, args...)
		cmd.Env = append(append(os.Environ(), unmasked+"=1"), env...)
		return cmd
	}
	run := func(env []string, args ...string) {
		t.Helper()
		if said, err := command(env, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, said)
		}
	}
	shuffled := func() []string {
		in := append([]string{}, inputs...)
		rng.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		return in
	}
	hash := func(out string) string {
		t.Helper()
		h, err := whole(out)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	one := filepath.Join(t.TempDir(), "out")
	run(nil, append([]string{"run", "-o", one, "--workers", "1", "--no-cache"}, inputs...)...)
	want := hash(one)
	same := func(what, out string) {
		t.Helper()
		if got := hash(out); got != want {
			t.Errorf("%s: other bytes: %s, not %s", what, got, want)
		}
	}
	for _, v := range []struct {
		workers string
		env     []string
	}{
		{"2", []string{"GOMAXPROCS=1", "TZ=Asia/Kathmandu", "LC_ALL=tr_TR.UTF-8"}},
		{"3", []string{"GOMAXPROCS=4", "TZ=Pacific/Apia", "LANG=de_DE"}},
		{"8", []string{"GOMAXPROCS=2", "TZ=UTC", "LC_ALL=C"}},
	} {
		out := filepath.Join(t.TempDir(), "out")
		run(v.env, append([]string{"run", "-o", out, "--workers", v.workers}, shuffled()...)...)
		same(v.workers+" workers", out)
	}

	out := filepath.Join(t.TempDir(), "out")
	cmd := command(nil, append([]string{"run", "-o", out}, inputs...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Killed as soon as it has kept a chunk, or at its end.
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait() // ProcessState tells
	}()
	for over := false; !over; {
		select {
		case <-done:
			over = true
		case <-time.After(time.Millisecond):
			kept, _ := filepath.Glob(filepath.Join(out, "cache", "*", "index.json"))
			over = len(kept) > 0
		}
	}
	_ = cmd.Process.Kill() // it may have ended
	<-done
	if code := cmd.ProcessState.ExitCode(); code != exitOK && code != -1 {
		t.Errorf("exit code %d", code)
	}
	run(nil, append([]string{"run", "-o", out}, shuffled()...)...)
	same("killed and taken up", out)

	out = filepath.Join(t.TempDir(), "out")
	some := shuffled()
	run(nil, append([]string{"run", "-o", out}, some[:len(some)/2]...)...)
	run(nil, append([]string{"run", "-o", out}, some...)...)
	same("incremental", out)

	merge := []string{"merge", "-o", filepath.Join(t.TempDir(), "out")}
	for _, i := range []string{"1", "2", "3"} {
		out := filepath.Join(t.TempDir(), "out")
		run(nil, append([]string{"run", "-o", out, "--shard", i + "/3"}, shuffled()...)...)
		merge = append(merge, out)
	}
	run(nil, merge...)
	same("shards joined", merge[2])
}
