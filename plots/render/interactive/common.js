// What all interactive pages share: elements, numbers, the tooltip, buttons.
// The page has the bar, the static picture, the tip, and the data in spec. Text
// from users reaches the page as text nodes and attribute values only. (No tags
// in comments here: this text stands in a page.)

const INK = "#797979"; // reads on white and on black, as in the static picture
const spec = JSON.parse(document.getElementById("spec").textContent);
const svg = document.querySelector("svg");
const bar = document.getElementById("bar");
const tip = document.getElementById("tip");
const says = document.getElementById("says");

// make adds an SVG element to a parent.
function make(parent, name, attributes, text) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) e.setAttribute(key, attributes[key]);
  if (text !== undefined) e.textContent = text;
  if (parent) parent.appendChild(e);
  return e;
}

// button adds a button to the bar.
function button(face, label, action) {
  const b = document.createElement("button");
  b.type = "button";
  b.textContent = face;
  b.title = label;
  b.setAttribute("aria-label", label);
  b.addEventListener("click", action);
  bar.appendChild(b);
  return b;
}

// hint writes what the reader can do, or what came of it, into the bar.
function hint(text) {
  says.textContent = says.title = text;
}

// pressable lets the keyboard press an element of the picture too.
function pressable(e, label, action) {
  e.setAttribute("role", "button");
  e.setAttribute("tabindex", "0");
  if (label) e.setAttribute("aria-label", label);
  e.addEventListener("click", action);
  e.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    action(event);
  });
}

// showTip writes lines beside the pointer, inside the page; no lines hide it.
function showTip(lines, event) {
  tip.hidden = !lines;
  if (!lines) return;
  tip.textContent = lines.join("\n");
  const box = tip.getBoundingClientRect(), away = 14;
  let x = event.clientX + away, y = event.clientY + away;
  if (x + box.width > innerWidth - 2) x = Math.max(2, event.clientX - away - box.width);
  if (y + box.height > innerHeight - 2) y = Math.max(2, event.clientY - away - box.height);
  tip.style.left = x + "px";
  tip.style.top = y + "px";
}

// titles takes the hover titles out of the static picture, so that the
// tooltip, which comes at once, replaces the browser's own.
const titles = new Map();
function takeTitles() {
  for (const t of svg.querySelectorAll("title")) {
    if (t.parentNode !== svg) titles.set(t.parentNode, t.textContent);
    t.remove();
  }
}

// titleAt is the title of what is under the pointer.
function titleAt(event) {
  for (let e = event.target; e && e !== svg; e = e.parentNode) if (titles.has(e)) return titles.get(e);
}

// pointOf is where an event happened, in the picture's coordinates.
function pointOf(event) {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
}

const number = (v) => Math.round(v * 100) / 100; // for coordinates
const clamp = (v, low, high) => Math.min(Math.max(v, low), high);

// soon runs a function before the next frame, once however often it is asked.
function soon(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  };
}

// Numbers as plots.SI and plots.Prefix write them.
const PREFIXES = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"];

// The units that prefixes stand before; those of others stand at the number.
const PREFIXABLE = new Set("s B b bit Hz m g A K mol cd N Pa J W V Ω C F T H eV rad l L FLOPS FLOP".split(" "));

const takesPrefix = unit => PREFIXABLE.has((unit || "").split("/")[0]);

function prefixOf(size, unit) {
  size = Math.abs(size);
  if (!size || !isFinite(size) || unit === "%" || unit === "×" || unit === "x") return ["", 1];
  const low = !takesPrefix(unit) || unit === "B" || unit === "B/s" ? 0 : -5, high = unit === "s" ? 0 : 6;
  const step = clamp(Math.floor(Math.log10(size) / 3 + 1e-9), low, high);
  return [PREFIXES[step + 5], Math.pow(1000, step)];
}

function si(v, unit) {
  unit = unit || "";
  if (v === null || !isFinite(v)) return String(v);
  let [prefix, factor] = prefixOf(v, unit);
  const rounded = +(v / factor).toPrecision(3);
  if (Math.abs(rounded) >= 1000) [prefix, factor] = prefixOf(rounded * factor, unit);
  const s = figures(v / factor);
  if (!unit) return s + prefix;
  if (unit === "%" || unit === "×" || unit === "x") return s + unit;
  return takesPrefix(unit) ? s + " " + prefix + unit : s + prefix + " " + unit;
}

function figures(v) {
  const size = Math.abs(v), r = +v.toPrecision(3);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? exponent(r) : String(r);
}

// exponent writes at least two digits of it, as Go does.
function exponent(v) {
  return v.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

const percent = (part, whole) => (whole ? figures(part / whole * 100) : "0") + "%";
