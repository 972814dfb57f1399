// Package python keeps a Python process beside a session: it starts it, runs
// cells in its one namespace, puts what it prints and shows in order, and ends
// it. What runs in the process are the Python files here, which are sent to it at
// its start.
//
// The process leads a group of its own. Orders go to it as JSON lines through
// one pipe and events come back through another; text comes through the pipes
// of its standard output and error, so that what C code and programs started by
// a cell print is there as well. Before each event, and when Python's output
// changes from one stream to the other, channel.py writes a mark with a number
// into both streams: text before the mark is shown before the event and before
// all text behind the mark (merge.go).
package python

import (
	"embed"
	"strings"
)

//go:embed *.py
var scripts embed.FS

// program is what runs in Python: its files in the order in which they need
// each other.
func program() (string, error) {
	var text strings.Builder
	for _, name := range []string{"channel.py", "shown.py", "fromgo.py", "togo.py", "cells.py"} {
		part, err := scripts.ReadFile(name)
		if err != nil {
			return "", err
		}
		text.Write(part)
		text.WriteByte('\n')
	}
	return text.String(), nil
}

// loader is the program given to Python: it reads the rest from the pipe
// of orders. It must be understood by any Python 3.
const loader = `import os,sys
sys.version_info>=(3,8) or sys.exit("hpgo needs Python 3.8 or newer, this is "+sys.version.split()[0])
requests=os.fdopen(3,"rb")
hpgo_mark=requests.readline().decode().strip()
exec(compile(requests.read(int(requests.readline())),"<hpgo>","exec"))`
