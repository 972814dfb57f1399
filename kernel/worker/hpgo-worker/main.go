// Hpgo-worker is the process in which the cells of a notebook live. The kernel
// builds and starts it; see package child.
package main

import (
	"hpgo/kernel/worker/child"
	"hpgo/kernel/worker/child/plugins"
)

func main() { child.Main(plugins.New()) }
