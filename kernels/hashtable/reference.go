package hashtable

import "fmt"

// Words are keys for a table, and as many texts that aren't among them. They are
// different from each other.
type Words struct {
	Keys, Missing []string
}

// Make returns the first n of the words aa, ab, ... zz, of more letters where n is more
// than 676; in an order that isn't the alphabet's. What is missing are words with an x
// behind.
func Make(n int) (Words, error) {
	if n < 0 || n > 1<<22 {
		return Words{}, fmt.Errorf("%d keys: it is from 0 to %d", n, 1<<22)
	}
	letters, all := 2, 676
	for all < n {
		letters, all = letters+1, all*26
	}
	var w Words
	for i := 0; i < n; i++ {
		k := i * step % n
		word := make([]byte, letters)
		for at := letters - 1; at >= 0; at-- {
			word[at] = byte('a' + k%26)
			k /= 26
		}
		w.Keys = append(w.Keys, string(word))
		w.Missing = append(w.Missing, string(word)+"x")
	}
	return w, nil
}

// step is a prime larger than any n, so that its multiples take every remainder once.
const step = 1_000_000_007

// Plain is the loop that everything here equals: Go's own map. 0 is the value of what
// isn't there.
func Plain(w Words) []int64 {
	table := make(map[string]int64)
	for i, key := range w.Keys {
		table[key] = int64(i) + 1
	}
	found := make([]int64, 0, 2*len(w.Keys))
	for i := range w.Keys {
		found = append(found, table[w.Keys[i]], table[w.Missing[i]])
	}
	return found
}
