// Package sequence adds up the items of one sequence, in every form that Go has for
// something that gives items one by one.
//
//	sum := 0
//	for v := 0; v < n; v++ {
//		if v >= stop {
//			break
//		}
//		sum += v
//	}
//
// The item is the cheapest there is, so that what is measured is the form: a slice
// that is there first, an iterator function that the compiler dissolves into the loop
// or doesn't, a closure, a struct with Next, a callback, a coroutine (iter.Pull),
// another goroutine and a channel, chains of adapters (package adapter below this
// one). High Performance Python, chapter 5, runs to 100,000,000.
//
// A loop that breaks at stop has to end its producer. Result.Made is how many items
// there were made until then: as many as were taken, all of them where they are made
// first, and as many as the channel holds and one more where a goroutine makes them
// ahead.
package sequence
