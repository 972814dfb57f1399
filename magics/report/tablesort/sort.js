(() => {
"use strict";
const key = (cell) => cell.dataset.order === undefined ? (/^[\s—–?-]*$/.test(cell.textContent) ? NaN : 0) : Number(cell.dataset.order);
function sort(table, column) {
  const head = table.tHead.rows[0].cells[column];
  const rows = [...table.tBodies[0].rows];
  const numbers = rows.some((r) => r.cells[column].dataset.order !== undefined);
  const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : numbers;
  const sign = down ? -1 : 1;
  const compare = (a, b) => {
    a = a.cells[column];
    b = b.cells[column];
    if (!numbers) return sign * a.textContent.localeCompare(b.textContent);
    const x = key(a), y = key(b);
    if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y);
    return sign * (x - y);
  };
  for (const h of table.tHead.rows[0].cells) h.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  table.tBodies[0].append(...rows.sort(compare));
  for (const h of table.tHead.rows[0].cells) {
    const way = h.getAttribute("aria-sort");
    h.querySelector("span").textContent = way === "descending" ? " ▾" : way ? " ▴" : " ▵";
  }
}
// A table without scripts has no sign that it could be sorted.
function wake(table) {
  table.removeAttribute("data-sort");
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const sign = document.createElement("span");
    sign.setAttribute("aria-hidden", "true");
    sign.style.opacity = ".6";
    sign.textContent = " ▵";
    head.append(sign);
    head.tabIndex = 0;
    head.style.cursor = "pointer";
    head.addEventListener("click", () => sort(table, column));
    head.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      sort(table, column);
    });
  });
  const cold = [...table.tBodies[0].rows].filter((r) => r.dataset.cold !== undefined);
  if (!cold.length) return;
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.addEventListener("change", () => cold.forEach((r) => { r.hidden = box.checked; }));
  label.append(box, " hide " + cold.length + " cold " + (cold.length === 1 ? "line" : "lines"));
  label.style.fontSize = ".85em";
  table.parentElement.before(label);
}
// The output may be attached after its script has run.
const look = (times) => {
  document.querySelectorAll("table.hpgo-measured[data-sort]").forEach(wake);
  if (times) setTimeout(look, 50, times - 1);
};
look(5);
})();
