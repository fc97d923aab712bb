// The first page: what calls what and how well, what is wrong now, and each service's rate, errors and durations.

import { announce, append, colourOf, el, fmt, get, hashFor, isAbort, live, page, problemBox, reconcile, serviceTag,
  setAttr, setText,
  shown, sparkline, svg, words } from "./core.js";

const nodesMax = 60;
const edgesMax = 240;
const seriesLength = 120; // seconds of sparkline
const failing = 0.01; // the share of errors from which something is red; below it, and above nothing, it is amber

// What this page has seen since it was loaded. A service without traffic stays on the map, dimmed: a map that moves
// when a service dies hides the very thing one looks for.
const seen = { nodes: new Set(), edges: new Map() };
const series = new Map();

page("overview", {
  title: "Overview",
  render(root, route, signal) {
    const map = serviceMap();
    const problems = problemList();
    const table = serviceTable();
    const store = el("span", { class: "muted store", test: "store" });
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
    if (!series.has(service.name) && series.size >= nodesMax * 2) continue;
    const past = series.get(service.name) ?? { rate: [], errors: [], p95: [], at: 0 };
    series.set(service.name, past);
    if (overview.now_ms - past.at < 500) continue; // the answer and the stream's first event are one moment
    past.at = overview.now_ms;
    past.rate.push(service.requests_per_second);
    past.errors.push(service.error_ratio);
    past.p95.push(service.p95_ms);
    for (const values of [past.rate, past.errors, past.p95]) if (values.length > seriesLength) values.shift();
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
  setText(node,
    `${fmt.number(store.traces)} traces, ${fmt.number(store.spans)} spans, ${fmt.number(store.logs)} log records in `
    + `${fmt.bytes(store.bytes)} (${fmt.ratio(share)} of the store)`
    + (dropped > 0 ? `, ${fmt.number(dropped)} dropped` : ""));
  node.classList.toggle("warn-text", dropped > 0);
}

// --------------------------------------------------------------------------------------------------------------- map

const box = { width: 150, height: 50, column: 272, row: 78 };

/// Places of nodes and ways of edges, layer by layer from left to right. The same graph gives the same picture: names
/// decide wherever the graph does not. Sugiyama's steps: break cycles, layer by longest path, order by barycentre,
/// place.
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
  const shift = way.isReversed ? 9 : 0; // beside the edge that goes the other way
  const near = point => ({ x: point.x + (right > 0 ? 0 : box.width), y: point.y + box.height / 2 + shift });
  const far = point => ({ x: point.x + (right > 0 ? box.width : 0), y: point.y + box.height / 2 + shift });
  let last = far(way.points[0]);
  let path = `M${last.x} ${last.y}`;
  let label = null;
  way.points.slice(1).forEach((point, i) => {
    const next = near(point);
    const isEnd = i === way.points.length - 2;
    const middle = (last.x + next.x) / 2;
    // A long edge bears its label where it passes a layer: there is nothing beside it there.
    label ??= isEnd ? { x: middle, y: (last.y + next.y) / 2 } : { x: point.x + box.width / 2, y: next.y };
    if (isEnd) next.x -= 2 * right;
    path += `C${middle} ${last.y} ${middle} ${next.y} ${next.x} ${next.y}`;
    last = isEnd ? next : far(point);
    if (!isEnd) path += `L${last.x} ${last.y}`;
  });
  return { path, label,
    arrow: `M${last.x - 8 * right} ${last.y - 4.5}L${last.x} ${last.y}L${last.x - 8 * right} ${last.y + 4.5}Z` };
}

/// Labels of one gap between layers, at least `least` apart, and as a whole where they were.
function pushApart(labels, least) {
  labels.sort((a, b) => a.y - b.y);
  const before = labels.reduce((sum, label) => sum + label.y, 0);
  for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + least);
  const shift = (before - labels.reduce((sum, label) => sum + label.y, 0)) / labels.length;
  for (const label of labels) label.y += shift;
}

