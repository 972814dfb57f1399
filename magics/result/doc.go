// Package result holds the results of measuring magics as Go values: what
// `x := %timeit -o f()` or -v x declares, and the data of the type
// application/vnd.hpgo.<magic>+json beside a magic's table. Each family has a file.
//
// # Rules
//
// Times are float64 seconds, sizes bytes, in fields with those units in their
// comments; only texts scale. JSON has no infinity and no NaN: what isn't known is a
// nil pointer or an absent field. A String method gives the text that the magic
// shows first. Cells link this package, so it uses the standard library only.
package result
