// Searching traces: a form whose state is the fragment, the found traces as points over time and as a list.

import { append, colourOf, debounce, el, field, fmt, get, hashFor, isAbort, keys, live, page, problemBox, serviceSelect,
  serviceTag, setAttr,
  setParams, setText, shown, svg, words } from "./core.js";

const limits = [50, 100, 250, 1000];
const ranges = [["", "All that is kept"], ["300", "Last 5 minutes"], ["900", "Last 15 minutes"], ["3600", "Last hour"],
  ["21600", "Last 6 hours"]];
// The form's fields, as they are named in the fragment; the same names as the API's, and `last` in seconds.
const names = ["service", "operation", "status", "min_ms", "max_ms", "tags", "q", "last", "start_ms", "end_ms",
  "limit"];

/// "250", "250ms", "1.5 s", "300µs", "2m" as milliseconds; an empty text is null, nonsense NaN.
export function parseDuration(text) {
  const trimmed = String(text ?? "").trim();
  if (trimmed === "") return null;
  const match = /^(\d+(?:\.\d+)?)\s*(us|µs|ms|s|m|min)?$/i.exec(trimmed);
  if (!match) return NaN;
  return Number(match[1]) * { us: 0.001, "µs": 0.001, ms: 1, s: 1000, m: 60_000,
    min: 60_000 }[(match[2] ?? "ms").toLowerCase()];
}

/// `key=value other="a value"` or a JSON object as {key: value}; null where the text is neither.
export function parseTags(text) {
  const trimmed = String(text ?? "").trim();
  if (trimmed.startsWith("{")) {
    try {
      const value = JSON.parse(trimmed);
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]));
    } catch {
      return null;
    }
  }
  const tags = {};
  const rest = trimmed.replace(/([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/g, (_, key, quoted, bare) => {
    tags[key] = quoted === undefined ? bare : quoted.replace(/\\(.)/g, "$1");
    return "";
  });
  return rest.trim() === "" ? tags : null;
}

page("traces", {
  title: "Traces",
  render(root, route, signal) {
    const state = Object.fromEntries(names.map(name => [name, route.params.get(name) ?? ""]));
    const form = searchForm(state, signal, () => search());
    const results = el("section", { class: "panel", "aria-label": "Found traces", "aria-busy": "false" });
    const caption = el("span", { class: "muted", role: "status", test: "trace-count" });
    const newer = el("button", { type: "button", class: "btn small", hidden: true, test: "newer",
      on: { click: () => search() } });
    const chart = scatter((from, to, least, most) => {
      Object.assign(state, { start_ms: Math.floor(from), end_ms: Math.ceil(to), min_ms: round(least),
        max_ms: round(most), last: "" });
      form.fill();
      search();
    }, signal);
    const list = el("ol", { class: "trace-list", test: "trace-list" });
    const notice = el("div");
    append(results, el("header", null, el("h2", null, "Traces"), caption, newer), chart.node, notice, list);
    append(root, el("h1", { class: "unseen" }, "Traces"), form.node, results);

    let asking = null;
    let newest = 0;
    let waiting = 0;

    async function search() {
      const params = form.read();
      if (!params) return;
      setParams(state);
      follow();
      asking?.abort();
      asking = new AbortController();
      const both = AbortSignal.any([asking.signal, signal]);
      setAttr(results, "aria-busy", "true");
      try {
        const answer = await get("/traces", params, both);
        notice.replaceChildren();
        showResults(answer, params);
      } catch (error) {
        if (isAbort(error)) return;
        list.replaceChildren(); // what an earlier search found would be taken for the answer
        chart.show([], params);
        setText(caption, "");
        notice.replaceChildren(problemBox(error, search));
      }
      setAttr(results, "aria-busy", "false");
    }

    function showResults(answer, params) {
      const traces = answer.traces ?? [];
      newest = Math.max(newest, ...traces.map(each => each.start_ms).filter(Number.isFinite));
      [waiting, newer.hidden] = [0, true];
      const longest = Math.max(...traces.map(each => each.duration_ms).filter(Number.isFinite), 0);
      list.replaceChildren(...traces.map(trace => el("li", null, traceRow(trace, longest))));
      chart.show(traces, params);
      const total = Math.max(answer.matched ?? 0, traces.length);
      setText(caption,
        `${total > traces.length ? `the newest ${traces.length} of ${fmt.number(total)}` : `${traces.length} found`}`
        + `${Number.isFinite(answer.took_ms) ? ` in ${fmt.ms(answer.took_ms)}` : ""}`);
      if (traces.length === 0) notice.replaceChildren(el("p", { class: "empty", test: "no-traces" },
        "No trace fits. Widen the time range, or clear a field."));
    }

    const move = step => {
      const rows = [...list.querySelectorAll("a.trace-row")];
      const at = rows.indexOf(document.activeElement);
      (rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)])?.focus();
    };
    keys({
      "/": ["Search by text", () => form.focus()],
      ArrowDown: ["Next trace", () => move(1)],
      ArrowUp: ["Previous trace", () => move(-1)],
      r: ["Search again", () => search()],
    }, signal);

    // The list stays as it is read; a button says that there is more.
    let followed = null;
    let following = new AbortController();
    function follow() {
      const key = JSON.stringify([state.service, state.q]);
      if (key === followed) return;
      followed = key;
      following.abort();
      following = new AbortController();
      live(["traces"], {
        trace(trace) {
          if (trace.start_ms <= newest || !mayMatch(trace, state)) return;
          waiting += 1;
          newer.hidden = false;
          setText(newer, `${waiting > 999 ? "999+" : waiting} newer: show`);
        },
      }, { service: state.service, q: state.q }, AbortSignal.any([following.signal, signal]));
    }
    return search();
  },
});

