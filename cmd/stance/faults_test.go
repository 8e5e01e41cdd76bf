package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"stance/internal/io/dataset"
)

// kills is how often the tests of faults kill a run; their other parts grow
// with it. make test-faults gives 500.
var kills = flag.Int("faults", 4, "how often the tests of faults kill a run")

// corpora are two inputs and the bytes that undisturbed runs over them give.
type corpora struct {
	dir     string
	inputs  [2]string
	data    [2][]byte
	hashes  [2]string
	usually [2]time.Duration // a run without a cache takes about this long, and one with
	need    int64            // bytes of disk that a run takes
}

// undisturbed makes the corpora once for all tests of faults. The second
// corrects some articles of the first, lacks some and has some more.
func undisturbed(y *yard) *corpora {
	sample, err := os.ReadFile(filepath.Join(sampleFolder, "corpus.jsonl"))
	if err != nil {
		y.t.Fatal(err)
	}
	for i := range y.inputs {
		var b bytes.Buffer
		for copy := range 8 {
			text := strings.ReplaceAll(string(sample), `"id": "`, fmt.Sprintf(`"id": "%d-`, copy+i))
			if i == 1 && copy%3 == 0 {
				text = strings.ReplaceAll(text, "accused", "praised")
			}
			b.WriteString(text)
		}
		y.data[i], y.inputs[i] = b.Bytes(), filepath.Join(y.dir, fmt.Sprintf("corpus%d.jsonl", i))
		y.restore(i)
		out := filepath.Join(y.t.TempDir(), "out")
		for cache := range y.usually {
			started := time.Now()
			if code, said := y.finish(y.command(i, out)); code != exitOK {
				y.t.Fatalf("undisturbed: exit code %d\n%s", code, said)
			}
			y.usually[cache] = time.Since(started)
		}
		y.hashes[i] = y.shown(out)
		y.need = pages(y.t, out)
	}
	if y.hashes[0] == y.hashes[1] {
		y.t.Fatal("both corpora give the same bytes")
	}
	return y.corpora
}

// pages returns the bytes that a folder takes on a disk of pages, without what
// lies in cache and two generations share with another.
func pages(t *testing.T, dir string) (n int64) {
	seen := map[uint64]bool{}
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if st := info.Sys().(*syscall.Stat_t); !seen[st.Ino] {
			seen[st.Ino] = true
			n += (info.Size() + 4095) &^ 4095
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// yard is where runs are disturbed.
type yard struct {
	*corpora
	t   *testing.T
	bin string
	out string
	r   *rand.Rand
}

// restore writes an input as it was.
func (y *yard) restore(corpus int) {
	if err := os.WriteFile(y.inputs[corpus], y.data[corpus], 0o666); err != nil {
		y.t.Fatal(err)
	}
}

// TestFaults disturbs runs in every way that the contract of reliability names.
// Whatever happens, the output folder shows the generation before or the new
// one, whole, and the next run ends in the bytes of one that nothing disturbed.
func TestFaults(t *testing.T) {
	bin, err := tool()
	if err != nil {
		t.Fatal(err)
	}
	y := &yard{corpora: &corpora{dir: t.TempDir()}, t: t, bin: bin}
	made := undisturbed(y)
	for _, test := range []struct {
		name string
		run  func(y *yard)
	}{
		{"killed", killed}, {"signalled", signalled}, {"system calls", systemCalls}, {"full disk", fullDisk},
		{"two at once", twoAtOnce}, {"changing input", changingInput}, {"damage", damage},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(&yard{corpora: made, t: t, bin: bin, out: filepath.Join(t.TempDir(), "out"), r: rand.New(rand.NewPCG(1, 2))})
		})
	}
}

// command is a run over one of the corpora. It must be given the same path
// each time, since paths stand in the tables.
func (y *yard) command(corpus int, out string, wrap ...string) *exec.Cmd {
	args := append(wrap, y.bin, "run", y.inputs[corpus], "-o", out)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), unmasked+"=1")
	return cmd
}

