package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	measured "runtime/metrics"
	"strings"
	"testing"
	"time"
)

// advised returns how much memory of this process is to lie in huge pages, in
// bytes.
func advised(t *testing.T) (n int) {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size := 0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && strings.Contains(flags+" ", " hg ") {
			n += size << 10
		}
		if rest, ok := strings.CutPrefix(lines.Text(), "Size:"); ok {
			if _, err := fmt.Sscan(rest, &size); err != nil {
				t.Fatal(err)
			}
		}
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
	return n
}

func TestHugePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage"); errors.Is(err, os.ErrNotExist) {
		t.Skip("this system has no huge pages")
	}
	hugePages()
	if n := advised(t); n < firstHeap {
		t.Errorf("%d bytes are to lie in huge pages, want %d", n, firstHeap)
	}
}

func TestCollectRarely(t *testing.T) {
	percent := []measured.Sample{{Name: "/gc/gogc:percent"}}
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	collectRarely(250)
	if measured.Read(percent); percent[0].Value.Uint64() <= 250 {
		t.Errorf("the first collection comes at %d percent", percent[0].Value.Uint64())
	}
	for percent[0].Value.Uint64() != 250 { // until the test is given up
		runtime.GC()
		time.Sleep(time.Millisecond)
		measured.Read(percent)
	}
}
