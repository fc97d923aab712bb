// The first page: what calls what and how well, what is wrong now, and each service's rate, errors and durations.

import { announce, append, colourOf, el, fmt, get, hashFor, isAbort, live, page, problemBox, reconcile, serviceTag, setAttr, setText,
  shown, sparkline, svg } from "./core.js";

const nodesMax = 60;
const edgesMax = 240;
const historyLength = 120; // seconds of sparkline
const failing = 0.01; // the share of errors from which something is red; below it, and above nothing, it is amber

// What this page has seen since it was loaded. A service without traffic stays on the map, dimmed: a map that moves when
// a service dies hides the very thing one looks for.
const seen = { nodes: new Set(), edges: new Map() };
const history = new Map();

page("overview", {
  title: "Overview",
  render(root, route, signal) {
    const map = serviceMap();
    const problems = problemList();
    const table = serviceTable();
    const store = el("span", { class: "muted store", data: { test: "store" } });
    const notice = el("div");
    append(root, el("h1", { class: "unseen" }, "Overview"), notice,
      el("div", { class: "overview-top" },
        el("section", { class: "panel map-panel", "aria-label": "Service map" },
          el("header", null, el("h2", null, "Services"), map.caption, el("span", { class: "push" }), store), map.node),
        el("section", { class: "panel", "aria-label": "What is wrong now" },
          el("header", null, el("h2", null, "What is wrong now"), problems.count), problems.node)),
      el("section", { class: "panel", "aria-label": "Rate, errors and durations of each service" }, table.node));

    const show = overview => {
      notice.replaceChildren();
      remember(overview);
      map.update(overview);
      problems.update(overview.problems ?? [], overview);
      table.update(overview.services ?? []);
      showStore(store, overview.store ?? {});
    };
    const load = async () => {
      try {
        show(await get("/overview", { window: 60 }, signal));
      } catch (error) {
        if (!isAbort(error)) notice.replaceChildren(problemBox(error, load));
      }
    };
    live(["overview"], { overview: show }, {}, signal);
    return load();
  },
});

function remember(overview) {
  for (const edge of overview.edges ?? []) {
    if (seen.edges.size < edgesMax) seen.edges.set(`${edge.from}→${edge.to}`, { from: edge.from, to: edge.to });
    addNode(edge.from);
    addNode(edge.to);
  }
  for (const service of overview.services ?? []) {
    addNode(service.name);
    if (!history.has(service.name) && history.size >= nodesMax * 2) continue;
    const past = history.get(service.name) ?? { rate: [], errors: [], p95: [], at: 0 };
    history.set(service.name, past);
    if (overview.now_ms - past.at < 500) continue; // the answer and the stream's first event are one moment
    past.at = overview.now_ms;
    past.rate.push(service.requests_per_second);
    past.errors.push(service.error_ratio);
    past.p95.push(service.p95_ms);
    for (const values of [past.rate, past.errors, past.p95]) if (values.length > historyLength) values.shift();
  }
}

function addNode(name) {
  if (seen.nodes.size < nodesMax) seen.nodes.add(name);
}

function health(ratio) {
  return ratio >= failing ? "is-failing" : ratio > 0 ? "is-faulty" : null;
}

function showStore(node, store) {
  const share = store.bytes_max > 0 ? store.bytes / store.bytes_max : 0;
  const dropped = (store.dropped_spans ?? 0) + (store.dropped_logs ?? 0);
  setText(node, `${fmt.number(store.traces)} traces, ${fmt.number(store.spans)} spans, ${fmt.number(store.logs)} log records in `
    + `${fmt.bytes(store.bytes)} (${fmt.ratio(share)} of the store)${dropped > 0 ? `, ${fmt.number(dropped)} dropped` : ""}`);
  node.classList.toggle("warn-text", dropped > 0);
}

// --------------------------------------------------------------------------------------------------------------- map

const box = { width: 150, height: 52, column: 352, row: 80 };

