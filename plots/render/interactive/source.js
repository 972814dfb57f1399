// Annotated source: hovering tells what was measured on a line, searching fades
// the lines that have no match.

function source() {
  takeTitles();
  const rows = new Map(); // of text elements, by their place
  for (const t of svg.querySelectorAll("g[font-family] text")) {
    const y = t.getAttribute("y");
    rows.set(y, (rows.get(y) || []).concat(t));
  }
  const [head, [like]] = rows.entries().next().value, letter = like.getAttribute("textLength") / like.textContent.length;
  rows.delete(head);
  // The pieces of a line are apart by its spaces: all letters are equally wide.
  const lines = Array.from(rows.values(), (pieces) => {
    let text = "", end = null;
    for (const p of pieces) {
      const x = +p.getAttribute("x");
      if (end !== null) text += " ".repeat(clamp(Math.round((x - end) / letter), 0, 200));
      text += p.textContent;
      end = x + Array.from(p.textContent).length * letter;
    }
    return { pieces, text };
  });
  searchBox((found) => {
    let n = 0;
    for (const l of lines) {
      const match = !found || found(l.text);
      if (match) n++;
      for (const p of l.pieces) p.setAttribute("opacity", match ? 1 : 0.3);
    }
    hint(found ? n + (n === 1 ? " line" : " lines") : "");
  });
  svg.addEventListener("pointermove", (event) => {
    const title = titleAt(event);
    showTip(title === undefined ? null : [title], event);
  });
  svg.addEventListener("pointerleave", () => showTip(null));
}
