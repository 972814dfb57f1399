package build

import "testing"

// TestOfSession: only functions of package main are the session's.
func TestOfSession(t *testing.T) {
	const profile = "GO PREPROFILE V1\nmain.total\nmain.(*T).m\n0 187\nruntime.main\nmain.main\n2 5\nexample.com/main.f\nfmt.Println\n1 1\n"
	const want = "GO PREPROFILE V1\nhpgo/session.total\nhpgo/session.(*T).m\n0 187\nruntime.main\nhpgo/session.main\n2 5\nexample.com/main.f\nfmt.Println\n1 1\n"
	if got := string(ofSession([]byte(profile))); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestProfileAbout: a profile is about functions of the names in it, methods and
// literals included.
func TestProfileAbout(t *testing.T) {
	p := &Profile{program: []byte("GO PREPROFILE V1\nmain.total\nmain.(*T).m\n0 187\nmain.main.func1\nmain.Map[...]\n2 5\nexample.com/main.f\nfmt.Println\n1 1\n")}
	for name, want := range map[string]bool{"total": true, "T.m": true, "(*T).m": true, "Map": true, "main": true, "tot": false, "f": false, "T": true, "Println": false} {
		if got := p.About([]string{"nosuch", name}); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
