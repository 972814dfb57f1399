package build

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// keepUnused is how long what no kernel uses stays in the cache.
	keepUnused = 30 * 24 * time.Hour
	// keepTemp is how long what a killed process began to write stays.
	keepTemp = 24 * time.Hour
)

// cached are the prefixes of what each version of hpgo and of the toolchain
// leaves in the cache directory.
var cached = []string{"source-", "worker-", "exports-", "selfcheck-"}

// Used notes that something of the cache is in use.
func Used(path string) {
	now := time.Now()
	_ = os.Chtimes(path, now, now) // otherwise it is made again one day
}

// TrimCache removes what earlier versions left. It is called when a version is
// used for the first time.
func TrimCache() {
	entries, err := os.ReadDir(CacheDir())
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue
		}
		keep := keepUnused
		if strings.HasSuffix(e.Name(), ".tmp") {
			keep = keepTemp
		}
		for _, prefix := range cached {
			if strings.HasPrefix(e.Name(), prefix) && time.Since(info.ModTime()) > keep {
				_ = os.RemoveAll(filepath.Join(CacheDir(), e.Name()))
			}
		}
	}
}
