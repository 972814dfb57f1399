package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is that of the source; a build from a checkout adds its commit.
const release = "0.1.0"

// fullVersion is the release with the commit that the go command recorded, if any.
func fullVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = "+" + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ".changed"
		}
	}
	if commit == "" {
		return release
	}
	return release + commit + dirty
}

func printVersion(_ context.Context, args []string, c console) error {
	if len(args) > 0 {
		return badUsage("version takes no arguments")
	}
	fmt.Fprintf(c.out, "hpgo %s (%s, %s/%s)\n", fullVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
