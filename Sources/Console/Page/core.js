// What all pages of the console share: building elements, asking the server, formatting, routing, the live stream.
//
// Telemetry is written by whoever can reach the receiver, so every value of it is hostile until shown: it becomes a
// text node or an attribute value here, never markup; `shown` makes control characters and endless texts harmless.

// ---------------------------------------------------------------------------------------------------------- elements

const svgSpace = "http://www.w3.org/2000/svg";

/// Appends nodes as they are, arrays flattened, and all else as text. Nothing is added for null, undefined or false.
export function append(parent, ...children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, ...child);
    else parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return parent;
}

/// Only places of this page and of the web: a link in telemetry must not run a script.
export function safeLink(address) {
  const text = String(address ?? "");
  return /^(#|\/(?!\/)|https?:\/\/)/i.test(text) ? text : "#/";
}

function apply(node, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.setAttribute("class", [value].flat().filter(Boolean).join(" "));
    else if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (name === "test") node.dataset.test = value;
    else if (name === "data") {
      for (const [key, text] of Object.entries(value)) if (text !== null
        && text !== undefined) node.dataset[key] = text;
    } else if (name === "style") {
      for (const [key, text] of Object.entries(value)) node.style.setProperty(key, String(text));
    } else if (name === "href" || name === "src" || name === "action") node.setAttribute(name, safeLink(value));
    else if (/^on|^(inner|outer)html$|^srcdoc$/i.test(name)) throw new TypeError(`"${name}" is not a property to set`);
    else if (name === "value" || name === "checked" || name === "selected" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  return node;
}

/// An HTML element. `props`: attributes, and `class` (text or list), `on` ({event: handler}), `data` ({name: text}),
/// `test` (the name by which browser tests find it, `data-test`), `style` ({"--property": value}, through the CSSOM, as
/// the content security policy allows no style attribute).
export function el(tag, props, ...children) {
  return append(apply(document.createElement(tag), props), ...children);
}

/// The same for SVG.
export function svg(tag, attrs, ...children) {
  return append(apply(document.createElementNS(svgSpace, tag), attrs), ...children);
}

/// Sets a text only where it differs, so that selections and screen readers are left in peace.
export function setText(node, text) {
  const value = String(text);
  if (node.textContent !== value) node.textContent = value;
}

/// Sets an attribute only where it differs; null removes it.
export function setAttr(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
}

/// Makes the children of `parent` be those of `items`, in order, keeping what is there: nothing flickers, and the focus
/// stays where it is. `make(item)` builds a node, `update(node, item)` is called for new and kept ones.
export function reconcile(parent, items, keyOf, make, update) {
  const nodes = (parent.keyed ??= new Map());
  const wanted = new Set();
  let next = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    if (wanted.has(key)) continue;
    wanted.add(key);
    let node = nodes.get(key);
    if (!node) nodes.set(key, (node = make(item)));
    update?.(node, item);
    if (node === next) next = next.nextSibling;
    else {
      const focused = node.contains(document.activeElement) ? document.activeElement : null;
      parent.insertBefore(node, next);
      focused?.focus({ preventScroll: true });
    }
  }
  for (const [key, node] of nodes) {
    if (wanted.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
}

// ------------------------------------------------------------------------------------------------------------ values

// Controls, and marks that turn the direction of what follows or hide in it. Line feed and tab are left.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/// A value as text to show: unseen characters become visible, and what is longer than `max` characters is cut.
export function shown(value, max = 2000) {
  let text = typeof value === "string" ? value : value === undefined ? "" : plain(value);
  const length = text.length;
  if (length > max) text = text.slice(0, max);
  text = text.replace(unseen, c => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
  return length > max ? `${text}… (${fmt.number(length - max)} more characters)` : text;
}

function plain(value) {
  if (value === null || typeof value !== "object") return String(value);
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return String(value);
  }
}

const pad = (number, width = 2) => String(number).padStart(width, "0");
const finite = value => (value === null || value === undefined || value === "" ? NaN : Number(value));

function digits(number) {
  const size = Math.abs(number);
  return size >= 100 ? number.toFixed(0) : size >= 10 ? number.toFixed(1) : number.toFixed(2);
}

/// Numbers and times as people read them. What is no number is shown as a dash.
export const fmt = {
  ms(value) {
    const ms = finite(value);
    if (!Number.isFinite(ms)) return "–";
    const size = Math.abs(ms);
    if (size === 0) return "0 ms";
    if (size < 1) return `${Math.round(ms * 1000)} µs`;
    if (size < 1000) return `${digits(ms)} ms`;
    if (size < 60_000) return `${(ms / 1000).toFixed(2)} s`;
    if (size < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms / 1000) % 60)} s`;
    return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms / 60_000) % 60)} min`;
  },
  us(value) {
    return fmt.ms(finite(value) / 1000);
  },
  bytes(value) {
    let size = finite(value);
    if (!Number.isFinite(size)) return "–";
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (Math.abs(size) >= 1024 && unit < units.length - 1) [size, unit] = [size / 1024, unit + 1];
    return `${unit === 0 ? size : digits(size)} ${units[unit]}`;
  },
  number(value) {
    const number = finite(value);
    if (!Number.isFinite(number)) return "–";
    const size = Math.abs(number);
    if (size >= 1e9) return `${digits(number / 1e9)}G`;
    if (size >= 1e6) return `${digits(number / 1e6)}M`;
    if (size >= 1e4) return `${digits(number / 1e3)}k`;
    return Number.isInteger(number) ? String(number) : size < 0.01 ? number.toPrecision(2) : digits(number);
  },
  rate(value) {
    const rate = finite(value);
    return Number.isFinite(rate) ? `${rate === 0 ? 0 : rate < 10 ? rate.toFixed(rate < 1 ? 2 : 1) : fmt.number(rate)}/s`
      : "–";
  },
  ratio(value) {
    const percent = finite(value) * 100;
    if (!Number.isFinite(percent)) return "–";
    if (percent === 0) return "0%";
    return Math.abs(percent) < 0.01 ? "<0.01%"
      : `${percent.toFixed(Math.abs(percent) < 1 ? 2 : percent < 100 ? 1 : 0)}%`;
  },
  time(ms) {
    const date = new Date(finite(ms));
    if (Number.isNaN(date.getTime())) return "–";
    const [hour, minute, second] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(each => pad(each));
    return `${hour}:${minute}:${second}.${pad(date.getMilliseconds(), 3)}`;
  },
  date(ms) {
    const date = new Date(finite(ms));
    if (Number.isNaN(date.getTime())) return "–";
    return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${fmt.time(ms).slice(0, 8)}`;
  },
  relative(ms, now = Date.now()) {
    const seconds = Math.round((now - finite(ms)) / 1000);
    if (!Number.isFinite(seconds)) return "–";
    const size = Math.abs(seconds);
    const text = size < 60 ? `${size} s` : size < 3600 ? `${Math.floor(size / 60)} min`
      : size < 86_400 ? `${Math.floor(size / 3600)} h` : `${Math.floor(size / 86_400)} d`;
    return seconds < 0 ? `in ${text}` : `${text} ago`;
  },
};

// The shop's own services keep colours that are far from each other; any other name is hashed to one of the twelve.
const ownColours = { gateway: 1, user: 2, product: 3, cart: 4, order: 5, load: 6, lab: 7, console: 8 };

/// The CSS colour of a service, the same on every page and in every session.
export function colourOf(service) {
  const name = String(service);
  if (Object.hasOwn(ownColours, name)) return `var(--s${ownColours[name]})`;
  let hash = 0x811c9dc5; // FNV-1a
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return `var(--s${(hash % 12) + 1})`;
}

/// A text of telemetry, in a direction of its own.
export function words(value, max) {
  return el("bdi", null, shown(value, max));
}

/// A service's name beside its colour.
export function serviceTag(service) {
  return el("span", { class: "service" }, el("i", { class: "dot", style: { "--c": colourOf(service) },
    "aria-hidden": "true" }),
    words(service, 80));
}

// ----------------------------------------------------------------------------------------------------------- network

const base = "/console/v1";

/// An answer that is no success, as RFC 9457 describes it, or the lack of one (status 0).
export class Problem extends Error {
  constructor(status, title, detail) {
    super(title);
    this.name = "Problem";
    Object.assign(this, { status, title, detail });
  }
}

async function ask(address, init) {
  let answer;
  try {
    answer = await fetch(address, init);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The console does not answer", `${init.method} ${address}: ${error.message}. Is it running?`);
  }
  const text = await answer.text();
  let body = null;
  try {
    body = text === "" ? null : JSON.parse(text);
  } catch {
    if (answer.ok && /json/.test(answer.headers.get("content-type") ?? "")) {
      throw new Problem(answer.status, "The answer is not JSON",
        `${init.method} ${address} began with: ${text.slice(0, 120)}`);
    }
    body = text;
  }
  if (answer.ok) return body;
  const told = body !== null && typeof body === "object" ? body : {};
  throw new Problem(answer.status, String(told.title ?? `The console answered ${answer.status}`),
    String(told.detail ?? told.error ?? (typeof body === "string" ? body.slice(0, 500) : `${init.method} ${address}`)));
}

/// Parameters as a query; lists are repeated, and what is null, undefined or empty is left out.
export function query(params) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const each of [value].flat()) if (each !== null && each !== undefined && each !== "") search.append(name,
      each);
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

/// The address of a path: the contract's own API, unless it begins with `/prometheus`, `/shop` or `/api`.
export function address(path, params) {
  return (/^\/(prometheus|shop|api)\//.test(path) ? path : base + path) + query(params);
}

/// JSON (text where the answer is no JSON). Throws `Problem`, and an `AbortError` if `signal` says so.
export function get(path, params, signal) {
  return ask(address(path, params), { method: "GET", signal,
    headers: { accept: "application/json, text/markdown;q=0.9, */*;q=0.5" } });
}

/// Asks for a change. The field shows that this page asks: a page of another origin cannot send it.
export function send(method, path, body) {
  const headers = { "x-vitrine-console": "1" };
  if (body !== undefined) headers["content-type"] = "application/json";
  return ask(address(path), { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

/// One EventSource for `streams` (a list), open until `signal` aborts, reconnecting with growing waits (0.5 s to 10 s),
/// closed while the tab is hidden so that a forgotten tab costs nothing. `handlers`: {overview, trace, log, lagged,
/// open(isAgain)}; `options`: the stream's other parameters. `document` hears a `live-state` event: on, off, paused.
export function live(streams, handlers, options, signal) {
  let source = null;
  let timer = 0;
  let wait = 500;
  let hasBeenOpen = false;

  const state = detail => document.dispatchEvent(new CustomEvent("live-state", { detail }));
  const close = detail => {
    clearTimeout(timer);
    source?.close();
    source = null;
    state(detail);
  };
  const open = () => {
    if (signal?.aborted || source) return;
    source = new EventSource(address("/live", { streams: streams.join(","), ...options }));
    source.onopen = () => {
      wait = 500;
      state("on");
      handlers.open?.(hasBeenOpen);
      hasBeenOpen = true;
    };
    source.onerror = () => {
      // An EventSource gives up for good when the answer is an error; closing it and waiting here covers both cases.
      close("off");
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, 10_000);
    };
    for (const name of ["overview", "trace", "log", "lagged"]) {
      if (!handlers[name]) continue;
      source.addEventListener(name, event => {
        let value;
        try {
          value = JSON.parse(event.data);
        } catch {
          return; // a broken event is the server's to log; the next one may be whole
        }
        handlers[name](value);
      });
    }
  };
  const look = () => (document.hidden ? close("paused") : open());
  document.addEventListener("visibilitychange", look, { signal });
  signal?.addEventListener("abort", () => close("idle"), { once: true });
  look();
}

// ----------------------------------------------------------------------------------------------------------- routing

const pages = new Map();
const current = { controller: new AbortController(), route: { name: "", id: null, params: new URLSearchParams() } };

/// Registers a page. `render(root, route, signal)` fills `root`, may be async, and must stop when `signal` aborts.
export function page(name, definition) {
  pages.set(name, definition);
}

export function pageNamed(name) {
  return pages.get(name);
}

/// A fragment: `hashFor("trace", id, {span})` is `#/trace/<id>?span=…`.
export function hashFor(name, id, params) {
  const place = id === undefined || id === null ? "" : `/${encodeURIComponent(id)}`;
  return `#/${name === "overview" ? "" : name}${place}${query(params)}`;
}

export function parseHash(hash) {
  const [path, ...search] = hash.replace(/^#?\/?/, "").split("?");
  const [name, ...id] = path.split("/");
  let decoded = null;
  try {
    decoded = id.length > 0 ? decodeURIComponent(id.join("/")) : null;
  } catch {
    decoded = id.join("/");
  }
  return { name: name || "overview", id: decoded, params: new URLSearchParams(search.join("?")) };
}

export function go(hash) {
  location.hash = hash;
}

/// Replaces the fragment's parameters, without a new entry in the history and without rendering again.
export function setParams(object) {
  const { name, id } = current.route;
  history.replaceState(history.state, "", hashFor(name, id, object));
  current.route.params = parseHash(location.hash).params;
}

/// Ends what was shown and gives the new page's route and signal. For app.js.
export function enter(route) {
  current.controller.abort();
  current.controller = new AbortController();
  current.route = route;
  return current.controller.signal;
}

// -------------------------------------------------------------------------------------------------------------- keys

const bindings = new Set();

/// Keys of a page, until `signal` aborts: {"/": ["Find in the trace", handler]}. They do not act while someone types
/// or holds a modifier, and `?` lists them.
export function keys(map, signal) {
  bindings.add(map);
  signal?.addEventListener("abort", () => bindings.delete(map), { once: true });
}

export function boundKeys() {
  return [...bindings].flatMap(map => Object.entries(map).map(([key, [text]]) => [key, text]));
}

export function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  for (const map of [...bindings].reverse()) {
    if (!Object.hasOwn(map, event.key)) continue;
    if (map[event.key][1](event) !== false) event.preventDefault();
    return;
  }
});

// ------------------------------------------------------------------------------------------------------ shared pieces

/// Tells screen readers; politely, the last message only.
export function announce(text) {
  const region = document.getElementById("announcer");
  if (region) region.textContent = text;
}

/// A note that goes away by itself; `kind`: "good", "warn", "bad" or nothing.
export function toast(text, kind) {
  const note = el("div", { class: ["toast", kind], role: kind === "bad" ? "alert" : "status" }, shown(text, 400));
  document.getElementById("toasts")?.append(note);
  setTimeout(() => note.remove(), 6000);
}

/// What went wrong, and a way to try again.
export function problemBox(error, retry) {
  const isProblem = error instanceof Problem;
  return el("div", { class: "problem", role: "alert", test: "problem" },
    el("strong", null, shown(isProblem ? error.title : "This page failed", 200)),
    el("p", null, shown(isProblem ? error.detail : `${error?.name ?? "Error"}: ${error?.message ?? error}`, 800)),
    retry && el("button", { type: "button", class: "btn", test: "retry", on: { click: retry } }, "Try again"));
}

export function isAbort(error) {
  return error?.name === "AbortError";
}

/// Calls `action` once, `delay` ms after the last call.
export function debounce(action, delay = 200) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), delay);
  };
}

