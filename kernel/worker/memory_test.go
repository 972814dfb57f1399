package worker

import (
	"os"
	"path/filepath"
	"testing"
)

func TestParseMemoryLimit(t *testing.T) {
	const total = 1000 << 20
	tests := []struct {
		text string
		want int64
		bad  bool
	}{
		{"", 0, false}, {"off", -1, false}, {"None", -1, false},
		{"1048576", 1 << 20, false}, {"512K", 512 << 10, false}, {"2GiB", 2 << 30, false}, {"1.5g", 3 << 29, false},
		{" 64 MB ", 64 << 20, false}, {"50%", 500 << 20, false}, {"1tb", 1 << 40, false},
		{"lots", 0, true}, {"-1G", 0, true}, {"0", 0, true}, {"1Q", 0, true}, {"1e300", 0, true}, {"G", 0, true}, {"5%%", 0, true}, {"nan", 0, true},
	}
	for _, tt := range tests {
		got, err := ParseMemoryLimit(tt.text, total)
		if got != tt.want || (err != nil) != tt.bad {
			t.Errorf("%q: got %d, %v", tt.text, got, err)
		}
	}
}

func TestMachineMemory(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"nothing known", nil, 0},
		{"machine only", map[string]string{"proc/meminfo": "MemTotal:       1000 kB\nMemFree: 5 kB\n"}, 1000 << 10},
		{"version 2", map[string]string{
			"proc/meminfo": "MemTotal: 1000 kB\n", "proc/self/cgroup": "0::/a/b\n",
			"sys/fs/cgroup/a/memory.max": "512000\n", "sys/fs/cgroup/a/b/memory.max": "max\n"}, 512000},
		{"version 2 in a container", map[string]string{
			"proc/meminfo": "MemTotal: 1000 kB\n", "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "4096\n"}, 4096},
		{"version 1", map[string]string{
			"proc/meminfo": "MemTotal: 1000 kB\n", "proc/self/cgroup": "5:memory:/x\n4:cpu,cpuacct:/x\n",
			"sys/fs/cgroup/memory/x/memory.limit_in_bytes": "8192\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":   "9223372036854771712\n"}, 8192},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range tt.files {
				path := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := machineMemory(root); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestDefaultMemoryLimit(t *testing.T) {
	t.Setenv(EnvMemoryLimit, "")
	limit, err := DefaultMemoryLimit()
	if total := machineMemory("/"); err != nil || total == 0 || limit >= total || limit < total/2 {
		t.Errorf("got %d of %d, %v", limit, total, err)
	}
	t.Setenv(EnvMemoryLimit, "1GiB")
	if limit, err := DefaultMemoryLimit(); limit != 1<<30 || err != nil {
		t.Errorf("got %d, %v", limit, err)
	}
}