// finish waits for a run and returns its exit code, -1 when it was killed, and
// what it said. A run that hangs is ended and fails the test.
func (y *yard) finish(cmd *exec.Cmd) (code int, said string) {
	y.t.Helper()
	var b bytes.Buffer
	cmd.Stdout, cmd.Stderr = &b, &b
	if err := cmd.Start(); err != nil {
		y.t.Fatal(err)
	}
	return y.wait(cmd), b.String()
}

func (y *yard) wait(cmd *exec.Cmd) int {
	y.t.Helper()
	hung := time.AfterFunc(2*time.Minute, func() {
		y.t.Errorf("%v hangs", cmd.Args)
		_ = cmd.Process.Kill()
	})
	defer hung.Stop()
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		y.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// shown returns the hash of the generation that an output folder shows, which
// must be whole; "" for none.
func (y *yard) shown(out string) string {
	y.t.Helper()
	hash, err := whole(out)
	if err != nil {
		y.t.Error(err)
	}
	return hash
}

func whole(out string) (hash string, err error) {
	g, damage, err := dataset.Verify(context.Background(), out)
	if errors.Is(err, dataset.ErrNoData) {
		return "", nil
	}
	if err != nil || len(damage) > 0 {
		return "", fmt.Errorf("%s: %w %v", out, err, damage)
	}
	return g.Hash, nil
}

// disturbed checks what a disturbed run over a corpus left behind, where
// before was shown, and that the next run ends in the bytes of one that
// nothing disturbed.
func (y *yard) disturbed(what string, corpus int, before string) {
	y.t.Helper()
	if now := y.shown(y.out); now != before && now != y.hashes[corpus] {
		y.t.Errorf("%s: neither the old nor the new generation: %q", what, now)
	}
	if code, said := y.finish(y.command(corpus, y.out)); code != exitOK {
		y.t.Errorf("%s: the next run: exit code %d\n%s", what, code, said)
	}
	if now := y.shown(y.out); now != y.hashes[corpus] {
		y.t.Errorf("%s: the next run gives other bytes: %s, not %s", what, now, y.hashes[corpus])
	}
}

// moment is a random one in a run.
func (y *yard) moment() time.Duration {
	return time.Duration(y.r.Float64() * float64(y.usually[0]))
}

// killed kills runs at random moments. Three of four have no cache, so that
// they do all there is to do.
func killed(y *yard) {
	before, cut := "", 0
	for i := range *kills {
		kind := 0
		if i%4 == 3 {
			kind = 1
		} else if err := os.RemoveAll(filepath.Join(y.out, "cache")); err != nil {
			y.t.Fatal(err)
		}
		cmd := y.command(i%2, y.out)
		if err := cmd.Start(); err != nil {
			y.t.Fatal(err)
		}
		at := time.Duration(y.r.Float64() * float64(y.usually[kind]))
		time.Sleep(at)
		_ = cmd.Process.Kill() // it may have ended
		// How long runs take changes with what else the machine does: about
		// one kill in twenty comes too late.
		if y.wait(cmd) == -1 {
			cut++
			y.usually[kind] += y.usually[kind] / 200
		} else {
			y.usually[kind] -= y.usually[kind] / 10
		}
		y.disturbed(fmt.Sprintf("killed after %v", at), i%2, before)
		before = y.hashes[i%2]
	}
	y.t.Logf("%d of %d runs were killed before their end; a run takes %v, with a cache %v", cut, *kills, y.usually[0], y.usually[1])
	if *kills >= 100 && cut*10 < *kills*9 {
		y.t.Error("too few kills came before the end")
	}
}

// signalled sends signals at random moments.
func signalled(y *yard) {
	before := ""
	for i := range max(*kills/5, 4) {
		cmd := y.command(i%2, y.out)
		if err := cmd.Start(); err != nil {
			y.t.Fatal(err)
		}
		sig := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[i/2%2]
		want := []int{exitInterrupted, exitTerminated}[i/2%2]
		at := y.moment()
		time.Sleep(at)
		_ = cmd.Process.Signal(sig)
		// A signal that comes before the program listens ends it as it ends any.
		if code := y.wait(cmd); code != want && code != exitOK && code != -1 {
			y.t.Errorf("%v after %v: exit code %d", sig, at, code)
		}
		y.disturbed(fmt.Sprintf("%v after %v", sig, at), i%2, before)
		before = y.hashes[i%2]
	}
	y.t.Logf("%d signals", max(*kills/5, 4))
}

// stubborn is a program that goes on after a signal.
func stubborn() {
	ctx, cancel := context.WithCancelCause(context.Background())
	onSignal(cancel)
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println("stopping")
	time.Sleep(time.Minute)
}

// TestSecondSignal ends at once what takes its time to stop.
func TestSecondSignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := exec.Command("stubborn")
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		said := bufio.NewScanner(out)
		for _, want := range []string{"ready", "stopping"} {
			if !said.Scan() || said.Text() != want {
				t.Fatalf("%v: it said %q, not %q", sig, said.Text(), want)
			}
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
		}
		_ = cmd.Wait() // ProcessState tells
		if st := cmd.ProcessState.Sys().(syscall.WaitStatus); !st.Signaled() || st.Signal() != sig {
			t.Errorf("%v twice: %v", sig, cmd.ProcessState)
		}
	}
}

