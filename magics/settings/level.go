package settings

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// levels are the features of a level of GOAMD64 as /proc/cpuinfo calls them,
// those of lower levels included (go.dev/wiki/MinimumRequirements).
var levels = map[string]string{
	"v1": "",
	"v2": "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3",
	"v3": "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave",
	"v4": "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave avx512f avx512bw avx512cd avx512dq avx512vl",
}

// Lacks says what the CPU described under root ("/" but in tests) lacks for a level
// of GOAMD64; "" for nothing.
func Lacks(root, level string) string {
	if runtime.GOARCH != "amd64" {
		return "GOAMD64 means nothing on " + runtime.GOARCH
	}
	data, err := os.ReadFile(filepath.Join(root, "proc/cpuinfo"))
	if err != nil {
		return "what this CPU can is not known: " + err.Error()
	}
	has := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "flags" {
			for _, f := range strings.Fields(value) {
				has[f] = true
			}
			break
		}
	}
	var missing []string
	for _, f := range strings.Fields(levels[level]) {
		if !has[f] {
			missing = append(missing, f)
		}
	}
	if len(missing) > 0 {
		return "this CPU lacks " + strings.Join(missing, ", ")
	}
	return ""
}
