// The panels of a dashboard: what each asks of Prometheus, and how each kind shows the answer.

import { append, colourOf, el, fmt, get, hashFor, isAbort, serviceTag, shown } from "./core.js";
import { Chart, gauge, HeatMap, Lines, States, trend } from "./charts.js";
import { markdown } from "./markdown.js";
import { builtIns, chosen, colourNamed, fieldOf, filled, inUnit, legendOf, mappingOf, placeOf, thresholdColour, timing,
  unitText } from "./templating.js";

// ------------------------------------------------------------------------------------------------------------- asking

/// At most `most` tasks at once; the others wait in turn, and those whose signal aborts leave.
export class Lanes {
  constructor(most) { Object.assign(this, { free: most, waiting: [] }); }

  async run(signal, task) {
    signal.throwIfAborted();
    if (this.free > 0) this.free -= 1;
    else await new Promise((resolve, reject) => {
      const leave = () => { this.waiting = this.waiting.filter(each => each !== start); reject(signal.reason); };
      const start = () => { signal.removeEventListener("abort", leave); resolve(); };
      signal.addEventListener("abort", leave, { once: true });
      this.waiting.push(start);
    });
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

const number = text => (text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text));

/// Prometheus' answer as series: {labels, points: [[ms, value]]} in order, without what is no number.
function seriesOf(data) {
  const result = data?.resultType === "scalar" ? [{ metric: {}, value: data.result }] : data?.result ?? [];
  return result.map(({ metric, values, value }) => ({
    labels: metric ?? {},
    points: (values ?? [value]).map(([t, text]) => [t * 1000, number(text)]).filter(([, each]) => !Number.isNaN(each)),
  }));
}

/// Exemplars of all answers, of each narrow column of the chart the highest: slow requests are what one looks for.
function exemplarsOf(answers, clock) {
  const columns = new Map();
  for (const { labels, value, timestamp } of answers.flatMap(answer => answer?.data ?? []).flatMap(
    series => series.exemplars)) {
    const each = { t: timestamp * 1000, value: Number(value), trace: labels.trace_id ?? labels.traceID };
    const column = Math.floor(((each.t - clock.from) / (clock.to - clock.from)) * 60);
    if (each.trace && !(columns.get(column)?.value >= each.value)) columns.set(column, each);
  }
  return [...columns.values()];
}

// ------------------------------------------------------------------------------------------------------------- panel

/// One panel. `board`: {stage, lanes, variables, scrape, uid, from, to, bounds}. `run` asks and shows; it may be called
/// again.
export class Panel {
  constructor(definition, board, signal) {
    Object.assign(this, { definition, board, signal, isDirty: true, running: null, asked: [], series: [] });
    const { id, title, description, type } = definition;
    this.body = el("div", { class: "board-body" });
    this.state = el("span", { class: "board-state", role: "status", data: { test: "panel-state" } });
    const info = el("button",
      { type: "button", class: "btn quiet small board-info", title: description || "Queries and values",
      "aria-label": `About ${title}`,
      data: { test: "panel-info" }, on: { click: () => this.board.inspect(this) } }, "i");
    this.node = el("section", { class: ["panel board-panel", `is-${type}`], "aria-label": title,
      data: { test: "panel", panelId: id, panelType: type, state: "waiting" } },
      el("header", null, el("h2", { title: description },
        el("a", { href: "#/", on: { click: event => { event.preventDefault(); board.focus(this); } } },
        shown(title, 120))), this.state, info),
      this.body);
    this.node.panel = this;
    this.view = (kinds[type] ?? kinds.unknown)(this);
  }

  setState(state, text = "") {
    this.node.dataset.state = state;
    this.state.textContent = text;
  }

  /// In place of what cannot be shown.
  say(kind, title, detail) {
    this.body.replaceChildren(
      el("div", { class: ["board-say", kind], role: kind === "bad" ? "alert" : null,
      data: { test: kind === "bad" ? "panel-error" : "panel-empty" } },
      el("strong", null, title), detail && el("p", null, shown(detail, 600))));
  }