function serviceMap() {
  const node = el("div", { class: "map", test: "map" });
  const caption = el("span", { class: "muted" });
  let drawn = "";
  let nodes = new Map();
  let edges = new Map();

  const draw = () => {
    const plan = layOut(seen.nodes, [...seen.edges.values()]);
    nodes = new Map([...plan.places].map(([name, place]) => [name, drawNode(name, place)]));
    const lines = plan.ways.map(way => ({ way, ...pathOf(way) }));
    for (const gap of Map.groupBy(lines, line => line.label.x).values()) pushApart(gap.map(line => line.label), 36);
    edges = new Map(lines.map(line => [line.way.key, drawEdge(line)]));
    const top = Math.min(0, ...lines.map(line => line.label.y - 12));
    const bottom = Math.max(plan.height, ...lines.map(line => line.label.y + 34));
    const picture = svg("svg", {
      class: "map-svg", viewBox: `-8 ${top - 8} ${plan.width + 16} ${bottom - top + 16}`, role: "group",
      "aria-label": "Which service calls which",
    }, [...edges.values()].map(edge => edge.line), [...nodes.values()].map(each => each.node),
      [...edges.values()].map(edge => edge.label));
    picture.style.maxWidth = `${(plan.width + 16) * 1.2}px`;
    node.replaceChildren(picture);
  };

  const update = overview => {
    setText(caption, `over the last ${fmt.number(overview.window_seconds)} s`);
    const key = JSON.stringify([[...seen.nodes].sort(), [...seen.edges.keys()].sort()]);
    if (key !== drawn) {
      drawn = key;
      if (seen.nodes.size > 0) draw();
      else node.replaceChildren(el("p", { class: "empty" },
        "No telemetry has come in yet. Send OTLP over HTTP to port 4318, or start the load."));
    }
    const services = new Map((overview.services ?? []).map(each => [each.name, each]));
    const calls = new Map((overview.edges ?? []).map(each => [`${each.from}→${each.to}`, each]));
    const called = new Set((overview.edges ?? []).map(each => each.to));
    for (const [name, drawing] of nodes) updateNode(drawing, name, services.get(name), called.has(name));
    for (const [name, drawing] of edges) updateEdge(drawing, name, calls.get(name));
  };
  return { node, caption, update };
}

function short(name) {
  const text = shown(name, 80);
  return text.length > 15 ? `${text.slice(0, 13)}…` : text;
}

function drawNode(name, place) {
  const rate = svg("text", { x: 14, y: 38, class: "map-numbers" });
  const title = svg("title");
  const node = svg("a", {
    class: "map-node", href: hashFor("traces", null, { service: name }), transform: `translate(${place.x} ${place.y})`,
    data: { test: "map-node", service: name }, style: { "--c": colourOf(name) },
  }, title, svg("rect", { width: box.width, height: box.height, rx: 8 }),
    svg("rect", { class: "stripe", width: 4, height: box.height - 16, x: 0, y: 8, rx: 2 }),
  svg("text", { x: 14, y: 21, class: "map-name" }, short(name)), rate);
  return { node, rate, title };
}

function updateNode({ node, rate, title }, name, service, isCalled) {
  const text = service
    ? `${fmt.rate(service.requests_per_second)} · ${fmt.ratio(service.error_ratio)} · ${fmt.ms(service.p95_ms)}`
    : isCalled ? "seen by its callers" : "no requests";
  setText(rate, text);
  const told = service
    ? `${shown(name, 80)}: ${fmt.rate(service.requests_per_second)}, ${fmt.ratio(service.error_ratio)} errors, `
    + `p50 ${fmt.ms(service.p50_ms)}, p95 ${fmt.ms(service.p95_ms)}. Opens its traces.`
      : `${shown(name, 80)}: no requests. Opens its traces.`;
  setText(title, told);
  setAttr(node, "aria-label", told);
  setAttr(node, "class", ["map-node", service ? health(service.error_ratio) : !isCalled
    && "is-quiet"].filter(Boolean).join(" "));
}

