package notebook

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
)

// minimal wraps cells (JSON) into a notebook of nbformat 4.minor.
func minimal(minor, cells string) string {
	return `{"cells":[` + cells + `],"metadata":{},"nbformat":4,"nbformat_minor":` + minor + `}`
}

func TestDecodeProblems(t *testing.T) {
	code := func(outputs string) string {
		return `{"cell_type":"code","source":"","metadata":{},"execution_count":null,"outputs":[` + outputs + `]}`
	}
	tests := []struct{ name, in, want string }{
		{"empty file", "", "line 1, column 1: the file is empty"},
		{"not json", "{\n \"cells\": [,]}", "line 2, column 12: invalid character ','"},
		{"column counts characters", "{\"ä\": x}", "line 1, column 7: invalid character 'x'"},
		{"cut off", "{\n\"cells\": [", "line 2, column 11: the file ends in the middle"},
		{"after the end", minimal("5", "") + "\n}", "line 2, column 1: invalid character '}' after top-level value"},
		{"merge conflict", "{\n<<<<<<< HEAD\n}", "line 2, column 1: unresolved git merge conflict"},
		{"a list", `[]`, "not a notebook: the file holds no JSON object"},
		{"other json", `{"a":1}`, "not a notebook: nbformat is missing"},
		{"version 3", `{"nbformat":3,"worksheets":[]}`, "nbformat 3 is too old, this reads version 4: open and save it in JupyterLab, or run `jupyter nbconvert --to notebook"},
		{"version 2 without a number", `{"worksheets":[]}`, "nbformat 3 is too old"},
		{"version 5", `{"nbformat":5,"cells":[]}`, "nbformat 5 is newer than this reads"},
		{"version as text", `{"nbformat":"4"}`, `nbformat: want a whole number, have "4"`},
		{"no cells", `{"nbformat":4,"metadata":{}}`, "notebook: missing cells"},
		{"cells no list", `{"nbformat":4,"cells":{}}`, "notebook: cells: want a list, have an object"},
		{"metadata no object", `{"nbformat":4,"cells":[],"metadata":[]}`, "notebook: metadata: want an object, have a list"},
		{"cell no object", minimal("5", `7`), "cell 1: want an object, have 7"},
		{"no cell_type", minimal("5", `{"source":""}`), "cell 1: missing cell_type"},
		{"odd cell_type", minimal("5", `{"cell_type":"heading","source":""}`), `cell 1: cell_type: want code, markdown or raw, have "heading"`},
		{"no source", minimal("5", `{"cell_type":"raw"}`), "cell 1: missing source"},
		{"source", minimal("5", `{"cell_type":"raw","source":["a",1]}`), "cell 1: source: want a string or a list of strings, have a list"},
		{"bad id", minimal("5", `{"cell_type":"raw","source":"","id":"a b"}`), `cell 1: id: want 1 to 64 letters`},
		{"count", minimal("5", `{"cell_type":"code","source":"","execution_count":"1"}`), `cell 1: execution_count: want a whole number or null, have "1"`},
		{"outputs", minimal("5", `{"cell_type":"code","source":"","outputs":"x"}`), `cell 1: outputs: want a list, have "x"`},
		{"output no object", minimal("5", code(`null`)), "cell 1: outputs[0]: want an object, have null"},
		{"no output_type", minimal("5", code(`{"output_type":"stream","name":"stdout","text":""},{}`)), "cell 1: outputs[1]: missing output_type"},
		{"stream", minimal("5", code(`{"output_type":"stream"}`)), "cell 1: outputs[0]: missing name\ncell 1: outputs[0]: missing text"},
		{"no data", minimal("5", code(`{"output_type":"display_data","metadata":{}}`)), "cell 1: outputs[0]: missing data"},
		{"traceback", minimal("5", code(`{"output_type":"error","ename":"E","evalue":"","traceback":[1]}`)), "cell 1: outputs[0]: traceback[0]: want a string, have 1"},
		{"attachment", minimal("5", `{"cell_type":"markdown","source":"","attachments":{"a.png":1}}`), `cell 1: attachments: "a.png": want an object, have 1`},
		{"flood", minimal("5", strings.Repeat(`1,`, 19)+`1`), "and 12 more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			nb, err := Decode([]byte(tt.in))
			if err == nil || nb != nil {
				t.Fatalf("no error, want %q", tt.want)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q, want %q", err, tt.want)
			}
		})
	}
}

