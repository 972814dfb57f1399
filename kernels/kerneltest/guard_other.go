//go:build !linux

package kerneltest

import "reflect"

// Without guard pages inputs stay where they are.
type guarded struct{}

func (*guarded) intact() bool { return true }
func (*guarded) free()        {}

type mover struct {
	end   bool
	moved map[uintptr]*guarded
	from  map[uintptr]uintptr
	empty []*guarded
	err   error
}

func (*mover) move(reflect.Value) {}
