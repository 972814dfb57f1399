package measuring

import (
	"hpgo/magics/magic"
	"hpgo/magics/report"
)

// scaleVariable is the variable of the environment that tells the scale of a
// notebook's run; see hpgo run --scale.
const scaleVariable = "HPGO_SCALE"

// smokeShare is what is left of a usual length at the scale smoke: enough for the
// clock, the rest is precision.
const smokeShare = 0.05

// shortNote says why a result is less precise than without the scale.
const shortNote = "short runs: scale smoke"

// smokes reports whether the session only tries whether its notebook works.
func smokes(h magic.Host) bool { return magic.Environ(h)[scaleVariable] == "smoke" }

// Seconds is how long something takes that no flag gives a length to: usual, or
// a twentieth of it at the scale smoke, which Finish then notes.
func (in *Input) Seconds(usual float64) float64 {
	if !in.smoke {
		return usual
	}
	in.shortened = true
	return usual * smokeShare
}

// Count is how often something is done that no flag gives a number to, as Seconds
// is how long.
func (in *Input) Count(usual int) int {
	if !in.smoke {
		return usual
	}
	in.shortened = true
	return max(1, int(float64(usual)*smokeShare))
}

// noteScale tells in an output that runs were short.
func (in *Input) noteScale(o *report.Output) {
	if !in.shortened {
		return
	}
	addNote(o, shortNote)
}
