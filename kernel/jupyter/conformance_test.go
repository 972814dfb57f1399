package jupyter_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hpgo/kernel/jupyter"
	"hpgo/kernel/jupyter/jupytertest"
)

// summary is one published message in a line, for comparisons.
func summary(m jupytertest.Message) string {
	switch m.Type {
	case "status":
		return m.Text("execution_state")
	case "stream":
		return m.Text("name") + ":" + m.Text("text")
	case "display_data", "update_display_data", "execute_result":
		data, _ := m.Content["data"].(map[string]any)
		return fmt.Sprintf("%s:%v", m.Type, data["text/plain"])
	case "error":
		return "error:" + m.Text("ename") + ":" + m.Text("evalue")
	case "execute_input":
		return fmt.Sprintf("input:%d", m.Int("execution_count"))
	}
	return m.Type
}

func summaries(all []jupytertest.Message) []string {
	var s []string
	for _, m := range all {
		s = append(s, summary(m))
	}
	return s
}

func wantPublished(t *testing.T, got []jupytertest.Message, want ...string) {
	t.Helper()
	if g := summaries(got); !reflect.DeepEqual(g, want) {
		t.Errorf("published\n  %q\nwant\n  %q", g, want)
	}
}

func TestExecute(t *testing.T) {
	tests := []struct {
		name, code string
		changes    map[string]any
		status     string
		published  []string
	}{
		{name: "streams are joined and keep their order",
			code: "print a\nprint b\neprint c\nprint d", status: "ok",
			published: []string{"busy", "input:1", "stdout:a\nb\n", "stderr:c\n", "stdout:d\n", "idle"}},
		{name: "a result comes after the output",
			code: "value 42\nprint x", status: "ok",
			published: []string{"busy", "input:1", "stdout:x\n", "execute_result:42", "idle"}},
		{name: "displays stand between the texts",
			code: "print x\nhtml <b>\nprint y\nclear", status: "ok",
			published: []string{"busy", "input:1", "stdout:x\n", "display_data:html", "stdout:y\n", "clear_output", "idle"}},
		{name: "displays are updated",
			code: "show d1 one\nupdate d1 two", status: "ok",
			published: []string{"busy", "input:1", "display_data:one", "update_display_data:two", "idle"}},
		{name: "an error",
			code: "print x\nfail no", status: "error",
			published: []string{"busy", "input:1", "stdout:x\n", "error:Failed:no", "idle"}},
		{name: "silent", code: "print x\nvalue 42", changes: map[string]any{"silent": true}, status: "ok",
			published: []string{"busy", "idle"}},
		{name: "silent error", code: "fail no", changes: map[string]any{"silent": true}, status: "error",
			published: []string{"busy", "idle"}},
		{name: "a broken backend", code: "panic", status: "error",
			published: []string{"busy", "input:1", "error:KernelError:execute: internal panic: the fake backend panics", "idle"}},
		{name: "what JSON can't express", code: "nan", status: "ok",
			published: []string{"busy", "input:1", "display_data:can't show application/json: json: unsupported type: func()", "idle"}},
		{name: "unknown and missing fields", code: "value 1",
			changes: map[string]any{"store_history": nil, "future": []int{1}}, status: "ok",
			published: []string{"busy", "input:1", "execute_result:1", "idle"}},
		{name: "no code", changes: map[string]any{"code": nil}, status: "error", published: []string{"busy", "idle"}},
		{name: "code of the wrong kind", changes: map[string]any{"code": 7}, status: "error", published: []string{"busy", "idle"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
			c := jupytertest.Connect(t, k.Connection())
			reply, published := c.Request("shell", "execute_request", jupytertest.ExecuteContent(test.code, test.changes))
			if reply.Type != "execute_reply" || reply.Text("status") != test.status {
				t.Errorf("reply %v, want status %s", reply, test.status)
			}
			wantPublished(t, published, test.published...)
		})
	}
}

