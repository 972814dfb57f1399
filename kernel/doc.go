// Command hpgo is a Jupyter kernel for Go experiments and the workshop around
// it: compiled cells whose variables last, notebooks run without Jupyter,
// reports. This package is wiring only: a table of verbs, one file for each,
// the adapter between a session and the Jupyter wire. `hpgo help` lists what it
// does; the rest of this page is the architecture of the module.
//
// # Rooms
//
// A package, with what lies below it, is a room; it knows one thing.
//
//	hpgo                   the source of what cells import, embedded in the binary
//	install                go run ./install: build, warm-up, kernelspec
//	kernel                 the binary: verbs and wiring
//	kernel/cell            pure text: a cell's parts, the scope carried between cells,
//	                       the rewriting to one package, positions; no I/O
//	kernel/build           the toolchain, the session's module, compiling one unit,
//	                       diagnostics in cell coordinates
//	kernel/live            how code enters a process: the Engine interface; plugin/ links
//	                       cells as shared objects that share their data, fresh/ as
//	                       whole programs where selfcheck/ finds that plugin/ fails
//	kernel/live/methods    linked into cells: interface calls reach a method's newest code
//	kernel/stdin           standard input: asked for when a program waits
//	kernel/worker          worker processes: the kernel's side, start to kill
//	kernel/worker/frame    the messages between both sides
//	kernel/worker/guard    panics: recovered, described, reported
//	kernel/worker/child    the worker's own side, linked with the cells
//	kernel/worker/hpgo-worker  the worker's main package
//	kernel/display         what a cell shows: MIME bundles, updates, progress
//	kernel/gonb            the kernel's side of gonbui, the library of gonb's programs
//	kernel/assist          completion and hover: what could stand at a cursor, what does
//	kernel/widget          the kernel's half of widgets: ipywidgets' protocol, their HTML
//	kernel/session         one notebook's life: queue, counter, scope, worker, errors
//	kernel/notebook        notebook files, running all cells, parameters
//	kernel/notebook/mathml TeX math as MathML
//	kernel/notebook/report a notebook as one HTML file
//	kernel/bench           hpgo bench: measured beside what one would do without it
//	kernel/jupyter         the wire: connection file, ZeroMQ, signatures, channels
//	kernel/history         inputs on disk, over the lives of kernels
//	kernel/repl            a session in a terminal or a pipe: line editor, output as text
//	internal/skip          how tests skip, and are counted
//	magics                 %lines and %%cells: their table, help and completion, and those
//	                       about the session itself
//	magics/assembly        machine code of Go functions, read out of object files
//	magics/attach          %attach: programs that run already
//	magics/compiler        %annotate, %escape, %bce, %inline, %disasm: what the compiler
//	                       made of Go
//	magics/diagnostics     what the compiler says of the code it compiles, by place
//	magics/group           programs with all that they start
//	magics/harness         linked into cells: what measures, and reports to the magics
//	magics/handover        linked into cells: values to and from another language
//	magics/machine         %perf: counters, measured or simulated, and samples
//	magics/magic           what a magic is, and what it may ask of the session; magictest/
//	                       is a session for tests
//	magics/measuring       what all magics that measure have in common
//	magics/prof            what programs import to name their parts for profiles
//	magics/profiling       %lprun, %cprun, %prun, %memit, %mprof, %mprun: where time and memory go
//	magics/python          the Python beside a session, and what it prints in order
//	magics/quantity        times, bytes, counts and shares as text
//	magics/remote          other programs: profiles by their pages or by sampling a process
//	magics/report          a measured result as text, HTML, picture and data
//	magics/result          linked into cells: measured results as Go values
//	magics/interpreted     a program of its own: Go run by an interpreter, round by round
//	magics/settings        how cells can be built and run: names and values of %flags
//	magics/simulated       counters of a model of the CPU: valgrind, its files
//	magics/stats           decides: summaries, tests, intervals, verdicts, benchmark files
//	magics/timing          %time, %timeit, %sweep, %compare: how long code takes
//	magics/tracing         %trace, %block, %mutex, %goroutines, %race, %cpuplot: what
//	                       goroutines do, and what keeps them
//	kernels                what the notebooks measure: problems, a table of ways to compute
//	                       each, their suite of tests (kerneltest), the schedules of
//	                       goroutines, workers that are processes
//	kernels/catalog        the list of all subjects
//	kernels/hpgo-kernels   the process of hpgo bench kernels
//	kernels/matmul/withgonum  the product of matrices with gonum's rows
//	notebooks              the notebooks, with outputs, and the test that runs them; course/
//	                       makes their index: where each experiment of the sources is
//	plots                  figures as plain data
//	plots/recording        profiles and execution traces read into figures; profiles in
//	                       pprof's format written, and shown by pprof's own pages
//	plots/render           figures drawn, in the kernel's process
//
// # Arrows
//
// A room imports only what stands to the right of its name here. A test reads
// this list and the imports, and fails on any other arrow; rooms that are not
// to the left of an arrow import no other room.
//
//	kernel -> kernel/jupyter, kernel/session, kernel/history, kernel/notebook, kernel/notebook/report, kernel/repl, kernel/bench, kernel/build, kernel/cell, kernel/display
//	kernel/bench -> kernel/assist, kernel/build, kernel/cell, kernel/session, kernel/display, kernels, magics/group, magics/quantity, magics/result, magics/settings, plots, plots/render
//	kernel/build -> hpgo, kernel/cell
//	kernel/live -> kernel/build, kernel/cell
//	kernel/worker -> kernel/stdin, kernel/display, kernel/worker/frame, kernel/worker/guard
//	kernel/worker/frame -> kernel/worker/guard
//	kernel/worker/child -> kernel/display, kernel/worker/frame, kernel/worker/guard
//	kernel/worker/hpgo-worker -> kernel/worker/child, kernel/worker/guard, kernel/live/methods, kernel/display, plots, magics/handover, magics/harness, magics/prof, magics/quantity, magics/result
//	kernel/gonb -> kernel/display
//	kernel/assist -> kernel/build, kernel/cell, magics, magics/magic
//	kernel/session -> kernel/assist, kernel/build, kernel/cell, kernel/display, kernel/gonb, kernel/live, kernel/worker, kernel/widget, magics, magics/magic, magics/diagnostics, magics/handover, magics/harness, magics/result, plots, plots/render, magics/settings
//	kernel/widget -> kernel/display
//	kernel/notebook -> kernel/session, kernel/display
//	kernel/repl -> kernel/session, kernel/history, kernel/cell, kernel/display
//	kernel/notebook/report -> kernel/notebook, kernel/notebook/mathml, magics/report
//	kernels/catalog -> kernels, kernels/matmul/withgonum
//	kernels/hpgo-kernels -> kernels, kernels/catalog
//	kernels/matmul/withgonum -> kernels
//	magics -> kernel/stdin, kernel/display, magics/attach, magics/compiler, magics/group, magics/handover, magics/machine, magics/magic, magics/profiling, magics/python, magics/quantity, magics/timing, magics/tracing, magics/settings
//	magics/assembly -> magics/harness
//	magics/attach -> kernel/display, magics/harness, magics/magic, magics/measuring, magics/profiling, magics/quantity, magics/remote, magics/report, magics/tracing, plots/recording
//	magics/compiler -> kernel/cell, kernel/display, magics/assembly, magics/harness, magics/magic, magics/measuring, magics/quantity, magics/report, magics/result
//	magics/diagnostics -> magics/result
//	magics/harness -> kernel/display, magics/prof, magics/quantity, magics/result
//	magics/interpreted -> magics/handover, magics/harness
//	magics/machine -> kernel/cell, kernel/display, magics/assembly, magics/harness, magics/magic, magics/measuring, magics/profiling, magics/quantity, magics/report, magics/result, magics/simulated, plots, plots/recording
//	magics/magic -> kernel/cell, kernel/display, kernel/worker, magics/harness, magics/quantity, magics/result, magics/settings
//	magics/measuring -> kernel/cell, kernel/display, magics/harness, magics/magic, magics/report, magics/result, magics/settings
//	magics/profiling -> kernel/cell, kernel/display, magics/harness, magics/magic, magics/measuring, magics/quantity, magics/report, magics/result, plots, plots/recording
//	magics/python -> kernel/display, magics/group
//	magics/remote -> magics/assembly, magics/harness, plots/recording
//	magics/report -> magics/quantity, magics/result, kernel/display, plots, plots/render
//	magics/result -> magics/quantity
//	magics/simulated -> magics/harness
//	magics/timing -> kernel/cell, magics/assembly, magics/group, magics/harness, magics/machine, magics/magic, magics/measuring, magics/quantity, magics/report, magics/result, magics/settings, magics/stats, plots
//	magics/tracing -> kernel/cell, kernel/display, magics/harness, magics/magic, magics/measuring, magics/quantity, magics/report, magics/result, plots, plots/recording
//	notebooks -> kernel/notebook
//	plots/recording -> plots
//	plots/render -> plots, kernel/display, plots/recording
//
// What is linked into the worker is linked into every cell, and worker and
// cells must agree on it byte by byte. So these rooms use the standard library
// and each other, nothing else:
//
//	standard only: kernel/display, plots, kernel/worker/frame, kernel/worker/guard, kernel/worker/child, kernel/worker/hpgo-worker, kernel/live/methods, kernels, magics/handover, magics/harness, magics/prof, magics/quantity, magics/result
//
// Each foreign module has one owner, the only room that imports it; gonum has two:
//
//	kernel/jupyter owns github.com/go-zeromq/zmq4
//	kernel/build owns golang.org/x/tools
//	kernel/worker owns golang.org/x/sys
//	kernel/gonb owns github.com/janpfeifer/gonb
//	kernel/notebook/report owns github.com/yuin/goldmark, github.com/alecthomas/chroma/v2, golang.org/x/net
//	kernel/repl owns golang.org/x/term, github.com/rivo/uniseg
//	kernels/matmul/withgonum owns gonum.org/v1/gonum
//	magics/assembly owns golang.org/x/arch
//	magics/stats owns golang.org/x/perf
//	magics/interpreted owns github.com/traefik/yaegi
//	plots/recording owns github.com/google/pprof, golang.org/x/exp
//	plots/render owns gonum.org/v1/plot, gonum.org/v1/gonum, golang.org/x/image
//
// # One execute_request
//
//  1. kernel/jupyter checks the signature, publishes busy and calls Execute of
//     its Backend: the adapter in backend.go, which calls Session.Execute. The
//     headless runner (hpgo run) and the tests make the same call.
//  2. cell.ParseIn cuts the text into magics, imports, declarations, statements
//     and a last expression, each with its position.
//  3. cell.Rewrite turns a copy of the scope and the cell into one package: the
//     session's types and methods, those of its functions and variables that the
//     cell can come to, and an entry function with the cell's statements. The same
//     package path every time.
//  4. A cell whose code equals that of one already loaded is called again at
//     once. Else the engine compiles it with the compile tool itself and links a shared
//     object whose functions are its own and whose variables and types bind to
//     those loaded first. Errors come back in cell coordinates; the copy of the
//     scope is thrown away.
//  5. worker.Call has the worker process load the object and call the entry
//     function. Output arrives as text and display events, in order, and goes
//     to the sink that Execute was given.
//  6. When the object was loaded the copy becomes the session's scope, and the
//     value of the last expression comes back as a MIME bundle.
//  7. kernel/jupyter drains the streams, then sends execute_result or error, the
//     reply, idle. After an error the queue is aborted as stop_on_error says.
//
// # Completion and hover
//
// complete_request and inspect_request take the scope as it is, whatever cell
// runs, and go to kernel/assist, which type-checks the text at the cursor over
// it. Packages come from the archives that the session knows, else from source
// (build.Library): no command runs and nothing is written. Source is read in the
// background where it takes long; the answer then comes from a sketch of the
// package's own files. `name?` in a cell is
// the magic %pinfo, which asks the same and whose answer is the page of the
// result: the pager's in Jupyter, an output in the headless runner.
//
// # Input
//
// Nobody is told when a program begins to read its standard input. While a cell or
// a command runs for somebody who can be asked (session.Asker), kernel/stdin looks
// in /proc for a thread that waits to read, asks for a line and writes it; a prompt
// that was just printed goes with the question. For everybody else the input has
// ended. display.Input and Password ask by frames, without looking.
//
// # Widgets
//
//  1. A cell makes a slider (kernel/display) and shows it: the worker sends
//     comm_open with the part of the state that it knows, and a bundle that names
//     the comm. kernel/session asks kernel/widget to complete both: layout, style
//     and versions for ipywidgets, HTML with a script of its own for pages without
//     it. The session's table of comms remembers whose each one is.
//  2. The page sends comm_msg on the shell channel, which kernel/jupyter takes also
//     while a cell runs. kernel/widget keeps and echoes the state; the worker has
//     the value at once.
//  3. If a callback waits for it the worker asks to be called back. When no cell
//     runs, session.callBack makes that an ordinary worker.Call, so that output,
//     panics and interrupts are those of a cell.
//  4. What is put out while an area runs stands between two display events; the
//     session's sink gives it to kernel/widget, as the state of the area's model.
//
// # Measuring
//
//  1. A measuring magic (magics/timing, magics/profiling, over magics/measuring)
//     composes one function body (magic.Program) out of pieces: its own (the harness's
//     calls and loops) and the user's, which keep their places in the cell
//     (cell.Compose). Host.Measure compiles it like a cell's statements, in one block,
//     so that it sees the session and declares nothing in it. Measured Go stands in the
//     entry function itself, not in a closure: top-level variables get their local
//     copies, and loops run as in a function. With Fresh it is a program of its own,
//     which gets the values of the live variables (kernel/session/carry.go).
//     A timed loop must stand at the function's end to be compiled as a benchmark's
//     is, so the worker calls the function once for each run (display.CallAgain).
//     Outside of such loops values that nobody uses are kept alive (kernel/cell/
//     keptvalues.go): an inlined pure function would else be left out, and the profile
//     of a loop with nothing in it be shown.
//  2. magics/harness, linked into it, measures and reports records as it goes. They
//     travel as outputs; the session takes them out. What was reported before a panic,
//     an interrupt or the worker's end is there to be shown.
//     The engines of %compare, and sources that it runs again, are plain programs of
//     the session (Host.Plain, Host.Build) that wait between their runs, so that
//     processes can take turns (magics/timing/contest.go, harness.Engine). The machine
//     code that engines run is compared first: what the same code differs by is where it
//     lies in memory (magics/timing/samecode.go).
//     Where time goes is sampled in the plain build (magics/harness/sampler): the
//     kernel's cpu-clock with call chains, or what the machine allows instead.
//     Events of the CPU and the kernel are counted around the code, on all threads
//     (magics/harness/counters). Where the CPU counts none, valgrind runs a program of
//     the session (Program.Under), which says itself when the measured code runs
//     (magics/harness/valgrind), and magics/simulated reads what it counted.
//     Hits of lines and calls of functions are counted in builds of their own (cell.Count):
//     increments between the statements, which leave every position as it is. Functions of
//     packages are counted in copies of those, compiled under the same paths, which that
//     one unit has for itself (kernel/build/counted.go, kernel/live/plugin/symbols.go).
//     Calls through interfaces reach the counted code while it runs (methods.Lend).
//     Execution traces (magics/harness/tracer) go through a file of the session: they are
//     too large for outputs. plots/recording reads one once, for all that %trace shows.
//     The flight recorder of %trace --flight is the worker's own (worker/child/flight.go):
//     each call of a cell carries what it is to do (frame.Flight), so that it outlives
//     the worker, and calls that measure end it. What it keeps is in two files of the
//     session, which the kernel reads after the call, or the worker's death. So is the
//     watch of %goroutines (worker/child/leftovers.go).
//  3. Variables that the measured Go assigns get a shallow copy of their values back
//     (magics/measuring). Those whose methods it calls get a whole one, of what holds
//     neither maps nor pointers nor locks (harness.SaveCalled).
//  4. The magic makes a typed result of the records (magics/result, magics/stats), and
//     magics/report makes text, HTML, a picture and data of that.
//
// How Go is compiled is shown without running anything (magics/compiler,
// Host.Explain): functions are compiled as the cells are, in an object in which they
// are values, so that the linker keeps them; a cell that runs keeps its own object
// (Host.RunExplained). The compiler's text and its logs become remarks by place
// (magics/diagnostics), the object's tables and its code instructions by line
// (magics/assembly).
//
// Times, hits and bytes come from separate builds and runs: never a time from code
// with counters in it.
//
// # How cells are built and run
//
// %flags (magics/settings, kernel/session/flags.go) reaches four ways. Flags of the
// compiler are part of a unit's hash, so that the session's own code, that of earlier
// cells included, is compiled anew with the next cell. GOGC, GOMEMLIMIT and GOMAXPROCS
// are variables of the cells' environment, which a message (frame.Tune) makes true in
// the running worker; what its runtime says is what is shown. GOAMD64 and GOEXPERIMENT
// are of the toolchain: another toolchain gives another module, whose key is another,
// another engine and a new worker. Flags of go build make cells programs. A magic that
// measures can have all of it for one measurement (Tuner.LendFlags): what the worker
// isn't linked for is then measured in a program.
//
// # Interrupt and end
//
// An interrupt_request, SIGINT, or ^C in `hpgo repl` calls Session.Interrupt.
// That cancels the context of the running Execute, which ends what the kernel
// does itself: compiling, linking, magics, shell commands with their process
// groups, an open question. A cell's Go runs in the worker, which gets a message: it cancels
// display.Context, sends SIGINT to the programs that the cell started, and hunts
// the cell's goroutine (kernel/worker/child/trap) until that panics at a harmless
// place of the cells' own code, along with goroutines that the cell started and
// that run. Variables, worker and deferred functions are kept; nothing of it
// exists while nobody interrupts.
//
// A cell that waits runs no code. After 0.12 s it is left behind: the reply comes
// with the place where it waits, and a breakpoint where it comes back to the
// cells' code ends it when it wakes, before anything else of it runs. What
// neither runs the cells' code nor waits (a system call, C) can't be stopped; the
// user is told after a second, and a second interrupt within five seconds ends
// the worker and says what is lost. Without a user to ask, at a deadline, that is
// done after three seconds. What the trap takes for granted of the toolchain is
// tried by the self-check (kernel/live/selfcheck); where it fails, and in fresh
// processes, an interrupt ends the process.
//
// Two things differ from what one might expect. A variable that only a loop of
// arithmetic changes has the value from before the loop when it is stopped there,
// which the traceback says (kernel/cell/pureloop.go). And a loop in a function
// with deferred calls that is a single basic block and can be left may need the
// second interrupt (trap/rt/places.go). Loops that can't be left call a function
// that does nothing, or the compiler would drop their stores and deferred calls
// (kernel/cell/endless.go).
//
// A front end that disappears is noticed by the watch on its process. Nothing
// outlives a kernel that is killed itself: the worker sees the end of its pipe and
// ends its process group, each shell command has a guard that does the same
// (magics/group), and the session's directory, which its owner keeps locked, is
// removed by the next kernel (kernel/build/sessiondir.go).
//
// `hpgo run` turns the first Ctrl-C into the same cancellation, writes what has been computed, closes the
// session (worker, temporary directories) and ends; a second Ctrl-C ends at once.
//
// # Where this differs from the plan
//
// The binary reads build's toolchain itself, to say before a run what is
// missing, and asks cell whether a text is complete; both would otherwise be
// passed through the session unchanged. session draws figures (plots/render),
// because a value of a cell becomes a picture when its bundle is complete.
// Sharing is decided by the visibility of symbols in the object file instead of
// a linker version script, which is quicker and works alike with every linker
// (kernel/live/plugin/symbols.go). The shim in the place of gcc is gone: cmd/link
// leaves its objects and the engine runs ld itself. Cells are thin: they are
// linked against the worker, and against cells that brought packages along, as
// if those were shared libraries (provider.go, thin.go), which makes them 20 KB
// instead of 4 MB. A type whose methods change keeps its variables, and calls
// through interfaces reach the newest method (kernel/live/methods). The package of
// a cell isn't all of the session: functions and variables that the cell can't come to
// are left out (kernel/cell/reach.go), since compiling them all took most of a late cell's
// time. The worker keeps what the magics' programs import, which linked into each of
// them was some 5 MB and 0.25 s.
// Assignments to local copies of top-level variables are stored at once, so a
// panic needs no recovery of values (kernel/cell/locals.go). Frames from the
// worker say how much text stands before them instead of waiting for an answer
// (kernel/worker/frame).
//
// frame, guard and child are rooms of their own, because they are linked into
// cells and the rest of worker is not.
//
// # Goroutines of this package
//
// progress.go and serve.go each start one; their types say what it blocks on
// and who ends it.
package main
