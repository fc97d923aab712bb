// Log records as they come in: filtered, bounded, paused and searched, each with all its attributes and the way to its
// trace.

import { append, attributeTable, copyButton, el, field, fmt, get, hashFor, isAbort, keys, live, page, problemBox,
  reconcile, serviceSelect, serviceTag,
  setAttr, setParams, setText, shown, svg, words } from "./core.js";

const rowsMax = 2000;
const pageLength = 200;
const levels = ["trace", "debug", "info", "warn", "error", "fatal"];
const names = ["service", "level", "q", "trace_id", "span_id"];

page("logs", {
  title: "Logs",
  render(root, route, signal) {
    const state = { ...Object.fromEntries(names.map(name => [name, route.params.get(name) ?? ""])),
      attribute: route.params.getAll("attribute").slice(0, 16) };
    let rows = []; // newest first, each {record, node}
    let waiting = []; // what came in while paused, newest first
    let coming = []; // what came in since the last frame, oldest first
    let ids = new Set();
    let isPaused = false;
    let skipped = 0;
    let asking = new AbortController();
    let until = signal; // the end of the present search
    let since = []; // what came in since the present answer was asked for
    let hasMissed = false; // records, while paused and not connected

    const list = el("ol", { class: "log-list", test: "log-list" });
    const caption = el("span", { class: "muted", test: "log-count" });
    const notice = el("div");
    const lagged = el("span", { class: "badge warn", hidden: true, test: "lagged" });
    const volume = histogram();
    const pause = el("button", { type: "button", class: "btn", "aria-pressed": "false", test: "pause",
      on: { click: () => setPaused(!isPaused) } }, "Pause");
    const clear = el("button", { type: "button", class: "btn", test: "clear", on: { click: empty } }, "Clear");
    const older = el("button", { type: "button", class: "btn", hidden: true, test: "older", on: { click: loadOlder } },
      "Load older records");
    const form = filterForm(state, signal, () => search());

    append(root, el("h1", { class: "unseen" }, "Logs"), form.node,
      el("section", { class: "panel logs", "aria-label": "Log records", "aria-busy": "false" },
        el("header", null, el("h2", null, "Log records"), caption, lagged,
          el("span", { class: "toolbar push" }, pause, clear)),
        volume.node, notice, list, el("div", { class: "older" }, older)));

    // --- rows

    const rowOf = record => ({ record, node: logRow(record, form.addAttribute, () => setPaused(true)) });

    function add(records) {
      const fresh = records.filter(record => !ids.has(record.id));
      for (const record of fresh) ids.add(record.id);
      const added = fresh.map(rowOf).reverse();
      rows = [...added, ...rows];
      list.prepend(...added.map(row => row.node));
      for (const old of rows.splice(rowsMax)) {
        old.node.remove();
        ids.delete(old.record.id);
      }
      showCount();
    }

    function showCount() {
      const held = waiting.length === rowsMax ? `${rowsMax}+` : waiting.length;
      setText(caption, (rows.length === rowsMax ? `the last ${fmt.number(rowsMax)}` : `${rows.length} shown`)
        + (isPaused ? `, ${held} waiting` : ""));
      setText(pause, !isPaused ? "Pause" : waiting.length > 0 ? `Resume (${held})` : "Resume");
      setAttr(pause, "aria-pressed", String(isPaused));
      if (rows.length > 0) notice.replaceChildren();
      else if (!notice.querySelector(".problem")) notice.replaceChildren(el("p", { class: "empty" },
        "No record fits. New ones are shown as they come in."));
      volume.show(rows);
    }

    function setPaused(value) {
      if (isPaused === value) return;
      isPaused = value;
      if (!isPaused) {
        const held = waiting.reverse();
        waiting = [];
        if (hasMissed) load();
        else add(held);
      }
      showCount();
    }

    function empty() {
      [rows, waiting, coming, ids] = [[], [], [], new Set()];
      list.replaceChildren();
      older.hidden = true;
      showCount();
    }

    // However many come in, rows are laid six times a second.
    let timer = 0;
    function take(record) {
      if (!form.isValid()) return;
      since.push(record);
      if (since.length > rowsMax) since.shift();
      coming.push(record);
      if (coming.length > rowsMax) coming.shift();
      timer ||= setTimeout(() => {
        timer = 0;
        if (signal.aborted) return;
        const batch = coming;
        coming = [];
        if (!isPaused) return add(batch);
        waiting = [...batch.reverse(), ...waiting].slice(0, rowsMax);
        showCount();
      }, 160);
    }

    // --- asking

    async function load() {
      since = [];
      hasMissed = false;
      try {
        const answer = await get("/logs", { ...state, level: state.level || "trace", limit: pageLength }, until);
        const records = [...(answer.logs ?? [])].reverse();
        const newest = records.at(-1)?.id ?? 0;
        const late = since.filter(record => record.id > newest); // while the answer was on its way
        empty();
        add([...records, ...late]);
        older.hidden = !answer.has_more;
      } catch (error) {
        if (isAbort(error)) return;
        notice.replaceChildren(problemBox(error, load));
      }
    }

    function search() {
      if (!form.read()) return;
      setParams(state);
      asking.abort();
      asking = new AbortController();
      until = AbortSignal.any([asking.signal, signal]);
      hasMissed = false;
      skipped = 0;
      lagged.hidden = true;
      setPaused(false);
      live(["logs"], {
        log: take,
        lagged({ skipped: count }) {
          skipped += Number(count) || 0;
          lagged.hidden = false;
          setText(lagged, `${fmt.number(skipped)} skipped: too many to follow`);
        },
        // What came in before the stream did, or while it was broken off.
        open() {
          if (isPaused) hasMissed = true;
          else load();
        },
      }, state, until);
      return load();
    }

    async function loadOlder() {
      const oldest = rows.at(-1)?.record.id;
      if (oldest === undefined) return;
      setPaused(true); // new ones would push the old ones out again
      try {
        const answer = await get("/logs", { ...state, level: state.level || "trace", limit: pageLength,
          before_id: oldest }, signal);
        const records = (answer.logs ?? []).filter(record => !ids.has(record.id)).slice(0, rowsMax - rows.length);
        for (const record of records) {
          ids.add(record.id);
          const row = rowOf(record);
          rows.push(row);
          list.append(row.node);
        }
        older.hidden = !answer.has_more || rows.length >= rowsMax;
        showCount();
      } catch (error) {
        if (!isAbort(error)) notice.replaceChildren(problemBox(error, loadOlder));
      }
    }

    const move = step => {
      const all = [...list.querySelectorAll("summary")];
      const at = all.indexOf(document.activeElement);
      all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
    };
    keys({
      p: ["Pause or resume", () => setPaused(!isPaused)],
      x: ["Clear", empty],
      "/": ["Search by text", () => form.focus()],
      ArrowDown: ["Next record", () => move(1)],
      ArrowUp: ["Previous record", () => move(-1)],
    }, signal);
    return search();
  },
});

