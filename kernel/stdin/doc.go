// Package stdin is the standard input of programs that run in a notebook. Nobody
// types there all the time, but somebody can be asked when a program waits.
//
// A program says nothing when it begins to wait, so Feed looks: now and then it
// reads in /proc what the threads of the program and of its children are doing.
// When one waits in a system call that reads from this input, and nothing is
// left there to be read, Feed asks for a line and writes it. It makes no
// difference whether the one that reads is fmt.Scan, C code or a shell.
//
//	in, err := stdin.NewPipe()
//	cmd.Stdin = in.Theirs()
//	cmd.Start()
//	in.Started()
//	in.Feed(ctx, cmd.Process.Pid, ask) // until ctx ends
//
// There are two kinds. A Pipe can end and be opened again, and takes lines of any
// length: it is what cells have. A Terminal is for one command: tools that treat
// a pipe as their data (rg, cat in a script) see that it is none, and one that
// turns off the echo, as `read -s` does, is seen to want a password.
//
// # What is not seen
//
// Programs that poll (poll, select) are seen to wait when they wait for this input
// alone and for as long as it takes; those that have other things to do meanwhile
// (ssh, ffmpeg) are not asked for. Looking needs the right to trace the program. A
// kernel has it for what it started, unless kernel.yama.ptrace_scope is above 1 or
// the program was started with other privileges (sudo); then Feed returns ErrBlind.
// Of such a program it is seen that it wants a password, by the echo of a Terminal.
//
// # Cost
//
// A look takes some microseconds for each thread. The pauses between looks grow
// with the time since the program began or was last answered, from 10 ms to
// 250 ms, and are never shorter than 100 times the look itself.
//
// The package starts no goroutine, but that of Terminal which NewTerminal names.
// It uses Linux's /proc.
package stdin
