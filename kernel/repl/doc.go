// Package repl is a session in a terminal: cells typed at a prompt, or read from
// a pipe, and what they show as text.
//
// It has three layers. keys.go, buffer.go, layout.go and view.go know nothing of
// Go: bytes become keys, keys change a text, a text becomes rows, and of these
// the view writes to the terminal what is not there yet. editor.go, with its
// history, search and completion, makes an input of that. console.go is the
// conversation: it runs what was typed and has sheet.go write what comes back,
// and aside.go above the input what comes between two cells;
// script.go does the same for a text without a terminal, which cutter.go cuts
// into cells.
//
// The line editor is the package's own, on golang.org/x/term for the terminal's
// modes and github.com/rivo/uniseg for the width of characters. Editors to be
// had as modules either don't edit several lines (liner, chzyer/readline), bring
// a framework along (bubbline), or add more to the binary than the rest of this
// package does and keep a goroutine reading the terminal while cells ask for
// input (reeflective/readline).
//
// # Goroutines
//
// Interactive starts one, which waits for signals and ends when Interactive
// returns. Script starts one, which reads the next line of its input; it ends with
// the input, or with the process when nothing more comes. The terminal is read by whoever waits for a key, nobody else: what is
// typed while a cell runs stays in the terminal until the next prompt, or is the
// cell's when it asks. Functions started by context.AfterFunc only wake a reader.
package repl