// TestForbidden runs as somebody who may not read an input, or write the
// output.
func TestForbidden(t *testing.T) {
	tool, err := tool()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	bin, in, closed := filepath.Join(dir, "stance"), filepath.Join(dir, "in"), filepath.Join(dir, "closed")
	record := []byte(`{"id":"a","text":"The train left on time."}` + "\n")
	for _, err := range []error{
		os.Chmod(filepath.Dir(dir), 0o755), os.Chmod(dir, 0o777), os.Link(tool, bin), os.Mkdir(in, 0o755), os.Mkdir(closed, 0o555),
		os.WriteFile(filepath.Join(in, "a.jsonl"), record, 0o644), os.WriteFile(filepath.Join(in, "b.jsonl"), record, 0),
	} {
		if err != nil {
			t.Skip("no folder for somebody else:", err)
		}
	}
	for _, c := range []struct {
		out  string
		code int
		want string
	}{
		{filepath.Join(dir, "out"), exitRejects, "rejects                1"},
		{filepath.Join(closed, "out"), exitPermission, "permission denied"},
	} {
		cmd := exec.Command(bin, "run", in, "-o", c.out)
		cmd.Env = append(os.Environ(), unmasked+"=1")
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		said, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != c.code || !strings.Contains(string(said), c.want) {
			t.Errorf("%s: %v, want exit code %d and %q\n%s", c.out, err, c.code, c.want, said)
		}
	}
}

// changes are the system calls by which a run changes its output.
var changes = []string{"fsync", "renameat", "renameat2", "symlinkat", "linkat", "mkdirat", "unlinkat", "flock", "write", "openat"}

// systemCalls kills a run at its first, second, … call of each kind,
// and lets calls fail.
func systemCalls(y *yard) {
	if _, err := exec.LookPath("strace"); err != nil {
		y.t.Skip("strace is not installed; without it no call can be chosen")
	}
	if code, said := y.finish(y.command(0, y.out, "strace", "-f", "-qq", "-o", os.DevNull)); code != exitOK {
		y.t.Skipf("nothing can be traced here: exit code %d\n%s", code, said)
	}
	// A run makes some hundred calls; a quick test takes one or two of each kind.
	step := max(1, 100 / *kills)
	next, before := 1, y.hashes[0]
	killed, failed := 0, 0
	for _, call := range changes {
		for n := 1 + y.r.IntN(8); n <= 200; n += step {
			inject := fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n)
			code, said := y.finish(y.command(next, y.out, "strace", "-f", "-qq", "-o", os.DevNull, "-e", inject))
			if code == exitOK { // it makes fewer such calls
				next, before = 1-next, y.hashes[next]
				break
			}
			if code != -1 && code != 137 {
				y.t.Errorf("%s: exit code %d\n%s", inject, code, said)
			}
			killed++
			y.disturbed(inject, next, before)
			next, before = 1-next, y.hashes[next]
		}
	}
	for _, fault := range []string{"fsync:error=EIO", "renameat:error=EIO", "symlinkat:error=ENOSPC", "mkdirat:error=ENOSPC", "linkat:error=EPERM"} {
		for n := 1 + y.r.IntN(4); n <= 200; n += step {
			inject := fmt.Sprintf("inject=%s:when=%d", fault, n)
			code, said := y.finish(y.command(next, y.out, "strace", "-f", "-qq", "-o", os.DevNull, "-e", inject))
			if code == exitOK {
				if now := y.shown(y.out); now != y.hashes[next] {
					y.t.Errorf("%s: said to be published: %s", inject, now)
				}
				next, before = 1-next, y.hashes[next]
				break
			}
			if code != exitIO && code != exitCannotWrite {
				y.t.Errorf("%s: exit code %d\n%s", inject, code, said)
			}
			if !strings.Contains(said, y.out) {
				y.t.Errorf("%s: the message names no path: %s", inject, said)
			}
			failed++
			y.disturbed(inject, next, before)
			next, before = 1-next, y.hashes[next]
		}
	}
	y.t.Logf("%d runs killed at a call, %d calls failed", killed, failed)
	if killed == 0 || failed == 0 {
		y.t.Error("no call was reached")
	}
}

