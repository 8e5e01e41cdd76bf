package pipeline

import (
	"slices"
	"testing"
)

func TestSmallLast(t *testing.T) {
	var sent []int64
	s := smallLast{most: 10, send: func(c chunk) error {
		sent = append(sent, c.text)
		return nil
	}}
	for _, text := range []int64{1, 6, 0, 9, 3, 4, 20, 2} {
		if err := s.add(chunk{text: text}); err != nil {
			t.Fatal(err)
		}
		if s.text > s.most {
			t.Errorf("%d bytes are put off", s.text)
		}
	}
	if err := s.keep(-1); err != nil {
		t.Fatal(err)
	}
	if want := []int64{9, 6, 20, 4, 3, 2, 1, 0}; !slices.Equal(sent, want) {
		t.Errorf("sent %v, want %v", sent, want)
	}
}
