// Timelines: rows of spans, drawn anew for the part of the time that is seen.
// A span is {r: row or -1 for all, k: kind, d: depth, a: from, b: to, n: name,
// m: how many it stands for}.

class Timeline {
  constructor(data) {
    const [left, top, right, bottom] = this.box = data.box;
    this.data = data;
    this.x = new Axis(data.axis, left, right, false, 1e-6);
    this.y = new Axis({ min: 0, max: 1 }, top, bottom, true, 1);
    this.body = svg.querySelector("[data-part=redrawn]");
    this.axes = svg.querySelector("[data-part=axes]");
    this.matches = null;
    const ys = Array.from(this.axes.querySelectorAll("text"), (t) => +t.getAttribute("y"));
    this.tickAt = Math.min(...ys); // the label is below the ticks
    this.labelAt = Math.max(...ys);
    const lanes = data.rows.map((name, r) => Array.from({ length: data.lanes[r] }, () => []));
    this.lanes = lanes;
    this.shades = [];
    for (const s of data.spans) (s.r < 0 ? this.shades : lanes[s.r][Math.min(s.d || 0, data.lanes[s.r] - 1)]).push(s);
    for (const row of lanes) for (const lane of row) lane.sort((s, t) => s.a - t.a);
  }

  holds(p, more) {
    const [left, top, right, bottom] = this.box;
    return p.x >= left && p.x <= right && p.y >= top && p.y <= bottom + (more ? 32 : 0);
  }

  nearest() { return null; }

  draw() {
    const [left, top, right, bottom] = this.box, d = this.data;
    this.body.textContent = this.axes.textContent = "";
    const clip = make(this.body, "g", { "clip-path": "url(#rows)" });
    const rect = (x, y, width, height, more) => make(clip, "rect", { x: number(x), y: number(y), width: number(width), height: number(height), ...more });
    d.rows.forEach((_, r) => { if (r % 2) rect(left, top + d.first[r] * d.pitch, right - left, d.lanes[r] * d.pitch, { fill: "#808080", "fill-opacity": 0.09 }); });
    this.drawAxis(clip);
    const shades = (narrow) => { // wide ones behind the spans, narrow ones before them
      for (const s of this.shades) {
        const x = this.x.place(s.a), wide = this.x.place(s.b) - x;
        if (narrow === wide < 0.8) rect(x, top, Math.max(wide, 0.8), bottom - top, { fill: d.kinds[s.k].fill, "fill-opacity": (narrow ? 1 : 0.24) * this.strength(s) });
      }
    };
    shades(false);
    this.paths = new Map();
    this.texts = [];
    this.lanes.forEach((row, r) => row.forEach((lane, depth) => this.drawLane(lane, top + (d.first[r] + depth) * d.pitch, d.rows[r])));
    for (const [key, path] of this.paths) make(clip, "path", { d: path.d, ...path.look, "data-kind": key });
    for (const w of this.texts) make(clip, "text", w.at, w.text);
    shades(true);
    this.drawMarks(clip);
  }

  strength(s) { return this.matches && !this.matches.has(s) ? 0.2 : 1; }

  // drawLane adds the spans that are seen to one path for each kind.
  drawLane(lane, y, rowName) {
    const d = this.data, inset = Math.min(d.pitch * 0.1, 1.5), [left, , right] = this.box, low = y + inset, high = y + d.pitch - inset;
    const last = {};
    for (const s of lane) {
      let x0 = this.x.place(s.a), x1 = this.x.place(s.b);
      if (x1 < left || x0 > right) continue;
      x0 = Math.max(x0, left - 5);
      x1 = Math.min(x1, right + 5);
      if (x1 - x0 > 3) x1 -= 0.5;
      x1 = Math.max(x1, x0 + 0.4);
      const kind = d.kinds[s.k], strong = this.strength(s), key = s.k + " " + strong;
      if (x1 < last[key] + 0.2) continue; // hidden behind the one before
      last[key] = x1;
      const thin = kind.look === "thin" ? (high - low) * 0.34 : 0;
      let path = this.paths.get(key);
      if (!path) {
        const outline = kind.look === "outline";
        path = { d: "", look: { fill: kind.fill, "fill-opacity": outline ? 0.14 : 1, stroke: outline ? kind.fill : "none", "stroke-width": 0.8, opacity: strong } };
        this.paths.set(key, path);
      }
      path.d += "M" + number(x0) + " " + number(low + thin) + "H" + number(x1) + "V" + number(high - thin) + "H" + number(x0) + "Z";
      if (!s.n || s.n === rowName || thin || high - low < 8.5) continue;
      const from = Math.max(x0, left), text = fullest([s.n], 7.5, Math.min(x1, right) - from - 4);
      if (text) this.texts.push({ text, at: { x: number(from + 2), y: number((low + high) / 2 + 2.6), "font-size": 7.5, fill: kind.look === "outline" ? INK : kind.ink, opacity: strong } });
    }
  }

