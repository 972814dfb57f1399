package widget

import (
	"encoding/json"
	"maps"
	"os/exec"
	"slices"
	"testing"

	"hpgo/internal/skip"
)

// TestIpywidgets compares the models with those of ipywidgets: the same keys, and
// the same values where the cell says nothing.
func TestIpywidgets(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		skip.Because(t, "no python3")
	}
	out, err := exec.Command(python, "-c", `
import json, ipywidgets as w
def state(x):
    return {k: v for k, v in x.get_state().items()}
made = [w.IntSlider(), w.FloatSlider(), w.IntProgress(), w.Button(), w.Dropdown(options=["a"]), w.RadioButtons(options=["a"]),
        w.Checkbox(), w.Text(), w.Textarea(), w.Label(), w.HTML(), w.Output(), w.HBox(), w.VBox()]
made += [x.style for x in made if hasattr(x, "style")]
print(json.dumps({x._model_name: state(x) for x in made}))
`).Output()
	if err != nil {
		skip.Because(t, "python3 has no ipywidgets")
	}
	var theirs map[string]state
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	table, _ := filled()
	for _, m := range table.models {
		ours := m.state()
		name := ours.text("_model_name")
		want, has := theirs[name]
		if name == layoutModel {
			continue // ipywidgets writes out that it says nothing
		}
		if !has {
			t.Errorf("ipywidgets has no %s", name)
			continue
		}
		if a, b := slices.Sorted(maps.Keys(ours)), slices.Sorted(maps.Keys(want)); !slices.Equal(a, b) {
			t.Errorf("%s: keys %q, ipywidgets has %q", name, a, b)
		}
		for k, v := range want {
			switch k {
			case "layout", "style", "description", "description_width", "value", "step", "min", "max", "index", "_options_labels", "children", "outputs":
			default:
				if string(raw(v)) != string(raw(ours[k])) {
					t.Errorf("%s: %s is %s, ipywidgets says %s", name, k, ours[k], v)
				}
			}
		}
	}
}
