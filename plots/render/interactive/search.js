// Searching by name, in flame graphs and timelines.

// searchBox adds a box to the bar; found is called with a test for texts, or
// null when there is nothing to search for.
function searchBox(found) {
  const box = document.createElement("input");
  box.type = "search";
  box.placeholder = "search";
  box.title = "a name or a regular expression; capitals don't matter";
  box.setAttribute("aria-label", "search by name or regular expression");
  bar.appendChild(box);
  box.addEventListener("input", () => {
    const text = box.value.trim();
    let pattern = null;
    try { pattern = text && new RegExp(text, "i"); } catch { /* not an expression: the letters themselves */ }
    box.setAttribute("aria-invalid", pattern === null);
    const letters = text.toLowerCase();
    found(!text ? null : pattern ? (s) => pattern.test(s) : (s) => s.toLowerCase().includes(letters));
  });
  box.addEventListener("keydown", (event) => {
    event.stopPropagation(); // letters aren't commands here
    if (event.key !== "Escape") return;
    box.value = "";
    box.dispatchEvent(new Event("input"));
    svg.focus();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
  });
}

// widthOf measures text in the picture's units.
const pen = document.createElement("canvas").getContext("2d");
function widthOf(text, size) {
  pen.font = size + "px " + (svg.getAttribute("font-family") || "sans-serif");
  return pen.measureText(text).width;
}

// fullest is the first of the texts that is narrow enough, or the start of the
// last one; nothing where less than three letters have room.
function fullest(texts, size, width) {
  if (width < size) return "";
  for (const t of texts) if (widthOf(t, size) <= width) return t;
  const letters = Array.from(texts[texts.length - 1]);
  let low = 0, high = Math.min(letters.length, 200);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(letters.slice(0, middle).join("") + "…", size) <= width) low = middle; else high = middle - 1;
  }
  return low < 3 ? "" : letters.slice(0, low).join("").replace(/[.( ]+$/, "") + "…";
}
