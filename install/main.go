// Command install builds hpgo and makes it known to Jupyter:
//
//	go run ./install              for this user
//	go run ./install --gonb       for the notebooks of the kernel gonb, too
//	go run ./install --check      is it installed, does it work
//	go run ./install --uninstall  remove the kernelspec
//
// It needs Go and gcc, not Python: a kernelspec is a directory with a
// kernel.json and a few pictures, where Jupyter looks for it.
//
// Rules: it imports nothing of hpgo and learns about it only by running the
// binary it has built; nothing is written before everything that can be checked
// was checked; every path that it writes or removes is printed. It starts no
// goroutines.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"
)

// options are the flags.
type options struct {
	user, sysPrefix    bool
	prefix             string
	name, displayName  string
	gonb, force        bool // the kernelspec for gonb's notebooks too; replace another kernel's
	check, uninstall   bool
	dataDirOfUser      func() (string, error) // Jupyter's; a test has its own
	prefixOfPython     func(context.Context) (string, error)
	stdout, stderr     io.Writer
	moduleDir, gobin   string // found, not given
	binary, kernelspec string // what is written: the program, the directory
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program without the process. It returns 2 for a mistake on the
// command line, 1 for what failed.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := options{stdout: stdout, stderr: stderr, dataDirOfUser: userDataDir, prefixOfPython: pythonPrefix}
	if err := o.parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		fmt.Fprintf(stderr, "install: %v\n", err)
		return 2
	}
	do := o.install
	switch {
	case o.check:
		do = o.examine
	case o.uninstall:
		do = o.remove
	}
	if err := do(ctx); err != nil {
		if ctx.Err() != nil {
			err = errors.New("interrupted")
		}
		fmt.Fprintf(stderr, "install: %v\n", err)
		return 1
	}
	return 0
}

// gonbName is the kernelspec that gonb's notebooks ask for.
const gonbName, gonbDisplayName = "gonb", "Go (gonb, by hpgo)"

// kernelName is what Jupyter accepts as the name of a kernelspec.
var kernelName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func (o *options) parse(args []string) error {
	fs := flag.NewFlagSet("install", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.BoolVar(&o.user, "user", false, "install for this user (the default)")
	fs.BoolVar(&o.sysPrefix, "sys-prefix", false, "install into the active Python environment")
	fs.StringVar(&o.prefix, "prefix", "", "install into `DIR`/share/jupyter")
	fs.StringVar(&o.name, "name", "hpgo", "the kernelspec's name")
	fs.StringVar(&o.displayName, "display-name", "Go (hpgo)", "what notebooks show")
	fs.BoolVar(&o.gonb, "gonb", false, "also install a kernelspec named gonb, so that notebooks of the kernel gonb open as they are")
	fs.BoolVar(&o.force, "force", false, "replace the kernelspec of another kernel, such as gonb itself")
	fs.BoolVar(&o.check, "check", false, "say whether it is installed and works; install nothing")
	fs.BoolVar(&o.uninstall, "uninstall", false, "remove the kernelspec; with --gonb only the one named gonb")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(o.stdout, "usage: go run ./install [flags]")
			fs.SetOutput(o.stdout)
			fs.PrintDefaults()
		}
		return err
	}
	places := 0
	for _, given := range []bool{o.user, o.sysPrefix, o.prefix != ""} {
		if given {
			places++
		}
	}
	switch {
	case fs.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", fs.Arg(0))
	case places > 1:
		return errors.New("only one of --user, --sys-prefix and --prefix can be given")
	case o.check && o.uninstall:
		return errors.New("--check and --uninstall exclude each other")
	case !kernelName.MatchString(o.name):
		return fmt.Errorf("--name %q: letters, digits and . _ - only", o.name)
	case o.gonb && o.name == gonbName:
		return errors.New("--gonb installs the kernelspec gonb beside another one: choose another --name")
	case o.displayName == "":
		return errors.New("--display-name is empty")
	}
	return nil
}
