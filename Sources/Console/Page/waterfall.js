// One trace: why it is as it is, its spans as a waterfall, and all there is to know of the chosen span.
//
// Only the rows in the window are in the document, so that 5,000 spans scroll as lightly as fifty. The page scrolls as
// a whole; the tree keeps the focus and names its active row (`aria-activedescendant`), as rows come and go.

import { announce, append, attributeTable, colourOf, copyButton, debounce, el, fmt, get, hashFor, isAbort, keys, page,
  problemBox, reconcile,
  serviceTag, setAttr, setParams, setText, shown, words } from "./core.js";

const rowHeight = 26;
const segmentsMax = 60;

page("trace", {
  title: "Trace",
  async render(root, route, signal) {
    const body = el("div", { class: "trace" }, el("p", { class: "empty", role: "status" }, "Loading the trace…"));
    append(root, body);
    let shownView = new AbortController();
    let shownSpans = -1;
    let looks = 0;
    // A trace is often opened before its last spans have come in: for ten seconds the page looks again by itself.
    const lookAgain = () => {
      looks += 1;
      if (looks <= 5) setTimeout(() => signal.aborted || load(), 2000);
    };
    const load = async event => {
      try {
        const answer = await get(`/traces/${encodeURIComponent(route.id ?? "")}`, null, signal);
        if (answer.is_complete === false) lookAgain();
        if (answer.spans?.length === shownSpans && !event) return;
        shownSpans = answer.spans?.length ?? 0;
        shownView.abort(); // its keys and listeners go with what is replaced
        shownView = new AbortController();
        body.replaceChildren(...traceView(buildTrace(answer), route, AbortSignal.any([signal, shownView.signal]), load));
      } catch (error) {
        if (isAbort(error)) return;
        if (error.status === 404) lookAgain();
        if (shownSpans < 0 || event) {
          body.replaceChildren(el("h1", null, `Trace ${shown(route.id ?? "", 40)}`), problemBox(error, load));
        }
      }
    };
    await load();
  },
});

// -------------------------------------------------------------------------------------------------------------- model

/// The answer with what the picture needs: `depth`, `children`, `self_us` and `segments` of each span, by index.
/// A span whose parent is not there (`isOrphan`) stands at the top.
export function buildTrace(answer) {
  const spans = (answer.spans ?? []).map((span, index) => ({
    ...span, index, children: [], depth: 0, parent: -1, isOrphan: false, segments: [],
    start: Number(span.start_us) || 0, end: (Number(span.start_us) || 0) + Math.max(Number(span.duration_us) || 0, 0),
  }));
  const indexOf = new Map();
  for (const span of spans) if (!indexOf.has(span.span_id)) indexOf.set(span.span_id, span.index); // ids may come twice
  const roots = [];
  for (const span of spans) {
    const parent = span.parent_id ? indexOf.get(span.parent_id) : undefined;
    // Parents come before children, which also rules out circles: a later "parent" is none.
    if (parent !== undefined && parent < span.index) {
      span.parent = parent;
      span.depth = spans[parent].depth + 1;
      spans[parent].children.push(span.index);
    } else {
      span.isOrphan = Boolean(span.parent_id);
      roots.push(span.index);
    }
  }
  // In the order in which a tree is read, whatever order the answer had.
  const order = [];
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const index = stack.pop();
    order.push(index);
    stack.push(...[...spans[index].children].reverse());
  }
  let [start, end] = [Infinity, -Infinity];
  for (const span of spans) [start, end] = [Math.min(start, span.start), Math.max(end, span.end)];
  if (spans.length === 0) [start, end] = [0, 1];
  for (const span of spans) span.self_us = selfTime(span, spans);
  const first = roots.reduce((best,
    each) => (best < 0 || spans[each].end - spans[each].start > spans[best].end - spans[best].start ? each : best), -1);
  if (first >= 0) markCriticalPath(spans, first);
  const isMarked = spans.some(span => span.critical_us > 0);
  for (const span of spans) span.isCritical = isMarked ? span.critical_us > 0 : span.segments.length > 0;
  return { ...answer, spans, order, roots, indexOf, start, end: Math.max(end, start + 1), main: first };
}

