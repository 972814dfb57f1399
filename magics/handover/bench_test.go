package handover

import (
	"path/filepath"
	"testing"
)

// Ten million numbers, 80 MB, as -i and -o move them on Go's side.
func BenchmarkSave(b *testing.B) {
	xs := make([]float64, 10_000_000)
	file := filepath.Join(sharedDir(b), "xs")
	b.SetBytes(int64(8 * len(xs)))
	for b.Loop() {
		if r := Save(file, file+"2", "xs", xs); r.Error != "" {
			b.Fatal(r.Error)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	xs := make([]float64, 10_000_000)
	file := filepath.Join(sharedDir(b), "xs")
	if r := Save(file, file+"2", "xs", xs); r.Error != "" {
		b.Fatal(r.Error)
	}
	b.SetBytes(int64(8 * len(xs)))
	for b.Loop() {
		if got := Load[[]float64](file, 0); len(got) != len(xs) {
			b.Fatal(len(got))
		}
	}
}