/// Places of nodes and ways of edges, layer by layer from left to right. The same graph gives the same picture: names
/// decide wherever the graph does not. Sugiyama's steps: break cycles, layer by longest path, order by barycentre, place.
export function layOut(names, edges) {
  const nodes = [...names].sort();
  const out = new Map(nodes.map(name => [name, []]));
  const into = new Map(nodes.map(name => [name, 0]));
  const known = edges.filter(edge => edge.from !== edge.to && out.has(edge.from) && out.has(edge.to))
    .sort((a, b) => (`${a.from}\n${a.to}` < `${b.from}\n${b.to}` ? -1 : 1));
  for (const edge of known) {
    out.get(edge.from).push(edge.to);
    into.set(edge.to, into.get(edge.to) + 1);
  }

  // 1. An edge back to a node whose visit has not ended closes a cycle: it is laid the other way round.
  const state = new Map();
  const order = [];
  const isBack = new Set();
  const visit = name => {
    state.set(name, "open");
    for (const other of out.get(name)) {
      if (state.get(other) === "open") isBack.add(`${name}→${other}`);
      else if (!state.has(other)) visit(other);
    }
    state.set(name, "done");
    order.unshift(name);
  };
  for (const name of [...nodes.filter(each => into.get(each) === 0), ...nodes]) if (!state.has(name)) visit(name);

  // 2. The longest way from a source decides the layer; `order` is topological for all but the edges back.
  const layer = new Map(nodes.map(name => [name, 0]));
  for (const name of order) {
    for (const other of out.get(name)) {
      if (!isBack.has(`${name}→${other}`)) layer.set(other, Math.max(layer.get(other), layer.get(name) + 1));
    }
  }

  // 3. An edge over several layers takes a place in each, so that it runs beside nodes and not through them.
  const layers = [];
  const put = (key, at) => (layers[at] ??= []).push(key);
  for (const name of nodes) put(name, layer.get(name));
  const near = new Map();
  const join = (a, b) => {
    near.set(a, [...(near.get(a) ?? []), b]);
    near.set(b, [...(near.get(b) ?? []), a]);
  };
  const ways = known.map(edge => {
    const key = `${edge.from}→${edge.to}`;
    const isReversed = layer.get(edge.from) > layer.get(edge.to);
    const [from, to] = isReversed ? [edge.to, edge.from] : [edge.from, edge.to];
    const via = [from];
    for (let at = layer.get(from) + 1; at < layer.get(to); at++) {
      const place = `\u0000${key}\u0000${at}`;
      put(place, at);
      layer.set(place, at);
      via.push(place);
    }
    via.push(to);
    for (let i = 1; i < via.length; i++) join(via[i - 1], via[i]);
    return { key, from: edge.from, to: edge.to, isReversed, via: isReversed ? via.reverse() : via };
  });

  const mean = (keys, of) => keys.reduce((sum, key) => sum + of(key), 0) / keys.length;
  for (let sweep = 0; sweep < 8; sweep++) {
    const place = new Map(layers.flatMap(keys => keys.map((key, i) => [key, i - (keys.length - 1) / 2])));
    const toward = sweep % 2 === 0 ? -1 : 1;
    for (const keys of layers) {
      const wish = new Map(keys.map(key => {
        const side = (near.get(key) ?? []).filter(other => Math.sign(layer.get(other) - layer.get(key)) === toward);
        return [key, side.length > 0 ? mean(side, other => place.get(other)) : place.get(key)];
      }));
      keys.sort((a, b) => wish.get(a) - wish.get(b) || place.get(a) - place.get(b));
      keys.forEach((key, i) => place.set(key, i - (keys.length - 1) / 2));
    }
  }

  // 4. Each goes as near to its neighbours as the order and the least distance allow.
  const y = new Map(layers.flatMap(keys => keys.map((key, i) => [key, (i - (keys.length - 1) / 2) * box.row])));
  for (let pass = 0; pass < 6; pass++) {
    for (const keys of pass % 2 === 0 ? layers : [...layers].reverse()) {
      const wish = keys.map(key => (near.has(key) ? mean(near.get(key), other => y.get(other)) : y.get(key)));
      const got = [];
      wish.forEach((at, i) => got.push(i === 0 ? at : Math.max(at, got[i - 1] + box.row)));
      const shift = wish.reduce((sum, at, i) => sum + at - got[i], 0) / keys.length;
      keys.forEach((key, i) => y.set(key, got[i] + shift));
    }
  }
  const top = Math.min(...nodes.map(name => y.get(name)), 0);
  const all = [...y.values()];
  const least = all.length > 0 ? Math.min(...all) : top;
  const places = new Map([...y].map(([key, at]) => [key, { x: layer.get(key) * box.column, y: at - least }]));
  return {
    places: new Map(nodes.map(name => [name, places.get(name)])),
    ways: ways.map(way => ({ ...way, points: way.via.map(key => places.get(key)) })),
    width: Math.max(layers.length - 1, 0) * box.column + box.width,
    height: (all.length > 0 ? Math.max(...all) - least : 0) + box.height,
  };
}

