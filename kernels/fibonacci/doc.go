// Package fibonacci makes the first Fibonacci numbers as integers of any length and
// counts those that 3 divides: all of them in a list, or one after the other.
//
//	a, b, threes := 0, 1, 0
//	for i := 0; i < n; i++ {
//		if b%3 == 0 {
//			threes++
//		}
//		a, b = b, a+b
//	}
//
// High Performance Python, chapter 5, makes 100,000; every fourth is divisible, so
// there are 25,000. The last has 69,424 bits, and all of them together 414 MiB: F(n)
// has about 0.694 n bits.
//
// Who adds in place has two numbers in memory, and may not keep what it is given: see
// Numbers. Odd, OddOf and OddWhile are the chapter's other example, the odd numbers
// below a limit, in the three ways that it writes them.
package fibonacci
