package harness

import (
	"errors"
	"testing"

	"hpgo/kernel/display"
)

// A variable has the value back that it had, a nil one too; what didn't change
// isn't reported.
func TestRestore(t *testing.T) {
	var fail error
	n, same, list := 1, 2, [2]int{3, 4}
	Save("fail", fail)
	Save("n", n)
	Save("same", same)
	Save("list", list)
	fail, n, list[1] = errors.New("x"), 5, 6
	names := ""
	display.SetTransport(func(e display.Event) error {
		if r, ok := ReadRecord(e.Bundle); ok && r.Kind == RecordRestored {
			names += string(r.Data)
		}
		return nil
	})
	defer display.SetTransport(nil)
	Restore("fail", &fail)
	Restore("n", &n)
	Restore("same", &same)
	Restore("list", &list)
	Restore("never saved", &same)
	if fail != nil || n != 1 || same != 2 || list != [2]int{3, 4} {
		t.Errorf("got %v, %d, %d, %d", fail, n, same, list)
	}
	if names != `"fail""n""list"` {
		t.Errorf("reported %s", names)
	}
}
