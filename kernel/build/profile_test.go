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