function pathOf(way) {
  const right = way.isReversed ? -1 : 1;
  const half = box.width / 2;
  const shift = way.isReversed ? 9 : 0; // beside the edge that goes the other way
  const points = way.points.map((point, i) => ({
    x: point.x + half + (i === 0 ? half * right : i === way.points.length - 1 ? -(half + 2) * right : 0),
    y: point.y + box.height / 2 + shift,
  }));
  let path = `M${points[0].x} ${points[0].y}`;
  for (let i = 1; i < points.length; i++) {
    const bend = (points[i].x - points[i - 1].x) / 2;
    path += `C${points[i - 1].x + bend} ${points[i - 1].y} ${points[i].x - bend} ${points[i].y} ${points[i].x} ${points[i].y}`;
  }
  const end = points.at(-1);
  const last = points.at(-2);
  return {
    path, label: { x: (last.x + end.x) / 2, y: (last.y + end.y) / 2 },
    arrow: `M${end.x - 8 * right} ${end.y - 4.5}L${end.x} ${end.y}L${end.x - 8 * right} ${end.y + 4.5}Z`,
  };
}

function serviceMap() {
  const node = el("div", { class: "map", data: { test: "map" } });
  const caption = el("span", { class: "muted" });
  let drawn = "";
  let nodes = new Map();
  let edges = new Map();

  const draw = () => {
    const plan = layOut(seen.nodes, [...seen.edges.values()]);
    nodes = new Map([...plan.places].map(([name, place]) => [name, drawNode(name, place)]));
    const lines = plan.ways.map(way => ({ way, ...pathOf(way) }));
    // Labels of one gap are pushed apart, top to bottom, so that none covers another.
    const gaps = Map.groupBy(lines, line => Math.round(line.label.x));
    for (const group of gaps.values()) {
      group.sort((a, b) => a.label.y - b.label.y);
      for (let i = 1; i < group.length; i++) group[i].label.y = Math.max(group[i].label.y, group[i - 1].label.y + 26);
    }
    edges = new Map(lines.map(line => [line.way.key, drawEdge(line)]));
    const bottom = Math.max(plan.height, ...lines.map(line => line.label.y + 14));
    const picture = svg("svg", {
      class: "map-svg", viewBox: `-8 -14 ${plan.width + 16} ${bottom + 28}`, role: "group", "aria-label": "Which service calls which",
    }, [...edges.values()].map(edge => edge.line), [...nodes.values()].map(each => each.node), [...edges.values()].map(edge => edge.label));
    picture.style.maxWidth = `${(plan.width + 16) * 1.15}px`;
    node.replaceChildren(picture);
  };

  const update = overview => {
    setText(caption, `over the last ${fmt.number(overview.window_seconds)} s`);
    const key = JSON.stringify([[...seen.nodes].sort(), [...seen.edges.keys()].sort()]);
    if (key !== drawn) {
      drawn = key;
      if (seen.nodes.size > 0) draw();
      else node.replaceChildren(el("p", { class: "empty" }, "No telemetry has come in yet. Send OTLP over HTTP to port 4318, or start the load."));
    }
    const services = new Map((overview.services ?? []).map(each => [each.name, each]));
    const calls = new Map((overview.edges ?? []).map(each => [`${each.from}→${each.to}`, each]));
    for (const [name, drawing] of nodes) updateNode(drawing, name, services.get(name));
    for (const [name, drawing] of edges) updateEdge(drawing, name, calls.get(name));
  };
  return { node, caption, update };
}

