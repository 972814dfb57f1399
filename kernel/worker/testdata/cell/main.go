// A cell linked as a plugin.
package main

import "hpgo/kernel/worker/testdata/behave"

// Cell is the entry.
func Cell() { behave.Run() }

// Held is an entry in a variable.
var Held func() = Cell

// Wrong has the wrong type.
func Wrong(int) {}

func main() {}