  async run() {
    this.isDirty = false;
    this.running?.abort();
    const running = (this.running = new AbortController());
    const signal = AbortSignal.any([this.signal, running.signal]);
    this.node.setAttribute("aria-busy", "true");
    try {
      const clock = timing(...this.board.bounds, this.body.clientWidth || 300, this.board.scrape);
      await this.view(clock, signal);
      if (this.node.dataset.state === "waiting" || this.node.dataset.state === "error") this.setState("ready");
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.setState("error");
      this.say("bad", error.status === undefined ? "This panel failed" : error.title.replace("console", "monitoring"),
        error.detail ?? error.message);
      if (error.status === undefined) console.error(error);
    } finally {
      if (this.running === running) {
        this.running = null;
        this.node.removeAttribute("aria-busy");
      }
    }
  }

  /// All queries of the panel: [{target, series}]. `exemplars` are those of all together.
  async ask(clock, signal) {
    const { lanes, variables } = this.board;
    const targets = (this.definition.targets ?? []).filter(target => !target.hide).slice(0, 12);
    const fixed = builtIns(clock);
    this.asked = targets.map(target => ({ name: target.refId, query: filled(target.expr, variables, fixed), clock }));
    const exemplars = [];
    const answers = await Promise.all(targets.map(async (target, i) => {
      const query = this.asked[i].query;
      const range = { query, start: clock.start / 1000, end: clock.end / 1000, step: clock.step / 1000 };
      const began = performance.now();
      const [answer, more] = await Promise.all([
        lanes.run(signal, () => (target.instant ? get("/prometheus/api/v1/query", { query, time: clock.to / 1000 },
          signal)
          : get("/prometheus/api/v1/query_range", range, signal))),
        // A chart without its exemplars is still a chart.
        target.exemplar && lanes.run(signal,
          () => get("/prometheus/api/v1/query_exemplars", { query, start: clock.from / 1000, end: clock.to / 1000 },
          signal))
          .catch(error => { if (isAbort(error)) throw error; return null; }),
      ]);
      this.asked[i].took = performance.now() - began;
      exemplars.push(more);
      return { target, series: seriesOf(answer?.data) };
    }));
    this.exemplars = exemplarsOf(exemplars, clock);
    return answers;
  }

  /// The series of all queries with their names, fields and colours.
  named(answers) {
    const config = this.definition.fieldConfig;
    this.series = answers.flatMap(({ target, series }) => series.map(each => {
      const name = legendOf(target.legendFormat, each.labels, this.definition.title);
      const field = fieldOf(config, name);
      return { ...each, name, field, text: (value, decimals = field.decimals) => mappingOf(field.mappings, value)?.text
        ?? unitText(value, field.unit, decimals) };
    })).filter(each => each.points.length > 0).slice(0, 200);
    paintByName(this.series);
    return this.series;
  }

  get isEmpty() { return this.series.length === 0; }

  empty(clock) {
    this.setState("empty");
    this.say("muted", "No data",
      `Prometheus has no such series between ${fmt.time(clock.from).slice(0, 8)} and ${fmt.time(clock.to).slice(
      0, 8)}.`);
  }

  links(scope) {
    const { links } = this.definition.fieldConfig?.defaults ?? {};
    return (links ?? []).map(link => placeOf(link, this.board, scope)).filter(Boolean);
  }

