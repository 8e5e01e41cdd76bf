package dataset

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Logs returns what the last n runs that published into an output folder left
// as their logs, oldest first; none for a folder that does not exist. Runs are
// ordered by their names.
func Logs(dir string, n int) ([]json.RawMessage, error) {
	list, err := os.ReadDir(filepath.Join(dir, "runs")) // sorted by name
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &Error{Op: "read", Path: filepath.Join(dir, "runs"), Err: err}
	}
	var names []string
	for _, f := range list {
		if f.Type().IsRegular() && strings.HasSuffix(f.Name(), ".json") {
			names = append(names, filepath.Join(dir, "runs", f.Name()))
		}
	}
	var logs []json.RawMessage
	for _, name := range names[max(0, len(names)-n):] {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, &Error{Op: "read", Path: name, Err: err}
		}
		var file struct{ Log json.RawMessage }
		if err := json.Unmarshal(b, &file); err != nil {
			return nil, &Error{Op: "read", Path: name, Err: fmt.Errorf("no log of a run: %w", err)}
		}
		logs = append(logs, file.Log)
	}
	return logs, nil
}
