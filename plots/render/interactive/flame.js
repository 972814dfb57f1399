// Flame graphs, icicles and sunbursts: a click makes a frame as wide as all.
// A frame is {n: name, w: words after it, p: parent, v: value, f: fill, s: change}; the
// script adds depth, start, and kids.

function flame() {
  const data = spec.flame, frames = data.frames, [left, top, right, bottom] = data.box;
  const body = svg.querySelector("[data-part=redrawn]"), round = data.form === "sunburst";
  const all = { n: data.what, w: data.what + " " + data.all, v: data.total, f: 0, depth: 0, start: 0, kids: [], up: null };
  let deepest = 0, root = all, matches = null, at = all;
  const next = new Map([[all, 0]]);
  for (const f of frames) {
    f.w = f.n + f.w;
    f.up = f.p < 0 ? all : frames[f.p];
    f.kids = [];
    f.up.kids.push(f);
    f.depth = f.up.depth + 1;
    f.start = next.get(f.up);
    next.set(f.up, f.start + f.v);
    next.set(f, f.start);
    deepest = Math.max(deepest, f.depth);
  }
  const row = Math.min((bottom - top) / (deepest + 1), 15);
  const within = (f, g) => { while (f && f.depth > g.depth) f = f.up; return f === g; };
  const share = (f) => f === all ? "" : " " + (f.s || percent(f.v, all.v));

  function labels(f) {
    if (f === all) return [all.w];
    const plain = unqualified(f.n);
    return [f.n + share(f), f.n].concat(plain === f.n ? [] : [plain]);
  }

  const fills = (f) => data.fills[f.f];
  const faded = (f) => matches && !matches.has(f) ? 0.3 : f.depth < root.depth ? 0.6 : 1;

  // frame draws one frame as a path with its text.
  function frame(f, d, text) {
    const g = make(body, "g", { opacity: faded(f) });
    const e = make(g, "path", { d, fill: fills(f)[0] });
    if (f === at && document.activeElement === svg) Object.entries({ stroke: "#2f90c9", "stroke-width": 1.6 }).forEach((a) => e.setAttribute(...a));
    if (text) text(g);
    shown.set(g, f);
    return g;
  }
  const shown = new Map();

  function drawRows() {
    const size = Math.min(8, row * 0.72), width = right - left;
    const draw = (f, x0, x1) => {
      const y = data.form === "icicle" ? top + f.depth * row : bottom - (f.depth + 1) * row;
      const end = x1 - x0 > 1.8 ? x1 - 0.6 : x1, words = x1 - x0 < 11 ? "" : fullest(labels(f), size, end - x0 - 5);
      frame(f, "M" + number(x0) + " " + number(y + 0.6) + "H" + number(end) + "V" + number(y + row) + "H" + number(x0) + "Z",
        words && ((g) => make(g, "text", { x: number(x0 + 2.5), y: number(y + row / 2 + 0.3 + size * 0.35), "font-size": size, fill: fills(f)[1] }, words)));
    };
    for (let f = root.up; f; f = f.up) draw(f, left, right);
    const visit = (f) => {
      const x0 = left + (f.start - root.start) / root.v * width, x1 = x0 + f.v / root.v * width;
      if (x1 - x0 < 0.2) return;
      draw(f, x0, x1);
      f.kids.forEach(visit);
    };
    visit(root);
  }

  // Rings start at the top and turn clockwise; the middle is what all lies in.
  function drawRings() {
    let levels = 0;
    const depths = (f) => { levels = Math.max(levels, f.depth - root.depth); f.kids.forEach(depths); };
    depths(root);
    const cx = (left + right) / 2, cy = (top + bottom) / 2, ring = Math.min(right - left, bottom - top) / 2 / (Math.max(levels, 2) + 1.6);
    const place = (r, a) => number(cx + r * Math.sin(a)) + " " + number(cy - r * Math.cos(a));
    const visit = (f) => {
      const from = 2 * Math.PI * (f.start - root.start) / root.v, to = from + 2 * Math.PI * f.v / root.v;
      if (to - from < 0.002) return;
      if (f !== root) sector(f, ring * (f.depth - root.depth + 0.6), ring * (f.depth - root.depth + 1.6) - 0.7, from, to, place);
      f.kids.forEach(visit);
    };
    visit(root);
    const r = ring * 1.6 - 1.4, circle = "M" + (cx - r) + " " + cy + "a" + r + " " + r + " 0 1 0 " + 2 * r + " 0a" + r + " " + r + " 0 1 0 " + -2 * r + " 0Z";
    frame(root, circle, (g) => {
      const lines = root === all ? [data.what, data.all] : [root.n, share(root).trim()];
      lines.forEach((line, i) => make(g, "text", { x: cx, y: cy + (i ? 9 : -2), "font-size": 7.5, "text-anchor": "middle", fill: fills(root)[1],
        "font-weight": i ? "bold" : "normal" }, fullest([line, unqualified(line)], 7.5, 1.7 * r)));
    });
  }

  function sector(f, inner, outer, from, to, place) {
    const gap = 0.7 / outer, whole = to - from > 2 * Math.PI - gap, half = (to - from) / 2, mid = from + half;
    const end = whole ? from + 2 * Math.PI - 2e-3 : to - from > 3 * gap ? to - gap : to, big = end - from > Math.PI ? 1 : 0;
    const d = "M" + place(outer, from) + "A" + outer + " " + outer + " 0 " + big + " 1 " + place(outer, end) +
      "L" + place(inner, end) + "A" + inner + " " + inner + " 0 " + big + " 0 " + place(inner, from) + "Z";
    frame(f, d, (g) => {
      const size = 7.5, high = size * 1.15, middle = (inner + outer) / 2;
      let along = 0;
      if (high <= outer - inner) {
        along = 2 * Math.sqrt(Math.max(outer * outer - (middle + high / 2) ** 2, 0));
        if (half < Math.PI / 2) along = Math.min(along, 2 * (middle - high / 2) * Math.tan(half));
      }
      const across = half >= Math.PI / 2 || inner * Math.tan(half) >= high / 2 ? outer - inner : 0;
      const words = fullest(labels(f), size, Math.max(along, across) - 5);
      if (!words) return;
      let turn = across > along ? mid - Math.PI / 2 : mid;
      if (Math.cos(turn) < -1e-9) turn += Math.PI;
      const [x, y] = place(middle, mid).split(" ");
      make(g, "text", { x, y, dy: "0.35em", "font-size": size, "text-anchor": "middle", fill: fills(f)[1],
        transform: "rotate(" + number(turn * 180 / Math.PI) + " " + x + " " + y + ")" }, words);
    });
  }

  const draw = soon(() => {
    body.textContent = "";
    shown.clear();
    round ? drawRings() : drawRows();
    back.disabled = root === all;
    tell();
  });

  // tell writes what is shown, or found, into the bar.
  function tell() {
    if (matches) {
      let sum = 0; // of the outermost ones: what is inside them is in their values
      const add = (f) => matches.has(f) ? sum += f.v : f.kids.forEach(add);
      add(root);
      const n = Array.from(matches).filter((f) => within(f, root)).length;
      hint(n + (n === 1 ? " frame, " : " frames, ") + si(sum, data.unit) + ", " + percent(sum, root.v) + (root === all ? "" : " of " + root.n));
    } else {
      hint(document.activeElement === svg && at !== all ? at.w.split("\n")[0] : root === all ? "click a frame to zoom" : root.n + share(root));
    }
  }

  function zoom(f) {
    root = at = round && f === root && f.up ? f.up : f; // the middle of the rings leads back
    showTip(null);
    draw();
  }

  const frameAt = (event) => {
    for (let e = event.target; e && e !== svg; e = e.parentNode) if (shown.has(e)) return shown.get(e);
  };
  svg.addEventListener("click", (event) => { const f = frameAt(event); if (f) zoom(f); });
  svg.addEventListener("dblclick", (event) => { if (!frameAt(event)) zoom(all); });
  svg.addEventListener("pointermove", (event) => {
    const f = frameAt(event), part = f && root !== all && within(f, root) && f !== root;
    showTip(f && [f.w].concat(part ? [percent(f.v, root.v) + " of " + root.n] : []), event);
    svg.style.cursor = f ? "pointer" : "";
  });
  svg.addEventListener("pointerleave", () => showTip(null));

  // The keyboard walks the tree: towards callers, callees and siblings as they
  // lie in the picture.
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "application");
  const sibling = (by) => { const kids = at.up ? at.up.kids : [at]; return kids[kids.indexOf(at) + by]; };
  const outwards = data.form === "icicle" ? "ArrowDown" : "ArrowUp", inwards = data.form === "icicle" ? "ArrowUp" : "ArrowDown";
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, button")) return;
    let to = null;
    if (event.key === outwards) to = at.kids[0];
    if (event.key === inwards) to = at.up;
    if (event.key === "ArrowLeft") to = sibling(-1);
    if (event.key === "ArrowRight") to = sibling(1);
    if (event.key === "Enter" || event.key === "+") zoom(at);
    else if (event.key === "-") zoom(root.up || all);
    else if (event.key === "Escape" || event.key === "0") zoom(all);
    else if (to) {
      at = to;
      if (!within(at, root)) root = at;
      draw();
    } else return;
    event.preventDefault();
  });
  svg.addEventListener("focus", draw);
  svg.addEventListener("blur", draw);

  searchBox((found) => {
    matches = found && new Set(frames.filter((f) => found(f.n) || f.w.includes("\n") && found(f.w.slice(f.w.indexOf("\n") + 1))));
    draw();
  });
  const back = button("⟲", "show all again", () => zoom(all));
  takeTitles();
  draw();
}

// unqualified is a name without its package.
function unqualified(name) {
  const dot = name.indexOf(".");
  return /[ /:]/.test(name.split("[")[0]) || dot < 0 || dot === name.length - 1 ? name : name.slice(dot + 1);
}