const round = ms => Number(ms.toPrecision(3));

/// What can be told of a summary; tags and text are left to the server.
function mayMatch(trace, state) {
  const services = (trace.services ?? []).map(each => each.name);
  const [least, most] = [parseDuration(state.min_ms), parseDuration(state.max_ms)];
  return (!state.service || services.includes(state.service)) && (state.status !== "error" || trace.error_count > 0)
    && (state.status !== "ok" || trace.error_count === 0) && !(trace.duration_ms < least)
      && (most === null || !(trace.duration_ms > most)) && !state.end_ms;
}

// -------------------------------------------------------------------------------------------------------------- form

function searchForm(state, signal, search) {
  const input = (name, props) => el("input", { name, value: state[name], autocomplete: "off", spellcheck: "false",
    maxlength: 500, test: `field-${name}`, ...props });
  const select = (name, options) => el("select", { name, test: `field-${name}` },
    options.map(([value, text]) => el("option", { value, selected: value === state[name] }, text)));

  const service = serviceSelect(state.service, signal);
  const operations = el("datalist", { id: "operations" });
  const controls = {
    service,
    operation: input("operation", { list: "operations", placeholder: "Any" }),
    status: select("status", [["", "Any"], ["error", "With errors"], ["ok", "Without errors"]]),
    min_ms: input("min_ms", { placeholder: "5ms", size: 7 }),
    max_ms: input("max_ms", { placeholder: "1.5s", size: 7 }),
    tags: input("tags", { placeholder: "http.route=/cart shop.order.id=…" }),
    q: input("q", { type: "search", placeholder: "In any name or value" }),
    last: select("last", ranges),
    limit: select("limit", limits.map(each => [String(each), String(each)])),
  };
  controls.limit.value = limits.map(String).includes(state.limit) ? state.limit : "100";
  const said = el("p", { class: "bad-text", role: "alert" });
  const window = el("button", { type: "button", class: "chip btn small",
    on: { click: () => { [state.start_ms, state.end_ms] = ["", ""]; fill(); search(); } } });

  const node = el("form", {
    class: "panel search", role: "search", "aria-label": "Search traces", test: "trace-form",
    on: {
      submit(event) {
        event.preventDefault();
        search();
      },
      change(event) {
        if (event.target === controls.last) [state.start_ms, state.end_ms] = ["", ""];
        if (event.target.tagName === "SELECT") search();
      },
    },
  }, el("div", { class: "toolbar" },
  field("Service", controls.service), field("Operation", controls.operation, true), field("Status", controls.status),
  field("At least", controls.min_ms), field("At most", controls.max_ms), field("Attributes", controls.tags, true),
  field("Text", controls.q, true), field("Time", controls.last), field("Limit", controls.limit), window,
  el("button", { class: "btn primary", test: "search" }, "Search"),
  el("button", {
      type: "button", class: "btn", test: "clear",
      on: { click: () => { for (const name of names) state[name] = ""; fill(); search(); } },
    }, "Clear")), operations, said);

  function fill() {
    for (const [name, control] of Object.entries(controls)) control.value = String(state[name] ?? "");
    if (controls.limit.selectedIndex < 0) controls.limit.value = "100";
    window.hidden = state.start_ms === "" && state.end_ms === "";
    const time = ms => (ms === "" ? "…" : fmt.time(ms));
    setText(window, window.hidden ? "" : `${time(state.start_ms)} to ${time(state.end_ms)} ✕`);
  }

  /// The API's parameters, or null and a word to the reader where a field makes no sense.
  function read() {
    for (const [name, control] of Object.entries(controls)) state[name] = control.value.trim();
    if (state.limit === "100") state.limit = "";
    const wrong = [];
    const check = (name, isRight, text) => {
      setAttr(controls[name], "aria-invalid", isRight ? null : "true");
      if (!isRight) wrong.push(text);
    };
    const [least, most, tags] = [parseDuration(state.min_ms), parseDuration(state.max_ms), parseTags(state.tags)];
    check("min_ms", !Number.isNaN(least), "The least duration is a number with a unit: 5ms, 1.5s.");
    check("max_ms", !Number.isNaN(most) && !(most !== null && least !== null && most < least),
      "The greatest duration is a number with a unit, and not below the least.");
    check("tags", tags !== null,
      "Attributes are written key=value, with spaces between them and \"quotes\" around values with spaces.");
    setText(said, wrong.join(" "));
    if (wrong.length > 0) return null;
    fill();
    return {
      service: state.service, operation: state.operation, status: state.status, min_ms: least, max_ms: most,
      tags: Object.keys(tags).length > 0 ? JSON.stringify(tags) : null, q: state.q,
      start_ms: state.last ? Math.floor(Date.now() - Number(state.last) * 1000) : state.start_ms,
      end_ms: state.last ? null : state.end_ms,
      limit: state.limit || 100,
    };
  }

  const loadOperations = async () => {
    operations.replaceChildren();
    if (!controls.service.value) return;
    try {
      const answer = await get("/operations", { service: controls.service.value }, signal);
      operations.replaceChildren(...(answer.operations ?? []).slice(0, 500).map(value => el("option", { value })));
    } catch { /* the field takes any text; the search itself tells of errors */ }
  };
  controls.service.addEventListener("change", () => { controls.operation.value = ""; loadOperations(); });
  loadOperations();
  fill();
  return { node, fill, read, focus: () => controls.q.focus() };
}

