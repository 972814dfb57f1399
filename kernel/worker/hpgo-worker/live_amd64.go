//go:build hpgo_live

package main

import "runtime"

// addmoduledata returns the address of the runtime's function of that name, by
// which a loaded object registers itself. The reference keeps it in the program:
// thin cells call the worker's own.
func addmoduledata() uintptr

// zeroHash is the ABI hash that thin cells compare theirs with: they have none.
var zeroHash string

func init() {
	if zeroHash != "" || addmoduledata() == 0 {
		panic("hpgo: the worker is not what cells are linked against")
	}
	runtime.KeepAlive(&zeroHash)
	keep()
}
