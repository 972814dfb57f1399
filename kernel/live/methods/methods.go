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

// known is what is known of one method's code.
type known struct {
	first uintptr // entry of the code that type descriptors know
	now   uintptr // entry of the code that calls arrive at
	code  uint64  // what stood at first before it was a jump
}

var registry = struct {
	sync.Mutex
	methods map[string]*known
}{methods: map[string]*known{}}

// Announce tells the newest code of the session's methods.
func Announce(list ...Method) {
	registry.Lock()
	defer registry.Unlock()
	for _, m := range list {
		entry := reflect.ValueOf(m.Func).Pointer()
		k := registry.methods[m.Name]
		if k == nil {
			registry.methods[m.Name] = &known{entry, entry, read(entry)}
			continue
		}
		k.lead(entry)
	}
}

// Lend is Announce for code that is current for a while only, such as that with
// counters. back makes current what was so before; methods that nothing was known
// of keep the lent code until the next Announce.
func Lend(list ...Method) (back func()) {
	registry.Lock()
	before := map[string]uintptr{}
	for _, m := range list {
		if k := registry.methods[m.Name]; k != nil {
			before[m.Name] = k.now
		}
	}
	registry.Unlock()
	Announce(list...)
	return func() {
		registry.Lock()
		defer registry.Unlock()
		for name, entry := range before {
			registry.methods[name].lead(entry)
		}
	}
}

// lead makes calls arrive at the code at an entry.
func (k *known) lead(entry uintptr) {
	switch {
	case entry == k.now:
	case entry == k.first:
		restore(k.first, k.code)
	default:
		redirect(k.first, entry)
	}
	k.now = entry
}
