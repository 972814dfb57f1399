// Package pi estimates π by darts: of those thrown at a square, the share that lands
// within a quarter of a circle is π/4. Nothing is read from memory, no dart knows of
// another: the work that divides best.
//
//	for dart := range darts {
//		x, y := random(), random()
//		if x*x+y*y < 1 {
//			hits++
//		}
//	}
//
// The example is that of High Performance Python, chapter 10, which throws 400,000,000
// darts. There each process has a generator of its own, and what is found depends on
// how many there are. Here dart i takes the generator's value i, so that everybody
// throws the same darts, in whatever order. The standard deviation of the estimate is
// 1.64/√darts.
package pi
