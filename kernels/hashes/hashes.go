// Package hashes has hash functions, good ones and ones that are bad on purpose, for
// the subjects that watch what hash functions do: hashtable and entropy.
//
// A hash is 64 bits; a table of 2^k slots uses the lowest k.
package hashes

import (
	"hash/maphash"
	"math/bits"
)

// Constant is 42 whatever the key: all keys collide.
func Constant(string) uint64 { return 42 }

// FirstLetter is the code of the first byte: as bad as 26 values are few. It is 0 for
// the empty text.
func FirstLetter(s string) uint64 {
	if s == "" {
		return 0
	}
	return uint64(s[0])
}

// Letters reads a word of small letters as a number with 26 digits, the last letter
// having the lowest place: the second plus 26 times the first for two letters, from 0
// for aa to 675 for zz. It is perfect: words of the same length have different
// numbers, up to 13 letters. Other bytes give some number.
func Letters(s string) uint64 {
	var n uint64
	for i := 0; i < len(s); i++ {
		n = 26*n + uint64(s[i]) - 'a'
	}
	return n
}

// Sum adds the bytes up, as if order didn't matter.
func Sum(s string) uint64 {
	var n uint64
	for i := 0; i < len(s); i++ {
		n += uint64(s[i])
	}
	return n
}

// Identity is the number itself, as in CPython: perfect while all its bits are used.
func Identity(n uint64) uint64 { return n }

// Multiplied mixes a number: xored with 2^64 divided by the golden ratio, so that 0 isn't
// 0, and multiplied by it, high and low half of the product xored. Two numbers collide where they would only by chance.
func Multiplied(n uint64) uint64 {
	hi, lo := bits.Mul64(n^0x9e3779b97f4a7c15, 0x9e3779b97f4a7c15)
	return hi ^ lo
}

// Mixed is Letters, mixed by Multiplied: short texts at the cost of a number.
func Mixed(s string) uint64 { return Multiplied(Letters(s)) }

// FNV1a is the 64-bit hash of Fowler, Noll and Vo that xors before it multiplies.
func FNV1a(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// Maphash returns the hash function of Go's maps, with a seed of its own.
func Maphash() func(string) uint64 {
	seed := maphash.MakeSeed()
	return func(s string) uint64 { return maphash.String(seed, s) }
}

// MaphashInt is Maphash for numbers.
func MaphashInt() func(uint64) uint64 {
	seed := maphash.MakeSeed()
	return func(n uint64) uint64 { return maphash.Comparable(seed, n) }
}

// SipHash13 returns SipHash-1-3 with a key, which is what CPython hashes texts with.
// Who doesn't know the key can't make texts that collide.
func SipHash13(k0, k1 uint64) func(string) uint64 {
	return func(s string) uint64 { return siphash(1, 3, k0, k1, s) }
}

// siphash is Aumasson and Bernstein's SipHash-c-d.
func siphash(c, d int, k0, k1 uint64, s string) uint64 {
	v := sipState{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573}
	last := uint64(len(s)) << 56
	for ; len(s) >= 8; s = s[8:] {
		v.take(c, uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|
			uint64(s[4])<<32|uint64(s[5])<<40|uint64(s[6])<<48|uint64(s[7])<<56) // one load
	}
	for i := 0; i < len(s); i++ {
		last |= uint64(s[i]) << (8 * i)
	}
	v.take(c, last)
	v.c ^= 0xff
	v.rounds(d)
	return v.a ^ v.b ^ v.c ^ v.d
}

type sipState struct{ a, b, c, d uint64 }

// take mixes 8 bytes of the text in.
func (v *sipState) take(rounds int, word uint64) {
	v.d ^= word
	v.rounds(rounds)
	v.a ^= word
}

func (v *sipState) rounds(n int) {
	a, b, c, d := v.a, v.b, v.c, v.d
	for ; n > 0; n-- {
		a += b
		b = bits.RotateLeft64(b, 13) ^ a
		a = bits.RotateLeft64(a, 32)
		c += d
		d = bits.RotateLeft64(d, 16) ^ c
		a += d
		d = bits.RotateLeft64(d, 21) ^ a
		c += b
		b = bits.RotateLeft64(b, 17) ^ c
		c = bits.RotateLeft64(c, 32)
	}
	v.a, v.b, v.c, v.d = a, b, c, d
}
