package snapshot

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

type colour uint8

type leaf struct {
	name  string
	at    [2]int32
	flag  bool
	score float64
}

type tree struct {
	leaf
	Kind     colour
	numbers  []int32
	words    []string
	nested   [][]leaf
	pairs    [2][]byte
	up, twin *tree
	by       map[string][]int32
	ids      map[[2]int32]string
	hook     func()
	any      any
}

// grown is a value of every shape that can be written.
func grown() *tree {
	t := &tree{leaf: leaf{"root", [2]int32{-1, 7}, true, 0.5}, Kind: 3, numbers: []int32{3, 1, 2}, words: []string{"a", "", "b", "a"},
		nested: [][]leaf{{}, nil, {{name: "x"}, {score: -1}}}, pairs: [2][]byte{{}, []byte("yz")},
		by: map[string][]int32{"": nil, "k": {9}, "l": {}}, ids: map[[2]int32]string{{1, 2}: "m", {0, 5}: "n"}}
	t.twin = &tree{words: t.words, up: t}
	t.up = t.twin
	return t
}

func written(t *testing.T, key string, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, key, v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsReadIsWhatWasWritten(t *testing.T) {
	want := grown()
	data := written(t, "k", want)
	got, err := Read[tree](data, "k")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, written %+v", got, want)
	}
	if got.up != got.twin || got.twin.up != got {
		t.Error("pointers to one value lead to several")
	}
	if again := written(t, "k", got); !bytes.Equal(again, data) {
		t.Error("what is read is written otherwise")
	}
	if got.numbers = append(got.numbers, 8); want.numbers[0] != 3 || got.words[0] != "a" || got.nested[2][0].name != "x" {
		t.Error("an append reaches into what lies behind")
	}
}

// A field that is left out on either way shows here, whatever its type.
func TestEachFieldCounts(t *testing.T) {
	for i := range reflect.TypeFor[tree]().NumField() {
		all := grown()
		one := &tree{}
		f := reflect.ValueOf(all).Elem().Field(i)
		reflect.NewAt(f.Type(), reflect.ValueOf(one).Elem().Field(i).Addr().UnsafePointer()).Elem().Set(reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem())
		got, err := Read[tree](written(t, "", one), "")
		if err != nil || !reflect.DeepEqual(got, one) {
			t.Errorf("field %s: read %+v, written %+v: %v", reflect.TypeFor[tree]().Field(i).Name, got, one, err)
		}
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	for what, v := range map[string]any{
		"no pointer":   tree{},
		"a nil":        (*tree)(nil),
		"a function":   &tree{hook: func() {}},
		"an interface": &tree{any: 1},
		"keys":         &map[struct{ s string }]int{{"x"}: 1},
	} {
		if err := Write(&bytes.Buffer{}, "", v); err == nil {
			t.Errorf("%s is written", what)
		}
	}
}

func TestOtherBytesAreRefused(t *testing.T) {
	data := written(t, "key", grown())
	if _, err := Read[tree](bytes.Clone(data), "other"); err == nil {
		t.Error("another key is read")
	}
	if _, err := Read[leaf](bytes.Clone(data), "key"); err == nil {
		t.Error("another type is read")
	}
	for n := range data {
		if v, err := Read[tree](bytes.Clone(data[:n]), "key"); err == nil && !reflect.DeepEqual(v, grown()) {
			t.Errorf("the first %d of %d bytes are read as something else", n, len(data))
		}
	}
	// Damage that a checksum would tell may change a value, and no more than that.
	for n := range data {
		bad := bytes.Clone(data)
		bad[n] ^= 0x41
		_, _ = Read[tree](bad, "key")
	}
}

func TestLongText(t *testing.T) {
	long := strings.Repeat("long ", 1<<16)
	got, err := Read[leaf](written(t, "", &leaf{name: long}), "")
	if err != nil || got.name != long {
		t.Error("a long text is another one:", err)
	}
}