const breakerTexts = { open: "open", half_open: "half open", forced_open: "forced open", disabled: "no breaker" };

function plate(kind) {
  const text = svg("text", { "text-anchor": "middle", y: 3.5 });
  const rect = svg("rect", { rx: kind === "breaker" ? 9 : 5, y: kind === "breaker" ? -9 : -7.5,
    height: kind === "breaker" ? 17 : 15 });
  const node = svg("g", { class: `plate-${kind}` }, rect, text);
  return {
    node,
    set(words, y) {
      setAttr(node, "visibility", words === "" ? "hidden" : null);
      setAttr(node, "transform", `translate(0 ${y})`);
      if (text.textContent === words) return;
      setText(text, words);
      const width = words.length * 5.9 + (kind === "breaker" ? 14 : 6);
      rect.setAttribute("x", -width / 2);
      rect.setAttribute("width", width);
    },
  };
}

function drawEdge({ way, path, arrow, label: place }) {
  const line = svg("g", { class: "map-edge" }, svg("path", { d: path, class: "wire" }),
    svg("path", { d: arrow, class: "arrow" }));
  const [numbers, errors, breaker] = [plate("numbers"), plate("errors"), plate("breaker")];
  const title = svg("title");
  const label = svg("a", {
    class: "map-label", href: hashFor("traces", null, { service: way.to }),
    transform: `translate(${place.x} ${place.y})`,
    data: { test: "map-edge", edge: way.key },
  }, title, numbers.node, errors.node, breaker.node);
  return { line, label, numbers, errors, breaker, title };
}

function updateEdge({ line, label, numbers, errors, breaker, title }, name, call) {
  const state = call?.breaker ?? null;
  const words = breakerTexts[state] ?? "";
  const failures = call?.error_ratio > 0 ? `${fmt.ratio(call.error_ratio)} errors` : "";
  numbers.set(call ? `${fmt.rate(call.requests_per_second)} · ${fmt.ms(call.p95_ms)}` : "quiet", 0);
  errors.set(words === "" ? failures : "", 14);
  breaker.set([words, words !== "" && failures && fmt.ratio(call.error_ratio)].filter(Boolean).join(" · "), 17);
  const classes = [call ? health(call.error_ratio) : "is-quiet", words !== "" && `breaker-${state}`].filter(Boolean);
  setAttr(line, "class", ["map-edge", ...classes].join(" "));
  setAttr(label, "class", ["map-label", ...classes].join(" "));
  setAttr(label, "data-breaker", state);
  const rate = call?.requests_per_second ?? 0;
  line.style.setProperty("--w", `${(1.2 + Math.min(Math.log10(1 + Math.max(rate, 0)), 3)).toFixed(2)}px`);
  const numbersTold = call
    ? `${fmt.rate(rate)}, ${fmt.ratio(call.error_ratio)} errors, p95 ${fmt.ms(call.p95_ms)}` : "no calls";
  const told = `${shown(name, 170)}: ${numbersTold}`
    + `${state ? `, breaker ${state.replace("_", " ")}` : ""}. Opens traces of the callee.`;
  setText(title, told);
  setAttr(label, "aria-label", told);
}

// ---------------------------------------------------------------------------------------------------------- problems

const severities = { page: "bad", ticket: "warn", info: "accent" };

