// Package harness is what magics link into cells: it looks at values where they
// live, in the worker. Since every cell that uses it carries it, it stays on the
// light part of the standard library and package display.
package harness
