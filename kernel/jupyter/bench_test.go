package jupyter_test

import (
	"strconv"
	"testing"

	"hpgo/kernel/jupyter/jupytertest"
)

// BenchmarkRoundTrip is an execute_request of an empty cell, from sending it to
// its reply and idle: what the wire adds to every cell.
func BenchmarkRoundTrip(b *testing.B) {
	k, _ := jupytertest.Start(b, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(b, k.Connection())
	for b.Loop() {
		c.Execute("")
	}
}

// BenchmarkStream is 10 MB of output in lines of 100 bytes, received and decoded.
func BenchmarkStream(b *testing.B) {
	const size = 10 << 20
	k, _ := jupytertest.Start(b, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(b, k.Connection())
	b.SetBytes(size)
	for b.Loop() {
		c.Execute("bytes " + strconv.Itoa(size))
	}
}

// BenchmarkDisplays is 1000 displays with text between them.
func BenchmarkDisplays(b *testing.B) {
	k, _ := jupytertest.Start(b, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(b, k.Connection())
	for b.Loop() {
		c.Execute("displays 1000")
	}
}
