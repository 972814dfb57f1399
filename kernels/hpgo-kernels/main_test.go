package main

import (
	"encoding/json"
	"strings"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/protocol"
)

// TestServe: each command has its answer, a wrong one an error that says what is
// wrong, after which the process goes on.
func TestServe(t *testing.T) {
	commands := []struct{ line, want string }{
		{"list", `"julia"`},
		{"check 0", "no subject is open"},
		{"open nothing 10", "no subject is called"},
		{"open julia ten", "no number"},
		{"open julia -1", "width -1"},
		{"open julia 30", `"plain"`},
		{"check 0", "sum of counts"},
		{"check 99", "is no row"},
		{"check x", "is no row"},
		{"run 1 0", `"runs":1`},
		{"run 1 soon", "no number of seconds"},
		{"run 1", "is no command"},
		{"profile " + t.TempDir() + "/cpu.pgo", "{}"},
		{"profile " + t.TempDir(), "is a directory"},
		{"", "is no command"},
	}
	var in, out strings.Builder
	for _, c := range commands {
		in.WriteString(c.line + "\n")
	}
	if err := serve(strings.NewReader(in.String()), &out); err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(answers) != len(commands) {
		t.Fatalf("%d answers to %d commands", len(answers), len(commands))
	}
	for i, c := range commands {
		if !strings.Contains(answers[i], c.want) {
			t.Errorf("%q is answered by %s, without %q", c.line, answers[i], c.want)
		}
		if err := json.Unmarshal([]byte(answers[i]), new(protocol.Answer)); err != nil {
			t.Errorf("%q: %v", c.line, err)
		}
	}
}

// panicking is a subject whose row can't run.
type panicking struct{ kernels.Problem }

func (panicking) Rows() []kernels.Row { return make([]kernels.Row, 1) }
func (panicking) Reset()              {}
func (panicking) Run(int)             { panic("no processes") }

// TestPanic: a row that panics is an error, and the process goes on.
func TestPanic(t *testing.T) {
	s := server{panicking{}}
	if a := s.answer([]string{"run", "0", "0.1"}); a.Error != "panic: no processes" {
		t.Errorf("answer %+v", a)
	}
	if a := s.answer([]string{"list"}); len(a.Subjects) == 0 {
		t.Errorf("answer to list, after a panic: %+v", a)
	}
}
