(() => {
"use strict";
// A hub is the connection to one kernel; all outputs of a page share it.
const hubs = (window.hpgoWidgetHubs ??= new Map());

// server finds the Jupyter server that the page came from; null: there is none.
function server() {
  let config = {};
  const script = document.getElementById("jupyter-config-data");
  const data = document.body.dataset;
  const path = /^(.*\/)(lab|tree|notebooks|doc|consoles|voila)(\/|$)/.exec(location.pathname);
  if (script) config = JSON.parse(script.textContent);
  else if (data.baseUrl) config = { baseUrl: data.baseUrl, wsUrl: data.wsUrl, token: data.jupyterApiToken };
  else if (path && location.protocol.startsWith("http")) config = { baseUrl: path[1] };
  else return null;
  const base = new URL(config.wsUrl || config.baseUrl || "/", location.href);
  base.protocol = base.protocol.replace("http", "ws");
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return { base, token: config.token };
}

const note = (root, text) => { root.querySelector(".hpgo-note").textContent = text; };

class Hub {
  constructor(kernel, at) {
    this.kernel = kernel;
    this.at = at;
    this.roots = new Set();
    this.session = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    this.count = 0;
    this.tries = 0;
    this.late = new Map(); // changes that wait to be sent, by model
    this.connect();
  }
  connect() {
    const url = new URL("api/kernels/" + this.kernel + "/channels", this.at.base);
    url.searchParams.set("session_id", this.session);
    if (this.at.token) url.searchParams.set("token", this.at.token);
    const socket = this.socket = new WebSocket(url);
    socket.onopen = () => { this.tries = 0; this.roots.forEach((r) => this.ask(r)); };
    socket.onmessage = (e) => { if (typeof e.data === "string") this.receive(JSON.parse(e.data)); };
    socket.onclose = () => {
      this.roots.forEach((r) => { enable(r, false); note(r, "Not connected to the kernel."); });
      if (this.tries++ < 20) setTimeout(() => this.connect(), Math.min(1000 * 2 ** this.tries, 30000));
    };
  }
  add(root) {
    this.roots.add(root);
    if (this.socket.readyState === WebSocket.OPEN) this.ask(root);
  }
  // ask has the kernel send the states of all that a root holds.
  ask(root) {
    note(root, "Connecting to the kernel.");
    const models = [...root.querySelectorAll("[data-model]")];
    models.forEach((e) => delete e.dataset.heard);
    this.request(models, 250);
  }
  // request asks again until all have answered: a server may take a new socket's
  // messages before it passes the kernel's on to it.
  request(models, wait) {
    const unheard = models.filter((e) => !e.dataset.heard && e.isConnected);
    unheard.forEach((e) => this.send(e.dataset.model, { method: "request_state" }));
    if (unheard.length && wait < 60000) setTimeout(() => this.request(unheard, 2 * wait), wait);
  }
  send(model, data) {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.send(JSON.stringify({
      channel: "shell", buffers: [], metadata: {}, parent_header: {},
      header: { msg_id: this.session + "_" + this.count++, msg_type: "comm_msg", session: this.session, username: "hpgo", version: "5.3", date: new Date().toISOString() },
      content: { comm_id: model, data },
    }));
  }
  // change sends a value, at most twenty times a second, the newest always.
  change(model, state) {
    const waits = this.late.get(model);
    if (waits) { Object.assign(waits, state); return; }
    this.late.set(model, {});
    this.send(model, { method: "update", state, buffer_paths: [] });
    const next = () => {
      const more = this.late.get(model);
      this.late.delete(model);
      if (Object.keys(more).length) this.change(model, more);
    };
    setTimeout(next, 50);
  }
  receive(msg) {
    const { comm_id: model, data, execution_state: now } = msg.content || {};
    if (msg.msg_type === "status" && now === "starting" || now === "restarting") this.roots.forEach((r) => this.ask(r));
    if (msg.msg_type === "comm_close") {
      this.each(model, (e, root) => { e.dataset.heard = "gone"; enable(e, false); note(root, "The widget is gone from the kernel: run the cell again."); });
    }
    if (msg.msg_type !== "comm_msg" || !data || !data.state) return;
    if (data.method === "echo_update" && msg.parent_header.session === this.session) return;
    this.each(model, (e, root) => {
      apply(e, data.state);
      if (data.method === "update" && msg.parent_header.session === this.session) { e.dataset.heard = "state"; enable(e, true); note(root, ""); }
    });
  }
  each(model, f) {
    this.roots.forEach((root) => root.querySelectorAll("[data-model]").forEach((e) => { if (e.dataset.model === model) f(e, root); }));
  }
}

// enable turns the controls of an element and below it on or off; an element that
// holds others is left to them.
function enable(e, on) {
  if (on && e.querySelector("[data-model]")) return;
  e.querySelectorAll("input,button,select,textarea").forEach((c) => { c.disabled = !on; });
}

// readout is a slider's value as Go writes it.
function readout(e, value) {
  const format = /^\.(\d+)f$/.exec(e.dataset.format || "");
  return format ? Number(value).toFixed(format[1]) : String(value);
}

// apply shows a state.
function apply(e, s) {
  const one = (q) => e.querySelector(q);
  if ("readout_format" in s) e.dataset.format = s.readout_format;
  switch (e.dataset.kind) {
  case "IntSliderModel": case "FloatSliderModel":
    if ("value" in s) { one("input").value = s.value; one("output").textContent = readout(e, s.value); }
    break;
  case "IntProgressModel":
    if ("value" in s) one("progress").value = s.value;
    break;
  case "CheckboxModel":
    if ("value" in s) one("input").checked = s.value;
    break;
  case "DropdownModel":
    if ("index" in s) one("select").selectedIndex = s.index ?? -1;
    break;
  case "RadioButtonsModel":
    if ("index" in s) e.querySelectorAll("input").forEach((c, i) => { c.checked = i === s.index; });
    break;
  case "TextModel": case "TextareaModel":
    if ("value" in s && one("input,textarea").value !== s.value) one("input,textarea").value = s.value;
    break;
  case "LabelModel":
    if ("value" in s) one("[data-text]").textContent = s.value;
    break;
  case "HTMLModel":
    if ("value" in s) e.innerHTML = s.value;
    break;
  case "OutputModel":
    if ("outputs" in s) e.replaceChildren(...s.outputs.map(output));
  }
}

// output makes an element of an output in a notebook's form.
function output(o) {
  const make = (tag, style, text) => { const e = document.createElement(tag); if (style) e.className = style; e.textContent = text; return e; };
  const plain = (text) => text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
  if (o.output_type === "stream") return make("pre", "hpgo-" + o.name, plain(o.text));
  if (o.output_type === "error") return make("pre", "hpgo-stderr", plain(o.traceback.join("\n")));
  const d = o.data, html = d["text/html"], svg = d["image/svg+xml"], png = d["image/png"];
  if (html) {
    const e = make("div", "", "");
    e.innerHTML = html;
    e.querySelectorAll("script").forEach((old) => {
      const s = document.createElement("script");
      for (const a of old.attributes) s.setAttribute(a.name, a.value);
      s.textContent = old.textContent;
      old.replaceWith(s);
    });
    return e;
  }
  if (svg || png) {
    const e = make("img", "", "");
    e.alt = d["text/plain"] || "";
    e.src = svg ? "data:image/svg+xml," + encodeURIComponent(svg) : "data:image/png;base64," + png;
    return e;
  }
  return make("pre", "", d["text/plain"] || "");
}

// listen sends what the user does with an element's controls.
function listen(hub, e) {
  const model = e.dataset.model, change = (s) => hub.change(model, s);
  // JupyterLab takes keys for its shortcuts unless their target says no.
  e.querySelectorAll("input,button,select,textarea").forEach((c) => c.setAttribute("data-lm-suppress-shortcuts", "true"));
  const on = (query, event, f) => e.querySelectorAll(query).forEach((c, i) => c.addEventListener(event, () => f(c, i)));
  switch (e.dataset.kind) {
  case "IntSliderModel": case "FloatSliderModel":
    on("input", "input", (c) => { e.querySelector("output").textContent = readout(e, c.value); change({ value: Number(c.value) }); });
    break;
  case "ButtonModel":
    on("button", "click", () => hub.send(model, { method: "custom", content: { event: "click" } }));
    break;
  case "CheckboxModel":
    on("input", "change", (c) => change({ value: c.checked }));
    break;
  case "DropdownModel":
    on("select", "change", (c) => change({ index: c.selectedIndex }));
    break;
  case "RadioButtonsModel":
    on("input", "change", (c, i) => { apply(e, { index: i }); change({ index: i }); });
    break;
  case "TextModel": case "TextareaModel":
    on("input,textarea", "input", (c) => change({ value: c.value }));
  }
}

const start = () => document.querySelectorAll(".hpgo-widget[data-kernel]:not([data-live])").forEach((root) => {
  const at = server();
  if (!at || !root.dataset.kernel) return;
  root.dataset.live = "";
  let hub = hubs.get(root.dataset.kernel);
  if (!hub) hubs.set(root.dataset.kernel, hub = new Hub(root.dataset.kernel, at));
  root.querySelectorAll("[data-model]").forEach((e) => listen(hub, e));
  hub.add(root);
});
start();
setTimeout(start); // a page may run scripts before it has the output
})();
