// An axis that zooms and pans.

// Axis is one direction of a panel: from and to are page coordinates of the
// data area's edges, growing; the value at to is the larger one unless down.
// The view is the part of the axis, from 0 to 1 along the page, that is seen;
// linked axes share it. Deepest is the least part; 1 for a fixed axis.
class Axis {
  constructor(data, from, to, down, deepest) {
    Object.assign(this, data, { from, to, down, deepest, fixed: deepest === 1 });
    this.view = { a: 0, b: 1 };
  }
  get scale() { return 1 / (this.view.b - this.view.a); }
  get entire() { return this.view.b - this.view.a > 0.9999; }
  // seen is where a coordinate of the static picture is now.
  seen(p) { return this.from + ((p - this.from) / (this.to - this.from) - this.view.a) * this.scale * (this.to - this.from); }
  // value is what stands at a page coordinate now; place is the inverse.
  value(p) {
    let f = this.view.a + (p - this.from) / (this.to - this.from) / this.scale;
    if (this.down) f = 1 - f;
    if (!this.log) return this.min + f * (this.max - this.min);
    return Math.exp(Math.log(this.min) + f * (Math.log(this.max) - Math.log(this.min)));
  }
  place(v) {
    let f = this.log ? (Math.log(v) - Math.log(this.min)) / (Math.log(this.max) - Math.log(this.min)) : (v - this.min) / (this.max - this.min);
    if (this.down) f = 1 - f;
    return this.seen(this.from + f * (this.to - this.from));
  }
  range() {
    const ends = [this.value(this.from), this.value(this.to)];
    return ends[0] < ends[1] ? ends : ends.reverse();
  }
  look(a, span) {
    if (this.fixed) return false;
    span = clamp(span, this.deepest, 1);
    a = clamp(a, 0, 1 - span);
    const changed = a !== this.view.a || span !== this.view.b - this.view.a;
    this.view.a = a;
    this.view.b = a + span;
    return changed;
  }
  zoom(p, by) {
    const at = (p - this.from) / (this.to - this.from), span = this.view.b - this.view.a;
    const next = clamp(span / by, this.deepest, 1);
    return this.look(this.view.a + at * (span - next), next);
  }
  pan(distance) {
    const span = this.view.b - this.view.a;
    return this.look(this.view.a - distance / (this.to - this.from) * span, span);
  }
  show(p, q) { // exactly what lies between two page coordinates
    const span = this.view.b - this.view.a, at = (v) => clamp((v - this.from) / (this.to - this.from), 0, 1);
    return this.look(this.view.a + at(Math.min(p, q)) * span, Math.abs(at(p) - at(q)) * span);
  }
  text(v) {
    if (!this.names) return si(v, this.unit);
    return this.names[Math.round(v)] || "";
  }
}
