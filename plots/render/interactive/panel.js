// Panels of the static picture: a closer view maps the coordinates of what lies
// in the data area and draws axes of its own. Marks of a fixed size stand in
// groups with data-at, their place; "-" is a coordinate that stays.

const DEEPEST = 1 / 400; // of an axis: coordinates have two or three decimals

// segments reads a path into commands with absolute coordinates, the way
// canvas.go and svgpath.go write it.
function segments(d) {
  const tokens = d.match(/[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)/g) || [], out = [];
  let op = "", i = 0, x = 0, y = 0, startX = 0, startY = 0;
  const take = () => +tokens[i++];
  while (i < tokens.length) {
    if (/[A-Za-z]/.test(tokens[i])) op = tokens[i++];
    const name = op.toUpperCase(), from = op === name ? [0, 0] : [x, y];
    if (name === "Z") {
      [x, y] = [startX, startY];
      out.push(["Z"]);
      continue;
    }
    const step = [name];
    if (name === "A") step.push(take(), take(), take(), take(), take());
    for (let pair = name === "C" ? 3 : name === "Q" ? 2 : 1; pair > 0; pair--) {
      const px = name === "V" ? x : take() + from[0], py = name === "H" ? y : take() + from[1];
      step.push(px, py);
    }
    [x, y] = step.slice(-2);
    if (name === "M") {
      [startX, startY] = [x, y];
      op = op === "m" ? "l" : "L"; // what further numbers mean
    }
    if (name === "H" || name === "V") step[0] = "L";
    out.push(step);
  }
  return out;
}

// pathShape maps a path; radii of arcs grow with it.
function pathShape(e) {
  const steps = segments(e.getAttribute("d"));
  return (x, y, kx, ky) => {
    let out = "";
    for (const s of steps) {
      out += s[0];
      let i = 1;
      if (s[0] === "A") {
        out += number(s[1] * kx) + " " + number(s[2] * ky) + " " + s[3] + " " + s[4] + " " + s[5] + " ";
        i = 6;
      }
      for (; i < s.length; i += 2) out += (i > 1 && s[0] !== "A" ? " " : "") + number(x(s[i])) + " " + number(y(s[i + 1]));
    }
    e.setAttribute("d", out);
  };
}

// boxShape maps an image or a rectangle.
function boxShape(e) {
  const [left, top, width, height] = ["x", "y", "width", "height"].map((a) => +e.getAttribute(a));
  return (x, y, kx, ky) => {
    e.setAttribute("x", x(left));
    e.setAttribute("y", y(top));
    e.setAttribute("width", width * kx);
    e.setAttribute("height", height * ky);
  };
}

// pinShape moves a mark without enlarging it.
function pinShape(e) {
  const [px, py] = e.getAttribute("data-at").split(" ");
  return (x, y) => {
    const dx = px === "-" ? 0 : x(+px) - px, dy = py === "-" ? 0 : y(+py) - py;
    e.setAttribute("transform", "translate(" + number(dx) + " " + number(dy) + ")");
  };
}

function shapesOf(group) {
  const shapes = [];
  for (const e of group.querySelectorAll("[data-at], path, image, rect")) {
    if (e.parentNode.closest("[data-at]")) continue;
    shapes.push(e.hasAttribute("data-at") ? pinShape(e) : e.localName === "path" ? pathShape(e) : boxShape(e));
  }
  return shapes;
}

class Panel {
  constructor(data, index) {
    const [left, top, right, bottom] = this.box = data.box;
    this.x = new Axis(data.x, left, right, false, data.x.fixed ? 1 : DEEPEST);
    this.y = new Axis(data.y, top, bottom, !data.y.flip, DEEPEST);
    this.layers = data.layers;
    const mine = "[data-panel='" + index + "']";
    this.axes = svg.querySelector(mine + "[data-part=axes]");
    this.grid = svg.querySelector(mine + "[data-part=grid]");
    // What lies in the data area is cut at its edges, labels above it at the sides.
    this.inside = this.clipped("inside" + index, svg.querySelectorAll(mine + "[data-layer]"), top, bottom);
    this.above = this.clipped("above" + index, svg.querySelectorAll(mine + "[data-part=above]"), 0, bottom);
    this.closer = make(null, "g", {}); // grid and axes of a closer view
    this.axes.after(this.closer);
    this.hidden = new Set();
    this.measure();
  }

  // clipped collects groups in one that can be clipped.
  clipped(id, groups, top, bottom) {
    const [left, , right] = this.box, around = make(null, "g", {});
    if (groups.length) groups[0].before(around);
    around.append(...groups);
    make(make(svg, "clipPath", { id }), "rect", { x: left, y: top, width: right - left, height: bottom - top });
    return { groups: Array.from(groups), clip: (on) => on ? around.setAttribute("clip-path", "url(#" + id + ")") : around.removeAttribute("clip-path") };
  }

