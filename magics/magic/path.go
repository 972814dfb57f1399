package magic

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Path expands a path and makes it absolute from the cells' directory.
func Path(h Host, path string) (string, error) {
	path, err := Expand(h, path)
	if err != nil || filepath.IsAbs(path) {
		return path, err
	}
	return filepath.Join(h.Dir(), path), nil
}

// Expand replaces a leading ~ and the variables of the environment.
func Expand(h Host, path string) (string, error) {
	env := Environ(h)
	var missing []string
	path = os.Expand(path, func(name string) string {
		v, ok := env[name]
		if !ok {
			missing = append(missing, "$"+name)
		}
		return v
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("environment variable %s is not set", strings.Join(missing, ", "))
	}
	if path == "~" || strings.HasPrefix(path, "~/") {
		home := env["HOME"]
		if home == "" {
			return "", fmt.Errorf("expand %s: HOME is not set", path)
		}
		path = home + path[1:]
	}
	return path, nil
}

// Environ is the host's environment as a map.
func Environ(h Host) map[string]string {
	env := map[string]string{}
	for _, kv := range h.Environ() {
		if k, v, ok := strings.Cut(kv, "="); ok {
			env[k] = v
		}
	}
	return env
}

// IsVariable reports whether a Go variable can be declared with a name and used.
func IsVariable(s string) bool { return token.IsIdentifier(s) && s != "_" }
