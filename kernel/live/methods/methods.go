// Package methods keeps interface calls up to date in a live session. It is
// linked into cells and uses the standard library alone.
//
// A type keeps one descriptor for its life, and with it the method code that was
// current when the type was first loaded: interface tables and reflection point
// there. A direct call p.String() runs the newest code, while fmt.Println(p)
// would go on running the oldest. So each cell announces the code of the
// session's methods, and where a method was seen before, the first instruction
// of the first version becomes a jump to the newest.
//
// The jump is five bytes (amd64: E9 and a 32-bit distance), written as one
// aligned eight-byte store: the linker aligns functions to 32 bytes. A jump at
// the entry changes neither the frame nor the arguments, so a goroutine that is
// inside the old code finishes there, and the next call arrives at the new one.
// On other architectures nothing is patched and interface calls keep the code
// that the type was loaded with.
package methods

import (
	"reflect"
	"sync"
)

// Method is a method's name, unique in the session, and its method expression.
type Method struct {
	Name string // "Point.String" or "(*Point).String", with the type's version
	Func any    // Point.String
}

var registry = struct {
	sync.Mutex
	first map[string]uintptr // entry of the code that type descriptors know
}{first: map[string]uintptr{}}

// Announce tells the newest code of the session's methods.
func Announce(list ...Method) {
	registry.Lock()
	defer registry.Unlock()
	for _, m := range list {
		entry := reflect.ValueOf(m.Func).Pointer()
		first, ok := registry.first[m.Name]
		if !ok {
			registry.first[m.Name] = entry
			continue
		}
		if first != entry {
			redirect(first, entry)
		}
	}
}
