// Package python keeps a Python process beside a session: it starts it, runs
// cells in its one namespace, puts what it prints and shows in order, and ends
// it. What runs in the process is bridge.py, with values.py for the hand-over of
// values, which are sent to it at its start.
//
// The process leads a group of its own. Orders go to it as JSON lines through
// one pipe and events come back through another; text comes through the pipes
// of its standard output and error, so that what C code and programs started by
// a cell print is there as well. Before each event, and when Python's output
// changes from one stream to the other, bridge.py writes a mark with a number
// into both streams: text before the mark is shown before the event and before
// all text behind the mark (merge.go).
package python

import _ "embed"

//go:embed bridge.py
var bridge string

//go:embed values.py
var values string

// loader is the program given to Python: it reads the two texts from the pipe
// of orders. It must be understood by any Python 3.
const loader = `import os,sys
sys.version_info>=(3,8) or sys.exit("hpgo needs Python 3.8 or newer, this is "+sys.version.split()[0])
requests=os.fdopen(3,"rb")
hpgo_mark=requests.readline().decode().strip()
exec(compile(requests.read(int(requests.readline())),"<hpgo>","exec"))`