function drawNode(name, place) {
  const rate = svg("text", { x: 14, y: 40, class: "map-numbers" });
  const title = svg("title");
  const node = svg("a", {
    class: "map-node", href: hashFor("traces", null, { service: name }), transform: `translate(${place.x} ${place.y})`,
    data: { test: "map-node", service: name }, style: { "--c": colourOf(name) },
  }, title, svg("rect", { width: box.width, height: box.height, rx: 8 }), svg("rect", { class: "stripe", width: 4, height: box.height - 16, x: 0, y: 8, rx: 2 }),
  svg("text", { x: 14, y: 22, class: "map-name" }, shown(name.length > 18 ? `${name.slice(0, 17)}…` : name)), rate);
  return { node, rate, title };
}

function updateNode({ node, rate, title }, name, service) {
  const text = service ? `${fmt.rate(service.requests_per_second)} · ${fmt.ratio(service.error_ratio)} · ${fmt.ms(service.p95_ms)}` : "no requests";
  setText(rate, text);
  const told = service ? `${shown(name, 80)}: ${fmt.rate(service.requests_per_second)}, ${fmt.ratio(service.error_ratio)} errors, `
    + `p50 ${fmt.ms(service.p50_ms)}, p95 ${fmt.ms(service.p95_ms)}. Opens its traces.` : `${shown(name, 80)}: no requests. Opens its traces.`;
  setText(title, told);
  setAttr(node, "aria-label", told);
  setAttr(node, "class", ["map-node", service ? health(service.error_ratio) : "is-quiet"].filter(Boolean).join(" "));
}

const breakerTexts = { open: "breaker open", half_open: "breaker half open", forced_open: "breaker forced open", disabled: "breaker disabled" };

function drawEdge({ way, path, arrow, label }) {
  const link = hashFor("traces", null, { service: way.to });
  const line = svg("g", { class: "map-edge" }, svg("path", { d: path, class: "wire" }), svg("path", { d: arrow, class: "arrow" }));
  const text = svg("text", { "text-anchor": "middle", y: 4 });
  const plate = svg("rect", { rx: 5, y: -10, height: 20 });
  const breaker = svg("text", { class: "map-breaker", "text-anchor": "middle", y: 4 });
  const breakerPlate = svg("rect", { class: "map-breaker-plate", rx: 9, y: -10, height: 19 });
  const breakerGroup = svg("g", { transform: "translate(0 21)" }, breakerPlate, breaker);
  const title = svg("title");
  const node = svg("a", {
    class: "map-label", href: link, transform: `translate(${label.x} ${label.y})`, data: { test: "map-edge", edge: way.key },
  }, title, plate, text, breakerGroup);
  return { line, label: node, text, plate, breaker, breakerPlate, breakerGroup, title };
}

