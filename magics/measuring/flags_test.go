package measuring

import (
	"testing"

	"hpgo/magics/magic"
)

// -v9 is -v with a value; where there are flags such as -v1, one may have been meant.
func TestFlagsBeside(t *testing.T) {
	m := &magic.Magic{Flags: []magic.Flag{{Name: "v"}, {Name: "v1"}, {Name: "gnu"}, {Name: "v2"}}}
	if got := flagsBeside(m, "v"); got != "; other flags are -v1, -v2" {
		t.Errorf("%q", got)
	}
	if got := flagsBeside(m, "g"); got != "; other flags are -gnu" {
		t.Errorf("%q", got)
	}
	if got := flagsBeside(m, "x"); got != "" {
		t.Errorf("%q", got)
	}
}