  drawAxis(clip) {
    const [left, top, right, bottom] = this.box, line = (parent, x1, y1, x2, y2, look) => make(parent, "path", { d: "M" + x1 + " " + y1 + "L" + x2 + " " + y2, fill: "none", ...look });
    const ink = { stroke: INK, "stroke-width": 0.6 };
    line(this.axes, left, bottom, right, bottom, ink);
    for (const t of ticksOf(this.x, ...this.x.range())) {
      const x = number(this.x.place(t.v));
      if (t.label) line(clip, x, top, x, bottom, { stroke: "#808080", "stroke-width": 0.5, "stroke-opacity": 0.25 });
      line(this.axes, x, bottom, x, bottom + (t.label ? 3 : 1.5), ink);
      if (t.label) make(this.axes, "text", { x, y: this.tickAt, "font-size": 8, "text-anchor": "middle", fill: INK }, t.label);
    }
    make(this.axes, "text", { x: (left + right) / 2, y: this.labelAt, "font-size": 9, "text-anchor": "middle", fill: INK }, axisLabel(this.x, ...this.x.range()));
  }

  drawMarks(clip) {
    const d = this.data, r = Math.min(d.pitch * 0.3, 3);
    for (const m of d.marks || []) {
      const x = this.x.place(m.at), y = this.box[1] + (d.first[m.row] + 0.5) * d.pitch, diamond = (r) => "M" + (x - r) + " " + y + "l" + r + " " + -r + "l" + r + " " + r + "l" + -r + " " + r + "Z";
      make(clip, "path", { d: diamond((r + 0.8) * 1.2), fill: "#fff" });
      make(clip, "path", { d: diamond(r * 1.2), fill: "#000" });
    }
  }

  // words describes what is under the pointer, or at most two points beside it.
  words(p) {
    const d = this.data, at = (p.y - this.box[1]) / d.pitch;
    const row = d.rows.findIndex((_, r) => at >= d.first[r] && at < d.first[r] + d.lanes[r]);
    if (row < 0) return null;
    const mark = (d.marks || []).find((m) => m.row === row && Math.abs(this.x.place(m.at) - p.x) < 4 && at < d.first[row] + 1);
    if (mark) return [mark.name, si(mark.at, this.x.unit)];
    let best = null, least = 2;
    for (const s of this.lanes[row][Math.floor(at) - d.first[row]].concat(this.shades)) {
      const far = Math.max(this.x.place(s.a) - p.x, p.x - this.x.place(s.b), 0);
      if (far < least || best && far === least && s.b - s.a < best.b - best.a) [best, least] = [s, far];
    }
    return best ? this.spanWords(best) : [d.rows[row]].filter(Boolean);
  }

  spanWords(s) {
    const unit = this.x.unit, kind = this.data.kinds[s.k].name, name = s.n || (s.r < 0 ? "" : this.data.rows[s.r]);
    const lines = [name, si(s.b - s.a, unit) + ", from " + si(s.a, unit) + " to " + si(s.b, unit)];
    if (s.m > 1) lines.push(s.m + " spans together");
    if (kind && kind !== name) lines.push((s.m > 1 ? "mostly " : "") + kind);
    return lines.filter(Boolean);
  }

  // search finds spans by their names, kinds and rows.
  search(found) {
    const d = this.data;
    this.matches = found && new Set(d.spans.filter((s) => found(s.n || "") || found(d.kinds[s.k].name || "") || s.r >= 0 && found(d.rows[s.r])));
    if (!this.matches) return "";
    let sum = 0, n = 0;
    for (const s of this.matches) {
      sum += s.b - s.a;
      n += s.m || 1;
    }
    return n + (n === 1 ? " span, " : " spans, ") + si(sum, this.x.unit) + " in sum";
  }
}

function gantt() {
  takeTitles();
  const timeline = new Timeline(spec.gantt), [left, top, right, bottom] = timeline.box;
  make(make(svg, "clipPath", { id: "rows" }), "rect", { x: left, y: top, width: right - left, height: bottom - top });
  let told = "";
  searchBox((found) => {
    told = timeline.search(found);
    draw();
  });
  const draw = zoomable([timeline], () => told);
}
