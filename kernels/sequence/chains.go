package sequence

import (
	"fmt"
	"iter"

	"hpgo/kernels"
	"hpgo/kernels/sequence/adapter"
)

// links are adapters that let all items through, in the order in which chains get
// longer. Each does something to every item.
var links = [...]struct {
	doc string
	add func(seq iter.Seq[int], n int) iter.Seq[int]
}{
	{"Take", func(seq iter.Seq[int], n int) iter.Seq[int] { return adapter.Take(seq, n) }},
	{"Filter", func(seq iter.Seq[int], _ int) iter.Seq[int] {
		return adapter.Filter(seq, func(v int) bool { return v >= 0 })
	}},
	{"Map", func(seq iter.Seq[int], _ int) iter.Seq[int] {
		return adapter.Map(seq, func(v int) int { return v })
	}},
	{"TakeWhile", func(seq iter.Seq[int], n int) iter.Seq[int] {
		return adapter.TakeWhile(seq, func(v int) bool { return v < n })
	}},
	{"Chain", func(seq iter.Seq[int], _ int) iter.Seq[int] { return adapter.Chain(seq) }},
}

// chainRows are chains of 1 to 5 adapters, which are put together at run time.
func chainRows() []kernels.Variant[Items, Result] {
	var rows []kernels.Variant[Items, Result]
	doc := "push"
	for k := range links {
		doc += ", " + links[k].doc
		rows = append(rows, row(fmt.Sprintf("adapters, %d", k+1), doc, chained(k+1)))
	}
	return rows
}

func chained(length int) func(Items) Result {
	return func(in Items) Result {
		made := 0
		seq := push(in.N, &made)
		for _, l := range links[:length] {
			seq = l.add(seq, in.N)
		}
		return Result{Sum: total(seq, in.Stop)}.with(&made)
	}
}

// seen is the chain of three written as one expression, which the compiler sees as a
// whole.
func seen(in Items) Result {
	made := 0
	seq := adapter.Map(adapter.Filter(adapter.Take(push(in.N, &made), in.N),
		func(v int) bool { return v >= 0 }), func(v int) int { return v })
	return Result{Sum: total(seq, in.Stop)}.with(&made)
}
