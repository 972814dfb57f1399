package child

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLeftovers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "left")
	var l leftovers
	l.ready(file)
	if n := l.look(file); n != 0 {
		t.Errorf("%d of nothing", n)
	}
	stay := make(chan int)
	defer close(stay)
	for range 3 {
		go func() { <-stay }()
	}
	if n := l.look(file); n != 3 {
		t.Errorf("%d of 3", n)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), "TestLeftovers.func1()") != 3 || strings.Contains(string(text), "[running]") {
		t.Errorf("%v\n%s", err, text)
	}
	l.ready(file)
	gone := make(chan int)
	go func() { <-gone }()
	close(gone)
	if n := l.look(file); n != 0 {
		t.Errorf("%d that have ended, or were told of", n)
	}
	if l.ready(""); l.known != nil || l.look("") != 0 {
		t.Error("it goes on")
	}
}
