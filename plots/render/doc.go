// Package render draws the figures of package plots with gonum.org/v1/plot, as
// SVG and as PNG. It runs in the kernel's process, and in any program that
// calls it; cells don't link it.
//
// # The look
//
// SVG has no background, no scripts, no style sheet and no fonts of its own,
// so that it survives every front end's sanitiser. A notebook shows it in an
// <img>, where neither the page's theme nor its style sheet reaches, so all
// colours are chosen to read on white and on black: text and axes are a middle
// grey, the series' colours keep a contrast of at least 3 to 1 on both (a test
// checks that), and they are told apart under the common colour-vision
// deficiencies; markers and dashes differ as well. A page that embeds the SVG
// itself can restyle it through the classes hpgo-ink (text), hpgo-ink-line and
// hpgo-grid. Text is set in a sans-serif stack and fitted to the width that was
// measured, so that another font doesn't break the layout.
//
// PNG has a white background and dark text. A canvas of our own draws it, ten
// times as fast as gonum's, with a palette wherever the eye sees no difference.
//
// Interactive makes a page to zoom, pan, search and hover, in an iframe without
// access to anything; see there how front ends show it that take iframes away.
// Its script moves what the static picture has drawn, so layers need nothing of
// their own for it: marks of a fixed size are pinned, and that is all.
//
// Drawing is deterministic: the same data gives the same bytes. The package
// starts no goroutines and has no state but tables; its functions may be called
// from any goroutine.
package render