  // measure learns from the static axes where labels stand.
  measure() {
    const [left, , , bottom] = this.box, first = (texts) => texts.length ? texts[0] : null;
    const texts = Array.from(this.axes.querySelectorAll("text")), y = (t) => +t.getAttribute("y");
    const x = (t) => +t.getAttribute("x"), size = (t) => +t.getAttribute("font-size");
    const small = Math.min(...texts.map(size));
    const ticks = texts.filter((t) => size(t) === small), labels = texts.filter((t) => size(t) > small);
    const upright = (t) => !t.hasAttribute("transform");
    this.x.tick = first(ticks.filter((t) => y(t) > bottom));
    this.y.tick = first(ticks.filter((t) => y(t) <= bottom + small && x(t) < left && t !== this.x.tick));
    this.x.title = first(labels.filter(upright));
    this.y.title = first(labels.filter((t) => !upright(t)));
    if (this.y.title) this.room = left - x(this.y.title) - 6;
  }

  // toggle hides or shows the layers of a legend's entry, with those of its
  // series that have no name.
  toggle(name, series, hide) {
    this.layers.forEach((l, i) => {
      if (l.kind === "mark" || l.series !== series || l.name && l.name !== name) return;
      hide ? this.hidden.add(i) : this.hidden.delete(i);
      for (const g of this.inside.groups) if (+g.dataset.layer === i) g.style.display = hide ? "none" : "";
    });
  }

  holds(p, more) {
    const [left, top, right, bottom] = this.box;
    return p.x >= left - (more ? 45 : 0) && p.x <= right && p.y >= top && p.y <= bottom + (more ? 32 : 0);
  }

  draw() {
    const whole = this.x.entire && this.y.entire;
    if (!this.shapes) {
      if (whole) return;
      this.shapes = this.inside.groups.flatMap(shapesOf);
      this.shapesAbove = this.above.groups.flatMap(shapesOf);
    }
    const x = (p) => this.x.seen(p), y = (p) => this.y.seen(p);
    for (const shape of this.shapes) shape(x, y, this.x.scale, this.y.scale);
    for (const shape of this.shapesAbove) shape(x, (p) => p, this.x.scale, 1);
    this.inside.clip(!whole);
    this.above.clip(!whole);
    this.axes.style.display = this.grid.style.display = whole ? "" : "none";
    this.closer.textContent = "";
    if (!whole) this.drawAxes();
  }

  drawAxes() {
    const [left, top, right, bottom] = this.box, line = (x1, y1, x2, y2, grid) => make(this.closer, "path", {
      d: "M" + x1 + " " + y1 + "L" + x2 + " " + y2, fill: "none", stroke: grid ? "#808080" : INK,
      "stroke-width": grid ? 0.5 : 0.6, "stroke-opacity": grid ? 0.25 : 1 });
    const ticks = (axis) => ticksOf(axis, ...axis.range()).map((t) => ({ at: axis.place(t.v), label: t.label }));
    line(left, bottom, right, bottom);
    line(left, top, left, bottom);
    for (const t of this.x.tick ? ticks(this.x) : []) { // a panel of a grid may leave them to its neighbour
      if (t.label && !this.x.names) line(t.at, top, t.at, bottom, true);
      line(t.at, bottom, t.at, bottom + (t.label ? 3 : 1.5));
      if (t.label) this.label(this.x.tick, t.label, t.at, null);
    }
    for (const t of this.y.tick ? ticks(this.y) : []) {
      if (t.label && !this.y.names) line(left, t.at, right, t.at, true);
      line(left - (t.label ? 3 : 1.5), t.at, left, t.at);
      if (t.label) this.label(this.y.tick, t.label, null, t.at);
    }
    for (const axis of [this.x, this.y]) if (axis.title) this.title(axis);
  }

