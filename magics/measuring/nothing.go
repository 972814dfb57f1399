package measuring

import (
	"slices"
	"strings"

	"hpgo/magics/magic"
)

// endings are the names of the errors with which code ends that has run.
var endings = []string{"Panic", "WorkerDied", "Interrupted", "Timeout"}

// notRun is the message of an Interrupted that came before the code, such as while it
// was compiled.
const notRun = "interrupted before the cell ran"

// HasRun reports whether an error is of code that ran, and not of one that didn't
// come to that, such as the compiler's.
func HasRun(err error) bool {
	if err == nil {
		return false
	}
	name, message, _ := strings.Cut(err.Error(), ": ")
	return slices.Contains(endings, name) && message != notRun
}

// Died reports whether an error is the end of the process in which code ran.
func Died(err error) bool { return err != nil && strings.HasPrefix(err.Error(), "WorkerDied:") }

// NothingToShow tells, before an error of code that ran, why nothing that was
// measured until then can be shown.
func NothingToShow(h magic.Host, in *Input, err error, why string) {
	if HasRun(err) && !in.Common("q") {
		h.Stream("stdout", in.Magic.Spell(in.Form)+": nothing to show: "+why+"\n")
	}
}
