package main

import (
	"runtime"
	"runtime/debug"
)

// firstHeap is how large the heap becomes before anything is collected, in
// bytes. A small run stays below.
const firstHeap = 128 << 20

// collectRarely sets how much the heap grows between collections, in percent,
// and puts the first one off: a start keeps most of what it allocates.
func collectRarely(percent int) {
	const least = 4 << 20 // the heap of the first collection at 100 percent
	debug.SetGCPercent(100 * firstHeap / least)
	runtime.AddCleanup(new(*byte), func(percent int) { debug.SetGCPercent(percent) }, percent)
}
