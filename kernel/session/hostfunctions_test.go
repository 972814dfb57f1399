package session

import "testing"

// TestFuncExpr: how functions may be named.
func TestFuncExpr(t *testing.T) {
	for text, want := range map[string][2]string{
		"f": {"", "f"}, "T.m": {"", "T.m"}, "(*T).m": {"", "(*T).m"}, "( *T ).m": {"", "( *T ).m"}, "(*St[int]).Push": {"", "(*St).Push"},
		"σ.Push": {"", "σ.Push"}, "math.Hypot": {"", "math.Hypot"}, "gonum/mat.(*Dense).Mul": {"gonum/", "mat.(*Dense).Mul"},
		"gonum.org/v1/gonum/mat.Dense.Mul": {"gonum.org/v1/gonum/", "mat.Dense.Mul"}, "Map[int, string]": {"", "Map"}, "Map[map[string]int]": {"", "Map"}, "Map[int": {},
		"": {}, "1+1": {}, "f()": {}, "a.b.c.d": {}, "3f": {}, "/f": {},
	} {
		var got [2]string
		if m := funcExpr.FindStringSubmatch(withoutTypeArguments(text)); m != nil {
			got = [2]string{m[1], m[2]}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
