package counters

import "testing"

func TestReadMigrations(t *testing.T) {
	text := "go (1, #threads: 9)\n----\nse.exec_start                                :       3.4\nse.nr_migrations                             :                   12\nnr_switches : 4\n"
	if n, ok := readMigrations(text); n != 12 || !ok {
		t.Errorf("%d, %v", n, ok)
	}
	if _, ok := readMigrations("nr_switches : 4\n"); ok {
		t.Error("found in a text without it")
	}
}