// -------------------------------------------------------------------------------------------------------------- form

function filterForm(state, signal, search) {
  const service = serviceSelect(state.service, signal);
  const level = el("select", { name: "level", test: "field-level" }, el("option", { value: "" }, "All levels"),
    levels.slice(1).map(each => el("option", { value: each, selected: each === state.level },
      each === "fatal" ? "fatal" : `${each} and above`)));
  const text = el("input", { name: "q", type: "search", value: state.q, placeholder: "In the message or a value",
    maxlength: 500, autocomplete: "off", spellcheck: "false", test: "field-q" });
  const attribute = el("input", { name: "attribute", placeholder: "key=value, then Enter", maxlength: 500,
    autocomplete: "off", spellcheck: "false", test: "field-attribute" });
  const chips = el("span", { class: "chips", test: "log-filters" });
  const said = el("p", { class: "bad-text", role: "alert" });

  const node = el("form", {
    class: "panel search", role: "search", "aria-label": "Filter log records", test: "log-form",
    on: {
      submit(event) {
        event.preventDefault();
        search();
      },
      change: event => event.target.tagName === "SELECT" && search(),
      search: event => event.target === text && text.value === "" && search(), // the field's own cross
    },
  }, el("div", { class: "toolbar" }, field("Service", service), field("Level", level), field("Text", text, true),
    field("Attribute", attribute, true), el("button", { class: "btn primary" }, "Filter"), chips), said);

  function showChips() {
    const drop = (label, remove) => el("button", {
      type: "button", class: "btn small", "aria-label": `Remove the filter ${shown(label, 100)}`,
      on: { click: () => { remove(); showChips(); search(); } },
    }, words(label, 60), " ✕");
    chips.replaceChildren(...[
      state.trace_id && drop(`trace ${state.trace_id.slice(0, 8)}…`, () => { state.trace_id = ""; }),
      state.span_id && drop(`span ${state.span_id.slice(0, 8)}…`, () => { state.span_id = ""; }),
      ...state.attribute.map(each => drop(each, () => {
        state.attribute = state.attribute.filter(other => other !== each);
      })),
    ].filter(Boolean));
  }

  function addAttribute(pair) {
    if (!state.attribute.includes(pair)) state.attribute = [...state.attribute, pair].slice(-16);
    showChips();
    search();
  }

  function read() {
    [state.service, state.level, state.q] = [service.value, level.value, text.value.trim()];
    const pair = attribute.value.trim();
    const isRight = pair === "" || /^[^=]+=/.test(pair);
    setAttr(attribute, "aria-invalid", isRight ? null : "true");
    setText(said, isRight ? "" : "An attribute is written key=value.");
    if (!isRight) return false;
    if (pair !== "") {
      if (!state.attribute.includes(pair)) state.attribute = [...state.attribute, pair].slice(-16);
      attribute.value = "";
      showChips();
    }
    return true;
  }

  showChips();
  return { node, read, addAttribute, isValid: () => !attribute.hasAttribute("aria-invalid"),
    focus: () => text.focus() };
}

