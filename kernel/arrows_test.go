package main

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// architecture is what doc.go draws.
type architecture struct {
	rooms        []string            // import paths without "hpgo/"
	arrows       map[string][]string // from a room to the rooms it may import
	standardOnly []string
	owners       map[string][]string // of a foreign module
}

// readArchitecture parses the indented lines of the package comment.
func readArchitecture(t *testing.T) architecture {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	a := architecture{arrows: map[string][]string{}, owners: map[string][]string{}}
	section := ""
	for line := range strings.Lines(file.Doc.Text()) {
		line = strings.TrimRight(line, "\n")
		if title, ok := strings.CutPrefix(line, "# "); ok {
			section = title
		}
		body, indented := strings.CutPrefix(line, "\t")
		if !indented || body == "" {
			continue
		}
		switch from, to, arrow := strings.Cut(body, " -> "); {
		case section == "Rooms" && body[0] != ' ':
			a.rooms = append(a.rooms, strings.Fields(body)[0])
		case section != "Arrows":
		case arrow:
			a.arrows[from] = strings.Split(to, ", ")
		default:
			if list, ok := strings.CutPrefix(body, "standard only: "); ok {
				a.standardOnly = strings.Split(list, ", ")
			} else if room, modules, ok := strings.Cut(body, " owns "); ok {
				for _, m := range strings.Split(modules, ", ") {
					a.owners[m] = append(a.owners[m], room)
				}
			} else {
				t.Errorf("doc.go: can't read %q", body)
			}
		}
	}
	return a
}

// room returns the drawn room that a package lies in, or "".
func (a architecture) room(pkg string) string {
	if pkg == "hpgo" {
		return "hpgo"
	}
	path := strings.TrimPrefix(pkg, "hpgo/")
	best := ""
	for _, r := range a.rooms {
		inside := path == r || strings.HasPrefix(path, r+"/")
		// The main package doesn't contain the rooms below its directory.
		if r == "kernel" {
			inside = path == r
		}
		if inside && len(r) > len(best) {
			best = r
		}
	}
	return best
}

// goPackage is what `go list -json` says of a package.
type goPackage struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
	Module     *struct{ Path string }
}

// listPackages returns every package of the module and all that they need.
func listPackages(t *testing.T) map[string]goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps,Module", "hpgo/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	all := map[string]goPackage{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

func ours(pkg string) bool { return pkg == "hpgo" || strings.HasPrefix(pkg, "hpgo/") }

// TestArrows compares the imports of all packages with the picture in doc.go.
func TestArrows(t *testing.T) {
	a := readArchitecture(t)
	if len(a.rooms) < 15 || len(a.arrows) < 10 || len(a.standardOnly) < 4 || len(a.owners) < 5 {
		t.Fatalf("doc.go: found %d rooms, %d arrows, %d standard only, %d owned modules", len(a.rooms), len(a.arrows), len(a.standardOnly), len(a.owners))
	}
	for from, to := range a.arrows {
		for _, r := range append([]string{from}, to...) {
			if !slices.Contains(a.rooms, r) {
				t.Errorf("doc.go draws an arrow at %s, which is no room", r)
			}
		}
	}
	all := listPackages(t)
	for path, p := range all {
		if !ours(path) {
			continue
		}
		from := a.room(path)
		if from == "" {
			t.Errorf("%s lies in no room of doc.go", path)
			continue
		}
		for _, imp := range p.Imports {
			switch to := all[imp]; {
			case ours(imp):
				if r := a.room(imp); r != from && !slices.Contains(a.arrows[from], r) {
					t.Errorf("%s imports %s: doc.go draws no arrow from %s to %s", path, imp, from, r)
				}
			case !to.Standard && to.Module != nil:
				if owners := a.owners[to.Module.Path]; !slices.Contains(owners, from) {
					t.Errorf("%s imports %s: %s is owned by %q, not by %s", path, imp, to.Module.Path, owners, from)
				}
			}
		}
	}
}

// TestStandardOnly checks what is linked into every cell.
func TestStandardOnly(t *testing.T) {
	a := readArchitecture(t)
	all := listPackages(t)
	for path, p := range all {
		if !ours(path) || !slices.Contains(a.standardOnly, a.room(path)) {
			continue
		}
		for _, dep := range p.Deps {
			switch {
			case ours(dep) && !slices.Contains(a.standardOnly, a.room(dep)):
				t.Errorf("%s links %s, which cells shouldn't", path, dep)
			case !ours(dep) && dep != "C" && !all[dep].Standard:
				t.Errorf("%s links %s, which isn't of the standard library", path, dep)
			}
		}
	}
}
