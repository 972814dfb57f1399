package compiler

import (
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// keptFunctions are the first functions of results that were kept under labels, which
// their names get, too; labels of nothing of the kind are returned as names. Behind
// the first function of a result come those that the compiler made of its parts.
func keptFunctions[R, F any](h magic.Host, labels []string, functions func(R) []F, name func(*F) *string) (kept []F, names []string) {
	for _, label := range labels {
		r, _ := measuring.NamedResults(h)[label].Result.(R)
		all := functions(r)
		if len(all) == 0 {
			names = append(names, label)
			continue
		}
		f := all[0]
		*name(&f) += " (" + label + ")"
		kept = append(kept, f)
	}
	return kept, names
}
