(function () {
  "use strict";
  var root = document.documentElement, button = document.getElementById("theme");
  var order = ["auto", "light", "dark"], key = "hpgo-theme", now = "auto";
  function stored(value) {
    try {
      if (value === undefined) return localStorage.getItem(key);
      localStorage.setItem(key, value);
    } catch (e) { return null; }
  }
  function set(theme) {
    now = order.indexOf(theme) < 0 ? "auto" : theme;
    if (now === "auto") root.removeAttribute("data-theme"); else root.setAttribute("data-theme", now);
    button.textContent = "Theme: " + now;
  }
  set(stored() || "auto");
  button.hidden = false;
  button.addEventListener("click", function () {
    set(order[(order.indexOf(now) + 1) % order.length]);
    stored(now);
  });
  var contents = document.getElementById("contents");
  if (contents && matchMedia("(max-width: 60rem)").matches) contents.open = false;
  var closed = [];
  addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("main details:not([open])"));
    closed.forEach(function (d) { d.open = true; });
  });
  addEventListener("afterprint", function () { closed.forEach(function (d) { d.open = false; }); });
  addEventListener("message", function (e) {
    if (!e.data || !e.data.hpgoFrame) return;
    var frame = document.querySelector('iframe[name="' + CSS.escape(String(e.data.hpgoFrame)) + '"]');
    if (frame && frame.contentWindow === e.source) frame.style.height = Math.min(Math.max(Math.ceil(+e.data.height || 0) + 2, 40), 4000) + "px";
  });
})();
