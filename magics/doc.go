// Package magics holds the lines of a cell that aren't Go: %name and %%name,
// and the shell lines !command. One table (table.go and the rows functions of
// each family) describes all of them; %lsmagic, %help, `%name?`, completion and
// the README are made from it.
//
// # Rules of the room
//
// A magic reaches the session only through Host, which package session
// implements and the tests fake. It takes its arguments from Args, already
// checked against the flags of its row, so that a wrong flag or value is one
// line (UsageError) before anything happened. An error ends the cell: later
// magics and the cell's Go don't run.
//
// Flags are written with one dash or two, their values glued or apart
// (-n5, -n 5, -n=5, --loops 5); one-letter switches can be clustered (-qv).
// They end at the first word that isn't a flag, or at --; what follows is kept
// as typed for magics that take Go.
//
// # Goroutines
//
// Only running a command starts some, in command.run: two of os/exec, which
// copy the command's output and end with it, one that asks the user for what the
// command reads and ends with it too, and a timer that kills a command which
// outlives an interrupt. No goroutine outlives the magic that started it.
package magics
