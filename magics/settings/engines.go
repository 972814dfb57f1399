package settings

// Engine is one way to build or run the same Go: what %compare --engines and
// `hpgo bench kernels` compare.
type Engine struct {
	Name     string
	Aliases  []string
	Compiler string   // flags of the compiler for the code that is measured
	Env      []string // of the build, whole
	Level    string   // GOAMD64 that it needs the CPU for
	// Profiled: built with a CPU profile of the first engine's run.
	Profiled bool
	// Interpreted: not built at all (magics/interpreted).
	Interpreted bool
	Note        string // what a reader must know
}

// Engines returns those that there are; the first is the toolchain as it is.
func Engines() []Engine {
	level := func(l string) Engine {
		return Engine{Name: "GOAMD64=" + l, Aliases: []string{l}, Env: []string{"GOAMD64=" + l}, Level: l}
	}
	return []Engine{
		{Name: "gc"},
		{Name: "-N -l", Aliases: []string{"-N", "N", "noopt"}, Compiler: "-N -l", Note: "-N -l: no optimisation and no inlining of the code that is measured"},
		{Name: "-B", Aliases: []string{"B", "nobounds"}, Compiler: "-B", Note: "-B: no bounds checks in the code that is measured"},
		{Name: "PGO", Aliases: []string{"pgo"}, Profiled: true, Note: "PGO: the code compiled with a CPU profile of its own, taken first"},
		level("v1"), level("v2"), level("v3"), level("v4"),
		{Name: "simd", Aliases: []string{"GOEXPERIMENT=simd"}, Env: []string{"GOEXPERIMENT=simd"}, Note: "simd: the toolchain's experiment of that name; it changes only code that uses simd/archsimd"},
		{Name: "yaegi", Interpreted: true, Note: "yaegi: interpreted; its loop counts in interpreted code, too"},
	}
}
