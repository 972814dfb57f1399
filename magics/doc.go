// Package magics holds the lines of a cell that aren't Go: %name and %%name,
// and the shell lines !command. One table (Table) describes all of them; %lsmagic,
// %help, `%name?`, completion and the README are made from it.
//
// What a magic is, and what it may ask of the session, says package magic. The
// families that time and profile have rooms of their own (timing, profiling, over
// measuring); here are the table, help and completion, and the session's own
// magics: shell, scripts, files, names, history, modules, directories, Python.
//
// # Goroutines
//
// Only running a command starts some, in command.run: two of os/exec, which
// copy the command's output and end with it, one that asks the user for what the
// command reads and ends with it too, and a timer that kills a command which
// outlives an interrupt. No goroutine outlives the magic that started it.
package magics
