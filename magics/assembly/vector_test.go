package assembly

import "testing"

// The encodings are those of the assemblers.
func TestVectors(t *testing.T) {
	none := func(uint64) (string, uint64) { return "", 0 }
	cases := []struct {
		arch   arch
		code   []byte
		text   string
		vector int
		packed bool
	}{
		{amd64{}, []byte{0xf2, 0x0f, 0x58, 0xc1}, "ADDSD X1, X0", 0, false},
		{amd64{}, []byte{0x66, 0x0f, 0x58, 0xc1}, "ADDPD X1, X0", 128, true},
		{amd64{}, []byte{0xc5, 0xf5, 0x58, 0xc2}, "VADDPD Y2, Y1, Y0", 256, true},
		{amd64{}, []byte{0x62, 0xf1, 0xf5, 0x48, 0x58, 0xc2}, "VADDPD Z2, Z1, Z0", 512, true},
		{amd64{}, []byte{0x0f, 0x57, 0xc0}, "XORPS X0, X0", 128, false},
		{amd64{}, []byte{0x0f, 0x11, 0x02}, "MOVUPS X0, 0(DX)", 128, false},
		{arm64{}, []byte{0x20, 0xd4, 0x62, 0x4e}, "FADD V2.D2, V1.D2, V0.D2", 128, true},
	}
	for _, c := range cases {
		code := append(c.code, make([]byte, 16)...)
		got := c.arch.decode(code, 0x1000, none)
		if got.vector != c.vector || got.packed != c.packed || got.size != len(c.code) {
			t.Errorf("% x: %q size %d vector %d packed %v, want %d, %v", c.code, got.text, got.size, got.vector, got.packed, c.vector, c.packed)
		}
		if got.text != c.text {
			t.Errorf("% x: %q, want %q", c.code, got.text, c.text)
		}
	}
}

// FuzzDecode feeds the decoders with any bytes.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0xc5, 0xf5, 0x58, 0xc2})
	f.Add([]byte{0xff, 0x25, 0x3a, 0x23, 0, 0})
	f.Fuzz(func(t *testing.T, code []byte) {
		none := func(uint64) (string, uint64) { return "", 0 }
		code = append(code, make([]byte, 16)...)
		for _, a := range []arch{amd64{}, arm64{}} {
			if got := a.decode(code, 0x1000, none); got.size <= 0 || got.size > 15 {
				t.Errorf("%s: % x has the size %d", a.name(), code, got.size)
			}
			a.slot(code, 0x1000)
			if n := a.padding(code); n < 0 || n > len(code) {
				t.Errorf("%s: padding %d", a.name(), n)
			}
		}
	})
}
