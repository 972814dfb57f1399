package jupyter

import (
	"encoding/json"
	"unicode/utf8"
)

// The contents of the messages, named after their types. What a field means is
// in the messaging specification; only what is chosen here has a comment.

type statusContent struct {
	State string `json:"execution_state"`
}

type streamContent struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type displayContent struct {
	Data      map[string]any `json:"data"`
	Metadata  map[string]any `json:"metadata"`
	Transient map[string]any `json:"transient"`
}

type clearContent struct {
	Wait bool `json:"wait"`
}

type executeRequestContent struct {
	Code            *string           `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    *bool             `json:"store_history"`
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     *bool             `json:"stop_on_error"`
}

type executeInputContent struct {
	Code  string `json:"code"`
	Count int    `json:"execution_count"`
}

type executeResultContent struct {
	Count    int            `json:"execution_count"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

type executeReplyContent struct {
	Status      string         `json:"status"`
	Count       int            `json:"execution_count"`
	Expressions map[string]any `json:"user_expressions"`
	Payload     []any          `json:"payload"`
	*errorContent
}

type pageContent struct {
	Source string         `json:"source"`
	Data   map[string]any `json:"data"`
	Start  int            `json:"start"`
}

type errorContent struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// errorReplyContent is the reply to any request that failed.
type errorReplyContent struct {
	Status string `json:"status"`
	errorContent
}

type abortedContent struct {
	Status string `json:"status"`
}

type okContent struct {
	Status string `json:"status"`
}

type kernelInfoContent struct {
	Status            string       `json:"status"`
	ProtocolVersion   string       `json:"protocol_version"`
	Implementation    string       `json:"implementation"`
	Version           string       `json:"implementation_version"`
	Language          languageInfo `json:"language_info"`
	Banner            string       `json:"banner"`
	HelpLinks         []HelpLink   `json:"help_links"`
	Debugger          bool         `json:"debugger"`
	SupportedFeatures []string     `json:"supported_features"`
}

type languageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MIMEType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"`
	PygmentsLexer     string `json:"pygments_lexer"`
	CodeMirrorMode    string `json:"codemirror_mode"`
	NbconvertExporter string `json:"nbconvert_exporter"`
}

type codeContent struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"` // in code points; the end of the code when missing
	Detail int    `json:"detail_level"`
}

type completeReplyContent struct {
	Status   string         `json:"status"`
	Matches  []string       `json:"matches"`
	Start    int            `json:"cursor_start"`
	End      int            `json:"cursor_end"`
	Metadata map[string]any `json:"metadata"`
}

type matchTypeContent struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature"`
}

type inspectReplyContent struct {
	Status   string         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

type isCompleteReplyContent struct {
	Status string  `json:"status"`
	Indent *string `json:"indent,omitempty"`
}

type historyRequestContent struct {
	Output  bool   `json:"output"`
	Raw     bool   `json:"raw"`
	Access  string `json:"hist_access_type"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`
	N       *int   `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

type historyReplyContent struct {
	Status  string `json:"status"`
	History []any  `json:"history"`
}

type commContent struct {
	ID     string          `json:"comm_id"`
	Target string          `json:"target_name,omitempty"`
	Data   json.RawMessage `json:"data"`
}

type commInfoContent struct {
	Status string              `json:"status"`
	Comms  map[string]commInfo `json:"comms"`
}

type commInfo struct {
	Target string `json:"target_name"`
}

type connectContent struct {
	Status      string `json:"status"`
	ShellPort   int    `json:"shell_port"`
	IOPubPort   int    `json:"iopub_port"`
	StdinPort   int    `json:"stdin_port"`
	HBPort      int    `json:"hb_port"`
	ControlPort int    `json:"control_port"`
}

type shutdownContent struct {
	Status  string `json:"status"`
	Restart bool   `json:"restart"`
}

type inputRequestContent struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

type inputReplyContent struct {
	Value string `json:"value"`
}

// newErrorContent never has a null traceback: clients iterate over it.
func newErrorContent(e *ExecuteError) errorContent {
	return errorContent{e.Name, e.Value, append([]string{}, e.Traceback...)}
}

// orEmpty keeps null out of places where the specification has an object.
func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// encodable replaces what JSON can't express (NaN, a channel, a cycle) by a
// line that says so, and keeps the rest of the bundle.
func encodable(data map[string]any) map[string]any {
	clean := make(map[string]any, len(data))
	for mime, v := range data {
		switch v.(type) {
		case string, json.RawMessage:
			clean[mime] = v
		default:
			if raw, err := encodeJSON(v); err == nil {
				clean[mime] = json.RawMessage(raw)
			} else if _, has := data["text/plain"]; !has {
				clean["text/plain"] = "can't show " + mime + ": " + err.Error()
			}
		}
	}
	return clean
}

// byteOffset turns a position in code points, as the wire has it, into one in
// bytes; beyond the ends it is the end.
func byteOffset(text string, points *int) int {
	if points == nil {
		return len(text)
	}
	n := 0
	for i := range text {
		if n >= *points {
			return i
		}
		n++
	}
	return len(text)
}

// pointOffset is the inverse of byteOffset.
func pointOffset(text string, bytes int) int {
	return utf8.RuneCountInString(text[:min(max(bytes, 0), len(text))])
}
