package gold

import (
	"reflect"
	"strings"
	"testing"

	"stance/internal/model"
)

func TestReadCountsCodePoints(t *testing.T) {
	s, list := Read("g.jsonl", []byte(`{"id":"café-12_3","text":"Zoë café praised Müller.","targets":[{"from":0,"to":8,"mention":"Zoë café","label":0},`+
		`{"from":17,"to":23,"mention":"Müller","label":1,"further_mentions":[{"from":0,"to":3}]}],"outlet":"Blatt","year":1999,"tags":["a", 2],"none":null}`), Tone)
	if len(list) > 0 {
		t.Fatal(list)
	}
	x := s[0]
	want := []Target{{Span: model.Span{Start: 0, End: 10}}, {Span: model.Span{Start: 19, End: 26}, Label: 1, Further: []model.Span{{Start: 0, End: 4}}}}
	if !reflect.DeepEqual(x.Targets, want) {
		t.Errorf("targets %v, want %v", x.Targets, want)
	}
	if x.Article != "café-12" || x.Outlet != "Blatt" {
		t.Errorf("article %q, outlet %q", x.Article, x.Outlet)
	}
	if x.Field("year") != "1999" || x.Field("tags") != `["a", 2]` || x.Field("none") != "" || x.Field("absent") != "" {
		t.Errorf("fields %v", x.Fields)
	}
}

func TestReadForms(t *testing.T) {
	tests := []struct {
		name, line string
		task       Task
		check      func(s *Sample) bool
	}{
		{"newsmtsc", `{"primary_gid":"x_1_2","sentence_normalized":"Ann lost.","targets":[{"from":0,"to":3,"mention":"Ann","polarity":2.0}]}`, Tone,
			func(s *Sample) bool {
				return s.ID == "x_1_2" && s.Outlet == "x" && s.Article == "x_1" && s.Targets[0].Label == -1
			}},
		{"rating alone", `{"text":"Good.","rating":0.5}`, Sentiment,
			func(s *Sample) bool { return s.HasRating && s.Label == 1 && s.ID == "g.jsonl:1" && s.Article == s.ID }},
		{"label outranks rating", `{"text":"Good.","rating":3,"label":0}`, Sentiment, func(s *Sample) bool { return s.Label == 0 && s.Rating == 3 }},
		{"label alone", `{"text":"Bad.","label":-1}`, Sentiment, func(s *Sample) bool { return !s.HasRating && s.Label == -1 }},
		{"pair", `{"text":"A met B.","p":{"from":0,"to":1},"q":{"from":6,"to":7},"class":0,"source":"A","target":null}`, Stance,
			func(s *Sample) bool { return s.Pair.Q.Start == 6 && s.Field("source") == "A" && s.Outlet != "A" }},
		{"event", `{"text":"A met B.","source":[{"from":0,"to":1}],"target":[{"from":6,"to":7}],"quad":1}`, Stance,
			func(s *Sample) bool { return s.Event.Quad == 1 && s.Skip == "" }},
		{"event without place", `{"text":"A met B.","source":[{"from":null,"to":null,"mention":"X"}],"quad":1}`, Stance,
			func(s *Sample) bool { return s.Skip == "without a span of source and target" }},
		{"sentences as strings", `{"text":"One.  Two\nhalves. ","sentences":["One.","Two halves."]}`, Segmentation,
			func(s *Sample) bool {
				return reflect.DeepEqual(s.Sentences, []model.Span{{Start: 0, End: 4}, {Start: 6, End: 17}})
			}},
		{"sentences are trimmed", `{"text":"One. Two.","sentences":[{"from":0,"to":5},{"from":5,"to":9}]}`, Segmentation,
			func(s *Sample) bool { return s.Sentences[0].End == 4 }},
		{"cue without content", `{"text":"He said.","attributions":[{"source":[],"cue":[{"from":3,"to":7}],"content":[]}]}`, Attribution,
			func(s *Sample) bool { return len(s.Attributions) == 0 }},
		{"abstain", `{"text":"In Rome.","date":"2024-05-06","mentions":[{"from":3,"to":7,"party":null}]}`, Parties,
			func(s *Sample) bool { return s.Mentions[0].Party == "" && s.Date.Year() == 2024 }},
		{"relations", `{"text":"Ann blamed Bob.","relations":[{"from":0,"to":15,"holder":"a","target":"b","polarity":-1,"act":"blame"}],"absent":[{"from":0,"to":15,"holder":null,"target":"a"}]}`, Relations,
			func(s *Sample) bool {
				sp := model.Span{Start: 0, End: 15}
				return reflect.DeepEqual(s.Relations, []Relation{{Span: sp, Holder: "a", Target: "b", Polarity: -1, Polar: true, Act: "blame"}, {Span: sp, Target: "a", Absent: true}})
			}},
		{"no relations", `{"text":"Rain.","relations":[]}`, Relations, func(s *Sample) bool { return s.Skip != "" }},
		{"no targets", `{"text":"Rain.","targets":[]}`, Tone, func(s *Sample) bool { return s.Skip != "" }},
		{"numbers as ids", `{"id":7,"article":8,"text":"Rain.","label":0}`, Sentiment, func(s *Sample) bool { return s.ID == "7" && s.Article == "8" && s.Field("article") == "8" }},
	}
	for _, tt := range tests {
		s, list := Read("g.jsonl", []byte("\ufeff"+tt.line+"\r\n\n"), tt.task)
		if len(list) > 0 || len(s) != 1 || !tt.check(&s[0]) {
			t.Errorf("%s: %v %+v", tt.name, list, s)
		}
	}
}

