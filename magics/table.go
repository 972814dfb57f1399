package magics

import (
	"fmt"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/attach"
	"hpgo/magics/compiler"
	"hpgo/magics/machine"
	"hpgo/magics/magic"
	"hpgo/magics/profiling"
	"hpgo/magics/timing"
	"hpgo/magics/tracing"
)

// Table returns all magics. It is a function, not a variable, because the rows of
// %help and %lsmagic read the table.
func Table() magic.Table {
	return magic.NewTable(shellRows(), scriptRows(), fileRows(), showRows(), nameRows(), historyRows(), moduleRows(), flagRows(), placeRows(), testRows(), pageRows(), timing.Rows(), profiling.Rows(), compiler.Rows(), machine.Rows(), tracing.Rows(), attach.Rows(), pythonRows(), helpRows())
}

// TableMarkdown is the table of all magics as Markdown, for %help and the README.
func TableMarkdown() string {
	var b strings.Builder
	b.WriteString("| magic | does |\n| --- | --- |\n")
	for _, m := range Table() {
		usage := strings.ReplaceAll(m.Usage, "|", `\|`)
		fmt.Fprintf(&b, "| `%s` | %s |\n", usage, strings.ReplaceAll(m.Summary(), "|", `\|`))
	}
	return b.String()
}

// markdown is a display event with text and Markdown.
func markdown(text, md string) display.Event {
	return display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{"text/plain": text, "text/markdown": md}}}
}
