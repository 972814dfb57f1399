package magics

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// hostPath expands a path and makes it absolute from the cells' directory.
func hostPath(h Host, path string) (string, error) {
	path, err := expand(h, path)
	if err != nil || filepath.IsAbs(path) {
		return path, err
	}
	return filepath.Join(h.Dir(), path), nil
}

// expand replaces a leading ~ and the variables of the environment.
func expand(h Host, path string) (string, error) {
	env := environ(h)
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

// environ is the host's environment as a map.
func environ(h Host) map[string]string {
	env := map[string]string{}
	for _, kv := range h.Environ() {
		if k, v, ok := strings.Cut(kv, "="); ok {
			env[k] = v
		}
	}
	return env
}

// isVariable reports whether a Go variable can be declared with a name and used.
func isVariable(s string) bool { return token.IsIdentifier(s) && s != "_" }
