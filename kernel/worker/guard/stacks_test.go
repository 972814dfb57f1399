package guard

import (
	"strings"
	"testing"
	"time"
)

func TestReadStacks(t *testing.T) {
	const text = `goroutine 7 [chan receive, 2 minutes]:
hpgo/session.wait(0x1, {0x2, 0x3})
	cell 3:4 +0x1d
hpgo/session.(*Box[...]).Do(...)
	cell 2:1
...12 frames elided...
hpgo/session.HpgoCell()
	cell 3:9 +0x20
hpgo/kernel/worker/child.(*worker).run(0xc0000, {0x1})
	/x/call.go:50 +0x2
created by hpgo/kernel/worker/child.(*worker).serve.func1 in goroutine 1
	/x/main.go:110 +0x3

goroutine 9 gp=0x1 m=nil [running]:
main.main()
	/x/y z/main.go:3 +0x3
`
	got := readStacks(text)
	if len(got) != 2 || got[0].ID != 7 || got[0].State != "chan receive" || got[0].Parent != 1 {
		t.Fatalf("got %+v", got)
	}
	frames := got[0].UserFrames()
	want := []Frame{{"hpgo/session.wait", "cell 3", 4, 0}, {"hpgo/session.(*Box[...]).Do", "cell 2", 1, 0}, {"hpgo/session.HpgoCell", "cell 3", 9, 12}}
	if len(frames) != len(want) {
		t.Fatalf("frames %+v", frames)
	}
	for i := range want {
		if frames[i] != want[i] {
			t.Errorf("frame %d: %+v, want %+v", i, frames[i], want[i])
		}
	}
	if f := got[1].Frames; len(f) != 1 || f[0].File != "/x/y z/main.go" {
		t.Errorf("second: %+v", f)
	}
}

func TestStacks(t *testing.T) {
	wait := make(chan bool)
	defer close(wait)
	go func() { <-wait }()
	for range 100 {
		for _, s := range Stacks() {
			if s.State == "chan receive" && s.Parent > 0 && len(s.Frames) > 0 && strings.Contains(s.Frames[len(s.Frames)-1].Func, "TestStacks") {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the goroutine was not found in %+v", Stacks())
}
