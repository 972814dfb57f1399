// How the reader moves a view: wheel, drag, box, pinch, keys and buttons. A
// panel has a box, the axes x and y, holds, draw, and nearest and words for
// hovering.

// told, if given, is what the bar says in place of the hint.
function zoomable(panels, told) {
  const cross = make(svg, "path", { fill: "none", stroke: INK, "stroke-width": 0.6, "stroke-dasharray": "2 2", "pointer-events": "none" });
  const frame = make(svg, "rect", { fill: "#2f90c9", "fill-opacity": 0.2, stroke: "#2f90c9", "pointer-events": "none", visibility: "hidden" });
  const draw = soon(() => {
    for (const p of panels) p.draw();
    const whole = panels.every((p) => p.x.entire && p.y.entire);
    svg.style.touchAction = whole ? "pan-y" : "none"; // a finger scrolls the page until there is something to move
    hint(told && told() ? told() : whole ? "drag a box to zoom" : "drag to move, double-click to show all");
  });
  const reset = (list) => {
    let changed = false;
    for (const p of list) for (const axis of [p.x, p.y]) changed = axis.look(0, 1) || changed;
    draw();
    return changed;
  };
  const at = (p, more) => panels.find((panel) => panel.holds(p, more));
  let active = null; // the panel that keys and buttons act on; all if null

  // zoom at a point; beside the data only the axis that is there
  function zoom(panel, p, by) {
    const inside = panel.holds(p);
    let changed = false;
    if (inside || p.y > panel.box[3]) changed = panel.x.zoom(clamp(p.x, panel.x.from, panel.x.to), by) || changed;
    if (inside || p.x < panel.box[0]) changed = panel.y.zoom(clamp(p.y, panel.y.from, panel.y.to), by) || changed;
    if (changed) draw();
    return changed;
  }
  // Panels that share an axis are moved once.
  const each = (act) => {
    const done = new Set();
    let changed = false;
    for (const p of active ? [active] : panels) for (const axis of [p.x, p.y]) {
      if (!done.has(axis.view)) changed = act(axis, axis === p.x) || changed;
      done.add(axis.view);
    }
    if (changed) draw();
    return changed;
  };
  const middle = (by) => each((axis) => axis.zoom((axis.from + axis.to) / 2, by));
  const where = bar.insertBefore(document.createElement("span"), null);
  button("+", "zoom in", () => middle(1.5));
  button("−", "zoom out", () => middle(1 / 1.5));
  button("⟲", "show all again", () => { active = null; reset(panels); });

  svg.addEventListener("wheel", (event) => {
    const p = pointOf(event), panel = at(p, true);
    if (!panel) return;
    // A page scrolls past a picture until it is clicked; a pinch arrives
    // with ctrlKey set.
    if (!document.hasFocus() && !event.ctrlKey && !event.metaKey) { hint("click first: then the wheel zooms"); return; }
    const step = event.deltaMode ? event.deltaY * 20 : event.deltaY;
    if (zoom(panel, p, Math.exp(-clamp(step, -200, 200) * (event.ctrlKey ? 0.01 : 0.002)))) event.preventDefault();
    hover(event);
  }, { passive: false });

  const fingers = new Map();
  let start = null; // of a drag: panel, point, and what it does
  svg.addEventListener("pointerdown", (event) => {
    const p = pointOf(event), panel = at(p, true);
    if (!panel || event.button || event.target.closest("[data-entry]")) return;
    active = panels.length > 1 ? panel : null;
    fingers.set(event.pointerId, p);
    svg.setPointerCapture(event.pointerId);
    const whole = panel.x.entire && panel.y.entire, mouse = event.pointerType === "mouse";
    draw();
    start = { panel, p, box: panel.holds(p) && (event.shiftKey || whole && mouse) && fingers.size === 1 };
    showTip(null);
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before || !start) { hover(event); return; }
    const p = pointOf(event), { panel } = start;
    fingers.set(event.pointerId, p);
    if (fingers.size === 2) { // pinch: the other finger stays where it is
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1], gap = (q) => Math.hypot(q.x - other.x, q.y - other.y) + 1;
      start.box = false;
      zoom(panel, { x: (p.x + other.x) / 2, y: (p.y + other.y) / 2 }, gap(p) / gap(before));
    } else if (start.box) {
      drawFrame(start.p, p, panel);
    } else {
      const moved = [panel.x.pan(p.x - before.x), panel.y.pan(p.y - before.y)];
      if (moved[0] || moved[1]) draw();
    }
    cross.setAttribute("d", "");
  });
  const lift = (event) => {
    if (!fingers.delete(event.pointerId) || !start) return;
    const p = pointOf(event), { panel } = start;
    frame.setAttribute("visibility", "hidden");
    if (start.box && event.type === "pointerup" && Math.hypot(p.x - start.p.x, p.y - start.p.y) > 4) {
      // a flat or narrow box zooms one axis
      if (Math.abs(p.x - start.p.x) > 4) panel.x.show(start.p.x, p.x);
      if (Math.abs(p.y - start.p.y) > 4) panel.y.show(start.p.y, p.y);
      draw();
    }
    if (!fingers.size) start = null;
  };
  svg.addEventListener("pointerup", lift);
  svg.addEventListener("pointercancel", lift);
  function drawFrame(a, b, panel) {
    const [left, top, right, bottom] = panel.box, x = clamp(b.x, left, right), y = clamp(b.y, top, bottom);
    const wide = !panel.x.fixed && Math.abs(b.x - a.x) > 4, high = !panel.y.fixed && Math.abs(b.y - a.y) > 4;
    const box = [wide ? Math.min(a.x, x) : left, high ? Math.min(a.y, y) : top, wide ? Math.abs(x - a.x) : right - left, high ? Math.abs(y - a.y) : bottom - top];
    ["x", "y", "width", "height"].forEach((name, i) => frame.setAttribute(name, box[i]));
    frame.setAttribute("visibility", wide || high ? "visible" : "hidden");
  }
  svg.addEventListener("dblclick", (event) => {
    const panel = at(pointOf(event), true);
    if (panel) reset([panel]);
  });

  function hover(event) {
    const p = pointOf(event), panel = at(p), title = titleAt(event);
    const near = panel && panel.nearest(p);
    showTip(title !== undefined ? [title] : panel && panel.words(p, near), event);
    cross.setAttribute("d", "");
    where.textContent = panel ? panel.x.text(panel.x.value(p.x)) + (panel.y.fixed ? "" : ", " + panel.y.text(panel.y.value(p.y))) : "";
    const beside = !panel && at(p, true);
    svg.style.cursor = panel ? "crosshair" : beside ? (p.x < beside.box[0] ? "ns-resize" : "ew-resize") : "";
    if (!panel) return;
    const [left, top, right, bottom] = panel.box, x = near ? near.x : p.x, y = near ? near.y : p.y;
    cross.setAttribute("d", (panel.y.fixed ? "" : "M" + left + " " + y + "H" + right) + "M" + x + " " + top + "V" + bottom);
  }
  svg.addEventListener("pointerleave", () => { showTip(null); cross.setAttribute("d", ""); where.textContent = ""; });

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (x, y) => each((axis, across) => axis.pan((across ? x : y) * (axis.to - axis.from) / 8));
    const keys = { "+": () => middle(1.5), "=": () => middle(1.5), "-": () => middle(1 / 1.5), "0": () => reset(panels), Escape: () => reset(panels),
      ArrowLeft: () => step(1, 0), ArrowRight: () => step(-1, 0), ArrowUp: () => step(0, 1), ArrowDown: () => step(0, -1) };
    if (keys[event.key] && keys[event.key]()) event.preventDefault(); // else the page scrolls
  });
  draw();
  return draw;
}
