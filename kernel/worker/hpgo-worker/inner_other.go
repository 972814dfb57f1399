//go:build !hpgo_live

package main

import "hpgo/kernel/worker/child"

// inner: a program that was built without the tag is linked as any other, which may
// not reach into the runtime.
func inner() child.Inner { return child.Inner{} }