func TestExecuteReply(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	reply, published := c.Request("shell", "execute_request", jupytertest.ExecuteContent("value 1", map[string]any{
		"user_expressions": map[string]string{"a": "x+1", "b": "bad", "c": "unknown"},
	}))
	if reply.Int("execution_count") != 1 || reply.Content["payload"] == nil {
		t.Errorf("reply %v", reply)
	}
	values := reply.Content["user_expressions"].(map[string]any)
	for name, want := range map[string]string{"a": "ok", "b": "error", "c": "error"} {
		if got := values[name].(map[string]any)["status"]; got != want {
			t.Errorf("user expression %s: status %v, want %s", name, got, want)
		}
	}
	if !strings.Contains(string(reply.Raw.Metadata), `"started":"`) {
		t.Errorf("reply metadata %s has no started", reply.Raw.Metadata)
	}
	for _, m := range published {
		if m.Type == "execute_result" && m.Int("execution_count") != 1 || !strings.HasPrefix(m.Topic, "kernel.") {
			t.Errorf("%v with topic %q", m, m.Topic)
		}
	}

	counts := []struct {
		changes map[string]any
		count   int
	}{{nil, 2}, {map[string]any{"silent": true}, 2}, {map[string]any{"store_history": false}, 3}, {nil, 3}, {nil, 4}}
	for i, step := range counts {
		reply, _ := c.Request("shell", "execute_request", jupytertest.ExecuteContent("print x", step.changes))
		if got := reply.Int("execution_count"); got != step.count {
			t.Errorf("step %d: count %d, want %d", i, got, step.count)
		}
	}

	reply, _ = c.Request("shell", "execute_request", jupytertest.ExecuteContent("page 1\npage help", nil))
	if got, want := fmt.Sprint(reply.Content["payload"]), "[map[data:map[text/plain:help] source:page start:0]]"; got != want {
		t.Errorf("payload %s, want %s", got, want)
	}
	reply, _ = c.Execute("fail no")
	if reply.Text("ename") != "Failed" || reply.Text("evalue") != "no" || len(reply.Content["traceback"].([]any)) != 1 {
		t.Errorf("error reply %v", reply)
	}
	reply, _ = c.Execute("nonsense")
	if tb, ok := reply.Content["traceback"].([]any); !ok || len(tb) != 0 {
		t.Errorf("a traceback without lines must be an empty list: %v", reply)
	}
}

func TestDisplayID(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	_, published := c.Execute("show d1 one\nupdate d1 two\nhtml x")
	for i, want := range []map[string]any{{"display_id": "d1"}, {"display_id": "d1"}, {}} {
		if got := published[2+i].Content["transient"]; !reflect.DeepEqual(got, want) {
			t.Errorf("transient of %v is %v, want %v", published[2+i], got, want)
		}
	}
	if s := string(published[4].Raw.Content); !strings.Contains(s, `"text/html":"x"`) {
		t.Errorf("display %s", s)
	}
}

// TestParents checks that each request's messages carry its header unchanged,
// fields unknown to us included.
func TestParents(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	header := []byte(`{"msg_id": "m<1>", "msg_type":"execute_request", "session":"s", "username":"ü", "date":17, "version":"9.9", "subshell_id":null}`)
	content := []byte(`{"code":"print x\nvalue 1"}`)
	c.SendFrames("shell", []byte("hop"), []byte("<IDS|MSG>"), c.Sign(header, []byte("null"), []byte("{}"), content),
		header, []byte("null"), []byte("{}"), content, []byte{0, 1, 2})
	reply := c.Reply("shell", "m<1>")
	if len(reply.Raw.Identities) != 1 || string(reply.Raw.Identities[0]) != "hop" {
		t.Errorf("the routing prefix came back as %q", reply.Raw.Identities)
	}
	published := c.Published("m<1>")
	wantPublished(t, published, "busy", "input:1", "stdout:x\n", "execute_result:1", "idle")
	for _, m := range append(published, reply) {
		if string(m.Raw.Parent) != string(header) {
			t.Errorf("%v: parent header %s", m, m.Raw.Parent)
		}
		if m.Raw.Header.Version != "5.5" || m.Raw.Header.Date == "" || m.Raw.Header.Session == "" || m.Raw.Header.Username == "" {
			t.Errorf("%v: header %s", m, m.Raw.RawHeader)
		}
	}
}