// fullDisk runs on disks of many sizes, most of them too small.
func fullDisk(y *yard) {
	y.out = filepath.Join(y.t.TempDir(), "disk")
	if err := os.Mkdir(y.out, 0o777); err != nil {
		y.t.Fatal(err)
	}
	full, half, sizes := 0, 0, max(4, min(40, *kills))
	for i := range sizes {
		// From nothing to a little more than a run needs.
		size := fmt.Sprintf("size=%dk", 16+y.need*int64(i+1)/int64(sizes)*105/100>>10)
		if err := syscall.Mount("tmpfs", y.out, "tmpfs", 0, size); err != nil {
			y.t.Skipf("no disk can be mounted here: %v", err)
		}
		func() {
			defer func() {
				if err := syscall.Unmount(y.out, 0); err != nil {
					y.t.Fatal(err)
				}
			}()
			code, said := y.finish(y.command(0, y.out))
			switch now := y.shown(y.out); {
			case code == exitOK && now == y.hashes[0]:
				return
			case code != exitIO && code != exitCannotWrite:
				y.t.Errorf("%s: exit code %d\n%s", size, code, said)
			case now != "":
				half++
				y.t.Errorf("%s: half an output was published", size)
			case !strings.Contains(said, y.out) || !strings.Contains(said, "bytes") && code == exitIO:
				y.t.Errorf("%s: the message names no path or no bytes: %s", size, said)
			}
			full++
			if err := syscall.Mount("tmpfs", y.out, "tmpfs", syscall.MS_REMOUNT, "size=256m"); err != nil {
				y.t.Fatal(err)
			}
			y.disturbed(size, 0, "")
		}()
	}
	y.t.Logf("%d of %d disks were too small for the %d KiB of a run; %d half outputs", full, sizes, y.need>>10, half)
	if full < sizes*3/4 {
		y.t.Error("too few disks were too small")
	}
}

// twoAtOnce starts a run where another works.
func twoAtOnce(y *yard) {
	first := exec.Command(y.bin, "run", "-", "--from", "jsonl", "-o", y.out)
	first.Env = append(os.Environ(), unmasked+"=1")
	stdin, err := first.StdinPipe()
	if err != nil {
		y.t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		y.t.Fatal(err)
	}
	for wait := time.Now().Add(time.Minute); time.Now().Before(wait); time.Sleep(10 * time.Millisecond) {
		if runs, _ := os.ReadDir(filepath.Join(y.out, "staging")); len(runs) > 0 {
			break
		}
	}
	if code, said := y.finish(y.command(0, y.out)); code != exitLocked {
		y.t.Errorf("the second run: exit code %d\n%s", code, said)
	}
	_, err = io.WriteString(stdin, `{"id":"a","text":"The train left on time."}`+"\n")
	if err := errors.Join(err, stdin.Close()); err != nil {
		y.t.Fatal(err)
	}
	if code := y.wait(first); code != exitOK {
		y.t.Errorf("the first run: exit code %d", code)
	}
	y.disturbed("two at once", 0, y.shown(y.out))
}

