package child

import (
	"flag"
	"io"
	"os"
	"reflect"
	"testing"
)

func TestMentioned(t *testing.T) {
	got := mentioned([]string{"-prog", "-a", "--b=1", "x", "-", "-c", "5", "---d", "--", "-e"})
	if want := []string{"a", "b", "c", "-d"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := mentioned(nil); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestFlagsOfSeveralCells(t *testing.T) {
	oldSet, oldUsage, oldArgs := flag.CommandLine, flag.Usage, os.Args
	defer func() { flag.CommandLine, flag.Usage, os.Args = oldSet, oldUsage, oldArgs }()
	flag.CommandLine = flag.NewFlagSet("prog", flag.ContinueOnError) // the test's own flags stay as they are
	var h flagHistory
	cell := func(args, own []string) {
		os.Args = append([]string{"prog"}, args...)
		h.reset(os.Args, own)
		flag.CommandLine.SetOutput(io.Discard)
	}

	cell([]string{"-x=17"}, nil)
	x := flag.Int("x", 10, "a number")
	flag.Parse()
	if *x != 17 {
		t.Fatalf("x is %d", *x)
	}
	// The same cell again.
	cell([]string{"-x=18"}, []string{"x"})
	x = flag.Int("x", 10, "a number")
	flag.Parse()
	if *x != 18 {
		t.Errorf("x is %d", *x)
	}
	// A later one that uses the variable.
	cell([]string{"-x=13", "rest"}, nil)
	flag.Parse()
	if *x != 13 || flag.Lookup("x").DefValue != "10" || flag.Arg(0) != "rest" {
		t.Errorf("x is %d, default %s, rest %q", *x, flag.Lookup("x").DefValue, flag.Args())
	}
	// Not mentioned: as in a fresh program.
	cell(nil, nil)
	if flag.Lookup("x") != nil {
		t.Error("a flag was left over")
	}
	if *x != 10 {
		t.Errorf("x kept the value %d of an earlier command line", *x)
	}
	// What a cell itself sets stays.
	*x = 5
	cell(nil, nil)
	if *x != 5 {
		t.Errorf("x is %d, a cell made it 5", *x)
	}
	// A wrong one panics: the worker lives.
	cell([]string{"-nothing"}, nil)
	defer func() {
		if recover() == nil {
			t.Error("no panic for an unknown flag")
		}
	}()
	flag.Parse()
}
