package dataset

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stance/internal/io/table"
)

// Current returns the published generation of an output folder. Its error
// wraps ErrNoData when there is none, and ErrDamaged when the manifest is not
// what was committed.
func Current(dir string) (*Generation, error) {
	target, err := os.Readlink(filepath.Join(dir, "current"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dir, ErrNoData)
	}
	if err != nil {
		return nil, &Error{Op: "read", Path: filepath.Join(dir, "current"), Err: err}
	}
	name := filepath.ToSlash(target)
	number, hash, ok := strings.Cut(strings.TrimPrefix(name, "gen/"), "-")
	if !ok || !strings.HasPrefix(name, "gen/") || strings.ContainsAny(hash, "/") {
		return nil, fmt.Errorf("%w: %s points to %q", ErrDamaged, filepath.Join(dir, "current"), target)
	}
	g := &Generation{Path: filepath.Join(dir, target), Hash: hash}
	if _, err := fmt.Sscanf(number, "%d", &g.Number); err != nil {
		return nil, fmt.Errorf("%w: %s points to %q", ErrDamaged, filepath.Join(dir, "current"), target)
	}
	data, err := os.ReadFile(filepath.Join(g.Path, "manifest.json"))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %s", ErrDamaged, filepath.Join(g.Path, "manifest.json"), reason(err))
	}
	success, err := os.ReadFile(filepath.Join(g.Path, "_SUCCESS"))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %s", ErrDamaged, filepath.Join(g.Path, "_SUCCESS"), reason(err))
	}
	sum := sha256.Sum256(data)
	full := hex.EncodeToString(sum[:])
	if full[:16] == hash && string(success) != full+"\n" {
		return nil, fmt.Errorf("%w: %s does not hold the hash of the manifest", ErrDamaged, filepath.Join(g.Path, "_SUCCESS"))
	}
	if full[:16] != hash {
		return nil, fmt.Errorf("%w: %s is not the manifest that was committed", ErrDamaged, filepath.Join(g.Path, "manifest.json"))
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&g.Manifest); err != nil {
		return nil, fmt.Errorf("%w: %s: %v", ErrDamaged, filepath.Join(g.Path, "manifest.json"), err)
	}
	return g, nil
}

// Damage is a file that is not as it was committed.
type Damage struct {
	Path   string
	Reason string
}

// Verify compares the published generation with its manifest: every file is
// there, with its size and hash, opens as its table with its number of rows,
// and there is no other. Damage found is returned with an error that wraps
// ErrDamaged.
func Verify(ctx context.Context, dir string) (*Generation, []Damage, error) {
	g, err := Current(dir)
	if err != nil {
		return nil, nil, err
	}
	var found []Damage
	bad := func(name, format string, args ...any) {
		found = append(found, Damage{filepath.Join(g.Path, name), fmt.Sprintf(format, args...)})
	}
	known := map[string]bool{"manifest.json": true, "_SUCCESS": true}
	check := func(p Part) bool {
		known[p.Name] = true
		n, sum, err := hashFile(filepath.Join(g.Path, p.Name))
		switch {
		case err != nil:
			bad(p.Name, "%s", reason(err))
		case n != p.Bytes:
			bad(p.Name, "%d bytes where %d were committed", n, p.Bytes)
		case sum != p.SHA256:
			bad(p.Name, "other bytes than were committed")
		default:
			return true
		}
		return false
	}
	for _, f := range g.Manifest.Files {
		check(f)
	}
	if t := g.Manifest.Totals; t.Records != t.Articles+t.Rejected+t.Duplicates {
		bad("manifest.json", "totals do not balance")
	}
	for _, t := range g.Manifest.Tables {
		var rows int64
		for _, p := range t.Parts {
			if err := ctx.Err(); err != nil {
				return g, found, context.Cause(ctx)
			}
			rows += p.Rows
			if !check(p) {
				continue
			}
			s := table.Find(t.Name)
			if s == nil {
				bad(p.Name, "no table has this name")
				continue
			}
			part, err := table.OpenPart(filepath.Join(g.Path, p.Name), s)
			if err != nil {
				bad(p.Name, "%v", err)
				continue
			}
			if part.Rows >= 0 && part.Rows != p.Rows {
				bad(p.Name, "%d rows where %d were committed", part.Rows, p.Rows)
			}
			if err := part.Close(); err != nil {
				bad(p.Name, "%s", reason(err))
			}
		}
		if rows != t.Rows {
			bad("manifest.json", "table %s has %d rows in its parts, %d in all", t.Name, rows, t.Rows)
		}
	}
	err = filepath.WalkDir(g.Path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(g.Path, path)
		if err == nil && !known[filepath.ToSlash(name)] {
			bad(name, "was not committed")
		}
		return err
	})
	if err != nil {
		return g, found, &Error{Op: "read", Path: g.Path, Err: err}
	}
	slices.SortFunc(found, func(a, b Damage) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Reason, b.Reason))
	})
	if len(found) > 0 {
		return g, found, fmt.Errorf("%w: %d files of %s", ErrDamaged, len(found), g.Path)
	}
	return g, nil, nil
}

func hashFile(path string) (n int64, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	if n, err = io.Copy(h, f); err != nil {
		return n, "", err
	}
	return n, hex.EncodeToString(h.Sum(nil)), nil
}
