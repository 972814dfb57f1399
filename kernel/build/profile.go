package build

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hpgo/kernel/cell"
)

// Profile is a profile of CPU time in the form that the compiler reads (-pgoprofile):
// calls with their weights.
type Profile struct {
	program []byte // for package main
	session []byte // for the session's package, whose functions profiles name main.f, too
}

// About reports whether functions of package main with one of these names, or literals
// in them, are in the profile: "f", "T.m".
func (p *Profile) About(functions []string) bool {
	for line := range strings.Lines(string(p.program)) {
		name, ok := strings.CutPrefix(strings.TrimSpace(line), "main.")
		if !ok {
			continue
		}
		name = plainMethod.Replace(name)
		for _, f := range functions {
			if rest, ok := strings.CutPrefix(name, plainMethod.Replace(f)); ok && (rest == "" || rest[0] == '.' || rest[0] == '-') {
				return true
			}
		}
	}
	return false
}

// plainMethod leaves pointers and types out of names: (*T).m and T.m are one.
var plainMethod = strings.NewReplacer("(*", "", ")", "", "[...]", "")

// ReadProfile reads a profile in pprof's format by the toolchain's own tool. dir is a
// fresh directory that the caller removes.
func (m *Module) ReadProfile(ctx context.Context, file, dir string) (*Profile, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("read a profile: %w", err)
	}
	out := filepath.Join(dir, "profile")
	if _, err := m.tc.Run(ctx, m.Dir, "tool", "preprofile", "-i", file, "-o", out); err != nil {
		return nil, fmt.Errorf("read the profile %s: %w", file, err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("read the profile %s: %w", file, err)
	}
	return &Profile{program: data, session: ofSession(data)}, nil
}

// ofSession gives functions of package main the names that they have in the session.
// Each stands on a line of its own.
func ofSession(data []byte) []byte {
	var b bytes.Buffer
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "main."); ok {
			line = cell.PackagePath + "." + rest
		}
		b.WriteString(line)
	}
	return b.Bytes()
}

// WriteProfile writes a profile for the compiler, for a package main or for the
// session's package, and returns the file, whose name tells its content.
func (m *Module) WriteProfile(p *Profile, main bool) (string, error) {
	data := p.session
	if main {
		data = p.program
	}
	file := filepath.Join(m.Dir, "profile-"+keyOf(string(data)))
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return "", fmt.Errorf("write the profile for the compiler: %w", err)
	}
	return file, nil
}
