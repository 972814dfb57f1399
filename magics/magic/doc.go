// Package magic says what a magic is: a row (Magic) of a table (Table), with flags
// and a function that gets the line as it was read (Input) and the session (Host).
// It knows no particular magic.
//
// # Rules
//
// A magic reaches the session only through Host, which package session
// implements and package magictest fakes. It takes its arguments from Args, already
// checked against the flags of its row, so that a wrong flag or value is one
// line (UsageError) before anything happened. An error ends the cell: later
// magics and the cell's Go don't run.
//
// Flags are written with one dash or two, their values glued or apart
// (-n5, -n 5, -n=5, --loops 5); one-letter switches can be clustered (-qv).
// They end at the first word that isn't a flag, or at --; what follows is kept
// as typed for magics that take Go.
package magic
