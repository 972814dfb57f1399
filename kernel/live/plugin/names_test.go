package plugin

import (
	"bytes"
	"testing"

	"hpgo/kernel/cell"
)

func TestPackageOf(t *testing.T) {
	for name, want := range map[string]string{
		"fmt.Println":                             "fmt",
		"gonum.org/v1/plot.(*Plot).Draw":          "gonum.org/v1/plot",
		"gonum.org/v1/plot/plotter.XYs.Len":       "gonum.org/v1/plot/plotter",
		"gopkg.in/yaml%2ev3.Marshal":              "gopkg.in/yaml.v3",
		"slices.SortFunc[go.shape.[]gonum.org/x]": "slices",
		"type:*gonum.org/v1/plot.Plot":            "",
		"go:itab.*os.File,io.Writer":              "",
		"_cgo_init":                               "",
		"hpgo/session.f.func1":                    "hpgo/session",
	} {
		if got := packageOf(name); got != want {
			t.Errorf("packageOf(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestPlainNames(t *testing.T) {
	ps := providers{{names: map[string]bool{"fmt.Println": true, "runtime.memmove": true, "runtime.morestack.abi0": true}},
		{names: map[string]bool{"gonum.org/v1/plot.New": true}}}
	for name, want := range map[string]string{
		"fmt.Println.abiinternal":           "fmt.Println",
		"runtime.memmove.abi0":              "runtime.memmove",
		"runtime.morestack.abi0":            "runtime.morestack.abi0",
		"gonum.org/v1/plot.New.abiinternal": "gonum.org/v1/plot.New",
		"go:link.abihash.libhpgo7.so":       zeroHash,
	} {
		if got, ok := ps.plain(name); !ok || got != want {
			t.Errorf("plain(%q) = %q, %v, want %q", name, got, ok, want)
		}
	}
	if got, ok := ps.plain("fmt.Sscan.abiinternal"); ok {
		t.Errorf("plain finds %q, which nothing defines", got)
	}
}

// typeName lays a type name out as the compiler does: a flag byte, the length as
// a varint, the text.
func typeName(text string) []byte {
	b := []byte{1}
	if n := len(text); n < 0x80 {
		b = append(b, byte(n))
	} else {
		b = append(b, byte(n)|0x80, byte(n>>7))
	}
	return append(b, text...)
}

func TestStripVersions(t *testing.T) {
	long := "*map[string]main.P" + versionMark + "2"
	for len(long) < 150 {
		long += ", main.Q" + versionMark + "31"
	}
	for _, text := range []string{"*main.P" + versionMark + "2", "*[]main.P" + versionMark + "12", "*func(main.A" + versionMark + "2) main.B" + versionMark + "3", long} {
		data := append(typeName("*main.Before"), typeName(text)...)
		data = append(data, typeName("*main.After")...)
		size := len(data)
		stripVersions(data)
		if bytes.Contains(data, []byte(versionMark)) {
			t.Errorf("%q keeps a mark: %q", text, data)
		}
		if len(data) != size || !bytes.HasSuffix(data, typeName("*main.After")) || !bytes.HasPrefix(data, typeName("*main.Before")) {
			t.Errorf("%q: the neighbours changed: %q", text, data)
		}
	}
	// Text of a user that merely looks like it stays.
	data := []byte("a string with a mark P" + versionMark + "2 inside")
	before := bytes.Clone(data)
	if stripVersions(data); !bytes.Equal(data, before) {
		t.Errorf("changed %q to %q", before, data)
	}
}

func TestHidden(t *testing.T) {
	packages := ownSymbols(&cell.Unit{Exports: []string{"x"}, Counted: []*cell.CountedPackage{{Path: "gopkg.in/yaml.v3", Vars: []string{"y"}}}})
	for name, want := range map[string]bool{"gopkg.in/yaml%2ev3.y": false, "gopkg.in/yaml%2ev3..inittask": false, "gopkg.in/yaml%2ev3.(*T).M": true,
		"hpgo/session.x": false, "hpgo/session.f": true, "hpgo/session.x.func1": true, "type:hpgo/session.P": false, "fmt.Println": false} {
		if got := hidden(name, packages); got != want {
			t.Errorf("hidden(%q) = %v, want %v", name, got, want)
		}
	}
}
