// Command ordinary uses display outside a notebook: text goes to standard
// output, types of package main have no prefix, and lower-case fields show
// what they mean.
package main

import (
	"time"

	"hpgo/kernel/display"
)

type trial struct {
	name string
	took time.Duration
	kind kind
	next *trial
}

type kind int

func (k kind) String() string { return [...]string{"cold", "warm"}[k] }

type pair[T any] struct{ a, b T }

func main() {
	t := trial{"first", 1500 * time.Millisecond, 1, &trial{name: "second"}}
	display.Show(t, []trial{t}, pair[kind]{0, 1}, pair[*trial]{})
	display.Result(t.took, nil)
}