  colourOf(field, value) {
    const mapping = mappingOf(field.mappings, value);
    if (mapping?.color) return colourNamed(mapping.color);
    if (field.color?.mode === "fixed") return colourNamed(field.color.fixedColor);
    return thresholdColour(field.thresholds, value, field.min, field.max);
  }
}

/// A name has the same colour on every panel, unless another of this panel took it.
function paintByName(series) {
  const taken = new Set();
  for (const each of [...series].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (each.field.color?.mode === "fixed") each.colour = colourNamed(each.field.color.fixedColor);
    else {
      let at = Number(/\d+/.exec(colourOf(each.name))[0]);
      for (let tries = 0; taken.has(at) && tries < 12; tries++) at = (at % 12) + 1;
      taken.add(at);
      each.colour = `var(--s${at})`;
    }
  }
}

const last = points => points.at(-1)?.[1];

// -------------------------------------------------------------------------------------------------------------- kinds

function framed(panel, layer) {
  const chart = new Chart(panel.board.stage, panel.definition.title, layer);
  const legend = el("ul", { class: "legend", "aria-label": "Legend" });
  return { chart, legend, show: () => {
    if (chart.node.parentNode !== panel.body) panel.body.replaceChildren(chart.node, legend);
    panel.board.stage.redraw(chart);
  } };
}

/// Names with their colours. A click shows one alone, with a modifier key it takes one away or back.
function fillLegend(panel, { legend, chart }, layer) {
  const names = [...new Map(panel.series.map(each => [each.name, each])).values()];
  legend.replaceChildren(...names.slice(0, 60).map(series => {
    return el("li", null,
      el("button", {
        type: "button", class: layer.hidden.has(series.name) ? "is-off" : null,
          "aria-pressed": String(!layer.hidden.has(series.name)),
        title: `${shown(series.name, 100)}: ${series.text(last(series.points))}`,
          data: { test: "legend", name: series.name, value: last(series.points) },
        on: { click: event => {
          const others = names.filter(each => each !== series).map(each => each.name);
          const isAlone = !layer.hidden.has(series.name) && others.every(name => layer.hidden.has(name));
          if (event.ctrlKey || event.metaKey || event.shiftKey) layer.hidden[layer.hidden.has(series.name) ? "delete"
            : "add"](series.name);
          else layer.hidden = new Set(isAlone ? [] : others);
          layer.stack();
          fillLegend(panel, { legend, chart }, layer);
          panel.board.stage.redraw(chart);
        } },
      }, el("i", { class: "dot", style: { "--c": series.colour }, "aria-hidden": "true" }),
        el("bdi", null, shown(series.name, 60))));
  }));
}

const notPrometheus = target => target?.datasource?.type !== undefined && target.datasource.type !== "prometheus";

// Many areas over one another are mud.
const fill = ({ fillOpacity = 0, stacking }, count) => (fillOpacity / 100) * (stacking?.mode === "normal" ? 0.9
  : 3 / (1 + count));

function timeSeries(panel) {
  const layer = new Lines();
  const frame = framed(panel, layer);
  const { targets, fieldConfig } = panel.definition;
  const { custom = {}, thresholds, min, max, unit } = fieldConfig.defaults;
  return async (clock, signal) => {
    if (notPrometheus(targets[0])) {
      panel.setState("elsewhere");
      panel.body.replaceChildren(el("div", { class: "board-say muted" }, el("strong", null, "Kept by Loki, not here"),
        el("p", null, "This chart counts the lines in Grafana's log store. ",
          el("a", { href: "#/logs" }, "The lines themselves are on the page of logs."))));
      return;
    }
    const answers = await panel.ask(clock, signal);
    const series = panel.named(answers);
    if (panel.isEmpty) return void panel.empty(clock);
    layer.set({
      series, isStacked: custom.stacking?.mode === "normal", fill: fill(custom, series.length), min, max,
        step: clock.step, isBinary: unit === "bytes",
      limits: (custom.thresholdsStyle?.mode ?? "off") === "off" ? []
        : thresholds.steps.filter(step => step.value !== null)
        .map(step => ({ value: step.value, colour: colourNamed(step.color) })),
      exemplars: panel.exemplars, links: each => panel.links({ labels: each.labels, name: each.name }),
    });
    panel.setState("ready");
    fillLegend(panel, frame, layer);
    frame.show();
  };
}

function heatMap(panel) {
  const layer = new HeatMap();
  const frame = framed(panel, layer);
  const { yAxis } = panel.definition.options;
  return async (clock, signal) => {
    const answers = await panel.ask(clock, signal);
    panel.named(answers).sort((a, b) => number(a.labels.le) - number(b.labels.le));
    for (const each of panel.series) each.text = rate => unitText(rate, "none");
    const buckets = panel.series.map(series => ({ high: number(series.labels.le), points: series.points }));
    if (buckets.length === 0 || buckets.at(-1).points.every(([, value]) => value === 0)) return void panel.empty(clock);
    // What Prometheus counts is all up to the bound.
    const rows = buckets.map(({ high, points }, i) => {
      const below = new Map(buckets[i - 1]?.points ?? []);
      return { low: buckets[i - 1]?.high ?? 0, high,
        points: points.map(([t, value]) => [t, Math.max(0, value - (below.get(t) ?? 0))]) };
    });
    // Rows without any observation, at both ends, only take room.
    const has = row => row.points.some(([, value]) => value > 1e-9);
    layer.set({
      rows: rows.slice(Math.max(0, rows.findIndex(has) - 1), rows.findLastIndex(has) + 2), step: clock.step,
      text: bound => unitText(bound, yAxis?.unit ?? "s"), count: rate => `${unitText(rate, "none")} a second`,
        exemplars: panel.exemplars,
    });
    panel.setState("ready");
    frame.legend.replaceChildren();
    frame.show();
  };
}

function stateTimeline(panel) {
  const layer = new States();
  const frame = framed(panel, layer);
  return async (clock, signal) => {
    const series = panel.named(await panel.ask(clock, signal));
    if (panel.isEmpty) return void panel.empty(clock);
    const { defaults } = panel.definition.fieldConfig;
    layer.set({
      series, step: clock.step, links: each => panel.links({ labels: each.labels, name: each.name }),
      state: value => ({ text: mappingOf(defaults.mappings, value)?.text ?? unitText(value, defaults.unit,
        defaults.decimals), colour: panel.colourOf(defaults, value) }),
    });
    panel.setState("ready");
    frame.legend.replaceChildren(...Object.values(defaults.mappings?.[0]?.options ?? {}).map(({ text, color }) =>
      el("li", null, el("span", null, el("i", { class: "dot", style: { "--c": colourNamed(color) } }), text))));
    frame.show();
  };
}

function stat(panel) {
  const { options } = panel.definition;
  return async (clock, signal) => {
    let series = panel.named(await panel.ask(clock, signal));
    panel.setState(panel.isEmpty ? "empty" : "ready");
    if (panel.isEmpty) series = [{ name: "", labels: {}, points: [],
      field: fieldOf(panel.definition.fieldConfig, "") }];
    panel.body.replaceChildren(el("div", { class: "stats" }, series.map(({ name, labels, points, field }) => {
      const value = last(points);
      const mapped = value !== undefined && mappingOf(field.mappings, value);
      const [text, suffix] = mapped ? [mapped.text, ""] : value === undefined ? [field.noValue ?? "–", ""]
        : inUnit(value, field.unit, field.decimals);
      const colour = value === undefined ? "var(--muted)" : panel.colourOf(field, value);
      const [link] = panel.links({ labels, name });
      return el("div", { class: "stat" }, options.graphMode === "area" && trend(points, clock.from, clock.to, colour),
        el(link ? "a" : "span",
          { class: "stat-value", href: link?.href, title: value === undefined ? "Prometheus has no such series"
          : `${value}`,
          style: { "--c": colour, "--n": Math.max(3, text.length + suffix.length * 0.6) },
            data: { test: "stat-value", value } }, text,
            suffix && el("small", null, suffix === "%" ? "%" : ` ${suffix}`)),
        series.length > 1 && el("span", { class: "muted" }, shown(name, 40)));
    })));
  };
}

function gauges(panel) {
  return async (clock, signal) => {
    const series = panel.named(await panel.ask(clock, signal));
    panel.setState(panel.isEmpty ? "empty" : "ready");
    const all = panel.isEmpty ? [{ name: "", points: [], field: fieldOf(panel.definition.fieldConfig, "") }] : series;
    panel.body.replaceChildren(el("div", { class: "stats" }, all.map(({ name, points, field }) => {
      const { min = 0, max = 100, thresholds } = field;
      const value = last(points);
      const part = each => (each - min) / (max - min);
      const steps = thresholds.steps;
      const bands = steps.map(
        (step, i) => ({ from: step.value === null ? 0 : part(step.value),
        to: i + 1 < steps.length ? part(steps[i + 1].value) : 1, colour: colourNamed(step.color) }));
      return el("div", { class: "stat is-gauge" },
        gauge(value === undefined ? 0 : part(value), panel.colourOf(field, value ?? 0), bands),
        el("span", { class: "stat-value",
          style: { "--c": value === undefined ? "var(--muted)" : panel.colourOf(field, value), "--n": 12 },
          data: { test: "stat-value", value } },
          value === undefined ? field.noValue ?? "–" : unitText(value, field.unit, field.decimals)),
        all.length > 1 && el("span", { class: "muted" }, shown(name, 40)));
    })));
  };
}

function barGauge(panel) {
  return async (clock, signal) => {
    const series = panel.named(await panel.ask(clock, signal));
    if (panel.isEmpty) return void panel.empty(clock);
    panel.setState("ready");
    const greatest = Math.max(...series.map(({ points }) => last(points)));
    panel.body.replaceChildren(el("ul", { class: "bars" }, series.map(({ name, points, field, text }) => {
      const value = last(points);
      const { min = 0, max = greatest } = field;
      const part = max > min ? Math.max(0, Math.min(1, (value - min) / (max - min))) : 0;
      return el("li", { style: { "--c": panel.colourOf(field, value), "--part": `${part * 100}%` },
        data: { test: "bar", name, value } },
        el("span", { class: "bar-name" }, el("bdi", null, shown(name, 80))),
          el("span", { class: "bar-track" }, el("i")),
          el("span", { class: "bar-value", title: String(value) }, text(value)));
    })));
  };
}

/// The answers side by side: rows of the same labels become one (Grafana's "merge"), columns named and ordered by
/// "organize".
function merged(answers, transformations) {
  const rows = new Map();
  for (const { target, series } of answers) {
    const field = answers.length > 1 ? `Value #${target.refId}` : "Value";
    for (const { labels, points } of series) {
      const key = JSON.stringify(Object.entries(labels).sort());
      if (!rows.has(key)) rows.set(key, { ...labels });
      rows.get(key)[field] = last(points);
    }
  }
  const { indexByName = {}, renameByName = {}, excludeByName = {} } = transformations?.find(
    each => each.id === "organize")?.options ?? {};
  const names = [...new Set([...Object.keys(indexByName), ...[...rows.values()].flatMap(Object.keys)])].filter(
    name => !excludeByName[name] && name !== "__name__");
  names.sort((a, b) => (indexByName[a] ?? 99) - (indexByName[b] ?? 99));
  return { rows: [...rows.values()],
    columns: names.map(name => ({ name, title: renameByName[name] ?? name, isValue: /^Value( #\w+)?$/.test(name) })) };
}

function table(panel) {
  let sort = { name: null, way: 1 };
  const { fieldConfig, transformations } = panel.definition;
  const draw = (rows, columns) => {
    const compare = (a, b) => {
      const [x, y] = [a[sort.name] ?? -Infinity, b[sort.name] ?? -Infinity];
      return (x < y ? -1 : x > y ? 1 : 0) * sort.way;
    };
    const ordered = sort.name === null ? rows : [...rows].sort(compare);
    panel.body.replaceChildren(
      el("div", { class: "board-table", tabindex: "0", role: "region", "aria-label": panel.definition.title },
      el("table", { class: "grid", data: { test: "panel-table" } },
      el("thead", null, el("tr", null,
        columns.map(({ name, title, isValue }) => el("th",
        { class: isValue ? "num" : null, "aria-sort": sort.name !== name ? null : sort.way > 0 ? "ascending"
        : "descending" },
        el("button", { type: "button", on: { click: () => {
          sort = { name, way: sort.name === name ? -sort.way : isValue ? -1 : 1 };
          draw(rows, columns);
        } } }, title, sort.name === name ? (sort.way > 0 ? " ↑" : " ↓") : ""))))),
      el("tbody", null, ordered.slice(0, 500).map(row => {
        const fields = Object.fromEntries(columns.map(({ name, title }) => [title, row[name] ?? ""]));
        const links = panel.links({ fields });
        return el("tr", null, columns.map(({ name, title, isValue }, i) => {
          if (!isValue) return el("td", null,
            i === 0 && links.length > 0 ? el("a", { href: links[0].href, title: links[0].title },
            shown(row[name], 120)) : shown(row[name] ?? "", 120));
          const field = fieldOf(fieldConfig, title);
          const value = row[name];
          if (value === undefined) return el("td", { class: "num muted" }, "–");
          const mapping = mappingOf(field.mappings, value);
          const isColoured = field.custom.cellOptions?.type === "color-text" || mapping?.color;
          return el("td", { class: "num", title: String(value), data: { value, column: title } },
            el("span", isColoured ? { class: "tinted", style: { "--c": panel.colourOf(field, value) } } : null,
              mapping?.text ?? unitText(value, field.unit, field.decimals)));
        }));
      })))));
  };
  return async (clock, signal) => {
    const answers = await panel.ask(clock, signal);
    panel.named(answers);
    const { rows, columns } = merged(answers, transformations);
    if (rows.length === 0) return void panel.empty(clock);
    panel.setState("ready");
    draw(rows, columns);
  };
}

/// Lines of the console's own store for what a query asks of Loki: services, a level, a text or a choice of texts.
function logLines(panel) {
  return async (clock, signal) => {
    const [target] = panel.definition.targets;
    const variable = panel.board.variables.find(each => each.name === "service");
    const text = panel.board.variables.find(each => each.name === "search");
    const services = /service_name=~"\$service"/.test(target.expr) && variable && !variable.selected.includes("$__all")
      ? chosen(variable) : [null];
    const level = /detected_level=~"(\w+)"/.exec(target.expr)?.[1];
    const texts = /\|~ "\^\(\?:([^)]*)\)\$"/.exec(target.expr)?.[1].split("|");
    const asked = services.flatMap(
      service => (texts ?? [text && target.expr.includes("$search") ? chosen(text)[0] : ""]).map(q => ({ service, q })))
      .slice(0, 24);
    panel.asked = [{ name: "Loki", query: target.expr }];
    const answers = await Promise.all(asked.map(({ service, q }) => panel.board.lanes.run(signal, () =>
      get("/logs", { service, level, q, before_ms: Math.ceil(clock.to), limit: 100 }, signal))));
    const found = answers.flatMap(answer => answer?.logs ?? []).filter(line => line.time_ms >= clock.from
      && (!level || line.level === level || (level === "error" && line.level === "fatal"))
      && (!texts || texts.includes(line.message)));
    const lines = [...new Map(found.map(line => [line.id, line])).values()].sort((a, b) => b.time_ms - a.time_ms).slice(
      0, 200);
    panel.setState(lines.length > 0 ? "ready" : "empty");
    if (lines.length === 0) return void panel.say("muted", "No lines",
      "The console has no such line of this time. It keeps the newest only.");
    panel.body.replaceChildren(el("ol", { class: "board-lines", tabindex: "0", "aria-label": panel.definition.title },
      lines.map(line => {
      const more = Object.entries(line.attributes ?? {}).map(([key, value]) => `${key}=${value}`).join("  ");
      return el("li", { title: shown(more, 1000), data: { test: "log-line", level: line.level },
        on: { click: event => event.currentTarget.classList.toggle("is-open") } },
        el("time", { class: "mono" }, fmt.time(line.time_ms)),
          el("span", { class: ["level", `is-${line.level}`] }, line.level), serviceTag(line.service),
        el("bdi", { class: "message" }, shown(line.message, 300), " ",
          el("span", { class: "muted" }, shown(more, 1000))),
        line.trace_id && el("a", { href: hashFor("trace", line.trace_id, { span: line.span_id }) }, "trace"));
    })));
  };
}

const kinds = {
  timeseries: timeSeries, stat, gauge: gauges, bargauge: barGauge, table, heatmap: heatMap,
    "state-timeline": stateTimeline, logs: logLines,
  text: panel => async () => { panel.body.replaceChildren(el("div", { class: "board-text" },
    markdown(panel.definition.options?.content ?? ""))); },
  unknown: panel => async () => {
    panel.setState("elsewhere");
    panel.say("muted", `Not drawn here: ${shown(panel.definition.type, 40)}`, "Grafana shows this kind of panel.");
  },
};

/// What a panel asked and what came of it, for the box about it.
export function aboutPanel(panel) {
  const rows = panel.series.slice(0, 100).map(({ name, points, text }) => {
    const values = points.map(([, value]) => value);
    const of = number => el("td", { class: "num", title: String(number) }, text(number));
    return el("tr", null, el("th", { scope: "row" }, shown(name, 80)), of(values.at(-1)), of(Math.min(...values)),
      of(values.reduce((a, b) => a + b, 0) / values.length), of(Math.max(...values)));
  });
  return append(el("div", { class: "about" }),
    panel.definition.description && el("p", null, shown(panel.definition.description, 1000)),
    panel.asked.map(({ name, query, clock, took }) => [
      el("h3", null, `Query ${name}`, clock && ` · step ${clock.step / 1000} s`, took && ` · ${fmt.ms(took)}`),
      el("pre", null, shown(query, 4000))]),
    rows.length > 0 && el("table", { class: "grid", data: { test: "panel-values" } },
      el("thead", null, el("tr", null, el("th", null, "Series"),
      ["Last", "Least", "Mean", "Most"].map(title => el("th", { class: "num" }, title)))), el("tbody", null, rows)));
}