function updateEdge(drawing, name, call) {
  const { line, label, text, plate, breaker, breakerPlate, breakerGroup, title } = drawing;
  const words = call ? `${fmt.rate(call.requests_per_second)} · ${fmt.ratio(call.error_ratio)} · ${fmt.ms(call.p95_ms)}` : "quiet";
  if (text.textContent !== words) {
    setText(text, words);
    const width = words.length * 6.1 + 12;
    plate.setAttribute("x", -width / 2);
    plate.setAttribute("width", width);
  }
  const state = call?.breaker ?? null;
  const badge = breakerTexts[state] ?? "";
  if (breaker.textContent !== badge) {
    setText(breaker, badge);
    const width = badge.length * 6 + 18;
    breakerPlate.setAttribute("x", -width / 2);
    breakerPlate.setAttribute("width", width);
  }
  setAttr(breakerGroup, "visibility", badge === "" ? "hidden" : null);
  const classes = [call ? health(call.error_ratio) : "is-quiet", badge !== "" && `breaker-${state}`].filter(Boolean);
  setAttr(line, "class", ["map-edge", ...classes].join(" "));
  setAttr(label, "class", ["map-label", ...classes].join(" "));
  setAttr(label, "data-breaker", state);
  const rate = call?.requests_per_second ?? 0;
  line.style.setProperty("--w", `${(1.2 + Math.min(Math.log10(1 + Math.max(rate, 0)), 3)).toFixed(2)}px`);
  const told = `${shown(name, 170)}: ${call ? `${fmt.rate(rate)}, ${fmt.ratio(call.error_ratio)} errors, p95 ${fmt.ms(call.p95_ms)}` : "no calls"}`
    + `${state ? `, breaker ${state.replace("_", " ")}` : ""}. Opens traces of the callee.`;
  setText(title, told);
  setAttr(label, "aria-label", told);
}

// ---------------------------------------------------------------------------------------------------------- problems

const severities = { page: "bad", ticket: "warn", info: "accent" };

function problemList() {
  const list = el("ul", { class: "problems", data: { test: "problems" } });
  const quiet = el("p", { class: "empty", data: { test: "all-is-well" } });
  const count = el("span", { class: "muted" });
  const node = el("div", { class: "problems-box" }, list, quiet);
  let told = null;
  const update = (problems, overview) => {
    const few = problems.slice(0, 50);
    reconcile(list, few, each => `${each.severity}\n${each.title}\n${each.link ?? each.trace_id ?? ""}`, make, refresh);
    quiet.hidden = few.length > 0;
    list.hidden = few.length === 0;
    setText(quiet, (overview.services ?? []).length > 0 ? "Nothing. No service fails, and no breaker is open." : "Nothing is known yet.");
    setText(count, problems.length > 0 ? String(problems.length) : "");
    const now = few.map(each => each.title).join("; ");
    if (told !== null && told !== now) announce(few.length > 0 ? `${problems.length} problems: ${shown(few[0].title, 120)}` : "Nothing is wrong any more");
    told = now;
  };
  const make = item => el("li", { data: { test: "problem-item", severity: item.severity } },
    el("span", { class: ["badge", severities[item.severity] ?? "accent"] }, shown(item.severity, 20)),
    el("div", null, el("strong", null, shown(item.title, 200)), el("p", { class: "muted detail" }), el("span", { class: "links" })));
  const refresh = (row, item) => {
    setText(row.querySelector(".detail"), shown(item.detail ?? "", 400));
    const links = row.querySelector(".links");
    const key = `${item.trace_id} ${item.link}`;
    if (links.dataset.key === key) return;
    links.dataset.key = key;
    links.replaceChildren(...[
      item.trace_id && el("a", { href: hashFor("trace", item.trace_id), data: { traceId: item.trace_id } }, "See a trace"),
      item.link && String(item.link).startsWith("#/") && el("a", { href: item.link }, "More"),
    ].filter(Boolean));
  };
  return { node, count, update };
}

// ------------------------------------------------------------------------------------------------------------- table

