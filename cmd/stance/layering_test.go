package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the table of the design: what each package of the module may
// import from the module.
var mayImport = map[string][]string{
	"stance/internal/diag":            {},
	"stance/internal/model":           {"stance/internal/diag"},
	"stance/internal/trace":           {"stance/internal/model", "stance/internal/diag"},
	"stance/internal/model/text":      {"stance/internal/model"},
	"stance/internal/model/rules":     {"stance/internal/model", "stance/internal/model/text", "stance/internal/diag"},
	"stance/internal/model/party":     {"stance/internal/model", "stance/internal/model/text", "stance/internal/model/rules", "stance/internal/trace"},
	"stance/internal/model/sentiment": {"stance/internal/model", "stance/internal/model/text", "stance/internal/model/rules", "stance/internal/trace"},
	"stance/internal/model/stance":    {"stance/internal/model", "stance/internal/model/text", "stance/internal/model/rules", "stance/internal/trace"},
	"stance/internal/snapshot":        {},
	"stance/internal/analysis":        {"stance/internal/model", "stance/internal/model/*", "stance/internal/trace", "stance/internal/diag", "stance/internal/snapshot"},
	"stance/internal/pipeline":        {"stance/internal/model"},
	"stance/internal/io/columnar":     {},
	"stance/internal/io/corpus":       {"stance/internal/model", "stance/internal/diag", "stance/internal/io/columnar"},
	"stance/internal/io/table":        {"stance/internal/model", "stance/internal/io/columnar"},
	"stance/internal/io/dataset":      {"stance/internal/model", "stance/internal/io/table"},
	"stance/internal/io/gold":         {"stance/internal/model", "stance/internal/diag"},
	"stance/internal/eval":            {"stance/internal/model", "stance/internal/io/gold"},
	"stance/internal/fit":             {"stance/internal/model", "stance/internal/model/*", "stance/internal/analysis", "stance/internal/diag"},
	"stance/internal/report":          {"stance/internal/model", "stance/internal/diag", "stance/internal/io/table", "stance/internal/io/columnar"},
	"stance/data":                     {},
	"stance/cmd/stance":               {"stance/*"},
}

// onlyIn names the folders that may import a library that the design keeps in
// one place.
var onlyIn = map[string]string{
	"github.com/urfave/cli":               "stance/cmd/stance",
	"github.com/schollz/progressbar":      "stance/cmd/stance",
	"go.yaml.in/yaml":                     "stance/internal/model/rules",
	"github.com/cdipaolo/":                "stance/internal/model/sentiment",
	"github.com/jonreiter/govader":        "stance/internal/model/sentiment",
	"github.com/apache/arrow-go":          "stance/internal/io",
	"github.com/go-json-experiment/":      "stance/internal/io",
	"github.com/klauspost/compress":       "stance/internal/io",
	"github.com/rogpeppe/go-internal":     "stance/cmd/stance",
	"golang.org/x/term":                   "stance/cmd/stance",
	"github.com/cespare/xxhash":           "stance/internal",
	"golang.org/x/text":                   "stance/internal",
	"golang.org/x/sys":                    "stance/internal/io",
	"github.com/go-shiori/go-readability": "stance/internal/io",
}

type listedPackage struct {
	ImportPath                string
	Standard                  bool
	Name                      string
	Imports                   []string
	TestImports, XTestImports []string
	GoFiles                   []string
}

func TestImportsRunDownhill(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Standard,Name,Imports,TestImports,XTestImports,GoFiles", "stance/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	seen := 0
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listedPackage
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) == 0 {
			continue // a folder with tests alone
		}
		seen++
		allowed, known := mayImport[p.ImportPath]
		if !known {
			t.Errorf("%s is not in the table of the design", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if strings.HasPrefix(imp, "stance/") && !slices.ContainsFunc(allowed, func(a string) bool { return matches(a, imp) }) {
				t.Errorf("%s imports %s, which lies uphill", p.ImportPath, imp)
			}
		}
		for _, imp := range append(append(p.Imports, p.TestImports...), p.XTestImports...) {
			for lib, place := range onlyIn {
				if strings.HasPrefix(imp, lib) && !strings.HasPrefix(p.ImportPath, place) {
					t.Errorf("%s imports %s, which belongs in %s alone", p.ImportPath, imp, place)
				}
			}
		}
		if p.ImportPath == "stance/internal/io" {
			t.Error("internal/io is a folder, never a package")
		}
		if stdNames[p.Name] {
			t.Errorf("%s: the package name %q shadows one of std", p.ImportPath, p.Name)
		}
	}
	if seen < 10 {
		t.Fatalf("go list showed %d packages", seen)
	}
}

// stdNames are names of std packages that this module uses, text and io
// aside: text is a stage of the design and std has no package of that name.
var stdNames = map[string]bool{"io": true, "context": true, "strings": true, "bytes": true, "time": true, "sort": true, "slices": true, "errors": true, "testing": true, "os": true}

func matches(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(path, prefix)
	}
	return pattern == path
}
