package hpgo

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"testing"
)

// What an embedded package imports of this module is embedded, too: an installed
// binary has no other copy.
func TestSourceIsWhole(t *testing.T) {
	have := map[string]bool{}
	importers := map[string]string{}
	err := fs.WalkDir(Source, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/testdata/") {
			return err
		}
		text, err := Source.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		have[path.Dir(name)] = true
		for _, spec := range file.Imports {
			if own, ok := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "hpgo/"); ok {
				importers[own] = name
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(have) < 10 || len(importers) < 10 {
		t.Fatalf("only %d packages with %d imports were found", len(have), len(importers))
	}
	for own, importer := range importers {
		if !have[own] {
			t.Errorf("%s imports hpgo/%s, which isn't embedded", importer, own)
		}
	}
}