/// Its duration without the times in which children ran, in microseconds.
function selfTime(span, spans) {
  const kids = span.children.map(each => spans[each]).sort((a, b) => a.start - b.start);
  let [covered, until] = [0, span.start];
  for (const kid of kids) {
    const [from, to] = [Math.max(kid.start, until), Math.min(kid.end, span.end)];
    if (to > from) [covered, until] = [covered + to - from, to];
  }
  return Math.max(span.end - span.start - covered, 0);
}

/// Backwards from the end: what ran last decides, and before it what ended last before it began. The server says how
/// long each span was on that path; this says where.
function markCriticalPath(spans, root) {
  const stack = [[root, spans[root].end]];
  while (stack.length > 0) {
    const [index, end] = stack.pop();
    const span = spans[index];
    let cursor = Math.min(end, span.end);
    for (const kid of span.children.map(each => spans[each]).sort((a, b) => b.end - a.end)) {
      const kidEnd = Math.min(kid.end, span.end);
      if (kidEnd > cursor || kid.start >= cursor || kidEnd <= span.start) continue;
      if (cursor > kidEnd) span.segments.push([kidEnd, cursor]);
      stack.push([kid.index, kidEnd]);
      cursor = Math.max(kid.start, span.start);
    }
    if (cursor > span.start) span.segments.push([span.start, cursor]);
  }
}

/// All that can be found of a span, in lower case; attributes as `key=value`.
function haystack(span) {
  if (span.haystack !== undefined) return span.haystack;
  const pairs = attributes => Object.entries(attributes ?? {}).map(([key, value]) => `${key}=${shown(value, 4000)}`);
  span.haystack = [span.name, span.service, span.instance, span.span_id, span.kind, span.status, span.status_message,
    span.scope,
    ...pairs(span.attributes), ...(span.events ?? []).flatMap(event => [event.name,
      ...pairs(event.attributes)])].join("\n").toLowerCase();
  return span.haystack;
}

// --------------------------------------------------------------------------------------------------------------- view

