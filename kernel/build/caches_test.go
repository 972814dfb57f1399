package build

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestHomeless: caches go to TMPDIR where the home directory is none, and stay
// where they were put by name.
func TestHomeless(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"XDG_CACHE_HOME", "HPGO_CACHE", "GOCACHE", "GOPATH", "GOMODCACHE"} {
		t.Setenv(name, "")
	}
	t.Setenv("TMPDIR", dir)
	inTmp := filepath.Join(dir, fmt.Sprintf("hpgo-cache-%d", os.Getuid()))
	for _, home := range []string{"", filepath.Join(file, "home")} {
		t.Setenv("HOME", home)
		if got := CacheDir(); got != inTmp {
			t.Errorf("HOME=%s: the cache is %s, want %s", home, got, inTmp)
		}
		tc, err := FindToolchain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"GOCACHE=" + inTmp + "/gocache", "GOMODCACHE=" + inTmp + "/gopath/pkg/mod"} {
			if !slices.Contains(tc.env, want) {
				t.Errorf("HOME=%s: no %s", home, want)
			}
		}
	}
	t.Setenv("HOME", filepath.Join(dir, "home")) // can be made
	if got, want := CacheDir(), filepath.Join(dir, "home", ".cache", "hpgo"); got != want {
		t.Errorf("the cache is %s, want %s", got, want)
	}
	t.Setenv("HPGO_CACHE", file)
	if got := CacheDir(); got != file {
		t.Errorf("the cache is %s, want %s", got, file)
	}
	t.Setenv("HOME", "")
	t.Setenv("GOCACHE", filepath.Join(dir, "gocache"))
	t.Setenv("GOMODCACHE", dir)
	tc, err := FindToolchain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(tc.env, func(kv string) bool { return kv == "GOCACHE="+filepath.Join(file, "gocache") }) || tc.ModCache != dir {
		t.Errorf("caches with names are not used: %s", tc.ModCache)
	}
}
