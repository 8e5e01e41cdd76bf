package dataset

import (
	"bytes"
	"encoding/json"

	"stance/internal/io/table"
	"stance/internal/model"
)

// Manifest is what is known about a generation. It is deterministic: equal
// input, options, rules and tool give equal bytes.
type Manifest struct {
	Layout        string `json:"layout"`         // version of the output folder's layout
	SchemaVersion string `json:"schema_version"` // of the tables
	table.Metadata
	Format   string            `json:"format"` // parquet or arrow
	Settings map[string]string `json:"settings"`
	Totals   Totals            `json:"totals"`
	Inputs   []model.Input     `json:"inputs"`
	Tables   []TableInfo       `json:"tables"`
	Files    []Part            `json:"files"`
}

// LayoutVersion is the version of the output folder's layout.
const LayoutVersion = "1"

// Totals balance: Records = Articles + Rejected + Duplicates.
type Totals struct {
	Records        int64 `json:"records"`
	Articles       int64 `json:"articles"`
	Rejected       int64 `json:"rejected"`
	Duplicates     int64 `json:"duplicates"`
	NearDuplicates int64 `json:"near_duplicates"`
	Skipped        int64 `json:"skipped"`
	Warnings       int64 `json:"warnings"`
	TextBytes      int64 `json:"text_bytes"`
}

// TableInfo is one table of a generation.
type TableInfo struct {
	Name  string `json:"name"`
	Rows  int64  `json:"rows"`
	Bytes int64  `json:"bytes"`
	Parts []Part `json:"parts"`
}

// Part is one file of a generation.
type Part struct {
	Name   string `json:"name"` // relative to the generation
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	xxHash uint64
}

func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// Rows returns the rows of a table, 0 for an unknown one.
func (m *Manifest) Rows(table string) int64 {
	for _, t := range m.Tables {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}