function serviceTable() {
  const table = el("table", { class: "grid services", data: { test: "services" } },
    el("thead", null, el("tr", null, el("th", { scope: "col" }, "Service"),
      ["Requests", "Errors", "p95"].map(name => [el("th", { scope: "col", class: "num" }, name),
        el("th", { scope: "col", class: "spark-cell" }, el("span", { class: "unseen" }, `${name}, the last two minutes`))]),
      el("th", { scope: "col", class: "num" }, "p50"), el("th", { scope: "col" }, el("span", { class: "unseen" }, "Logs")))));
  const empty = el("p", { class: "empty" }, "No service has sent telemetry yet.");
  const body = { keyed: new Map() };
  const node = el("div", { class: "scroll-x" }, table, empty);

  const make = service => {
    const id = `operations-${[...service.name].map(c => c.codePointAt(0).toString(36)).join("-")}`;
    const toggle = el("button", {
      type: "button", class: "btn quiet small twist", "aria-expanded": "false", "aria-controls": id,
      "aria-label": `Operations of ${shown(service.name, 80)}`,
      on: {
        click() {
          const isOpen = toggle.getAttribute("aria-expanded") !== "true";
          toggle.setAttribute("aria-expanded", isOpen);
          group.classList.toggle("is-open", isOpen);
          update(group, group.latest);
        },
      },
    }, "▸");
    const sparks = [sparkline(110), sparkline(110), sparkline(110)];
    const numbers = ["rate", "errors", "p95"].map(name => el("td", { class: "num", data: { value: name } }));
    const p50 = el("td", { class: "num", data: { value: "p50" } });
    const group = el("tbody", { id, data: { test: "service-row", service: service.name }, style: { "--c": colourOf(service.name) } },
      el("tr", null, el("th", { scope: "row" }, toggle, el("a", { href: hashFor("traces", null, { service: service.name }) }, serviceTag(service.name))),
        numbers.map((cell, i) => [cell, el("td", { class: ["spark-cell", i === 1 && "is-errors"] }, sparks[i].node)]), p50,
        el("td", { class: "num" }, el("a", { href: hashFor("logs", null, { service: service.name }) }, "Logs"))));
    Object.assign(group, { numbers, p50, sparks });
    return group;
  };
  const update = (group, service) => {
    group.latest = service;
    const past = history.get(service.name);
    setText(group.numbers[0], fmt.rate(service.requests_per_second));
    setText(group.numbers[1], fmt.ratio(service.error_ratio));
    setText(group.numbers[2], fmt.ms(service.p95_ms));
    setText(group.p50, fmt.ms(service.p50_ms));
    setAttr(group, "class", [health(service.error_ratio), group.classList.contains("is-open") && "is-open"].filter(Boolean).join(" "));
    if (past) [past.rate, past.errors, past.p95].forEach((values, i) => group.sparks[i].update(values, historyLength));
    const operations = group.classList.contains("is-open") ? (service.operations ?? []).slice(0, 10) : [];
    const first = group.firstChild;
    group.operations ??= new Map();
    // Only the rows behind the first one are reconciled.
    const rows = { keyed: group.operations, get firstChild() { return first.nextSibling; }, insertBefore: (row, next) => group.insertBefore(row, next) };
    reconcile(rows, operations, each => each.name, operation => el("tr", { class: "operation", data: { operation: operation.name } },
      el("td", null, el("a", { href: hashFor("traces", null, { service: service.name, operation: operation.name }) }, el("bdi", null, shown(operation.name, 120)))),
      [0, 1, 2].map(() => [el("td", { class: "num" }), el("td")]), el("td"), el("td")),
    (row, operation) => {
      setText(row.children[1], fmt.rate(operation.requests_per_second));
      setText(row.children[3], fmt.ratio(operation.error_ratio));
      setText(row.children[5], fmt.ms(operation.p95_ms));
      setAttr(row, "class", ["operation", health(operation.error_ratio)].filter(Boolean).join(" "));
    });
  };
  return {
    node,
    update(services) {
      const sorted = [...services].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, 200);
      empty.hidden = sorted.length > 0;
      table.hidden = sorted.length === 0;
      const groups = { keyed: body.keyed, get firstChild() { return table.tHead.nextSibling; }, insertBefore: (row, next) => table.insertBefore(row, next) };
      reconcile(groups, sorted, each => each.name, make, update);
    },
  };
}