func TestRequests(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	c.Execute("print one")
	c.Execute("value 2")
	c.Execute("value 2")
	tests := []struct {
		msgType string
		content any
		reply   string // JSON of the reply's content
	}{
		{"is_complete_request", map[string]any{"code": "f()"}, `{"status":"complete"}`},
		{"is_complete_request", map[string]any{"code": "for {"}, `{"indent":"\t","status":"incomplete"}`},
		{"is_complete_request", map[string]any{"code": "}}"}, `{"status":"invalid"}`},
		{"is_complete_request", map[string]any{"code": 1}, `{"status":"unknown"}`},
		{"complete_request", map[string]any{"code": "ü𝄞 pr", "cursor_pos": 5},
			`{"cursor_end":5,"cursor_start":3,"matches":["print"],"metadata":{"_jupyter_types_experimental":[` +
				`{"end":5,"signature":"TEXT","start":3,"text":"print","type":"command"}]},"status":"ok"}`},
		{"complete_request", map[string]any{"code": "ü𝄞 zz", "cursor_pos": 99},
			`{"cursor_end":5,"cursor_start":5,"matches":[],"metadata":{},"status":"ok"}`},
		{"inspect_request", map[string]any{"code": "print", "cursor_pos": 2, "detail_level": 0},
			`{"data":{"text/plain":"print TEXT"},"found":true,"metadata":{},"status":"ok"}`},
		{"inspect_request", map[string]any{"code": "x", "cursor_pos": 0},
			`{"data":{},"found":false,"metadata":{},"status":"ok"}`},
		{"history_request", map[string]any{"hist_access_type": "tail", "n": 2, "output": false, "raw": true},
			`{"history":[[1,2,"value 2"],[1,3,"value 2"]],"status":"ok"}`},
		{"history_request", map[string]any{"hist_access_type": "range", "session": 1, "start": 1, "stop": 3, "output": true, "raw": true},
			`{"history":[[1,1,["print one",null]],[1,2,["value 2","2"]]],"status":"ok"}`},
		{"history_request", map[string]any{"hist_access_type": "search", "pattern": "val*", "unique": true, "n": nil},
			`{"history":[[1,2,"value 2"]],"status":"ok"}`},
		{"comm_info_request", map[string]any{"target_name": "x"}, `{"comms":{},"status":"ok"}`},
		{"connect_request", map[string]any{}, ""},
		{"interrupt_request", map[string]any{}, `{"status":"ok"}`},
	}
	for _, test := range tests {
		for _, channel := range []string{"shell", "control"} {
			reply, published := c.Request(channel, test.msgType, test.content)
			if want := strings.TrimSuffix(test.msgType, "request") + "reply"; reply.Type != want {
				t.Errorf("%s %v: reply type %s", test.msgType, test.content, reply.Type)
			}
			if test.reply != "" && canonical(t, reply) != test.reply {
				t.Errorf("%s %v on %s:\n  %s\nwant\n  %s", test.msgType, test.content, channel, canonical(t, reply), test.reply)
			}
			wantPublished(t, published, "busy", "idle")
		}
	}
}

func TestKernelInfo(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	want := `{"banner":"a fake kernel","debugger":false,"help_links":[{"text":"Go","url":"https://go.dev/doc"}],` +
		`"implementation":"fake","implementation_version":"0.1.2",` +
		`"language_info":{"codemirror_mode":"text/x-go","file_extension":".go","mimetype":"text/x-go","name":"go",` +
		`"nbconvert_exporter":"script","pygments_lexer":"go","version":"1.26.8"},` +
		`"protocol_version":"5.5","status":"ok","supported_features":[]}`
	for _, channel := range []string{"shell", "control"} {
		reply, _ := c.Request(channel, "kernel_info_request", map[string]any{})
		if got := canonical(t, reply); got != want {
			t.Errorf("%s:\n  %s\nwant\n  %s", channel, got, want)
		}
	}
}