// -------------------------------------------------------------------------------------------------------------- rows

function logRow(record, addAttribute, opened) {
  const level = levels.includes(record.level) ? record.level : "info";
  const attributes = Object.entries(record.attributes ?? {});
  const row = el("details", { class: ["log-row", `level-${level}`],
    data: { test: "log-row", logId: record.id, level, traceId: record.trace_id } },
    el("summary", null, el("time", { class: "mono muted", title: fmt.date(record.time_ms) }, fmt.time(record.time_ms)),
      el("span", { class: "level" }, level), serviceTag(record.service),
      el("span", { class: "log-text" }, record.event && el("span", { class: "badge" }, shown(record.event, 60)),
        words(record.message, 500),
        el("span", { class: "muted log-more" }, attributes.slice(0,
          6).map(([key, value]) => `${shown(key, 40)}=${shown(value, 60)}`).join("  "))),
      record.trace_id ? el("a", { class: "trace-jump", href: hashFor("trace", record.trace_id,
        { span: record.span_id }), data: { test: "log-trace", traceId: record.trace_id } }, "trace") : el("span")));
  row.addEventListener("toggle", () => {
    if (!row.open) return;
    opened(); // what one reads must not run away
    if (row.childElementCount > 1) return;
    const message = String(record.message ?? "");
    append(row, el("div", { class: "log-detail", test: "log-detail" },
      (message.length > 120 || message.includes("\n")) && el("pre", null, shown(message, 50_000)),
      attributeTable({ ...record.attributes, ...(record.event ? { "event.name": record.event } : {}) },
        (key, value) => value !== null && typeof value !== "object" && String(value).length <= 200 && el("button", {
          type: "button", class: "btn small", title: "Only records with this value",
          on: { click: () => addAttribute(`${key}=${value}`) },
        }, "only")),
      el("p", { class: "toolbar" }, el("span", { class: "muted" }, fmt.date(record.time_ms)),
        record.trace_id && [el("a", { class: "btn small", href: hashFor("trace", record.trace_id,
          { span: record.span_id }) }, "Open the trace"),
          el("a", { class: "btn small", href: hashFor("logs", null, { trace_id: record.trace_id }) },
            "Records of the trace")],
        copyButton(JSON.stringify(record, null, 2), "Copy as JSON"))));
  });
  return el("li", null, row);
}

// ------------------------------------------------------------------------------------------------------------- volume

/// How many records there are over time, by gravity. Drawn twice a second at most.
function histogram() {
  const [width, height, count] = [1000, 46, 80];
  const bars = svg("g");
  const picture = svg("svg", { class: "volume", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none",
    "aria-hidden": "true" }, bars);
  const range = el("div", { class: "volume-range muted" }, el("span"), el("span"), el("span"));
  const node = el("div", { class: "volume-box", hidden: true }, picture, range);
  let timer = 0;
  let latest = [];

  function draw() {
    timer = 0;
    const times = latest.map(row => row.record.time_ms).filter(Number.isFinite);
    node.hidden = times.length < 2;
    if (node.hidden) return;
    const [from, to] = times.reduce(([a, b], each) => [Math.min(a, each), Math.max(b, each)], [Infinity, -Infinity]);
    const length = Math.max(to - from, 1000) / count;
    const buckets = Array.from({ length: count }, () => [0, 0, 0]);
    for (const { record } of latest) {
      const bucket = buckets[Math.min(Math.floor((record.time_ms - from) / length), count - 1)];
      if (bucket) bucket[record.level === "error" || record.level === "fatal" ? 0 : record.level === "warn" ? 1
        : 2] += 1;
    }
    const most = Math.max(...buckets.map(bucket => bucket[0] + bucket[1] + bucket[2]), 1);
    const parts = [];
    buckets.forEach((bucket, i) => {
      let y = height;
      bucket.forEach((amount, kind) => {
        if (amount === 0) return;
        const tall = (amount / most) * (height - 2);
        y -= tall;
        parts.push({ key: `${i} ${kind}`, x: (i * width) / count + 1, y, tall, kind });
      });
    });
    reconcile(bars, parts, part => part.key, () => svg("rect", { width: width / count - 2 }), (bar, part) => {
      setAttr(bar, "class", ["is-error", "is-warn", "is-other"][part.kind]);
      for (const [name, value] of [["x", part.x], ["y", part.y.toFixed(1)],
        ["height", part.tall.toFixed(1)]]) setAttr(bar, name, value);
    });
    setText(range.children[0], fmt.time(from).slice(0, 8));
    setText(range.children[1], `${fmt.number(most)} in ${fmt.ms(length)} at most`);
    setText(range.children[2], fmt.time(to).slice(0, 8));
  }
  return {
    node,
    show(rows) {
      latest = rows;
      timer ||= setTimeout(draw, timer === 0 && node.hidden ? 0 : 500);
    },
  };
}