/// A control with its label above it.
export function field(label, control, isWide) {
  return el("label", { class: ["field", isWide && "wide"] }, el("span", null, label), control);
}

/// A choice of service; the names come as soon as the server gives them, and `chosen` is there at once.
export function serviceSelect(chosen, signal) {
  const option = name => el("option", { value: name, selected: name === chosen }, shown(name, 60));
  const fill = names => [el("option", { value: "" }, "All services"),
    ...[...new Set(names)].filter(Boolean).sort().slice(0, 500).map(option)];
  const node = el("select", { name: "service", test: "field-service" }, fill([chosen]));
  get("/services", null, signal).then(answer => {
    const { value } = node;
    node.replaceChildren(...fill([...(answer.services ?? []), value]));
    node.value = value;
  }, () => { /* what the page itself asks for tells of errors */ });
  return node;
}

export function copyButton(text, label = "Copy") {
  return el("button", {
    type: "button", class: "btn small", "aria-label": `${label}: ${shown(text, 60)}`,
    on: {
      async click(event) {
        event.stopPropagation();
        try {
          await navigator.clipboard.writeText(text);
          toast("Copied", "good");
        } catch {
          toast("The browser does not allow copying here", "warn"); // no secure context, or refused
        }
      },
    },
  }, label);
}

