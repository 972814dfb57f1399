package machine

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"hpgo/magics/assembly"
	"hpgo/magics/magic"
)

// A function that is written in assembly has the lines of its file, from the first to
// the last that its code comes from.
func TestWrittenIn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f.s")
	if err := os.WriteFile(file, []byte("TEXT f\n\tA\n\tB\n\tC\n\tD\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code := func(file string, lines ...int) *assembly.Function {
		fn := &assembly.Function{Name: "f"}
		for _, n := range lines {
			fn.Instructions = append(fn.Instructions, assembly.Instruction{Stack: []assembly.Position{{Func: "f", File: file, Line: n}}})
		}
		return fn
	}
	declared := magic.Function{Name: "p.f", File: "p/f.go", First: 3, Lines: []string{"func f()"}, NoGo: "assembly"}
	got := writtenIn(declared, code(file, 3, 0, 2, 4))
	if got.File != file || got.First != 2 || !slices.Equal(got.Lines, []string{"\tA", "\tB", "\tC"}) {
		t.Errorf("%+v", got)
	}
	if got := writtenIn(declared, code(file+".gone", 2, 3)); got.First != 2 || len(got.Lines) != 2 {
		t.Errorf("a file that isn't there: %+v", got)
	}
	if got := writtenIn(declared, code(file)); got.File != "p/f.go" {
		t.Errorf("code without places: %+v", got)
	}
}
