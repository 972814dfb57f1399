package build

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// relativePlace is the beginning of a compiler's message about a file below or
// beside the directory in which the go command ran.
var relativePlace = regexp.MustCompile(`(?m)^\.\.?/[^:\n]*`)

// Remarks compiles a package again with more flags for the compiler, as cells are
// linked with it, and returns what the compiler says. The package itself stays as
// it is. Names of files are absolute. env is more for the compiler's environment.
func (m *Module) Remarks(ctx context.Context, path string, gcflags, env []string) (string, error) {
	done := m.announce([]string{path})
	defer done()
	var own []string
	for _, f := range slices.Concat(m.mode.compile, gcflags) {
		if f != "-dynlink" { // which the go command adds itself
			own = append(own, "'"+f+"'")
		}
	}
	args := slices.Concat([]string{"list", "-export", "-f", ""}, m.mode.list, m.mode.flags, []string{"-gcflags=" + path + "=" + strings.Join(own, " "), path})
	said, err := m.tc.With(env...).Said(ctx, m.Dir, args...)
	if err != nil {
		return "", fmt.Errorf("compile %s: %w", path, err)
	}
	return relativePlace.ReplaceAllStringFunc(string(said), func(name string) string { return filepath.Join(m.Dir, name) }), nil
}
