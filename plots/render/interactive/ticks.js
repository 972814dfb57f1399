// Ticks of a closer view, by the rules of axisTicks in ticks.go. An axis is
// {min, max, log, whole, flip, unit, label, names, most}.

// ticksOf returns the ticks between lo and hi: v, and label unless minor.
function ticksOf(axis, lo, hi) {
  if (axis.names) return nameTicks(axis, lo, hi);
  return axis.log ? logTicks(axis, lo, hi) : linearTicks(axis, lo, hi, tickPrefix(axis, lo, hi));
}

const tickPrefix = (axis, lo, hi) => axis.log || axis.names ? ["", 1] : scaleOf(axis, lo, hi, Math.max(Math.abs(lo), Math.abs(hi)));

// scaleOf chooses the prefix by the size of the numbers, or a smaller one where
// the ticks would need more than four decimals, or one where the prefix stands at
// the number, which needs none below 10,000.
function scaleOf(axis, lo, hi, size) {
  if (!axis.log && !takesPrefix(axis.unit) && size < 1e4) return ["", 1];
  const prefix = prefixOf(size, axis.unit), step = niceStep((hi - lo) / Math.max(axis.most, 2));
  const most = takesPrefix(axis.unit) ? 1e4 : 10;
  return step > 0 && step < prefix[1] / most ? prefixOf(step * most, axis.unit) : prefix;
}

// axisLabel is the label with the unit that the ticks between lo and hi have.
function axisLabel(axis, lo, hi) {
  if (!axis.unit || axis.log) return axis.label || "";
  const unit = unitAt(axis, tickPrefix(axis, lo, hi)[0]);
  return axis.label ? axis.label + " (" + unit + ")" : unit;
}

// unitAt is the unit with the prefix, unless that stands at the numbers.
const unitAt = (axis, prefix) => takesPrefix(axis.unit) ? prefix + axis.unit : axis.unit;

// niceStep is the least of 1, 2, 5 times a power of ten that is not below v.
function niceStep(v) {
  if (!(v > 0) || !isFinite(v)) return 0;
  const power = Math.pow(10, Math.floor(Math.log10(v)));
  for (const m of [1, 2, 5]) if (m * power >= v * (1 - 1e-9)) return m * power;
  return 10 * power;
}

function linearTicks(axis, lo, hi, [prefix, factor]) {
  let step = niceStep((hi - lo) / Math.max(axis.most, 2));
  const ticks = [];
  if (axis.whole) step = Math.max(step, 1);
  if (!(step > 0)) return ticks;
  const first = Math.ceil(lo / step - 1e-9);
  for (let i = 0; i < 100 && (first + i) * step <= hi + step * 1e-9; i++) {
    const v = (first + i) * step;
    ticks.push({ v: clamp(v, lo, hi), label: linearLabel(v, step, axis.unit, prefix, factor) });
  }
  return ticks;
}

function linearLabel(v, step, unit, prefix, factor) {
  const s = step / factor;
  let scaled = v / factor;
  if (Math.abs(scaled) < s / 1e6) {
    scaled = 0;
    if (prefix && !takesPrefix(unit)) return "0"; // and not 0.0 beside 0.5k
  }
  const size = Math.abs(scaled);
  let text;
  if (s < 1e-4 && !size) {
    text = "0";
  } else if (s < 1e-4 || size >= 1e12) {
    const digits = Math.floor(Math.log10(size) + 1e-9) - Math.floor(Math.log10(s) + 1e-9) + 1;
    const r = +scaled.toPrecision(clamp(digits, 1, 17)), a = Math.abs(r);
    text = a < 1e-4 || a >= Math.pow(10, clamp(digits, 1, 17)) ? exponent(r) : String(r);
  } else {
    text = scaled.toFixed(Math.min(Math.max(0, Math.ceil(-Math.log10(s) - 1e-9)), 4));
  }
  return shortExponent(!takesPrefix(unit) && scaled !== 0 ? text + prefix : text);
}

// shortExponent writes 1e-09 as 1e-9, and 1e+06 as 1e6.
const shortExponent = (label) => label.replace(/^([^ ]*?)e([+-])0?/, (_, number, sign) => number + (sign === "-" ? "e-" : "e"));

function logTicks(axis, lo, hi) {
  const first = Math.floor(Math.log10(lo) - 1e-9), last = Math.ceil(Math.log10(hi) + 1e-9);
  const most = Math.max(axis.most, 2), decades = Math.log10(hi) - Math.log10(lo);
  const every = Math.max(1, Math.ceil(decades / most));
  if (decades < 0.5) return closeUp(axis, lo, hi);
  const ticks = [];
  let labels = 0;
  for (let e = first; e <= last; e++) {
    for (let m = 1; m <= 9; m++) {
      const v = m * Math.pow(10, e);
      if (v < lo * (1 - 1e-9) || v > hi * (1 + 1e-9)) continue;
      const labelled = m === 1 && e % every === 0 || (m === 2 || m === 5) && decades * 3 <= most ||
        m === 3 && decades <= 2 && decades * 3 > most;
      if (m > 1 && !labelled && decades > 8) continue;
      ticks.push({ v: clamp(v, lo, hi), label: labelled ? shortExponent(si(v, axis.unit)) : "" });
      if (labelled) labels++;
    }
  }
  if (labels < 3 && decades < 1.5) {
    const near = closeUp(axis, lo, hi);
    if (near.length > labels) return near;
  }
  return ticks;
}

// closeUp labels a short log axis as a linear one, without the labels that would
// stand too close at the far end.
function closeUp(axis, lo, hi) {
  const lin = Object.assign({}, axis, { most: Math.max(axis.most, 4) });
  const prefix = scaleOf(lin, lo, hi, hi), ticks = linearTicks(lin, lo, hi, prefix);
  const apart = 0.6 / lin.most * (Math.log(hi) - Math.log(lo));
  let before = -Infinity;
  for (const t of ticks) {
    if (Math.log(t.v) - before < apart) {
      t.label = "";
      continue;
    }
    before = Math.log(t.v);
    if (axis.unit) t.label += " " + unitAt(axis, prefix[0]);
  }
  return ticks;
}

// nameTicks labels categories, every nth when there are more than have room.
function nameTicks(axis, lo, hi) {
  const from = Math.max(0, Math.ceil(lo)), to = Math.min(axis.names.length - 1, Math.floor(hi)), ticks = [];
  const every = Math.max(1, Math.ceil((to - from + 1) / Math.max(axis.most, 2)));
  for (let i = from; i <= to; i++) if (i % every === 0) ticks.push({ v: i, label: shortened(axis.names[i], 28) });
  return ticks;
}

function shortened(name, n) {
  const r = Array.from(name);
  return r.length <= n ? name : r.slice(0, n - 1).join("") + "…";
}