function traceView(trace, route, signal, reload) {
  const { spans } = trace;
  const collapsed = new Set();
  let isOnlyCritical = false;
  let rows = []; // indices of the spans that are not folded away
  let rowOf = new Map();
  let active = -1; // the span the keyboard is at
  let chosen = -1; // the span whose detail is open
  let matches = [];
  let matching = new Set();
  let view = { from: trace.start, to: trace.end };

  const ticks = el("div", { class: "ticks", "aria-hidden": "true" });
  const space = el("div", { class: "rows", role: "presentation" });
  const tree = el("div", {
    class: "tree", role: "tree", tabindex: "0", "aria-label": "Spans of the trace", test: "waterfall",
    on: { click: clicked, focus: () => { if (active < 0 && rows.length > 0) { active = rows[0]; layRows(); } } },
  }, space);
  const detail = el("aside", { class: "panel detail-pane", hidden: true, "aria-label": "The chosen span",
    test: "span-detail", tabindex: "-1" });
  const finder = el("input", {
    type: "search", id: "find", placeholder: "Find: text or key=value", "aria-label": "Find in this trace",
    autocomplete: "off", spellcheck: "false",
    maxlength: 200, test: "find",
    on: {
      input: debounce(find, 120),
      keydown(event) {
        if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
        else if (event.key === "Escape" || event.key === "ArrowDown") tree.focus();
        else return;
        event.preventDefault();
      },
    },
  });
  const found = el("span", { class: "muted", role: "status", test: "found" });
  const overview = minimap(trace, range => { view = range; layRows(); }, signal);
  const onlyCritical = el("button", {
    type: "button", class: "btn", "aria-pressed": "false", test: "only-critical",
    on: {
      click() {
        isOnlyCritical = !isOnlyCritical;
        setAttr(onlyCritical, "aria-pressed", String(isOnlyCritical));
        unfold();
      },
    },
  }, el("i", { class: "critical-sample", "aria-hidden": "true" }), "Critical path only");
  const folding = el("button", {
    type: "button", class: "btn", test: "fold-all",
    on: {
      click() {
        if (collapsed.size > 0) collapsed.clear();
        else for (const span of spans) if (span.children.length > 0 && span.depth >= 1) collapsed.add(span.index);
        unfold();
      },
    },
  }, "Collapse");

  // --- rows

  function unfold() {
    rows = [];
    let hiddenBelow = Infinity;
    for (const index of trace.order) {
      const span = spans[index];
      if (span.depth > hiddenBelow) continue;
      hiddenBelow = Infinity;
      if (isOnlyCritical && !span.isCritical) continue;
      rows.push(index);
      if (collapsed.has(index)) hiddenBelow = span.depth;
    }
    rowOf = new Map(rows.map((index, row) => [index, row]));
    while (active >= 0 && !rowOf.has(active)) active = spans[active].parent; // folded away: what it is folded into
    setText(folding, collapsed.size > 0 ? "Expand" : "Collapse");
    space.style.height = `${rows.length * rowHeight}px`;
    layRows();
  }

  function layRows() {
    if (signal.aborted) return;
    const top = -space.getBoundingClientRect().top;
    const first = Math.max(Math.floor(top / rowHeight) - 8, 0);
    const last = Math.min(Math.ceil((top + window.innerHeight) / rowHeight) + 8, rows.length);
    const inView = rows.slice(first, last);
    // What the tree names as its active row must be there.
    if (active >= 0 && rowOf.has(active) && !inView.includes(active)) inView.push(active);
    reconcile(space, inView, index => index, makeRow, updateRow);
    setAttr(tree, "aria-activedescendant", active >= 0 && rowOf.has(active) ? `span-${active}` : null);
    drawTicks();
  }

  function makeRow(index) {
    const span = spans[index];
    const hasChildren = span.children.length > 0;
    const told = [`${shown(span.service, 60)} ${shown(span.name, 120)}`, fmt.us(span.duration_us),
      span.status === "error" && "error", span.isCritical && "on the critical path"].filter(Boolean).join(", ");
    const node = el("div", {
      class: ["span-row", span.status === "error" && "is-failing", span.isCritical && "is-critical"],
      role: "treeitem", id: `span-${index}`, "aria-level": span.depth + 1, "aria-label": told,
      data: { test: "span-row", spanId: span.span_id, index },
      style: { "--c": colourOf(span.service), "--depth": Math.min(span.depth, 24) },
    }, el("span", { class: "span-name" },
    el("span", { class: ["twist", !hasChildren && "is-leaf"], "aria-hidden": "true" }, hasChildren ? "▾" : ""),
    span.status === "error" && el("span", { class: "error-sign", title: "Error" }, "!"),
    el("bdi", { class: "span-service" }, shown(span.service, 40)),
        el("bdi", { class: "span-title", title: shown(span.name, 400) }, shown(span.name, 160)),
      span.isOrphan
        && el("span", { class: "badge", title: `Its parent ${shown(span.parent_id, 16)} is not in the store` },
        "parent missing"),
      span.is_late && el("span", { class: "badge", title: "Came in after the trace was taken for complete" }, "late"),
      (span.links ?? []).length > 0 && el("span", { class: "badge accent", title: "Linked to other traces" }, "link"),
      el("span", { class: "folded muted" })),
    el("span", { class: "lane" }, el("i", { class: "bar" }),
      el("span", { class: "bar-text" }, fmt.us(span.duration_us))));
    node.parts = { twist: node.querySelector(".twist"), folded: node.querySelector(".folded"),
      lane: node.querySelector(".lane"), bar: node.querySelector(".bar"), text: node.querySelector(".bar-text") };
    return node;
  }

  function updateRow(node, index) {
    const span = spans[index];
    const { twist, folded, lane, bar, text } = node.parts;
    node.style.transform = `translateY(${rowOf.get(index) * rowHeight}px)`;
    setAttr(node, "aria-posinset", rowOf.get(index) + 1);
    setAttr(node, "aria-setsize", rows.length);
    setAttr(node, "aria-selected", index === chosen ? "true" : "false");
    node.classList.toggle("is-active", index === active);
    node.classList.toggle("is-chosen", index === chosen);
    node.classList.toggle("is-match", matching.has(index));
    node.classList.toggle("is-dim", matches.length > 0 && !matching.has(index));
    if (span.children.length > 0) {
      const isFolded = collapsed.has(index);
      setAttr(node, "aria-expanded", String(!isFolded));
      setText(twist, isFolded ? "▸" : "▾");
      setText(folded, isFolded ? `+${countBelow(index)}` : "");
    }
    if (node.view === view) return;
    node.view = view;
    const at = us => ((us - view.from) / (view.to - view.from)) * 100;
    const [left, right] = [Math.max(at(span.start), -1), Math.min(at(span.end), 101)];
    const isOut = right < 0 || left > 100;
    bar.hidden = text.hidden = isOut;
    for (const old of lane.querySelectorAll(".critical")) old.remove();
    if (isOut) return;
    bar.style.left = `${left}%`;
    bar.style.width = `${Math.max(right - left, 0)}%`;
    // Behind the bar if there is room, else before it, else on it.
    const side = right < 86 ? "after" : left > 14 ? "before" : "inside";
    text.className = `bar-text is-${side}`;
    text.style.left = side === "after" ? `${Math.max(right, 0)}%` : side === "inside" ? `${Math.max(left, 0)}%` : "";
    text.style.right = side === "before" ? `${100 - left}%` : "";
    if (!span.isCritical) return;
    const segments = span.segments.length > 0 ? span.segments.slice(0, segmentsMax) : [[span.start, span.end]];
    for (const [from, to] of segments) {
      const [a, b] = [Math.max(at(from), 0), Math.min(at(to), 100)];
      if (b > a) lane.append(el("i", { class: "critical", style: { left: `${a}%`, width: `${b - a}%` } }));
    }
  }

  function countBelow(index) {
    let count = 0;
    const stack = [...spans[index].children];
    while (stack.length > 0) {
      count += 1;
      stack.push(...spans[stack.pop()].children);
    }
    return count;
  }

  function drawTicks() {
    if (ticks.view === view) return;
    ticks.view = view;
    const count = 5;
    ticks.replaceChildren(el("span", { class: "span-name muted" }, "Service and operation"),
      el("span", { class: "lane" },
      Array.from({ length: count }, (_, i) => el("span", { class: "tick", style: { left: `${(i / count) * 100}%` } },
        fmt.us(view.from - trace.start + ((view.to - view.from) * i) / count)))));
  }

  // --- moving about

  function clicked(event) {
    const row = event.target.closest(".span-row");
    if (!row) return;
    const index = Number(row.dataset.index);
    if (event.target.closest(".twist") && spans[index].children.length > 0) toggle(index);
    else choose(index);
  }

  function toggle(index, isFolded = !collapsed.has(index)) {
    if (isFolded) collapsed.add(index);
    else collapsed.delete(index);
    active = index;
    unfold();
  }

  /// Brings a span into view, opening what it is folded into.
  function reveal(index) {
    let isChanged = false;
    for (let above = spans[index].parent; above >= 0; above = spans[above].parent) {
      isChanged = collapsed.delete(above) || isChanged;
    }
    if (isOnlyCritical && !spans[index].isCritical) {
      isOnlyCritical = false;
      setAttr(onlyCritical, "aria-pressed", "false");
      isChanged = true;
    }
    active = index;
    if (isChanged || !rowOf.has(index)) unfold();
    const top = space.getBoundingClientRect().top + rowOf.get(index) * rowHeight;
    const stickyTop = parseFloat(getComputedStyle(ticks).top) + ticks.offsetHeight; // what covers the rows below it
    if (top < stickyTop) window.scrollBy(0, top - stickyTop - rowHeight * 2);
    else if (top + rowHeight > window.innerHeight - 24) window.scrollBy(0, top - window.innerHeight + rowHeight * 4);
    layRows();
  }

  function choose(index) {
    chosen = index;
    reveal(index);
    setParams({ ...Object.fromEntries(route.params), span: spans[index].span_id });
    showDetail(detail, trace, spans[index], { choose, close, signal });
    overview.mark(spans[index]);
    layRows();
  }

  function close() {
    chosen = -1;
    detail.hidden = true;
    detail.replaceChildren();
    detail.stop?.abort();
    overview.mark(null);
    setParams({ ...Object.fromEntries(route.params), span: null });
    layRows();
    tree.focus({ preventScroll: true });
  }

  function find() {
    const text = finder.value.trim().toLowerCase();
    matches = text === "" ? [] : trace.order.filter(index => haystack(spans[index]).includes(text));
    matching = new Set(matches);
    setText(found, text === "" ? "" : matches.length === 0 ? "Not found"
      : `${matches.length} ${matches.length === 1 ? "span" : "spans"}`);
    if (matches.length > 0) reveal(matches.find(index => rowOf.has(index) && index >= active) ?? matches[0]);
    else layRows();
  }

  function step(direction, among = matches, what = "match") {
    if (among.length === 0) return announce(`No ${what} in this trace`);
    const place = new Map(trace.order.map((index, at) => [index, at]));
    const here = active >= 0 ? place.get(active) : -1;
    const next = direction > 0 ? among.find(index => place.get(index) > here) ?? among[0]
      : among.findLast(index => place.get(index) < here) ?? among.at(-1);
    reveal(next);
    if (among === matches) setText(found, `${among.indexOf(next) + 1} of ${among.length}`);
    if (chosen >= 0) choose(next);
  }

  const failures = trace.order.filter(index => spans[index].status === "error");
  const move = rowsToGo => {
    const row = active >= 0 && rowOf.has(active) ? rowOf.get(active) + rowsToGo : rowsToGo > 0 ? 0 : rows.length - 1;
    const next = rows[Math.min(Math.max(row, 0), rows.length - 1)];
    if (next === undefined) return;
    if (chosen >= 0) choose(next);
    else reveal(next);
  };
  // Links, buttons and the detail keep their own keys.
  const inTree = action => event => {
    if (event.target.closest("a, button, summary, .detail-pane")) return false;
    tree.focus({ preventScroll: true });
    return action();
  };
  const zoom = factor => {
    const middle = active >= 0 ? Math.min(Math.max((spans[active].start + spans[active].end) / 2, view.from), view.to)
      : (view.from + view.to) / 2;
    const half = Math.min(((view.to - view.from) * factor) / 2, (trace.end - trace.start) / 2);
    overview.set({ from: Math.max(middle - half, trace.start), to: Math.min(middle + half, trace.end) });
  };
  keys({
    ArrowDown: ["Next span", inTree(() => move(1))],
    ArrowUp: ["Previous span", inTree(() => move(-1))],
    ArrowRight: ["Expand, or go into", inTree(() => {
      if (active < 0) return move(1);
      if (collapsed.has(active)) return toggle(active, false);
      if (spans[active].children.length > 0) move(1);
    })],
    ArrowLeft: ["Collapse, or go out", inTree(() => {
      if (active < 0) return;
      if (spans[active].children.length > 0 && !collapsed.has(active)) return toggle(active, true);
      if (spans[active].parent >= 0) reveal(spans[active].parent);
    })],
    Enter: ["Open the span", inTree(() => { if (active >= 0) choose(active); })],
    Escape: ["Close the span", () => (chosen >= 0 ? close() : false)],
    "/": ["Find in the trace", () => finder.focus()],
    n: ["Next match", () => step(1)],
    N: ["Previous match", () => step(-1)],
    e: ["Next error", () => step(1, failures, "error")],
    z: ["Zoom to the span", () => { if (active >= 0) overview.set(spans[active].end > spans[active].start
      ? { from: spans[active].start, to: spans[active].end } : view); }],
    "+": ["Zoom in", () => zoom(0.5)],
    "-": ["Zoom out", () => zoom(2)],
    0: ["The whole trace", () => overview.set({ from: trace.start, to: trace.end })],
    Home: ["First span", inTree(() => move(-rows.length))],
    End: ["Last span", inTree(() => move(rows.length))],
  }, signal);
  const onScroll = () => requestAnimationFrame(layRows);
  window.addEventListener("scroll", onScroll, { passive: true, signal });
  window.addEventListener("resize", onScroll, { passive: true, signal });

  const nodes = [
    traceHeader(trace, reload), explanationBox(trace, choose),
    el("section", { class: "panel waterfall", "aria-label": "Waterfall" },
      el("div", { class: "toolbar waterfall-tools" }, finder, found,
        failures.length > 0 && el("button", { type: "button", class: "btn", test: "next-error",
          on: { click: () => step(1, failures, "error") } }, `Next error (${failures.length})`),
        onlyCritical, folding, legend(trace)),
      overview.node, ticks, spans.length > 0 ? tree : el("p", { class: "empty" },
        "No span of this trace has been kept.")),
  ];
  // The view must be in the document before rows can be laid: they are measured against the window.
  queueMicrotask(() => requestAnimationFrame(() => {
    if (signal.aborted) return;
    unfold();
    const wanted = trace.indexOf.get(route.params.get("span") ?? "");
    if (wanted !== undefined) choose(wanted);
    if ([document.body, document.getElementById("main")].includes(document.activeElement)) {
      tree.focus({ preventScroll: true });
    }
  }));
  const [head, why, fall] = nodes;
  return [head, why, el("div", { class: "trace-split" }, fall, detail)].filter(Boolean);
}