// -------------------------------------------------------------------------------------------------------------- list

function traceRow(trace, longest) {
  const hasErrors = trace.error_count > 0;
  // The root makes short traces visible beside one long one; the number beside the bar is what is exact.
  const share = longest > 0 ? Math.sqrt(Math.max(Number(trace.duration_ms) || 0, 0) / longest) : 0;
  const services = trace.services ?? [];
  return el("a", {
    class: ["trace-row", hasErrors && "is-failing"], href: hashFor("trace", trace.trace_id),
    data: { test: "trace-row", traceId: trace.trace_id },
  }, el("time", { class: "mono muted", title: fmt.date(trace.start_ms) }, fmt.time(trace.start_ms)),
  el("span", { class: "trace-name" }, el("i", { class: "dot", style: { "--c": colourOf(trace.root_service) },
    "aria-hidden": "true" }),
    el("bdi", { class: "muted" }, shown(trace.root_service ?? "?", 40)), " ", words(trace.root_operation ?? "?", 140),
    trace.is_complete === false && el("span", { class: "badge", title: "Spans are missing, or are still to come" },
      "incomplete")),
  el("span", { class: "trace-bar", style: { "--share": share,
    "--c": hasErrors ? "var(--bad)" : colourOf(trace.root_service) } }, el("i"),
    el("span", { class: "num" }, fmt.ms(trace.duration_ms))),
  el("span", { class: "num muted" }, `${fmt.number(trace.span_count)} ${trace.span_count === 1 ? "span" : "spans"}`),
  el("span", null, hasErrors && el("span", { class: "badge bad" },
    `${fmt.number(trace.error_count)} ${trace.error_count === 1 ? "error" : "errors"}`)),
  el("span", { class: "trace-services" }, services.slice(0,
    8).map(each => el("span", { class: ["chip", each.error_count > 0 && "bad-text"] }, serviceTag(each.name),
    el("span", { class: "muted" }, fmt.number(each.span_count)))),
      services.length > 8 && el("span", { class: "muted" }, `+${services.length - 8}`)));
}

