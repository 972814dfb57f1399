package compiler

import (
	"strings"
	"testing"

	"hpgo/magics/result"
)

func TestArrows(t *testing.T) {
	to := func(offset int) *int { return &offset }
	ins := []result.DisasmInstruction{
		{Offset: 0, Target: to(3)}, // into the loop
		{Offset: 1},
		{Offset: 2},
		{Offset: 3},
		{Offset: 4, Target: to(1)}, // back
		{Offset: 5, Target: to(0)}, // to the start
		{Offset: 6, Target: to(99)},
	}
	want := []string{
		"╭─╭>",
		"│╭┼>",
		"│││ ",
		"││╰>",
		"│╰──",
		"╰───",
		"    ",
	}
	got := arrows(ins)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if out := arrows(nil); len(out) != 0 {
		t.Errorf("of nothing: %q", out)
	}
}