func TestReadReportsEveryMistake(t *testing.T) {
	tests := []struct {
		name, lines string
		task        Task
		want        string
	}{
		{"place in code points", `{"text":"é","label":"x"}`, Sentiment, `g:1:21: "label" is a string; expected a number [type]`},
		{"two on a line and one on the next", "{\"text\":\"A b.\",\"targets\":[{\"from\":0,\"to\":9,\"mention\":\"A\",\"label\":2}]}\n{\"text\":3}", Tone,
			`g:1:42: "to" is 9, outside the text of 4 code points [range]
g:1:66: "label" is 2; expected -1, 0 or 1 [value]
g:2:9: "text" is the number 3; expected a string [type]`},
		{"missing", `{"text":"A"}`, Segmentation, `g:1:1: the field "sentences" is missing; expected an array of {from, to} or of strings [missing]`},
		{"null", `{"text":null,"label":1}`, Sentiment, `g:1:9: "text" is null; expected the labelled text [missing]`},
		{"keys match exactly", `{"Text":"A","label":1}`, Sentiment, `g:1:1: the field "text" is missing; expected the labelled text [missing]`},
		{"duplicate", `{"text":"A","label":1,"label":0}`, Sentiment, `g:1:23: the key "label" is given twice; the first stands at column 21 [duplicate]`},
		{"bytes instead of code points", `{"text":"né A b","p":{"from":4,"to":5,"mention":"A"},"q":{"from":6,"to":6},"class":9}`, Stance,
			`g:1:49: "mention" is "A" but the offsets hold " "; they count code points, the end exclusive [mention]
g:1:73: the span is empty or runs backwards; "to" is exclusive and lies after "from" [range]
g:1:84: "class" is 9; expected 0 to 4 [value]`},
		{"order", `{"text":"A. B.","sentences":[{"from":3,"to":5},{"from":0,"to":2}]}`, Segmentation,
			`g:1:48: the sentence begins before the one before it ends; sentences are ordered and disjoint [order]`},
		{"sentence not there", `{"text":"A. B.","sentences":["A.","C."]}`, Segmentation, `g:1:35: the sentence "C." is not in the text after the sentence before it [mention]`},
		{"empty span", `{"text":"Abc","mentions":[{"from":1,"to":1,"party":"x"},{"from":0,"to":1}]}`, Parties,
			`g:1:42: the span is empty or runs backwards; "to" is exclusive and lies after "from" [range]
g:1:57: the field "party" is missing; expected an id, or null where none is meant [missing]`},
		{"date", `{"text":"A","date":"19950101","mentions":[]}`, Parties, `g:1:20: "date" is a string; expected YYYY-MM-DD [value]`},
		{"relation", `{"text":"A b","date":"May","relations":[{"from":0,"to":1},{"from":0,"to":1,"target":"","polarity":2}]}`, Relations,
			`g:1:22: "date" is a string; expected YYYY-MM-DD [value]
g:1:41: the field "target" is missing; expected the id of a party or issue [missing]
g:1:85: "target" is empty; expected the id of a party or issue [empty]
g:1:99: "polarity" is 2; expected -1, 0 or 1 [value]`},
		{"polarity", `{"sentence_normalized":"A","targets":[{"from":0,"to":1,"mention":"A","polarity":3}]}`, Tone,
			`g:1:81: "polarity" is 3; expected 2 (negative), 4 (neutral) or 6 (positive) [value]`},
		{"fraction", `{"text":"A","label":0.5}`, Sentiment, `g:1:21: "label" is 0.5; expected a whole number [type]`},
		{"neither form", `{"text":"A"}`, Stance, `g:1:1: the fields "class" (with "p" and "q") and "quad" (with "source" and "target") are both missing [missing]`},
		{"both forms", `{"text":"A","class":1,"quad":1}`, Stance, `g:1:1: "class" and "quad" are both given; a text is labelled in one of the two ways [value]`},
		{"not an object", `[1]`, Sentiment, `g:1:1: the line is an array; expected an object [type]`},
		{"cut", `{"text":"A",`, Sentiment, `g:1:13: the JSON ends too early [syntax]`},
		{"two values", `{"text":"A","label":1} {}`, Sentiment, `g:1:24: more than one value on the line; a gold file holds one object a line [syntax]`},
		{"deep", strings.Repeat("[", 40) + strings.Repeat("]", 40), Sentiment, `g:1:33: values are nested more than 32 deep [depth]`},
		{"no line", "\n \n", Sentiment, `g: the file holds no labelled text; expected one JSON object a line [empty]`},
	}
	for _, tt := range tests {
		s, list := Read("g", []byte(tt.lines), tt.task)
		if got := list.Error(); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
		if len(s) > 0 {
			t.Errorf("%s: a sample was read", tt.name)
		}
	}
	for _, line := range []string{"{\"text\":\"\xff\",\"label\":1}", `{"text":"\ud800","label":1}`, `{"text":"A" "label":1}`, `{'text':1}`} {
		if _, list := Read("g", []byte(line), Sentiment); len(list) != 1 || list[0].Line != 1 || list[0].Col < 1 {
			t.Errorf("%q: %v", line, list)
		}
	}
}