// ----------------------------------------------------------------------------------------------------------- scatter

/// Traces as points: time to the right, duration upwards (logarithmic), errors red, size by spans. Each point is a
/// link; dragging over an area narrows the search to it. The list says the same in text, so this is not read out.
function scatter(narrow, signal) {
  const height = 150;
  const pad = { left: 62, right: 14, top: 8, bottom: 20 };
  const picture = svg("svg", { class: "scatter", height, "aria-hidden": "true", test: "scatter" });
  const node = el("div", { class: "scatter-box" }, picture);
  let last = null;

  function draw() {
    if (!last) return;
    const { traces, params } = last;
    const width = Math.max(node.clientWidth, 240);
    setAttr(picture, "viewBox", `0 0 ${width} ${height}`);
    setAttr(picture, "width", width);
    const points = traces.filter(each => Number.isFinite(each.start_ms) && Number.isFinite(each.duration_ms));
    node.hidden = points.length === 0;
    if (node.hidden) return;
    const times = points.map(each => each.start_ms);
    let [from, to] = [Number(params.start_ms) || Math.min(...times), Number(params.end_ms) || Math.max(...times)];
    if (to - from < 1000) [from, to] = [from - 500, to + 500];
    const lengths = points.map(each => Math.max(each.duration_ms, 0.001));
    const [least, most] = [Math.log10(Math.min(...lengths)) - 0.12, Math.log10(Math.max(...lengths)) + 0.12];
    const area = { width: width - pad.left - pad.right, height: height - pad.top - pad.bottom };
    const x = ms => pad.left + ((ms - from) / (to - from)) * area.width;
    const y = ms => pad.top + (1 - (Math.log10(Math.max(ms, 0.001)) - least) / (most - least)) * area.height;
    last.back = (px, py) => [from + ((px - pad.left) / area.width) * (to - from),
      10 ** (least + (1 - (py - pad.top) / area.height) * (most - least))];

    const lines = [];
    for (const tick of durationTicks(least, most)) {
      const at = y(tick);
      lines.push(svg("line", { x1: pad.left, x2: width - pad.right, y1: at, y2: at }),
        svg("text", { x: pad.left - 8, y: at + 4, "text-anchor": "end" }, fmt.ms(tick)));
    }
    const count = Math.max(2, Math.floor(area.width / 150));
    for (let i = 0; i <= count; i++) {
      const ms = from + ((to - from) * i) / count;
      lines.push(svg("text", { x: x(ms), y: height - 5, "text-anchor": i === 0 ? "start" : i === count ? "end"
        : "middle" }, fmt.time(ms).slice(0, to - from < 10_000 ? 12 : 8)));
    }
    // Errors last, so that they lie on top.
    const dots = [...points].sort((a, b) => Math.sign(a.error_count) - Math.sign(b.error_count)).map(trace =>
      svg("a", { href: hashFor("trace", trace.trace_id), tabindex: "-1",
        data: { test: "scatter-point", traceId: trace.trace_id } },
        svg("title", null,
          [`${shown(trace.root_service ?? "?", 40)} ${shown(trace.root_operation ?? "?", 100)}`,
            `${fmt.ms(trace.duration_ms)}, ${trace.span_count} ${trace.span_count === 1 ? "span" : "spans"}, ${
              trace.error_count} ${trace.error_count === 1 ? "error" : "errors"}`,
            fmt.date(trace.start_ms)].join("\n")),
        svg("circle", {
          cx: x(trace.start_ms).toFixed(1), cy: y(trace.duration_ms).toFixed(1),
          r: (2.6 + Math.min(Math.sqrt(Math.max(trace.span_count, 1)) / 2.4, 7)).toFixed(1),
          class: trace.error_count > 0 ? "is-failing" : null, style: { "--c": colourOf(trace.root_service) },
        })));
    picture.replaceChildren(svg("g", { class: "axis" }, lines), ...dots, brush);
  }

  const brush = svg("rect", { class: "brush", visibility: "hidden" });
  let start = null;
  const at = event => {
    const frame = picture.getBoundingClientRect();
    return [Math.max(event.clientX - frame.left, pad.left),
      Math.min(Math.max(event.clientY - frame.top, pad.top), height - pad.bottom)];
  };
  const area = event => {
    const [x, y] = at(event);
    return { x: Math.min(x, start.x), y: Math.min(y, start.y), width: Math.abs(x - start.x),
      height: Math.abs(y - start.y) };
  };
  picture.addEventListener("dragstart", event => event.preventDefault());
  picture.addEventListener("pointerdown", event => {
    if (event.button !== 0) return;
    const [x, y] = at(event);
    start = { x, y, isDrag: false };
  });
  picture.addEventListener("pointermove", event => {
    if (!start) return;
    const now = area(event);
    if (!start.isDrag && now.width + now.height < 6) return; // a click on a point stays a click
    if (!start.isDrag) picture.setPointerCapture(event.pointerId);
    start.isDrag = true;
    for (const [name, value] of Object.entries(now)) brush.setAttribute(name, value);
    brush.setAttribute("visibility", "visible");
  });
  const end = event => {
    if (start?.isDrag && event.type === "pointerup") {
      const now = area(event);
      const [from, most] = last.back(now.x, now.y);
      const [to, least] = last.back(now.x + now.width, now.y + now.height);
      const swallow = click => click.preventDefault(); // the click that ends a drag over a point opens nothing
      picture.addEventListener("click", swallow, { capture: true });
      setTimeout(() => picture.removeEventListener("click", swallow, { capture: true }));
      narrow(from, to, least, most);
    }
    start = null;
    brush.setAttribute("visibility", "hidden");
  };
  picture.addEventListener("pointerup", end);
  picture.addEventListener("pointercancel", end);

  const watch = new ResizeObserver(debounce(draw, 60));
  watch.observe(node);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  return {
    node,
    show(traces, params) {
      last = { traces, params };
      node.hidden = false;
      draw();
    },
  };
}

/// Two to five round durations between two powers of ten.
function durationTicks(least, most) {
  const all = [];
  for (let power = Math.floor(least); power <= most; power++) for (const step of [1, 2,
    5]) all.push(step * 10 ** power);
  const inside = all.filter(each => Math.log10(each) >= least && Math.log10(each) <= most);
  const ones = inside.filter(each => Math.abs(Math.log10(each) % 1) < 1e-9);
  const few = ones.length >= 2 ? ones : inside;
  return few.length <= 5 ? few : few.filter((_, i) => i % Math.ceil(few.length / 5) === 0);
}
