package distinct

import (
	"fmt"
	"strings"
)

// Make returns n names, such as Mitola Bako, whose first names are all different.
func Make(n int) ([]string, error) {
	if n < 0 || n > 1<<24 {
		return nil, fmt.Errorf("%d names: it is from 0 to %d", n, 1<<24)
	}
	names := make([]string, n)
	for i := range names {
		names[i] = name(uint32(i))
	}
	return names, nil
}

// Plain is the loop that everything here equals.
func Plain(names []string) int {
	set := make(map[string]struct{})
	for _, name := range names {
		first, _, _ := strings.Cut(name, " ")
		set[first] = struct{}{}
	}
	return len(set)
}

// name is the i-th of 2^32 names. Its first name has 5 syllables of 6 bits, and an
// ending of 2: all of the mixed number, so that no two are the same.
func name(i uint32) string {
	const upper, lower, vowels = "BDFGKLMNPRSTVWYZ", "bdfgklmnprstvwyz", "aeio"
	x := mixed(i)
	endings := []string{"", "n", "l", "sa"}
	letters := make([]byte, 0, 10)
	for s := uint(0); s < 5; s++ {
		consonants := lower
		if s == 0 {
			consonants = upper
		}
		letters = append(letters, consonants[x>>(6*s+2)&15], vowels[x>>(6*s)&3])
	}
	last := []byte{' ', upper[x>>4&15], vowels[x>>12&3], lower[x>>20&15], vowels[x>>28&3]}
	return string(letters) + endings[x>>30] + string(last)
}

// mixed maps numbers of 32 bits to each other, one to one, so that neighbours are far
// apart: Wellons' lowbias32.
func mixed(x uint32) uint32 {
	x ^= x >> 16
	x *= 0x7feb352d
	x ^= x >> 15
	x *= 0x846ca68b
	return x ^ x>>16
}
