// Package assist knows what could stand at a cursor and what stands there:
// completion and hover for the text of a cell that nobody has run yet.
//
// It works in this process, from go/types: the declarations of the session are
// one half of a package, the text under the cursor is the other, and what is
// imported comes from archives or source (build.Library). No go command runs,
// no network is asked and no file is written, so it may be called at every
// keystroke and while a cell runs. An answer waits only so long for a package
// that must be read from source: loader.go reads on in the background, and
// until then a sketch of the package's own files does.
//
// The text hardly ever parses while it is typed. repair.go puts a name at the
// cursor and closes what is open until the item of the cursor parses; check.go
// type-checks it; place.go finds what the place at the cursor wants; the names
// come from names.go (scopes, packages, keywords) and members.go (fields and
// methods), rank.go orders them. Lines that belong to the kernel are the
// business of special.go, paths that of paths.go, shell commands that of
// commands.go. inspect.go finds what a name means and docs.go its documentation.
//
// Positions are byte offsets into the text.
package assist
