package methods

import (
	"runtime"
	"testing"

	"hpgo/internal/skip"
)

type point struct{ x int }

//go:noinline
func (p point) first(n int) int { return p.x + n }

//go:noinline
func (p point) second(n int) int { return p.x * n }

//go:noinline
func (p point) third(n int) int { return p.x - n }

func TestAnnounce(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		skip.Because(t, "interface calls are redirected on linux/amd64 only")
	}
	// The function value is a variable, so that the call can't be inlined or
	// devirtualised.
	f := point.first
	p := point{6}
	Announce(Method{"point.m", point.first})
	if got := f(p, 3); got != 9 {
		t.Fatalf("before: %d", got)
	}
	Announce(Method{"point.m", point.second})
	if got := f(p, 3); got != 18 {
		t.Errorf("after the second version: %d, want 18", got)
	}
	Announce(Method{"point.m", point.third})
	if got := f(p, 3); got != 3 {
		t.Errorf("after the third version: %d, want 3", got)
	}
	Announce(Method{"point.m", point.first})
	if got := f(p, 3); got != 9 {
		t.Errorf("back at the first version: %d, want 9", got)
	}
	Announce(Method{"point.m", point.third})
	if got := p.second(3); got != 18 {
		t.Errorf("the second version itself changed: %d", got)
	}
	back := Lend(Method{"point.m", point.second}, Method{"point.new", point.first})
	if got := f(p, 3); got != 18 {
		t.Errorf("lent: %d, want 18", got)
	}
	back()
	Announce(Method{"point.m", point.third})
	if got := f(p, 3); got != 3 {
		t.Errorf("announced twice: %d, want 3", got)
	}
}
