// Hpgo-worker is the process in which the cells of a notebook live. The kernel
// builds and starts it; see package child.
package main

import (
	"hpgo/kernel/worker/child"
	"hpgo/kernel/worker/child/plugins"
	"hpgo/kernel/worker/child/trap"
)

func main() {
	loader := plugins.New()
	t, err := trap.New(loader.Files)
	child.Main(loader, t, err, inner())
}
