package hashes

import (
	"hash/fnv"
	"math/big"
	"strings"
	"testing"
)

// TestSipHash: the vector of the paper, and what CPython 3.11 prints with
// PYTHONHASHSEED=0, whose key is zero.
func TestSipHash(t *testing.T) {
	var key, message [16]byte
	for i := range key {
		key[i], message[i] = byte(i), byte(i)
	}
	if got := siphash(2, 4, 0x0706050403020100, 0x0f0e0d0c0b0a0908, string(message[:15])); got != 0xa129ca6149be45e5 {
		t.Errorf("SipHash-2-4 of the paper's text is %#x", got)
	}
	hash := SipHash13(0, 0)
	for s, want := range map[string]uint64{
		"a": 4644417185603328019, "aa": 8723719058443784670, "zz": 5880300977452346273, "hpgo": 13788989943125431534,
		"12345678": 3785724242978802311, "San Francisco": 6030977015534682685, "123456789abcdefg": 3105980532391489575,
	} {
		if got := hash(s); got != want {
			t.Errorf("SipHash-1-3 of %q is %d, not %d", s, got, want)
		}
	}
	if other := SipHash13(0, 1); other("a") == hash("a") {
		t.Error("the key changes nothing")
	}
}

func TestFNV1a(t *testing.T) {
	for _, s := range []string{"", "a", "hpgo", "\xff\x00\xff", strings.Repeat("long ", 100)} {
		h := fnv.New64a()
		h.Write([]byte(s))
		if got := FNV1a(s); got != h.Sum64() {
			t.Errorf("FNV-1a of %q is %#x, not %#x", s, got, h.Sum64())
		}
	}
}

// TestLetters: aa is 0, zz is 675, and no two words of two letters have the same number.
func TestLetters(t *testing.T) {
	seen := map[uint64]bool{}
	for i := range 676 {
		word := string([]byte{'a' + byte(i/26), 'a' + byte(i%26)})
		h := Letters(word)
		if h != uint64(i) || seen[h] {
			t.Errorf("%s is %d, not %d", word, h, i)
		}
		seen[h] = true
	}
	if a, b := Sum("ab"), Sum("ba"); a != b || a != 195 {
		t.Errorf("the bytes of ab add up to %d, of ba to %d", a, b)
	}
	for _, h := range []func(string) uint64{Constant, FirstLetter, Letters, Sum, FNV1a, Mixed, Maphash(), SipHash13(1, 2)} {
		for _, text := range []string{"", "Rome"} {
			if a, b := h(text), h(text); a != b {
				t.Errorf("%q has two hashes, %d and %d", text, a, b)
			}
		}
	}
}

// TestMultiplied: numbers that agree in their low bits don't after mixing.
func TestMultiplied(t *testing.T) {
	golden, half := new(big.Int).SetUint64(0x9e3779b97f4a7c15), new(big.Int).Lsh(big.NewInt(1), 64)
	for _, n := range []uint64{0, 1, 1024, 1 << 63, 1<<64 - 1, golden.Uint64()} {
		product := new(big.Int).Xor(golden, new(big.Int).SetUint64(n))
		high, low := new(big.Int).DivMod(product.Mul(product, golden), half, new(big.Int))
		if got, want := Multiplied(n), high.Xor(high, low).Uint64(); got != want {
			t.Errorf("%d is mixed to %#x, not %#x", n, got, want)
		}
	}
	for _, stride := range []uint64{1, 1024, 1 << 16, 1 << 40} {
		plain, mixed, mapped := map[uint64]bool{}, map[uint64]bool{}, map[uint64]bool{}
		hash := MaphashInt()
		for i := range uint64(1024) {
			plain[Identity(i*stride)&1023], mixed[Multiplied(i*stride)&1023], mapped[hash(i*stride)&1023] = true, true, true
		}
		if stride > 1 && len(plain) != 1 || stride == 1 && len(plain) != 1024 {
			t.Errorf("stride %d: the numbers themselves fill %d of 1024 slots", stride, len(plain))
		}
		if len(mixed) < 400 || len(mapped) < 400 { // by chance 647
			t.Errorf("stride %d: mixed numbers fill %d of 1024 slots, maphash's %d", stride, len(mixed), len(mapped))
		}
	}
}

// TestCollisions: the sources' figures. 500 and 1,000 cities have 26 first letters; 676
// words of two letters need 1,024 slots to have one each.
func TestCollisions(t *testing.T) {
	cities := func(n int) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = string(rune('A'+i%26)) + "ville"
		}
		return out
	}
	for n, want := range map[int]int{500: 474, 1000: 974} {
		if got := Collisions(Counts(FirstLetter, cities(n), 1024)); got != want {
			t.Errorf("%d of %d cities collide, not %d", got, n, want)
		}
	}
	var words []string
	for i := range 676 {
		words = append(words, string([]byte{'a' + byte(i/26), 'a' + byte(i%26)}))
	}
	for slots, want := range map[int]int{0: 0, 64: 612, 128: 548, 256: 420, 512: 164, 1024: 0, 2048: 0, 4096: 0} {
		if got := Collisions(Counts(Letters, words, slots)); got != want {
			t.Errorf("%d of 676 words collide in %d slots, not %d", got, slots, want)
		}
	}
	if got := Collisions(Counts(Identity, []uint64{5, 501}, 8)); got != 1 {
		t.Error("5 and 501 don't collide in 8 slots")
	}
}