/// Attributes as rows: 100 at first, each value 1,000 characters at first, the rest on request.
/// `action(key, value)` may give nodes to put behind a value (a filter button, say).
export function attributeTable(attributes, action) {
  const entries = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (entries.length === 0) return el("p", { class: "muted" }, "None.");
  const body = el("tbody");
  const table = el("table", { class: "attributes" }, body);
  const row = ([key, value]) => {
    const whole = typeof value === "string" ? value : plain(value);
    const text = words(whole, 1000);
    const more = whole.length > 1000 && el("button", {
      type: "button", class: "btn small",
      on: { click: event => { text.textContent = shown(whole, 200_000); event.target.remove(); } },
    }, "Show all");
    return el("tr", { data: { attribute: shown(key, 200) } }, el("th", { scope: "row" }, words(key, 200)),
      el("td", { class: `is-${typeof value}` }, text, more, action?.(key, value)));
  };
  const show = (from, to) => append(body, entries.slice(from, to).map(row));
  show(0, 100);
  if (entries.length > 100) {
    const rest = el("button", {
      type: "button", class: "btn small",
      on: { click: () => { show(100, 5000); rest.remove(); } },
    }, `Show the other ${entries.length - 100}`);
    return el("div", null, table, rest);
  }
  return table;
}

/// A line of the last values; `update(values)` redraws it, from zero to the greatest or to `least` if that is more.
export function sparkline(width = 90, height = 22) {
  const area = svg("path", { class: "spark-area" });
  const line = svg("path", { class: "spark-line" });
  const node = svg("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    area, line);
  const update = (values, capacity = 60, least = 0) => {
    const top = Math.max(...values.filter(Number.isFinite), least) || 1;
    const step = width / Math.max(capacity - 1, 1);
    const from = width - (values.length - 1) * step;
    const points = values.map((value, i) => {
      const share = (Number.isFinite(value) ? value : 0) / top;
      return `${(from + i * step).toFixed(1)} ${(height - 1.5 - share * (height - 4)).toFixed(1)}`;
    });
    if (points.length < 2) return;
    line.setAttribute("d", `M${points.join("L")}`);
    area.setAttribute("d", `M${from.toFixed(1)} ${height}L${points.join("L")}L${width} ${height}Z`);
  };
  return { node, update };
}

// ------------------------------------------------------------------------------------------------------------- theme

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage may be forbidden; the page works without
  }
}

/// "auto", "light" or "dark".
export function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

export function setTheme(name) {
  if (name === "light" || name === "dark") document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  try {
    localStorage.setItem("vitrine-theme", name);
  } catch { /* as above */ }
  document.dispatchEvent(new CustomEvent("theme-change", { detail: name }));
}

setTheme(stored("vitrine-theme") ?? "auto");