func TestReadCoded(t *testing.T) {
	table := "id,rule,text,weight,coder_1,coder_2\n1,accuse,'=Ann,2.5,yes,NO\n2,accuse,\"Bob, too\",1,,\n"
	s, list := Read("g", []byte(table), Coded)
	if len(list) > 0 || len(s) != 2 {
		t.Fatal(list, s)
	}
	if x := s[0]; x.Text != "=Ann" || x.Weight != 2.5 || !reflect.DeepEqual(x.Codes, []Code{Right, Wrong}) || x.Field("rule") != "accuse" || x.Skip != "" || x.Pos.Line != 2 {
		t.Errorf("%+v", x)
	}
	if s[1].Skip == "" || s[1].Text != "Bob, too" {
		t.Errorf("%+v", s[1])
	}
	s, list = Read("g", []byte(`{"id":"1","rule":"accuse","text":"Ann","coder_1":true,"coder_2":null}`), Coded)
	if len(list) > 0 || !reflect.DeepEqual(s[0].Codes, []Code{Right, NotCoded}) || s[0].Weight != 1 {
		t.Error(list, s)
	}
	for src, want := range map[string]string{
		"id,text,coder_1\n1,é,maybe\n2,b,no,x\n": "g:2:5: \"coder_1\" is a string; expected yes, no or nothing [value]\ng:3:1: wrong number of fields [syntax]",
		"id,text\n1,a\n":                  "g:2:1: the field \"coder_1\" is missing; expected yes, no or nothing [missing]",
		"text,weight,coder_1\na,-1,yes\n": "g:2:3: \"weight\" is a string; expected a number above 0 [value]",
		"text,text,coder_1\na,b,yes\n":    "g:2:3: the column \"text\" is given twice [duplicate]",
		"text,coder_1\n":                  "g: the file holds no labelled text; expected one JSON object a line [empty]",
	} {
		if _, list := Read("g", []byte(src), Coded); list.Error() != want {
			t.Errorf("%q:\n got %s\nwant %s", src, list.Error(), want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"text":"né A b","p":{"from":4,"to":5},"q":{"from":0,"to":1},"class":1}`)
	f.Add(`{"text":"A. B.","sentences":["A.","B."]}`)
	f.Add(`{"text":"A","targets":[{"from":0,"to":1,"mention":"A","label":1,"further_mentions":[]}]}`)
	f.Fuzz(func(t *testing.T, line string) {
		for _, task := range Tasks() {
			samples, list := Read("g", []byte(line), task)
			if len(samples) == 0 && len(list) == 0 {
				t.Fatal("neither a sample nor a mistake")
			}
			for _, s := range samples {
				spans := append([]model.Span(nil), s.Sentences...)
				for _, x := range s.Targets {
					spans = append(append(spans, x.Span), x.Further...)
				}
				for _, x := range s.Relations {
					spans = append(spans, x.Span)
				}
				for _, sp := range spans {
					if sp.Start < 0 || sp.Start >= sp.End || int(sp.End) > len(s.Text) {
						t.Fatalf("span %v in a text of %d bytes", sp, len(s.Text))
					}
				}
			}
		}
	})
}