// changingInput cuts, grows and removes an input while it is read.
func changingInput(y *yard) {
	data := y.data[0]
	for i := range max(*kills/5, 3) {
		var err error
		cmd := y.command(0, y.out)
		if err := cmd.Start(); err != nil {
			y.t.Fatal(err)
		}
		time.Sleep(y.moment() / 2)
		switch i % 3 {
		case 0:
			err = os.Truncate(y.inputs[0], int64(y.r.IntN(len(data))))
		case 1:
			err = os.WriteFile(y.inputs[0], append(slices.Clone(data), data[:y.r.IntN(len(data))]...), 0o666)
		default:
			err = os.Remove(y.inputs[0])
		}
		if err != nil {
			y.t.Fatal(err)
		}
		if code := y.wait(cmd); !slices.Contains([]int{exitOK, exitRejects, exitAllRejected, exitNoInput}, code) {
			y.t.Errorf("change %d: exit code %d", i, code)
		}
		y.shown(y.out)
		y.restore(0)
		y.disturbed(fmt.Sprintf("change %d", i), 0, y.shown(y.out))
	}
}

// damage flips bits of what was published: verify finds each, and the
// next run takes none of it over.
func damage(y *yard) {
	y.disturbed("at first", 0, "")
	current, err := filepath.EvalSymlinks(filepath.Join(y.out, "current"))
	if err != nil {
		y.t.Fatal(err)
	}
	var files []string
	err = filepath.WalkDir(current, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) < 12 {
		y.t.Fatal(files, err)
	}
	flip := func(file string, data []byte, bit int) {
		y.t.Helper()
		data[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(file, data, 0o666); err != nil {
			y.t.Fatal(err)
		}
	}
	flips := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			y.t.Fatal(err)
		}
		var bits []int
		for range max(1, *kills*2/5) {
			bits = append(bits, y.r.IntN(8*len(data)))
		}
		for at := 0; at < len(data) && len(data) <= 256 && *kills >= 100; at++ { // one of every byte
			bits = append(bits, 8*at+y.r.IntN(8))
		}
		for _, bit := range bits {
			flip(file, data, bit)
			code, out, _ := command("verify", y.out)
			if code != exitDamaged || !strings.Contains(out, filepath.Base(file)) && !strings.Contains(out, "manifest") && filepath.Ext(file) == ".parquet" {
				y.t.Errorf("%s, bit %d: exit code %d\n%s", file, bit, code, out)
			}
			flip(file, data, bit)
			flips++
		}
	}
	for range max(3, *kills/5) {
		now, err := filepath.EvalSymlinks(filepath.Join(y.out, "current"))
		if err != nil {
			y.t.Fatal(err)
		}
		parts, err := filepath.Glob(filepath.Join(now, "*", "part-*"))
		if err != nil {
			y.t.Fatal(err)
		}
		file := parts[y.r.IntN(len(parts))]
		data, err := os.ReadFile(file)
		if err != nil {
			y.t.Fatal(err)
		}
		flip(file, data, y.r.IntN(8*len(data)))
		if code, said := y.finish(y.command(0, y.out)); code != exitOK || y.shown(y.out) != y.hashes[0] {
			y.t.Errorf("%s: a run after damage: exit code %d\n%s", file, code, said)
		}
	}
	y.t.Logf("%d bits flipped in %d files", flips, len(files))
}

// TestCheckFindsBugs shows that the check behind these tests finds what a
// wrong order of writing would leave.
func TestCheckFindsBugs(t *testing.T) {
	for name, plant := range map[string]func(gen string) error{
		"a table lost behind the manifest": func(gen string) error { return os.Remove(filepath.Join(gen, "stances", "part-00000.parquet")) },
		"a table without its data":         func(gen string) error { return os.Truncate(filepath.Join(gen, "stances", "part-00000.parquet"), 0) },
		"no mark of success":               func(gen string) error { return os.Remove(filepath.Join(gen, "_SUCCESS")) },
		"current without a generation":     os.RemoveAll,
	} {
		out := sampleRun(t)
		gen, err := filepath.EvalSymlinks(filepath.Join(out, "current"))
		if err == nil {
			err = plant(gen)
		}
		if err != nil {
			t.Fatal(err)
		}
		if hash, err := whole(out); err == nil {
			t.Errorf("%s is not found: %s", name, strconv.Quote(hash))
		}
	}
}
