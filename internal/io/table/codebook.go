package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// CodebookJSON describes every column of every table, for programs.
func CodebookJSON() ([]byte, error) {
	type column struct {
		Name string `json:"name"`
		Type string `json:"type"`
		Column
	}
	type schema struct {
		Schema
		Columns []column `json:"columns"`
	}
	book := struct {
		Version string   `json:"schema_version"`
		Tables  []schema `json:"tables"`
	}{Version: Version}
	for _, s := range Schemas() {
		t := schema{Schema: s}
		for _, c := range s.Columns {
			t.Columns = append(t.Columns, column{c.Name, c.Kind.String(), c})
		}
		book.Tables = append(book.Tables, t)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(book)
	return b.Bytes(), err
}

// codebookLead is what holds for all tables.
const codebookLead = `# Codebook

Schema version %s. Each table is a folder of files (part-00000 and so on), and each file has all columns of its table, with the types
that stand here.

- **Ids** are made of the content and never of the order of a run: the same article gives the same ids. ` + "`article_id`, `sentence_id`" + `
  and ` + "`mention_id`" + ` join the tables; columns that end in ` + "`_mention_id`" + ` refer to ` + "`mentions`" + `.
- **Offsets** are half-open and refer to the article's text as stored with ` + "`--with-text`" + `: ` + "`start`" + ` and ` + "`end`" + ` count code points,
  as Python's strings do, ` + "`start_byte`" + ` and ` + "`end_byte`" + ` the bytes of its UTF-8.
- **counts** marks the rows that most questions are about: headline, dek and body, of articles that are no copy of another. Leave the
  others out unless repeats are what you study.
- **Scores** lie between -1 (negative, against) and 1 (positive, in favor); probabilities and confidences between 0 and 1. A confidence
  orders rows; how often a row is right, only labels tell.
- **null** is never used for an empty text or for zero. Where the column "null" below says never, files hold no null.
`

// Codebook describes every column of every table, for people, in Markdown.
func Codebook() []byte {
	var b bytes.Buffer
	schemas := Schemas()
	names := make([]string, len(schemas))
	for i, s := range schemas {
		names[i] = fmt.Sprintf("[%s](#%s)", s.Name, s.Name)
	}
	fmt.Fprintf(&b, codebookLead, Version)
	fmt.Fprintf(&b, "\nTables: %s.\n", strings.Join(names, ", "))
	for _, s := range schemas {
		fmt.Fprintf(&b, "\n## %s\n\nOne row is %s.", s.Name, s.Meaning)
		if len(s.Key) > 0 {
			fmt.Fprintf(&b, " Unique: %s.", strings.Join(s.Key, ", "))
		}
		fmt.Fprintf(&b, " Each part is sorted by %s.\n\n| column | type | meaning | values, unit | null | example |\n|---|---|---|---|---|---|\n", strings.Join(s.Order, ", "))
		for _, c := range s.Columns {
			values := c.Values
			if c.Unit != "" {
				values = strings.TrimPrefix(values+", "+c.Unit, ", ")
			}
			null := "never"
			if c.Null {
				null = c.NullRule
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", c.Name, cell(c.Kind.String()), cell(c.Meaning), cell(values), cell(null), cell(c.Example))
		}
	}
	return b.Bytes()
}

func cell(s string) string { return inCell.Replace(s) }

var inCell = strings.NewReplacer("|", `\|`, "\n", `\n`, "<", "&lt;")
