// Package data embeds the packs, the lexicon and the learned weights that the
// binary carries.
package data

import (
	"embed"
	"io/fs"
	"path"
	"slices"
)

// FS holds parties/*.yaml, rules/*.yaml, lexicon/*.tsv and model/*.
//
//go:embed parties/*.yaml rules/*.yaml lexicon/*.tsv model/*
var FS embed.FS

// File is an embedded file; Name is its path below data.
type File struct {
	Name string
	Data []byte
}

// Packs returns the rule packs and then the party packs, sorted by name. The
// order does not matter to the compiler, which sorts packs by their needs.
func Packs() []File { return append(glob("rules/*.yaml"), glob("parties/*.yaml")...) }

// Lexicons returns the lexicon files sorted by name.
func Lexicons() []File { return glob("lexicon/*.tsv") }

// Model returns a file of learned weights, nil when there is none.
func Model(name string) []byte {
	b, err := FS.ReadFile(path.Join("model", name))
	if err != nil {
		return nil
	}
	return b
}

func glob(pattern string) []File {
	names, err := fs.Glob(FS, pattern)
	if err != nil {
		panic(err) // the patterns are constants of this file
	}
	slices.Sort(names)
	files := make([]File, 0, len(names))
	for _, n := range names {
		b, err := FS.ReadFile(n)
		if err != nil {
			panic(err) // an embedded file is always there
		}
		files = append(files, File{n, b})
	}
	return files
}