  // label writes a tick's label in the manner of a static one.
  label(like, text, x, y) {
    const turn = /rotate\((\S+)/.exec(like.getAttribute("transform") || "");
    const at = { x: x === null ? this.box[0] - 5 : x, y: y === null ? +like.getAttribute("y") : y + 2.8 };
    if (turn) at.y = this.box[3] + 9;
    const e = make(this.closer, "text", { ...at, "font-size": like.getAttribute("font-size"), fill: INK,
      "text-anchor": x === null || turn ? "end" : "middle" }, text);
    if (turn) e.setAttribute("transform", "rotate(" + turn[1] + " " + at.x + " " + at.y + ")");
    const long = x === null && this.room && e.getComputedTextLength();
    if (long > this.room) e.setAttribute("font-size", Math.max(5, 8 * this.room / long));
  }

  title(axis) {
    const e = axis.title.cloneNode(true), [left, top, right, bottom] = this.box;
    e.textContent = axisLabel(axis, ...axis.range());
    e.removeAttribute("textLength");
    e.setAttribute("text-anchor", "middle");
    const middle = axis === this.x ? [(left + right) / 2, +e.getAttribute("y")] : [+e.getAttribute("x"), (top + bottom) / 2];
    e.setAttribute("x", middle[0]);
    e.setAttribute("y", middle[1]);
    if (axis === this.y) e.setAttribute("transform", "rotate(-90 " + middle.join(" ") + ")");
    this.closer.appendChild(e);
  }

  // nearest finds the point of a layer that is closest to p, within reach.
  nearest(p) {
    let best = null, least = 24 * 24;
    this.layers.forEach((l, i) => {
      if (!l.x || this.hidden.has(i)) return;
      for (let k = 0; k < l.x.length; k++) {
        if (l.x[k] === null || l.y[k] === null) continue;
        let x = this.x.place(l.x[k]), y = this.y.place(l.y[k]), far = (x - p.x) ** 2 + (y - p.y) ** 2;
        if (l.right) { // a bin is as near as the pointer is to its column
          const right = this.x.place(l.right[k]);
          far = p.x >= x && p.x < right ? 0 : least;
          x = (x + right) / 2;
        }
        if (far < least && this.holds({ x, y })) [best, least] = [{ layer: l, k, x, y }, far];
      }
    });
    return best;
  }

  // words describes the nearest point, or else the cell of a field.
  words(p, near) {
    const named = (axis, text) => (axis.label ? axis.label + " " : "") + text;
    if (near) {
      const { layer, k } = near, across = this.x.text(layer.x[k]);
      return [layer.name, named(this.x, layer.right ? across + " to " + this.x.text(layer.right[k]) : across),
        named(this.y, this.y.text(layer.y[k]))].filter(Boolean);
    }
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const l = this.layers[i];
      if (l.heat && !this.hidden.has(i)) return cellWords(l, this.x.value(p.x), this.y.value(p.y), this);
    }
  }
}

// Fields travel as grey pictures: 0 is missing, 1 to 255 from the least value
// to the greatest, the first row of the picture at the bottom.
for (const panel of spec.panels || []) for (const l of panel.layers) {
  if (!l.heat) continue;
  const picture = new Image();
  picture.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = l.heat.cols;
    canvas.height = l.heat.rows;
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    l.pixels = context.getImageData(0, 0, l.heat.cols, l.heat.rows).data;
  };
  picture.src = "data:image/png;base64," + l.heat.levels;
}

function cellWords(l, x, y, panel) {
  const { x0, x1, y0, y1 } = l.extent, h = l.heat;
  const col = Math.floor((x - x0) / (x1 - x0) * h.cols), row = Math.floor((y - y0) / (y1 - y0) * h.rows);
  if (!(col >= 0 && col < h.cols && row >= 0 && row < h.rows) || !l.pixels) return;
  const at = row * h.cols + col, level = l.pixels[4 * at], exact = h.values && h.values[at];
  let v = h.min + (level - 1) / 254 * (h.max - h.min);
  if (h.log) v = Math.exp(Math.log(h.min) + (level - 1) / 254 * (Math.log(h.max) - Math.log(h.min)));
  const value = !level ? "no value" : h.values && exact !== null ? si(exact, h.unit) : "≈ " + si(v, h.unit);
  return [(l.name ? l.name + " " : "") + value, panel.x.text(x) + ", " + panel.y.text(y)];
}

// entry makes an entry of a legend a button.
function entry(e, panels) {
  const { name, entry: series, panel } = e.dataset;
  let hide = false;
  const { x, y, width, height } = e.getBBox();
  make(e, "rect", { x, y, width, height, "fill-opacity": 0 }); // the gap can be clicked too
  pressable(e, "hide or show " + name, () => {
    hide = !hide;
    panels.forEach((p, i) => { if (panel === "all" || +panel === i) p.toggle(name, +series, hide); });
    e.style.opacity = hide ? 0.35 : 1;
    e.setAttribute("aria-pressed", hide);
  });
}

function panels() {
  takeTitles();
  const views = {}, all = spec.panels.map((data, i) => {
    const p = new Panel(data, i);
    (data.link || []).forEach((name, k) => {
      const axis = k ? p.y : p.x;
      if (name) axis.view = views[k + name] = views[k + name] || axis.view;
    });
    return p;
  });
  svg.setAttribute("role", "group"); // and no longer an image: it has buttons
  for (const e of svg.querySelectorAll("[data-entry]")) entry(e, all);
  zoomable(all);
}
