package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hpgo/kernels/protocol"
	"hpgo/magics/settings"
)

// engines starts the subject's reference built and run in the ways of
// settings.Engines, besides the ones that the Go process has anyway. Those that can't
// be are rows of the table that say why.
func (w workshop) engines(ctx context.Context, t *KernelTable, base *contender) []*contender {
	var out []*contender
	for _, e := range settings.Engines()[1:] {
		if e.Level == "v1" || len(e.Env) > 0 && e.Level == "" {
			continue // how the base is built
		}
		w.progress(fmt.Sprintf("%s, building with %s", t.Name, e.Name))
		c, err := w.engine(ctx, t, base, e)
		if err == nil {
			c.engine = e.Name
			_, err = c.open(t.Name, t.Size)
			if err != nil {
				c.close()
			}
		}
		if err != nil {
			t.Rows = append(t.Rows, KernelRow{By: "Go", Name: "reference, " + e.Name, Missing: err.Error()})
			continue
		}
		out = append(out, c)
	}
	return out
}

func (w workshop) engine(ctx context.Context, t *KernelTable, base *contender, e settings.Engine) (*contender, error) {
	if e.Level != "" {
		if why := settings.Lacks("/", e.Level); why != "" {
			return nil, errors.New(why)
		}
	}
	name, flags, of := e.Name, e.Compiler, "hpgo/kernels/..."
	switch {
	case e.Interpreted:
		return w.interpreted(ctx, t)
	case e.Profiled:
		profile := filepath.Join(w.dir, t.Name+".pgo")
		if _, err := base.carryOut("profile %s", profile); err != nil {
			return nil, fmt.Errorf("profile: %w", err)
		}
		// The other subjects have nothing in the profile: compiling them again is no use.
		name, flags, of = t.Name+"-"+name, "-pgoprofile="+profile, "hpgo/kernels/"+t.Name+"/..."
	}
	var build []string
	if flags != "" {
		build = []string{"-gcflags=" + of + "=" + flags}
	}
	return w.goContender(ctx, name, build, e.Env)
}

// interpreted starts the interpreter with the subject's reference and what drives it.
func (w workshop) interpreted(ctx context.Context, t *KernelTable) (*contender, error) {
	if t.MakeFunc == "" || t.ReferenceFunc == "" {
		return nil, errors.New("its reference is no function of its own in reference.go")
	}
	most := float64(protocol.MostInterpreted)
	if t.Interpreted > 0 {
		most = t.Interpreted
	}
	if t.Ops > most {
		return nil, fmt.Errorf("it would take too long: %.3g %ss; it is run up to %.3g", t.Ops, t.Unit, most)
	}
	text, err := os.ReadFile(filepath.Join(w.source, "kernels", t.Name, "reference.go"))
	if err != nil {
		return nil, err
	}
	_, body, ok := strings.Cut("\n"+string(text), "\npackage "+t.Name+"\n")
	if !ok {
		return nil, errors.New("reference.go has no package clause in a line of its own")
	}
	program := "package main\n" + interpretedImports + body + fmt.Sprintf(interpretedMain, t.MakeFunc, t.ReferenceFunc)
	file := filepath.Join(w.dir, t.Name+"-interpreted.go")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		return nil, err
	}
	exe, err := w.program(ctx, "interpreted", "hpgo/magics/interpreted", nil, nil)
	if err != nil {
		return nil, err
	}
	return w.start(ctx, "Go", exe, file)
}

// The names of what the driver imports can't be those of the reference's file.
const interpretedImports = `
import (
	driver_bufio "bufio"
	driver_fmt "fmt"
	driver_fnv "hash/fnv"
	driver_os "os"
	driver_time "time"
)
`

// interpretedMain speaks kernels/protocol for one row. Its verbs are the names of the
// functions that make the input and compute the result.
const interpretedMain = `
func main() {
	lines := driver_bufio.NewScanner(driver_os.Stdin)
	in, err := %[1]s(0)
	for lines.Scan() {
		var name string
		var row, size int
		var seconds float64
		if n, _ := driver_fmt.Sscanf(lines.Text(), "open %%s %%d", &name, &size); n == 2 {
			in, err = %[1]s(size)
			if err != nil {
				driver_fmt.Printf("{\"error\":%%q}\n", err.Error())
				continue
			}
			driver_fmt.Printf("{\"rows\":[{\"name\":\"reference\",\"doc\":\"interpreted by yaegi\"}]}\n")
		} else if n, _ := driver_fmt.Sscanf(lines.Text(), "check %%d", &row); n == 1 {
			hash := driver_fnv.New64a()
			driver_fmt.Fprintf(hash, "%%v", %[2]s(in))
			driver_fmt.Printf("{\"digest\":\"%%x\"}\n", hash.Sum64())
		} else if n, _ := driver_fmt.Sscanf(lines.Text(), "run %%d %%g", &row, &seconds); n == 2 {
			runs, begin := 0, driver_time.Now()
			for runs == 0 || driver_time.Since(begin).Seconds() < seconds {
				%[2]s(in)
				runs++
			}
			driver_fmt.Printf("{\"runs\":%%d,\"seconds\":%%g}\n", runs, driver_time.Since(begin).Seconds())
		} else {
			driver_fmt.Printf("{\"error\":\"no command\"}\n")
		}
	}
}
`
