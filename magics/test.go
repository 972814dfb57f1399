package magics

import (
	"context"
	"regexp"
	"strings"

	"hpgo/magics/magic"
)

// testRows are the magics that run tests.
func testRows() []magic.Magic {
	return []magic.Magic{
		{Name: "test", Kind: magic.Line, Usage: `%test [FLAG... | ""]`, Syntax: magic.RawWords, Max: -1, RunsGo: false, Run: runTest,
			Doc: "run the session's tests and benchmarks as go test does\n" +
				"They are built apart from the live session, as plain code, so benchmarks give true figures. " +
				"By default the tests and benchmarks of the cell run, with -test.v; in a cell without any, all tests do. " +
				`FLAGs replace these, as -test.run=X or -run=X; "" is no flag at all.`},
	}
}

// testFlags are the flags of go test that its programs know under -test.NAME.
var testFlags = regexp.MustCompile(`^--?(bench|benchmem|benchtime|blockprofile|blockprofilerate|count|cpu|cpuprofile|failfast|fuzz|fuzztime|fuzzminimizetime|` +
	`list|memprofile|memprofilerate|mutexprofile|mutexprofilefraction|outputdir|parallel|run|short|shuffle|skip|timeout|trace|v)(=|$)`)

// runTest implements %test.
func runTest(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	words := in.Args.Words
	h.TestLater(func(tests, benchmarks []string) []string {
		if len(words) == 0 {
			return ownTests(tests, benchmarks)
		}
		var flags []string
		for _, w := range words {
			if m := testFlags.FindStringSubmatchIndex(w); m != nil {
				w = "-test." + w[m[2]:]
			}
			if w != "" {
				flags = append(flags, w)
			}
		}
		return flags
	})
	return magic.Result{}, nil
}

// ownTests are the flags that run what a cell declares.
func ownTests(tests, benchmarks []string) []string {
	flags := []string{"-test.v"}
	if len(tests)+len(benchmarks) > 0 {
		flags = append(flags, "-test.run="+exactly(tests))
	}
	if len(benchmarks) > 0 {
		flags = append(flags, "-test.bench="+exactly(benchmarks))
	}
	return flags
}

// exactly is a pattern for some names and no others.
func exactly(names []string) string {
	if len(names) == 0 {
		return "^$"
	}
	return "^(" + strings.Join(names, "|") + ")$"
}
