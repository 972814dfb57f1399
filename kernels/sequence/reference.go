package sequence

import "fmt"

// Items is the sequence 0, 1, ..., N-1. Who adds it up breaks at the first item that
// isn't below Stop; at Stop N or more it comes to its end.
type Items struct{ N, Stop int }

// Result is what one run finds.
type Result struct {
	Sum  int // of the items below Stop
	Made int // items that the producer has made
}

// Make returns the sequence of n items, of which all are taken.
func Make(n int) (Items, error) {
	if n < 0 || n > 1<<31 {
		return Items{}, fmt.Errorf("%d items: it is from 0 to %d", n, 1<<31)
	}
	return Items{N: n, Stop: n}, nil
}

// Plain is the loop that everything here equals.
func Plain(in Items) Result {
	sum, v := 0, 0
	for ; v < in.N; v++ {
		if v >= in.Stop {
			v++ // this one was made too
			break
		}
		sum += v
	}
	return Result{sum, v}
}
