package lookup

import (
	"fmt"
	"sort"
)

// Entry is one line of the phone book.
type Entry struct {
	Name   string
	Number int64
}

// Book is a phone book and the names to look up in it. Its entries have different
// names. Books are made by Make and Of.
type Book struct {
	Entries []Entry // in no order
	Lookups []string

	index    map[string]int64
	sorted   []Entry  // by name
	names    []string // of sorted
	prefixes []uint64 // of names: the first 8 bytes as a number, which sorts as they do
	letters  []int    // by first byte: where its names begin in sorted; 257 values
}

// Absent is the number of who isn't in the book.
const Absent = -1

// Of a book that Make makes.
const lookups = 1000

// Make returns a book of n entries and 1,000 names to look up, every other one of
// which is in the book.
func Make(n int) (Book, error) {
	if n < 0 || n > 1<<24 {
		return Book{}, fmt.Errorf("%d entries: it is from 0 to %d", n, 1<<24)
	}
	var entries []Entry
	for i := 0; i < n; i++ {
		entries = append(entries, Entry{name(uint32(i)), 5550000000 + int64(i)})
	}
	var wanted []string
	for i := 0; i < lookups; i++ {
		if i%2 == 0 && n > 0 {
			wanted = append(wanted, entries[mixed(uint32(i))%uint32(n)].Name)
		} else {
			wanted = append(wanted, name(uint32(n+i)))
		}
	}
	return Of(entries, wanted), nil
}

// Of returns a book of entries, of which no two have the same name, and names to look
// up in it. It sorts and indexes them once.
func Of(entries []Entry, wanted []string) Book {
	b := Book{Entries: entries, Lookups: wanted, index: make(map[string]int64)}
	for _, e := range entries {
		b.index[e.Name] = e.Number
		b.names = append(b.names, e.Name)
	}
	sort.Strings(b.names)
	b.letters = make([]int, 257)
	for _, n := range b.names {
		b.sorted = append(b.sorted, Entry{n, b.index[n]})
		b.prefixes = append(b.prefixes, prefix(n))
		b.letters[first(n)+1]++
	}
	for i := 1; i < len(b.letters); i++ {
		b.letters[i] += b.letters[i-1]
	}
	return b
}

// Plain is the loop that everything here equals.
func Plain(b Book) []int64 {
	numbers := make([]int64, len(b.Lookups))
	for i, name := range b.Lookups {
		number, ok := b.index[name]
		if !ok {
			number = Absent
		}
		numbers[i] = number
	}
	return numbers
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

// name is the i-th of 2^32 names, such as Kabo Mitolason, all of them different.
func name(i uint32) string {
	const upper, lower, vowels = "BDFGKLMNPRSTVWYZ", "bdfgklmnprstvwyz", "aeio"
	x := mixed(i)
	endings := []string{"", "n", "ez", "son"}
	letters := make([]byte, 0, 14)
	for s := uint(0); s < 5; s++ { // 5 syllables of 6 bits, 2 bits for the ending
		consonants := lower
		if s == 0 || s == 2 {
			consonants = upper
		}
		if s == 2 {
			letters = append(letters, ' ')
		}
		letters = append(letters, consonants[x>>(6*s+2)&15], vowels[x>>(6*s)&3])
	}
	return string(letters) + endings[x>>30]
}

// prefix is the first 8 bytes as a number; bytes that aren't there are 0.
func prefix(name string) uint64 {
	if len(name) >= 8 { // one load
		return uint64(name[0])<<56 | uint64(name[1])<<48 | uint64(name[2])<<40 | uint64(name[3])<<32 |
			uint64(name[4])<<24 | uint64(name[5])<<16 | uint64(name[6])<<8 | uint64(name[7])
	}
	var p uint64
	for i := 0; i < 8; i++ {
		p <<= 8
		if i < len(name) {
			p |= uint64(name[i])
		}
	}
	return p
}

// first is the first byte; 0 of the empty name.
func first(name string) int {
	if name == "" {
		return 0
	}
	return int(name[0])
}
