package jupyter_test

import (
	"encoding/json"
	"testing"

	"hpgo/kernel/jupyter/jupytertest"
)

// canonical is a message's content as JSON with sorted keys.
func canonical(t *testing.T, m jupytertest.Message) string {
	t.Helper()
	text, err := json.Marshal(m.Content)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