// TestRoundTrip reads files as Jupyter wrote them, and wants the same bytes.
func TestRoundTrip(t *testing.T) {
	for _, name := range []string{"testdata/jupytext.ipynb", "testdata/unknown.ipynb"} {
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		nb, err := Decode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := nb.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s changed:\n%s", name, firstDifference(got, want))
		}
	}
}

func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[min(i, len(w)-1)]
		}
	}
	return "got is a prefix of want"
}

func TestIDs(t *testing.T) {
	cell := func(id string) string { return `{"cell_type":"raw","source":"same"` + id + `}` }
	in := minimal("5", strings.Join([]string{cell(""), cell(`,"id":"keep"`), cell(`,"id":"keep"`), cell("")}, ","))
	nb, err := Decode([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, c := range nb.Cells {
		if !validID(c.ID) || seen[c.ID] {
			t.Errorf("cell %d: id %q", i+1, c.ID)
		}
		seen[c.ID] = true
	}
	if nb.Cells[1].ID != "keep" {
		t.Errorf("an id of the file was changed to %q", nb.Cells[1].ID)
	}
	again, _ := Decode([]byte(in))
	if again.Cells[0].ID != nb.Cells[0].ID {
		t.Error("made-up ids differ from one reading to the next")
	}
	old, _ := Decode([]byte(minimal("4", cell(""))))
	if old.Cells[0].ID != "" {
		t.Error("a cell of nbformat 4.4 was given an id")
	}
}

func TestBOM(t *testing.T) {
	if _, err := Decode([]byte("\xef\xbb\xbf" + minimal("5", ""))); err != nil {
		t.Error(err)
	}
}

func TestSplitLines(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"a":                    "a",
		"a\n":                  "a\n",
		"a\nb":                 "a\n|b",
		"a\r\nb\rc\n\nd":       "a\r\n|b\r|c\n|\n|d",
		"a\u2028b\u0085c\x1cd": "a\u2028|b\u0085|c\x1c|d",
	} {
		var parts []string
		for _, l := range splitLines(in) {
			parts = append(parts, l.(string))
		}
		if got := strings.Join(parts, "|"); got != want {
			t.Errorf("splitLines(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReadFile(t *testing.T) {
	_, err := ReadFile("testdata/missing.ipynb")
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	_, err = ReadFile("x.txt")
	if err == nil || !strings.Contains(err.Error(), "need .ipynb") {
		t.Errorf("other extension: %v", err)
	}
}

func TestWriteFile(t *testing.T) {
	path := t.TempDir() + "/nb.ipynb"
	nb := New()
	nb.Append(Code, "x := 1\nx")
	for range 2 { // the second time over an existing file
		if err := nb.WriteFile(path); err != nil {
			t.Fatal(err)
		}
	}
	back, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if back.Cells[0].Source != "x := 1\nx" || back.Minor != 5 {
		t.Errorf("read back %+v", back.Cells[0])
	}
	if err := nb.WriteFile(t.TempDir() + "/no/such/dir/nb.ipynb"); err == nil {
		t.Error("no error for a missing folder")
	}
}

// FuzzDecode wants that whatever is accepted is written and read back to the
// same bytes.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"testdata/jupytext.ipynb", "testdata/unknown.ipynb"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"nbformat":3,"worksheets":[]}`))
	f.Add([]byte(minimal("5", `{"cell_type":"code","source":["a","b"],"outputs":[{"output_type":"new","x":[1e400,-0]}]}`)))
	f.Add([]byte("{\"nbformat\":4,\"cells\":[{}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		nb, err := Decode(data)
		if err != nil {
			return
		}
		once, err := nb.Encode()
		if err != nil {
			t.Fatalf("accepted but not written: %v", err)
		}
		again, err := Decode(once)
		if err != nil {
			t.Fatalf("written but not read: %v\n%s", err, once)
		}
		twice, err := again.Encode()
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("not stable (%v):\n%s\n%s", err, once, twice)
		}
	})
}