// ------------------------------------------------------------------------------------------------- header, explanation

function traceHeader(trace, reload) {
  const root = trace.spans[trace.main];
  const errors = trace.spans.filter(span => span.status === "error").length;
  const services = new Set(trace.spans.map(span => span.service)).size;
  const id = shown(trace.trace_id ?? "", 64);
  document.title = `${shown(root?.name ?? "Trace", 60)} · Vitrine`;
  const fact = (name, value, test) => el("div", { class: "fact" }, el("dt", null, name),
    el("dd", { data: { test } }, value));
  return el("header", { class: "trace-head" },
    el("div", null, el("h1", null, root ? [serviceTag(root.service), " ", words(root.name, 200)] : "Trace",
      errors > 0 && el("span", { class: "badge bad" }, `${fmt.number(errors)} ${errors === 1 ? "error" : "errors"}`),
      trace.is_complete === false && el("span", { class: "badge warn",
        title: "Spans are missing, or are still to come" }, "incomplete")),
    el("p", { class: "muted mono trace-id" }, id, " ", copyButton(id, "Copy the id"))),
    el("dl", { class: "facts" }, fact("Began", fmt.date(trace.start_ms)),
      fact("Took", fmt.ms(trace.duration_ms), "trace-duration"),
      fact("Spans", fmt.number(trace.spans.length), "trace-spans"), fact("Services", fmt.number(services)),
      fact("Log records", trace.log_count > 0
        ? el("a", { href: hashFor("logs", null, { trace_id: trace.trace_id }), test: "trace-logs" },
          fmt.number(trace.log_count)) : "0")),
    el("div", { class: "toolbar" },
      el("a", { class: "btn", href: `/api/traces/${encodeURIComponent(id)}`, download: `trace-${id}.jaeger.json`,
        test: "download-jaeger" }, "Jaeger JSON"),
      el("a", { class: "btn", href: `/console/v1/traces/${encodeURIComponent(id)}/otlp`,
        download: `trace-${id}.otlp.json`, test: "download-otlp" }, "OTLP JSON"),
      el("button", { type: "button", class: "btn", test: "reload", on: { click: reload } }, "Reload")));
}

