package main

import (
	"strings"
	"testing"

	"hpgo/kernel/jupyter/jupytertest"
)

// TestKernelInput: cells read from the front end over the wire.
func TestKernelInput(t *testing.T) {
	s := serve(t)
	s.Execute("0;") // on first use it says that it compiles the standard library
	for _, test := range []struct {
		code   string
		asks   [][2]string // prompt, with a * for a password; answer
		allow  bool
		prints string
		output string
	}{
		{"var name string\nfmt.Print(\"Name? \")\nfmt.Scan(&name)\nname", [][2]string{{"", "Ada"}}, true, "Name? ", "execute_result \"Ada\"\n"},
		{"pin, err := display.Password(\"Pin: \")\npin, err", [][2]string{{"Pin: *", "1815"}}, true, "", "execute_result (\"1815\", <nil>)\n"},
		{"!read x; echo got $x", [][2]string{{"", "a line"}}, true, "", "got a line\n"},
		{"_, err = fmt.Scan(&name)\nerr", nil, false, "", "execute_result EOF\n"},
		{"_, err = display.Input(\"Name: \")\nerr", nil, false, "", "execute_result display: nobody can be asked for input here\n"},
		{"!read x || echo end", nil, false, "", "end\n"},
	} {
		id := s.Send("shell", "execute_request", jupytertest.ExecuteContent(test.code, map[string]any{"allow_stdin": test.allow}))
		printed := false
		for _, ask := range test.asks {
			q := s.NextInput()
			prompt := q.Text("prompt")
			if q.Content["password"] == true {
				prompt += "*"
			}
			// A printed prompt is the question's if the machine isn't too busy.
			printed = printed || prompt == test.prints
			if prompt != ask[0] && prompt != test.prints {
				t.Errorf("%s\nasked %q, want %q", test.code, prompt, ask[0])
			}
			s.Answer(q, ask[1])
		}
		reply := s.Reply("shell", id)
		if printed {
			test.prints = ""
		}
		if got := shown(s.Published(id)); got != test.prints+test.output || reply.Text("status") != "ok" {
			t.Errorf("%s\ngave %q (%s), want %q", test.code, got, reply.Text("status"), test.prints+test.output)
		}
	}
}

// TestKernelInputInterrupted: a question doesn't outlive the interrupt of its cell,
// the variables do, and what waited takes no answer that is meant for others.
func TestKernelInputInterrupted(t *testing.T) {
	s := serve(t)
	s.Execute("keep := 5\nvar x int")
	for _, code := range []string{
		"fmt.Scan(&x)",
		"display.Input(\"?\")\nfmt.Println(\"reached\")",
		"!read x; echo reached",
		"%%bash\nread x; echo reached",
		"go fmt.Scan(&x)\nselect {}",
	} {
		id := s.Send("shell", "execute_request", jupytertest.ExecuteContent(code, nil))
		q := s.NextInput()
		s.Request("control", "interrupt_request", map[string]any{})
		reply := s.Reply("shell", id)
		if got := shown(s.Published(id)); reply.Text("ename") != "Interrupted" || !strings.Contains(got, "Interrupted") || strings.Contains(got, "reached") {
			t.Errorf("%s\ngave %s, %q", code, reply.Text("ename"), got)
		}
		s.Answer(q, "late")
		if _, published := s.Execute("keep"); shown(published) != "execute_result 5\n" {
			t.Errorf("%s\nthen %q", code, shown(published))
		}
		id = s.Send("shell", "execute_request", jupytertest.ExecuteContent("var y int\nfmt.Scan(&y)\ny", nil))
		s.Answer(s.NextInput(), "42")
		s.Reply("shell", id)
		if got := shown(s.Published(id)); got != "execute_result 42\n" {
			t.Errorf("%s\nthe next question gave %q", code, got)
		}
	}
}
