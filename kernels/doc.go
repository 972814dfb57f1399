// Package kernels says what a subject of the notebooks' measurements is: a problem,
// the input that everyone gets, what is right, and the ways to compute it.
//
// A subject is a folder beside this file. Its package comment is the plain loop that
// everything in it equals; reference.go is that loop in Go with its input and what
// makes it, in the standard library alone, so that an interpreter can run it;
// variants.go has the other ways; table.go has the table whose rows they are (name,
// what it needs, function); simd_amd64.go has the rows that need GOEXPERIMENT=simd, and
// simd_none.go takes their place in other builds; NAME.py and NAME.h are the peers in
// Python and C. One table feeds all who use it: the tests (kerneltest: every row against the
// reference, on sizes that are hard, inside guarded memory), Go benchmarks,
// `hpgo bench kernels`, %compare --kernel, and the notebooks.
//
// A row whose need isn't met still has a function, which falls back to a plain one:
// programs that use it are right everywhere. Who measures asks Missing first and
// shows no time that isn't the row's own.
//
// The packages are linked into cells, so they use the standard library and each
// other only; a row that uses another module has a package of its own below the
// subject.
package kernels