function explanationBox(trace, choose) {
  const sentences = (trace.explanation ?? []).slice(0, 50);
  if (sentences.length === 0) return null;
  return el("section", { class: "panel explanation", "aria-label": "What happened", test: "explanation" },
    el("h2", null, "What happened"),
    el("ol", null, sentences.map(({ text, span_id }) => el("li", null, words(text, 600), " ",
      trace.indexOf.has(span_id) && el("button", {
        type: "button", class: "btn small", data: { test: "explanation-span", spanId: span_id },
        on: { click: () => choose(trace.indexOf.get(span_id)) },
      }, "Show the span")))));
}

/// Services with the time they themselves took, greatest first.
function legend(trace) {
  const times = new Map();
  for (const span of trace.spans) times.set(span.service, (times.get(span.service) ?? 0) + span.self_us);
  const sorted = [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return el("div", { class: "legend push", title: "Time in each service itself, without what it called" },
    sorted.slice(0, 8).map(([name, us]) => el("span", { class: "chip" }, serviceTag(name),
      el("span", { class: "muted" }, fmt.us(us)))),
    sorted.length > 8 && el("span", { class: "muted" }, `and ${sorted.length - 8} more`));
}

// ------------------------------------------------------------------------------------------------------------- minimap

/// All spans in a strip; dragging over it zooms, a double click shows everything again.
function minimap(trace, changed, signal) {
  const height = 44;
  const canvas = el("canvas", { height });
  const window_ = el("div", { class: "minimap-window", hidden: true });
  const mark = el("div", { class: "minimap-mark", hidden: true });
  const node = el("div", { class: "minimap", "aria-hidden": "true",
    title: "Drag to zoom, double-click for the whole trace", test: "minimap" }, canvas, window_, mark);
  const length = trace.end - trace.start;
  const place = (box, from, to) => {
    box.style.left = `${((from - trace.start) / length) * 100}%`;
    box.style.width = `${((to - from) / length) * 100}%`;
  };

  function draw() {
    const width = node.clientWidth;
    if (width === 0) return;
    const scale = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [width * scale, height * scale];
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const style = getComputedStyle(document.documentElement);
    const colours = new Map();
    const colour = service => {
      if (!colours.has(service)) colours.set(service, style.getPropertyValue(colourOf(service).slice(4, -1)));
      return colours.get(service);
    };
    const step = Math.min((height - 6) / Math.max(trace.order.length, 1), 5);
    const fill = (span, row, least) => pen.fillRect(((span.start - trace.start) / length) * width, 3 + row * step,
      Math.max(((span.end - span.start) / length) * width, least), Math.max(step - 0.6, least));
    const drawn = trace.order.map((index, row) => [trace.spans[index], row]);
    for (const [span, row] of drawn) {
      pen.fillStyle = colour(span.service);
      fill(span, row, 0.8);
    }
    pen.fillStyle = style.getPropertyValue("--bad"); // over the others, and never too small to be seen
    for (const [span, row] of drawn) if (span.status === "error") fill(span, row, 2);
  }

  function set(range) {
    const least = length / 10_000;
    if (range.to - range.from < least) range = { from: range.from, to: range.from + least };
    window_.hidden = range.to - range.from >= length * 0.999;
    place(window_, range.from, range.to);
    changed(range);
  }

  let start = null;
  const timeAt = event => {
    const frame = node.getBoundingClientRect();
    return trace.start + Math.min(Math.max((event.clientX - frame.left) / frame.width, 0), 1) * length;
  };
  node.addEventListener("pointerdown", event => {
    if (event.button !== 0) return;
    start = timeAt(event);
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", event => {
    if (start === null) return;
    const now = timeAt(event);
    if (Math.abs(now - start) < length / 200) return;
    window_.hidden = false;
    place(window_, Math.min(start, now), Math.max(start, now));
  });
  node.addEventListener("pointerup", event => {
    if (start === null) return;
    const [from, to] = [Math.min(start, timeAt(event)), Math.max(start, timeAt(event))];
    start = null;
    if (to - from >= length / 200) set({ from, to });
  });
  node.addEventListener("dblclick", () => set({ from: trace.start, to: trace.end }));

  const watch = new ResizeObserver(debounce(draw, 40));
  watch.observe(node);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  document.addEventListener("theme-change", draw, { signal });
  return {
    node, set,
    mark(span) {
      mark.hidden = span === null;
      if (span) place(mark, span.start, span.end);
    },
  };
}

// -------------------------------------------------------------------------------------------------------------- detail

function showDetail(pane, trace, span, { choose, close, signal }) {
  pane.stop?.abort();
  pane.stop = new AbortController();
  const until = AbortSignal.any([pane.stop.signal, signal]);
  const fact = (name, value) => el("div", { class: "fact" }, el("dt", null, name), el("dd", null, value));
  const section = (title, count, ...children) => el("details",
    { open: count > 0, data: { section: title.toLowerCase() } },
    el("summary", null, title, " ", el("span", { class: "muted" }, String(count))), children);
  const length = trace.end - trace.start;
  const attributes = Object.keys(span.attributes ?? {}).length;
  const resource = Object.keys(span.resource ?? {}).length;
  const events = span.events ?? [];
  const links = span.links ?? [];
  const why = (trace.explanation ?? []).filter(each => each.span_id === span.span_id);
  const parent = span.parent >= 0 ? trace.spans[span.parent] : null;
  const logs = el("details", { hidden: !(trace.log_count > 0), data: { section: "logs" } });
  const resourceBox = section("Resource", resource, attributeTable(span.resource));
  resourceBox.open = false;

  const scrolled = pane.hidden ? 0 : pane.scrollTop;
  pane.hidden = false;
  pane.dataset.spanId = span.span_id;
  pane.replaceChildren(
    el("header", null, el("h2", null, words(span.name, 300)), el("button", {
      type: "button", class: "btn quiet push", "aria-label": "Close", title: "Close (Esc)", test: "close-detail",
      on: { click: close },
    }, "✕")),
    el("div", { class: "body" },
      el("p", { class: "detail-tags" }, serviceTag(span.service),
        el("span", { class: "badge" }, shown(span.kind ?? "internal", 20)),
        el("span", { class: ["badge", span.status === "error" ? "bad" : span.status === "ok" && "good"] },
          span.status === "unset" ? "no status" : shown(span.status, 20)),
        span.isCritical && el("span", { class: "badge warn" }, "critical path")),
      span.status_message && el("p", { class: "status-message bad-text" }, words(span.status_message, 1000)),
      why.map(each => el("p", { class: "why" }, words(each.text, 600))),
      el("dl", { class: "facts" }, fact("Took", fmt.us(span.duration_us)), fact("Itself", fmt.us(span.self_us)),
        fact("Began after", fmt.us(span.start - trace.start)),
        fact("Critical", span.critical_us > 0 ? `${fmt.us(span.critical_us)} (${fmt.ratio(span.critical_us / length)})`
          : "–"),
        fact("Children", fmt.number(span.children.length)), fact("Scope", words(span.scope || "–", 120)),
        fact("Instance", words(span.instance || "–", 120))),
      el("p", { class: "toolbar" }, el("span", { class: "mono muted" }, shown(span.span_id, 32)),
        copyButton(span.span_id, "Copy the id"),
        parent && el("button", { type: "button", class: "btn small", test: "parent-span",
          on: { click: () => choose(parent.index) } }, "Parent")),
      section("Attributes", attributes, attributeTable(span.attributes)),
      events.length > 0 && section("Events", events.length,
        events.slice(0, 200).map(event => el("div", { class: "event", test: "span-event" },
        el("p", null, el("span", { class: "mono muted" }, `+${fmt.us(Number(event.time_us) - span.start)}`), " ",
          el("strong", null, words(event.name, 200))),
        Object.keys(event.attributes ?? {}).length > 0 && attributeTable(event.attributes)))),
      links.length > 0 && section("Links", links.length, links.slice(0, 200).map(link => el("div", { class: "event" },
        el("a", { class: "mono", href: hashFor("trace", link.trace_id, { span: link.span_id }),
          data: { test: "span-link", traceId: link.trace_id } }, shown(link.trace_id, 40)),
        Object.keys(link.attributes ?? {}).length > 0 && attributeTable(link.attributes)))),
      logs, resourceBox));
  pane.scrollTop = scrolled;
  // After a while, so that nothing is asked for the spans one only passes by.
  if (!logs.hidden) setTimeout(() => until.aborted || loadLogs(logs, trace, span, until), 120);
}

async function loadLogs(box, trace, span, signal) {
  box.open = true;
  box.replaceChildren(el("summary", null, "Log records"), el("p", { class: "muted" }, "Loading…"));
  try {
    const answer = await get("/logs", { trace_id: trace.trace_id, span_id: span.span_id, level: "trace", limit: 200 },
      signal);
    const records = [...(answer.logs ?? [])].reverse();
    box.open = records.length > 0;
    box.replaceChildren(el("summary", null, "Log records ",
      el("span", { class: "muted" }, String(answer.matched ?? records.length))),
      ...records.map(record => el("details", { class: ["log-line", `level-${shown(record.level, 10)}`],
        test: "span-log" },
        el("summary", null, el("span", { class: "mono muted" }, `+${fmt.ms(record.time_ms - trace.start / 1000)}`), " ",
          el("span", { class: "level" }, shown(record.level, 10)), " ", words(record.message, 400)),
            attributeTable(record.attributes))),
      records.length === 0 ? el("p", { class: "muted" }, "None.") : "");
  } catch (error) {
    if (!isAbort(error)) box.replaceChildren(el("summary", null, "Log records"),
      problemBox(error, () => loadLogs(box, trace, span, signal)));
  }
}
