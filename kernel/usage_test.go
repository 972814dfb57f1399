package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestUsage runs command lines on which nothing is to be begun.
func TestUsage(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.ipynb", notebookOf(t, "1"))
	param := write(t, dir, "param.ipynb", notebookOf(t, "#tag parameters\nn := 1"))
	broken := write(t, dir, "broken.ipynb", `{"cells": [`)
	v3 := write(t, dir, "v3.ipynb", `{"nbformat": 3, "worksheets": []}`)
	python := write(t, dir, "py.ipynb", `{"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}, "cells": []}`)
	text := write(t, dir, "notes.txt", "hello")
	other := write(t, t.TempDir(), "good.ipynb", notebookOf(t, "2"))
	badConn := write(t, dir, "conn.json", `{"transport": "tcp", "shell_port": "x"}`)
	for _, test := range []struct {
		args string
		code int
		says string // on standard error, or on standard output for code 0
	}{
		{"", 2, "usage: hpgo COMMAND"},
		{"help", 0, "run notebooks and write reports"},
		{"--help", 0, "usage: hpgo COMMAND"},
		{"help run", 0, "-keep-going"},
		{"help nope", 2, `no command "nope"`},
		{"help run html", 2, "one command"},
		{"run -h", 0, "usage: hpgo run NOTEBOOK"},
		{"html --help", 0, "usage: hpgo html"},
		{"version", 0, "hpgo " + release},
		{"--version", 0, "hpgo " + release},
		{"version now", 2, "no arguments"},
		{"ru", 2, `did you mean "run"?`},
		{"frobnicate", 2, `unknown command "frobnicate"`},
		{"run", 2, "no notebook given"},
		{"run --frob " + good, 2, "-frob"},
		{"run " + good + " --frob", 2, "-frob"},
		{"run -- --frob", 2, "--frob"},
		{"run " + dir + "/none.ipynb", 2, "none.ipynb: no such file"},
		{"run " + broken, 2, "broken.ipynb: line 1"},
		{"run " + v3, 2, "v3.ipynb"},
		{"run " + python, 2, "py.ipynb is a notebook for python"},
		{"run " + text, 2, "not a notebook by its name"},
		{"run " + dir, 2, "not a notebook"},
		{"run " + good + " --scale huge", 2, "smoke, small or book"},
		{"run " + good + " --timeout soon", 2, "timeout"},
		{"run " + good + " --timeout -3s", 2, "negative"},
		{"run " + good + " -p n", 2, "want name=value"},
		{"run " + param + " -p m=3", 2, "m"},
		{"run " + param + " -p n=three", 2, "n"},
		{"run " + good + " -o " + dir + "/no/such/o.ipynb", 2, "doesn't exist"},
		{"run " + good + " -o /proc/o.ipynb --no-html", 2, "/proc/o.ipynb can't be written"},
		{"run " + good + " -o " + dir + "/o.txt", 2, "should end in .ipynb"},
		{"run " + good + " --html " + dir + "/o.pdf", 2, "should end in .html"},
		{"run " + good + " --html x.html --no-html", 2, "exclude"},
		{"run " + good + " " + param + " -o " + dir + "/one.ipynb", 2, "several notebooks"},
		{"run " + good + " " + other + " --html " + dir, 2, "both be written"},
		{"html", 2, "no notebook given"},
		{"html " + broken, 2, "broken.ipynb"},
		{"kernel", 2, "no --connection-file"},
		{"kernel --connection-file " + dir + "/none.json", 2, "no such file"},
		{"kernel --connection-file " + badConn, 2, "shell_port"},
		{"kernel more --connection-file " + badConn, 2, "shell_port"},
		{"help repl", 0, "-keep-going"},
		{"repl more", 2, "unexpected argument"},
		{"repl -i " + broken, 2, "broken.ipynb"},
		{"repl --dir " + dir + "/none", 2, "is no directory"},
		{"repl --timeout -3s", 2, "negative"},
		{"doctor now", 2, "unexpected argument"},
		{"bench nothing", 2, "known: cells, complete"},
		{"bench cells more", 2, "one subject"},
		{"bench cells --size 5", 2, "--size is of hpgo bench kernels"},
		{"bench plots --scale small", 2, "--scale is of"},
		{"bench kernels julia --size -1", 2, "--size -1"},
		{"bench kernels julia --size 0", 2, "--size 0"},
		{"bench kernels julia --size ten", 2, "-size"},
		{"bench kernels julia --scale huge", 2, "smoke, small, book"},
		{"bench kernels julia --plot " + dir + "/x.pdf", 2, "ends in .svg or .png"},
		{"bench kernels julia --plot " + dir + "/none/x.png", 2, "doesn't exist"},
		{"bench kernels julia --plot /proc/x.png", 2, "can't be written"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), strings.Fields(test.args), strings.NewReader(""), &stdout, &stderr)
		said := stderr.String()
		if test.code == 0 {
			said = stdout.String()
		}
		if code != test.code || !strings.Contains(said, test.says) {
			t.Errorf("hpgo %s: exit %d, want %d saying %q\nstdout: %s\nstderr: %s", test.args, code, test.code, test.says, &stdout, &stderr)
		}
		if lines := strings.Count(stderr.String(), "\n"); code == 2 && test.args != "" && lines > 2 {
			t.Errorf("hpgo %s: %d lines of error:\n%s", test.args, lines, &stderr)
		}
	}
}

// TestFlagsAnywhere checks that flags may stand before, between and after files.
func TestFlagsAnywhere(t *testing.T) {
	for _, args := range []string{
		"-o x.ipynb a.ipynb b.ipynb --keep-going -p n=1 -p m=2",
		"a.ipynb -o x.ipynb b.ipynb -p n=1 --keep-going --p=m=2",
		"a.ipynb b.ipynb --o=x.ipynb -keep-going=true -p n=1 -p m=2",
		"-keep-going -o x.ipynb -p n=1 -p m=2 -- a.ipynb b.ipynb",
	} {
		var o runOptions
		files, err := parseMixed(runFlags(&o), strings.Fields(args))
		if err != nil {
			t.Errorf("%s: %v", args, err)
			continue
		}
		if strings.Join(files, " ") != "a.ipynb b.ipynb" || o.out != "x.ipynb" || !o.keepGoing || len(o.params) != 2 {
			t.Errorf("%s: files %q, options %+v", args, files, o)
		}
	}
}

// TestHelpIsComplete checks that each verb explains itself.
func TestHelpIsComplete(t *testing.T) {
	for _, v := range verbs() {
		if v.doc == "" || v.run == nil || strings.HasSuffix(v.doc, "\n") {
			t.Errorf("%s: no documentation, or it ends in a newline", v.name)
		}
		if first, _, _ := strings.Cut(v.doc, "\n"); !strings.Contains(overview(), first) {
			t.Errorf("%s is not in the overview", v.name)
		}
		if h := v.help(); !strings.Contains(h, "hpgo "+v.name) {
			t.Errorf("help of %s: %s", v.name, h)
		}
	}
}
