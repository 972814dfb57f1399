package main

import (
	"context"
	"flag"
	"fmt"
)

func htmlVerb() verb {
	return verb{
		name:  "html",
		usage: "NOTEBOOK... [-o OUT.html]",
		doc: `make the report of a notebook without running it
The report is one HTML file that needs nothing else. It is written beside the
notebook, or as -o says.`,
		run:   makeReports,
		flags: func() *flag.FlagSet { return htmlFlags(new(string)) },
	}
}

func htmlFlags(out *string) *flag.FlagSet {
	fs := newFlags("html")
	fs.StringVar(out, "o", "", "write the report to this `file` (a directory, for several notebooks)")
	return fs
}

// makeReports is the verb html.
func makeReports(_ context.Context, args []string, c console) error {
	var out string
	files, err := parseMixed(htmlFlags(&out), args)
	if err != nil {
		return err
	}
	jobs, err := planJobs(files, runOptions{html: out})
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if err := j.writeReport(0, nil); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s: wrote %s\n", j.name(), j.html)
	}
	return nil
}
