package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"stance/internal/model"
)

// Partition says by what the parts of a table are laid in folders, of which
// each holds the rows of its articles alone. The zero value is none.
type Partition struct{ key string }

var partitions = []string{"none", "month", "day", "outlet"}

// PartitionBy returns the partition of a name: none, month, day or outlet.
func PartitionBy(name string) (Partition, error) {
	if !slices.Contains(partitions, name) {
		return Partition{}, fmt.Errorf("unknown key %q: expected one of %s", name, strings.Join(partitions, ", "))
	}
	if name == "none" {
		name = ""
	}
	return Partition{name}, nil
}

// nullFolder stands for no value, as Hive has it.
const nullFolder = "__HIVE_DEFAULT_PARTITION__"

// Folder returns what names the folder of an article's rows, key=value; nil
// for none. The key is none of the tables' columns, which stay in the files:
// a column of the same name and another type confuses readers.
func (p Partition) Folder() func(*model.Article) string {
	switch p.key {
	case "month", "day":
		layout := map[string]string{"month": "2006-01", "day": time.DateOnly}[p.key]
		return func(a *model.Article) string {
			if a.PublishedAt.IsZero() {
				return "pub_" + p.key + "=" + nullFolder
			}
			return "pub_" + p.key + "=" + a.PublishedAt.UTC().Format(layout)
		}
	case "outlet":
		return func(a *model.Article) string { return "pub_outlet=" + escapeValue(a.Outlet) }
	}
	return nil
}

// valueMost bounds the name of a folder, in bytes; file systems end at 255.
const valueMost = 200

// escapeValue makes a value a name for a folder, percent-encoded as Hive and
// its readers do. A value that is too long is cut and told from others by a
// hash.
func escapeValue(v string) string {
	if v == "" {
		return nullFolder
	}
	var b strings.Builder
	for i := range len(v) {
		c := v[i]
		plain := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("-_.~", c) >= 0
		if !plain || i == 0 && strings.IndexByte("._~", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	name := b.String()
	if len(name) <= valueMost {
		return name
	}
	sum := sha256.Sum256([]byte(v))
	cut := name[:valueMost-17]
	if i := strings.LastIndexByte(cut, '%'); i > len(cut)-3 {
		cut = cut[:i]
	}
	return cut + "~" + hex.EncodeToString(sum[:8])
}
