package build

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// writeEmbedcfg writes the table by which the compiler finds the files of
// //go:embed patterns (cmd/compile -embedcfg, as cmd/go writes it), relative to
// a directory. A pattern that is a directory stands for its files, less hidden
// ones unless it starts with all:.
func writeEmbedcfg(file, dir string, patterns []string) error {
	cfg := struct {
		Patterns map[string][]string
		Files    map[string]string
	}{map[string][]string{}, map[string]string{}}
	for _, pattern := range patterns {
		names, err := embedFiles(dir, pattern)
		if err != nil {
			return fmt.Errorf("go:embed %s: %w", pattern, err)
		}
		cfg.Patterns[pattern] = names
		for _, n := range names {
			cfg.Files[n] = filepath.Join(dir, filepath.FromSlash(n))
		}
	}
	data, err := json.Marshal(cfg)
	if err != nil {
		return fmt.Errorf("write embedcfg: %w", err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return fmt.Errorf("write embedcfg: %w", err)
	}
	return nil
}

// embedFiles returns the files that a pattern names, with slashes.
func embedFiles(dir, pattern string) ([]string, error) {
	glob, all := strings.CutPrefix(pattern, "all:")
	if !fs.ValidPath(glob) {
		return nil, errors.New("the pattern must be a plain path below the working directory")
	}
	root := os.DirFS(dir)
	matches, err := fs.Glob(root, glob)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range matches {
		err := fs.WalkDir(root, m, func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			base := path.Base(p)
			if hidden := strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_"); p != m && hidden && !all {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if d.Type().IsRegular() {
				names = append(names, p)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(names) == 0 {
		return nil, errors.New("no matching files in the working directory")
	}
	return names, nil
}
