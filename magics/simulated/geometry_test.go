package simulated

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// caches writes the system's files of some caches: level, type, size, ways, line.
func caches(t *testing.T, list ...[5]string) string {
	t.Helper()
	root := t.TempDir()
	for i, c := range list {
		dir := filepath.Join(root, "sys/devices/system/cpu/cpu0/cache/index"+string(rune('0'+i)))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for k, name := range []string{"level", "type", "size", "ways_of_associativity", "coherency_line_size"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(c[k]+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func TestGeometry(t *testing.T) {
	d1, i1 := [5]string{"1", "Data", "32K", "8", "64"}, [5]string{"1", "Instruction", "48K", "12", "64"}
	for _, tt := range []struct {
		name    string
		caches  [][5]string
		options []string
		notes   []string
	}{
		{"three levels", [][5]string{d1, i1, {"2", "Unified", "1024K", "8", "64"}, {"3", "Unified", "32M", "16", "64"}}, []string{"--I1=49152,12,64", "--D1=32768,8,64", "--LL=33554432,16,64"}, nil},
		{"two levels", [][5]string{d1, i1, {"2", "Unified", "1024K", "8", "64"}}, []string{"--I1=49152,12,64", "--D1=32768,8,64", "--LL=1048576,8,64"}, nil},
		{"no power of two", [][5]string{d1, i1, {"3", "Unified", "30720K", "20", "64"}}, []string{"--I1=49152,12,64", "--D1=32768,8,64", "--LL=20971520,20,64"}, []string{"LL cache has 30 MiB, 20-way, 64 B: simulated with 20 MiB"}},
		{"nothing told", nil, []string{"--I1=32768,8,64", "--D1=32768,8,64", "--LL=8388608,16,64"}, []string{"I1", "D1", "LL"}},
		{"nonsense", [][5]string{{"1", "Data", "x", "8", "64"}, i1, {"2", "Unified", "1024K", "0", "64"}}, []string{"--I1=49152,12,64", "--D1=32768,8,64", "--LL=8388608,16,64"}, []string{"D1", "LL"}},
	} {
		g := ReadGeometry(caches(t, tt.caches...))
		if !slices.Equal(g.options(), tt.options) {
			t.Errorf("%s: %v, want %v", tt.name, g.options(), tt.options)
		}
		if len(g.Notes) != len(tt.notes) {
			t.Errorf("%s: notes %q", tt.name, g.Notes)
			continue
		}
		for i, want := range tt.notes {
			if !strings.Contains(g.Notes[i], want) {
				t.Errorf("%s: note %q, want %q", tt.name, g.Notes[i], want)
			}
		}
	}
}
