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

// Codebook describes every column of every table, for people, in Markdown.
func Codebook() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Codebook\n\nSchema version %s. Offsets are half-open. A column that can be null says when it is.\n", Version)
	for _, s := range Schemas() {
		fmt.Fprintf(&b, "\n## %s\n\nOne row is %s.", s.Name, s.Meaning)
		if len(s.Key) > 0 {
			fmt.Fprintf(&b, " Key: %s.", strings.Join(s.Key, ", "))
		}
		fmt.Fprintf(&b, " Each part is sorted by %s.\n\n| column | type | meaning | values or unit | null | example |\n|---|---|---|---|---|---|\n", strings.Join(s.Order, ", "))
		for _, c := range s.Columns {
			values := c.Values
			if c.Unit != "" {
				values = strings.TrimPrefix(values+", "+c.Unit, ", ")
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", cell(c.Name), cell(c.Kind.String()), cell(c.Meaning), cell(values), cell(c.NullRule), cell(c.Example))
		}
	}
	return b.Bytes()
}

func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", `\n`, "<", "&lt;").Replace(s)
}
