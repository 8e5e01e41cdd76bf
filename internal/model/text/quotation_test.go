package text

import (
	"fmt"
	"strings"
	"testing"

	"stance/internal/model"
)

func TestQuotations(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	for _, c := range []struct{ text, want string }{
		{`"We leave," he said. "They stay."`, `[We leave,] [They stay.]`},
		{`He called it a “truce” and left.`, `scare[truce]`},
		{`„Wir gehen jetzt alle nach Hause“, said one.`, `[Wir gehen jetzt alle nach Hause]`},
		{`«Nous partons tous maintenant», said one.`, `[Nous partons tous maintenant]`},
		{"He said ``we all go home now''.", `[we all go home now]`},
		{`He said ''we all go home now''.`, `[we all go home now]`},
		{`The ministers' aides said 'we all go home now' on Monday.`, `[we all go home now]`},
		{`He said ‘the hostages’ families will all come’ soon.`, `[the hostages’ families will all come]`},
		{`“She told me ‘no deal at all’ twice,” he said.`, `[She told me ‘no deal at all’ twice,] 1[no deal at all]`},
		{`“We will go on. We will not stop,” he said.`, `[We will go on. We will not stop,]`},
		{"“We will go on.\n\n“We will not stop,” he said.", `continues[We will go on.] [We will not stop,]`},
		{"\"We will go on.\n\n\"We will not stop,\" he said.", `continues[We will go on.] [We will not stop,]`},
		{"He said: “We will go on.\n\nHe left.", `unclosed[We will go on.]`},
		{`It's the '90s and 'em all don't care.`, ``},
		{`He is 6'2" tall and "very" thin.`, `scare[very]`},
		{`"No," he said.`, `[No,]`},
		{`"Concentration camp," critics called it.`, `scare[Concentration camp,]`},
		{`“I said “no” to him,” she said.`, `[I said “no” to him,] 1scare[no]`},
		{`"" and ""`, ``},
	} {
		a := &model.Article{Text: c.text}
		r.Read(a, &l)
		check(t, a, &l)
		var got []string
		for _, q := range l.Quotations {
			s := ""
			if q.Depth > 0 {
				s = fmt.Sprint(q.Depth)
			}
			for _, flag := range []struct {
				set  bool
				name string
			}{{q.Scare, "scare"}, {q.Unclosed, "unclosed"}, {q.Continues, "continues"}} {
				if flag.set {
					s += flag.name
				}
			}
			got = append(got, s+"["+q.Inner.In(c.text)+"]")
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, s, c.want)
		}
	}
}

func TestQuoted(t *testing.T) {
	r := NewReader(vocabulary)
	var l model.Layers
	r.Read(&model.Article{Text: `He left. "We leave now. All of us," he said. "They will stay here."`}, &l)
	for i, want := range []model.Quoted{model.QuotedNone, model.QuotedAll, model.QuotedPart, model.QuotedAll} {
		if got := l.Sentences[i].Quoted; got != want {
			t.Errorf("sentence %d is quoted %s, want %s", i, got, want)
		}
	}
}
