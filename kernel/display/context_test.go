package display

import "testing"

func TestContext(t *testing.T) {
	defer cellContext.Store(nil)
	cellContext.Store(nil)
	if Context().Done() != nil {
		t.Error("a context without a cell can be cancelled")
	}
	interrupt := NewContext()
	first := Context()
	NewContext()
	interrupt()
	if first.Err() == nil || Context().Err() != nil {
		t.Errorf("the interrupted cell's is %v, the next one's %v", first.Err(), Context().Err())
	}
}