func TestBadRequests(t *testing.T) {
	k, log := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	for _, test := range []struct {
		channel, msgType string
		content          any
		line             string
	}{
		{"shell", "history_request", map[string]any{"hist_access_type": "all"}, `hist_access_type "all"`},
		{"shell", "complete_request", map[string]any{"code": []int{}}, "malformed complete_request"},
		{"shell", "frobnicate_request", map[string]any{}, `unknown message type "frobnicate_request"`},
		{"control", "create_subshell_request", map[string]any{}, `unknown message type "create_subshell_request"`},
		{"control", "execute_request", map[string]any{"code": "print x"}, "belongs on the shell channel"},
		{"control", "shutdown_request", map[string]any{"restart": "maybe"}, "malformed shutdown_request"},
	} {
		reply, published := c.Request(test.channel, test.msgType, test.content)
		if reply.Text("status") != "error" || !strings.Contains(reply.Text("evalue"), test.line) {
			t.Errorf("%s: reply %v", test.msgType, reply)
		}
		wantPublished(t, published, "busy", "idle")
		if n := strings.Count(strings.Join(log.Lines(), "\n"), test.line); n != 1 {
			t.Errorf("%s: %d log lines with %q: %q", test.msgType, n, test.line, log.Lines())
		}
	}
	// A message that is no request has no reply, but a busy and an idle.
	wantPublished(t, c.Published(c.Send("shell", "frobnicate", map[string]any{})), "busy", "idle")
}

func TestHeartbeatAndWelcome(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.ConnectQuietly(t, k.Connection())
	welcome := c.NextPublished()
	if welcome.Type != "iopub_welcome" || welcome.Content["subscription"] != "" || welcome.Parent != "" {
		t.Errorf("first message %v", welcome)
	}
	if m := c.NextPublished(); summary(m) != "starting" || m.Parent != "" {
		t.Errorf("second message %v", m)
	}
	c.Beat("ping 1")
	c.Beat("ping 2")
	c.Request("shell", "kernel_info_request", map[string]any{})

	// Later subscribers are welcomed too; the kernel isn't starting any more.
	late := jupytertest.Connect(t, k.Connection())
	late.SendFrames("iopub", []byte("\x01kernel."))
	if m := late.NextPublished(); m.Type != "iopub_welcome" || m.Text("subscription") != "kernel." || m.Topic != "kernel." {
		t.Errorf("welcome to a topic: %v, topic %q", m, m.Topic)
	}
	late.SendFrames("iopub", []byte{0}) // only kernel.* is left
	late.SendFrames("iopub", []byte("\x01elsewhere"))
	late.PublishedWhere("the second welcome", func(m jupytertest.Message) bool { return m.Text("subscription") == "elsewhere" })
	_, published := late.Execute("print x")
	wantPublished(t, published, "busy", "input:1", "stdout:x\n", "idle")
	wantPublished(t, c.Published(published[0].Parent), "busy", "input:1", "stdout:x\n", "idle")
}

func TestIPC(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k")
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, func(cfg *jupyter.Config) {
		cfg.Connection.Transport, cfg.Connection.IP = "ipc", path
		cfg.Connection.ShellPort, cfg.Connection.ControlPort, cfg.Connection.IOPubPort = 1, 2, 3
		cfg.Connection.StdinPort, cfg.Connection.HBPort = 4, 5
	})
	c := jupytertest.Connect(t, k.Connection())
	_, published := c.Execute("print over a Unix socket")
	wantPublished(t, published, "busy", "input:1", "stdout:over a Unix socket\n", "idle")
	c.Beat("x")
	k.Close()
	if left, _ := filepath.Glob(path + "*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestNoKey(t *testing.T) {
	k, log := jupytertest.Start(t, &jupytertest.Backend{}, func(cfg *jupyter.Config) { cfg.Connection.Key = "" })
	c := jupytertest.Connect(t, k.Connection())
	_, published := c.Execute("print x")
	wantPublished(t, published, "busy", "input:1", "stdout:x\n", "idle")
	if !strings.Contains(log.Lines()[0], "not authenticated") {
		t.Errorf("log %q", log.Lines())
	}
}
