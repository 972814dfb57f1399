package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hpgo/kernel/repl/repltest"
)

// TestReplTerminal types into the real thing: what a person sees and what
// stays behind.
func TestReplTerminal(t *testing.T) {
	dir, tmp := t.TempDir(), t.TempDir()
	start := func() *repltest.Terminal {
		cmd := exec.Command(hpgoBinary, "repl", "--dir", dir)
		cmd.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=1", "TMPDIR="+tmp, "HPGO_HISTORY="+filepath.Join(dir, "history"))
		return repltest.Start(t, cmd, 60, 20)
	}
	p := start()
	p.See("^D leaves\n\nIn [1]:")
	p.Press("words := []string{\"größe\", \"漢字\"}\r")
	p.See("\n\nIn [2]:")
	p.Press("for i, w := range words {\rfmt.Println(i, w)\r}\r")
	p.See("In [2]: for i, w := range words {\n   ...:     fmt.Println(i, w)\n   ...: }\n0 größe\n1 漢字\n\nIn [3]:")
	p.Press("strings.HasPre\t")
	p.See("In [3]: strings.HasPrefix")
	p.Press("(words[0], \"grö\")\r")
	p.See("Out[3]: true\n\nIn [4]:")
	p.Press("undefinedName\r")
	p.See("undefined: undefinedName\n    undefinedName\n    ^^^^^^^^^^^^^\n\nIn [5]:")
	p.Press("var n int; fmt.Print(\"how many? \"); fmt.Scan(&n); n * 2\r")
	p.See("how many?")
	p.Press("21\r")
	p.See("how many? 21\nOut[5]: 42\n\nIn [6]:")
	p.Press("fmt.Println(\"running\"); for { n++ }\r")
	p.See("for { n++ }\nrunning")
	p.Press("\x03")
	p.See("the variables are kept\n\nIn [7]:")
	p.Press("\x12range\x1b[27u")
	p.See("In [7]: for i, w := range words {\n   ...:     fmt.Println(i, w)\n   ...: }")
	p.Press("\x03\x04")
	if err := p.Cmd.Wait(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
	if unknown := p.Unknown(); len(unknown) > 0 {
		t.Errorf("sequences %q", unknown)
	}
	p = start()
	p.See("In [1]:")
	p.Press("for i\x1b[A")
	p.See("In [1]: for i, w := range words {\n   ...:     fmt.Println(i, w)\n   ...: }")
	if !strings.Contains(read(t, filepath.Join(dir, "history")), "range words") {
		t.Error("the history isn't on disk")
	}
}