function problemList() {
  const list = el("ul", { class: "problems", test: "problems" });
  const quiet = el("p", { class: "empty", test: "all-is-well" });
  const count = el("span", { class: "muted" });
  const node = el("div", { class: "problems-box" }, list, quiet);
  let told = null;
  const update = (problems, overview) => {
    const few = problems.slice(0, 50);
    reconcile(list, few, each => `${each.severity}\n${each.title}\n${each.link ?? each.trace_id ?? ""}`, make, refresh);
    quiet.hidden = few.length > 0;
    list.hidden = few.length === 0;
    setText(quiet, (overview.services ?? []).length > 0 ? "Nothing. No service fails, and no breaker is open."
      : "Nothing is known yet.");
    setText(count, problems.length > 0 ? String(problems.length) : "");
    const now = few.map(each => each.title).join("; ");
    if (told !== null && told !== now) announce(few.length > 0
      ? `${problems.length} problems: ${shown(few[0].title, 120)}` : "Nothing is wrong any more");
    told = now;
  };
  const make = item => el("li", { data: { test: "problem-item", severity: item.severity } },
    el("span", { class: ["badge", severities[item.severity] ?? "accent"] }, shown(item.severity, 20)),
    el("div", null, el("strong", null, shown(item.title, 200)), el("p", { class: "muted detail" }),
      el("span", { class: "links" })));
  const refresh = (row, item) => {
    setText(row.querySelector(".detail"), shown(item.detail ?? "", 400));
    const links = row.querySelector(".links");
    const key = `${item.trace_id} ${item.link}`;
    if (links.dataset.key === key) return;
    links.dataset.key = key;
    links.replaceChildren(...[
      item.trace_id && el("a", { href: hashFor("trace", item.trace_id), data: { traceId: item.trace_id } },
        "See a trace"),
      item.link && String(item.link).startsWith("#/") && el("a", { href: item.link }, "More"),
    ].filter(Boolean));
  };
  return { node, count, update };
}

// ------------------------------------------------------------------------------------------------------------- table

function serviceTable() {
  const table = el("table", { class: "grid services", test: "services" },
    el("thead", null, el("tr", null, el("th", { scope: "col" }, "Service"),
      ["Requests", "Errors", "p95"].map(name => [el("th", { scope: "col", class: "num" }, name),
        el("th", { scope: "col", class: "spark-cell" }, el("span", { class: "unseen" },
          `${name}, the last two minutes`))]),
      el("th", { scope: "col", class: "num" }, "p50"), el("th", { scope: "col" },
        el("span", { class: "unseen" }, "Logs")))));
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
    const group = el("tbody", { id, data: { test: "service-row", service: service.name },
      style: { "--c": colourOf(service.name) } },
      el("tr", null, el("th", { scope: "row" }, toggle, el("a",
        { href: hashFor("traces", null, { service: service.name }) }, serviceTag(service.name))),
        numbers.map((cell, i) => [cell, el("td", { class: ["spark-cell", i === 1 && "is-errors"] }, sparks[i].node)]),
        p50,
        el("td", { class: "num" }, el("a", { href: hashFor("logs", null, { service: service.name }) }, "Logs"))));
    Object.assign(group, { numbers, p50, sparks });
    return group;
  };
  const update = (group, service) => {
    group.latest = service;
    const past = series.get(service.name);
    setText(group.numbers[0], fmt.rate(service.requests_per_second));
    setText(group.numbers[1], fmt.ratio(service.error_ratio));
    setText(group.numbers[2], fmt.ms(service.p95_ms));
    setText(group.p50, fmt.ms(service.p50_ms));
    setAttr(group, "class", [health(service.error_ratio), group.classList.contains("is-open")
      && "is-open"].filter(Boolean).join(" "));
    if (past) [past.rate, past.errors, past.p95].forEach((values, i) => group.sparks[i].update(values, seriesLength,
      i === 1 ? 0.05 : 0));
    const operations = group.classList.contains("is-open") ? (service.operations ?? []).slice(0, 10) : [];
    const first = group.firstChild;
    group.operations ??= new Map();
    // Only the rows behind the first one are reconciled.
    const rows = { keyed: group.operations, get firstChild() { return first.nextSibling; },
      insertBefore: (row, next) => group.insertBefore(row, next) };
    reconcile(rows, operations, each => each.name, operation => el("tr",
      { class: "operation", data: { operation: operation.name } },
      el("td", null, el("a", { href: hashFor("traces", null, { service: service.name, operation: operation.name }) },
        words(operation.name, 120))),
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
      const groups = { keyed: body.keyed, get firstChild() { return table.tHead.nextSibling; },
        insertBefore: (row, next) => table.insertBefore(row, next) };
      reconcile(groups, sorted, each => each.name, make, update);
    },
  };
}
