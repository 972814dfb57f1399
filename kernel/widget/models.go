package widget

import (
	"bytes"
	"encoding/json"
	"maps"
	"unicode/utf8"
)

// The versions of the packages whose models these are.
const (
	controlsModule  = "@jupyter-widgets/controls"
	controlsVersion = "2.0.0"
	baseModule      = "@jupyter-widgets/base"
	baseVersion     = "2.0.0"
	outputModule    = "@jupyter-widgets/output"
	outputVersion   = "1.0.0"
)

// spec is what a model has beside what the cell says.
type spec struct {
	view     string
	style    string // model of its style; empty: it has none
	defaults string // JSON of the state
}

// models are the models that cells make.
var models = map[string]spec{
	"IntSliderModel":    {"IntSliderView", "SliderStyleModel", `{"behavior":"drag-tap","continuous_update":true,"disabled":false,"orientation":"horizontal","readout":true,"readout_format":"d","step":1}`},
	"FloatSliderModel":  {"FloatSliderView", "SliderStyleModel", `{"behavior":"drag-tap","continuous_update":true,"disabled":false,"orientation":"horizontal","readout":true,"readout_format":".2f","step":0.1}`},
	"IntProgressModel":  {"ProgressView", "ProgressStyleModel", `{"bar_style":"","orientation":"horizontal"}`},
	"ButtonModel":       {"ButtonView", "ButtonStyleModel", `{"button_style":"","disabled":false,"icon":""}`},
	"DropdownModel":     {"DropdownView", "DescriptionStyleModel", `{"disabled":false}`},
	"RadioButtonsModel": {"RadioButtonsView", "DescriptionStyleModel", `{"disabled":false,"orientation":"vertical"}`},
	"CheckboxModel":     {"CheckboxView", "CheckboxStyleModel", `{"disabled":false,"indent":true}`},
	"TextModel":         {"TextView", "TextStyleModel", `{"continuous_update":true,"disabled":false,"placeholder":"\u200b"}`},
	"TextareaModel":     {"TextareaView", "TextStyleModel", `{"continuous_update":true,"disabled":false,"placeholder":"\u200b","rows":null}`},
	"LabelModel":        {"LabelView", "LabelStyleModel", `{"placeholder":"\u200b"}`},
	"HTMLModel":         {"HTMLView", "HTMLStyleModel", `{"placeholder":"\u200b"}`},
	"HBoxModel":         {"HBoxView", "", `{"box_style":""}`},
	"VBoxModel":         {"VBoxView", "", `{"box_style":""}`},
	"OutputModel":       {"OutputView", "", `{"msg_id":"","outputs":[]}`},
}

// styles are the styles' states beside the width of the description.
var styles = map[string]string{
	"SliderStyleModel":      `{"handle_color":null}`,
	"ProgressStyleModel":    `{"bar_color":null}`,
	"ButtonStyleModel":      `{"button_color":null,"font_family":null,"font_size":null,"font_style":null,"font_variant":null,"font_weight":null,"text_color":null,"text_decoration":null}`,
	"DescriptionStyleModel": `{}`,
	"CheckboxStyleModel":    `{"background":null}`,
	"TextStyleModel":        `{"background":null,"font_size":null,"text_color":null}`,
	"LabelStyleModel":       `{"background":null,"font_family":null,"font_size":null,"font_style":null,"font_variant":null,"font_weight":null,"text_color":null,"text_decoration":null}`,
	"HTMLStyleModel":        `{"background":null,"font_size":null,"text_color":null}`,
}

// layoutModel is the model of layouts; all widgets share one that says nothing.
const layoutModel = "LayoutModel"

// longLabel is the number of characters from which on a label gets the room that
// it needs; shorter ones have a fixed width, so that controls below each other are
// aligned.
const longLabel = 11

// state is a model's state, each value encoded.
type state map[string]json.RawMessage

// text is a string in the state; empty if there is none.
func (s state) text(key string) string {
	var t string
	_ = json.Unmarshal(s[key], &t) // what isn't a string is none
	return t
}

// raw encodes a value; what JSON has no form for is null.
func raw(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // states hold pictures
	if e.Encode(v) != nil {
		return json.RawMessage("null")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// defaults adds the entries of an object of JSON that the state doesn't have.
func (s state) defaults(object string) {
	var d state
	if json.Unmarshal([]byte(object), &d) != nil {
		return
	}
	for k, v := range d {
		if _, has := s[k]; !has {
			s[k] = v
		}
	}
}

// complete is the whole state of a model that a cell made, given the ids of its
// layout and style.
func complete(own state, layout, style string) state {
	s := maps.Clone(own)
	name := s.text("_model_name")
	m, known := models[name]
	if !known {
		return s
	}
	module, version := controlsModule, controlsVersion
	if name == "OutputModel" {
		module, version = outputModule, outputVersion
	}
	s.defaults(m.defaults)
	s.identify(name, module, version, m.view, module, version)
	s.defaults(`{"_dom_classes":[],"tabbable":null,"tooltip":null}`)
	s["layout"] = raw(modelPrefix + layout)
	if m.style != "" {
		s["style"] = raw(modelPrefix + style)
		if name != "ButtonModel" {
			s.defaults(`{"description_allow_html":false}`)
		}
	}
	return s
}

// identify says what a model and its view are.
func (s state) identify(model, module, version, view, viewModule, viewVersion string) {
	for k, v := range map[string]string{
		"_model_name": model, "_model_module": module, "_model_module_version": version,
		"_view_name": view, "_view_module": viewModule, "_view_module_version": viewVersion,
	} {
		s[k] = raw(v)
	}
	s["_view_count"] = json.RawMessage("null")
}

// layoutState is the layout that says nothing.
func layoutState() state {
	s := state{}
	s.identify(layoutModel, baseModule, baseVersion, "LayoutView", baseModule, baseVersion)
	return s
}

// styleState is a style; wide ones give descriptions the room that they need.
func styleState(model string, wide bool) state {
	s := state{}
	s.identify(model, controlsModule, controlsVersion, "StyleView", baseModule, baseVersion)
	s.defaults(styles[model])
	switch {
	case model == "ButtonStyleModel":
	case wide:
		s["description_width"] = raw("initial")
	default:
		s["description_width"] = raw("")
	}
	return s
}

// isWide reports whether a model's description needs more than the usual room.
func isWide(s state) bool { return utf8.RuneCountInString(s.text("description")) >= longLabel }
