// Command program runs a known function under valgrind, for the test.
package main

import "hpgo/magics/harness/valgrind"

var sink int

//line cell 7:1
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

//go:noinline
func fill(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

//line main.go:26
func main() {
	l := valgrind.NewLoop(`{"runs":3}`)
	for l.Next() {
		sink += fib(20)
		sink += len(fill(1000))
	}
	l.End()
}
