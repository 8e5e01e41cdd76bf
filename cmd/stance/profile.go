package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
)

// startProfile begins a CPU profile in dir, which it makes where needed; stop
// ends it and writes the heap as it then is.
func startProfile(dir string) (stop func() error, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fail(exitCannotWrite, "%w", err)
	}
	cpu, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err != nil {
		return nil, fail(exitCannotWrite, "%w", err)
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, errors.Join(fail(exitCannotWrite, "%w", err), cpu.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		heap, err := os.Create(filepath.Join(dir, "heap.pprof"))
		if err != nil {
			return errors.Join(err, cpu.Close())
		}
		runtime.GC()
		return errors.Join(pprof.WriteHeapProfile(heap), heap.Close(), cpu.Close())
	}, nil
}
