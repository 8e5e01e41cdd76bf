package pipeline

import (
	"fmt"
	"testing"

	"stance/internal/model"
)

// TestGroups adds an input to many and sees that few groups change.
func TestGroups(t *testing.T) {
	for _, size := range []int64{0, 5 << 10, 100 << 10, 300 << 10, 600 << 10} {
		var inputs []model.Input
		for i := range 2000 {
			inputs = append(inputs, model.Input{Path: fmt.Sprintf("2024/%04d.txt", 2*i), Bytes: size})
		}
		before := groupsOf(inputs)
		at := 700
		inputs = append(inputs[:at:at], append([]model.Input{{Path: "2024/1399.txt", Bytes: size}}, inputs[at:]...)...)
		after := groupsOf(inputs)
		known := map[string]bool{}
		for _, path := range before {
			known[path] = true
		}
		changed := 0
		for _, path := range after {
			if !known[path] {
				changed++
			}
		}
		if most := max(1, int(2000*size/groupLeast)); changed > 8 || len(before) > most {
			t.Errorf("inputs of %d bytes: %d groups, expected at most %d; %d begin elsewhere, expected at most 8", size, len(before), most, changed)
		}
	}
}
