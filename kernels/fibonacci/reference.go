package fibonacci

import (
	"fmt"
	"math/big"
)

// Result is what is found about the first numbers.
type Result struct {
	Threes int    // how many of them 3 divides
	Bits   int    // length of the last
	Low    uint64 // its last 64 bits
}

// First returns how many numbers are made.
func First(n int) (int, error) {
	if n < 0 || n > 1<<20 {
		return 0, fmt.Errorf("%d numbers: it is from 0 to %d", n, 1<<20)
	}
	return n, nil
}

// Plain is the loop that everything here equals. It has two numbers in memory and adds
// in place.
func Plain(n int) Result {
	a, b, threes := big.NewInt(0), big.NewInt(1), 0
	three, quotient, rest := big.NewInt(3), new(big.Int), new(big.Int)
	for i := 0; i < n; i++ {
		if quotient.QuoRem(b, three, rest); rest.Sign() == 0 {
			threes++
		}
		a.Add(a, b)
		a, b = b, a
	}
	return about(a, threes)
}

// about describes a run by its last number.
func about(last *big.Int, threes int) Result {
	low := new(big.Int).And(last, new(big.Int).SetUint64(1<<64-1))
	return Result{threes, last.BitLen(), low.Uint64()}
}
