// A one-shot program.
package main

import (
	"hpgo/kernel/worker/child"
	"hpgo/kernel/worker/testdata/behave"
)

func main() { child.MainStatic(behave.Run) }
