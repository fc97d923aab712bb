// Charts over time on canvases: lines and areas, heat maps, states. One `Stage` for all charts of a dashboard: they
// share the range, the cross-hair, the note under the pointer, and what happened meanwhile (annotations).

import { append, el, fmt, hashFor, setAttr, shown, svg } from "./core.js";

// ----------------------------------------------------------------------------------------------------------- colours

const resolved = new Map();
document.addEventListener("theme-change", () => resolved.clear());

/// A CSS colour as a canvas takes it: `var(--x)` becomes what it stands for now.
function paint(colour) {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  if (!name) return colour;
  if (!resolved.has(name)) resolved.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim()
    || "#888");
  return resolved.get(name);
}

// ------------------------------------------------------------------------------------------------------------- scales

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
  86_400].map(s => s * 1000);

function timeTicks(from, to, most) {
  const step = timeSteps.find(each => (to - from) / each <= most)
    ?? Math.ceil((to - from) / most / 86_400_000) * 86_400_000;
  const offset = new Date(from).getTimezoneOffset() * 60_000; // days and hours begin where people count them from
  const ticks = [];
  for (let t = Math.ceil((from - offset) / step) * step + offset; t <= to; t += step) ticks.push(t);
  const text = t => (step >= 86_400_000 ? fmt.date(t).slice(5, 10) : fmt.time(t).slice(0, step < 60_000 ? 8 : 5));
  return ticks.map(t => [t, text(t)]);
}

function valueTicks(min, max, most, isBinary) {
  const rough = (max - min) / Math.max(1, most);
  const power = isBinary ? 2 ** Math.floor(Math.log2(rough)) : 10 ** Math.floor(Math.log10(rough));
  const step = power * ((isBinary ? [1, 2] : [1, 2, 2.5, 5, 10]).find(each => each * power >= rough * 0.999) ?? 10);
  const ticks = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9 && ticks.length < 50;
    i++) ticks.push(i * step);
  return ticks;
}

/// The fewest decimals with which all ticks are written as they are.
function tickTexts(ticks, text) {
  for (let decimals = 0; decimals < 6; decimals++) {
    const short = ticks.map(tick => text(tick, decimals));
    if (ticks.every((tick,
      i) => Math.abs(parseFloat(short[i].replace("$", "")) - parseFloat(text(tick, decimals + 4).replace("$",
      ""))) < 10 ** -(decimals + 2))) return short;
  }
  return ticks.map(tick => text(tick));
}

/// The index of the point nearest to `t`, of points [[t, v], …] in order; -1 of none.
function nearest(points, t) {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] < t) low = middle + 1;
    else high = middle;
  }
  return low > 0 && t - points[low - 1][0] < points[low][0] - t ? low - 1 : Math.min(low, points.length - 1);
}

// -------------------------------------------------------------------------------------------------------------- stage

/// `zoom(from, to)` is called with milliseconds when somebody drags over a chart. `links(chart, series)` gives places.
export class Stage {
  constructor(zoom, signal) {
    Object.assign(this, { zoom, from: 0, to: 1, notes: [], charts: new Set(), dirty: new Set(), frame: 0,
      isPinned: false });
    this.tip = el("div", { class: "tip", hidden: true, role: "status", data: { test: "chart-tip" } });
    document.body.append(this.tip);
    const all = () => this.charts.forEach(chart => this.redraw(chart));
    document.addEventListener("theme-change", all, { signal });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { resolved.clear(); all(); },
      { signal });
    document.addEventListener("pointerdown", event => this.isPinned && !this.tip.contains(event.target)
      && this.leave(true), { signal });
    document.addEventListener("keydown", event => event.key === "Escape" && this.leave(true), { signal });
    signal.addEventListener("abort",
      () => { cancelAnimationFrame(this.frame); this.tip.remove(); this.sizes.disconnect(); }, { once: true });
    this.sizes = new ResizeObserver(entries => entries.forEach(entry => this.redraw(entry.target.chart)));
  }

  redraw(chart) {
    this.dirty.add(chart);
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const charts = [...this.dirty];
      this.dirty.clear();
      charts.forEach(each => each.draw());
    });
  }

  setNotes(notes) {
    if (JSON.stringify(notes) === JSON.stringify(this.notes)) return;
    this.notes = notes;
    this.charts.forEach(chart => this.redraw(chart));
  }

  /// Shows the hair at `t` on all charts.
  hair(t) {
    for (const chart of this.charts) chart.hair(t);
  }

  leave(isForced = false) {
    if (this.isPinned && !isForced) return;
    this.isPinned = false;
    this.tip.hidden = true;
    this.tip.classList.remove("is-pinned");
    this.hair(null);
  }

  /// Puts the note beside a point of the window.
  show(x, y, ...content) {
    this.tip.replaceChildren();
    append(this.tip, ...content);
    this.tip.hidden = false;
    const { width, height } = this.tip.getBoundingClientRect();
    const left = x + 16 + width > innerWidth ? x - width - 16 : x + 16;
    this.tip.style.left = `${Math.max(4, left)}px`;
    this.tip.style.top = `${Math.max(4, Math.min(y - 20, innerHeight - height - 6))}px`;
  }
}

// -------------------------------------------------------------------------------------------------------------- chart

const font = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

/// The frame of a chart over time: axes, grid, hair, dragging. What it shows is a layer: `fit(height)` gives the ticks
/// of
/// the left axis as [[position 0 (bottom) to 1, text]], `draw(context, chart)` paints, `at(t, y)` says what is there.
export class Chart {
  constructor(stage, label, layer) {
    Object.assign(this, { stage, layer, area: { left: 0, top: 0, width: 1, height: 1 }, at: null });
    this.canvas = el("canvas", { "aria-hidden": "true" });
    this.line = el("div", { class: "hair", hidden: true });
    this.brush = el("div", { class: "brush", hidden: true });
    this.node = el("div",
      { class: "chart", tabindex: "0", role: "img", "aria-label": `${label}. Arrow keys read the values.`,
      data: { test: "chart" } },
      this.canvas, this.line, this.brush);
    this.node.chart = this;
    stage.charts.add(this);
    stage.sizes.observe(this.node);
    this.listen();
  }

  x(t) { return this.area.left + ((t - this.stage.from) / (this.stage.to - this.stage.from)) * this.area.width; }
  y(part) { return this.area.top + (1 - part) * this.area.height; }
  time(x) { return this.stage.from + ((x - this.area.left) / this.area.width) * (this.stage.to - this.stage.from); }

  listen() {
    const node = this.node;
    let start = null;
    const place = event => {
      const box = node.getBoundingClientRect();
      return [Math.max(this.area.left, Math.min(event.clientX - box.left, this.area.left + this.area.width)),
        event.clientY - box.top];
    };
    node.addEventListener("pointermove", event => {
      const [x, y] = place(event);
      if (start !== null && Math.abs(x - start) > 4) {
        this.brush.hidden = false;
        this.brush.style.left = `${Math.min(x, start)}px`;
        this.brush.style.width = `${Math.abs(x - start)}px`;
        this.brush.style.height = `${this.area.height}px`;
        this.brush.style.top = `${this.area.top}px`;
      }
      if (!this.stage.isPinned) this.point(x, y, event.clientX, event.clientY);
    });
    node.addEventListener("pointerleave", () => this.stage.leave());
    node.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      start = place(event)[0];
      node.setPointerCapture(event.pointerId);
    });
    node.addEventListener("pointerup", event => {
      if (start === null) return;
      const [x, y] = place(event);
      const [from, to] = [Math.min(x, start), Math.max(x, start)];
      start = null;
      this.brush.hidden = true;
      if (to - from > 4) this.stage.zoom(Math.floor(this.time(from)), Math.ceil(this.time(to)));
      else this.pin(x, y, event.clientX, event.clientY);
    });
    node.addEventListener("pointercancel", () => { start = null; this.brush.hidden = true; });
    node.addEventListener("blur", () => this.stage.leave());
    node.addEventListener("keydown", event => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way && event.key !== "Enter") return;
      event.preventDefault();
      const step = this.layer.step ?? (this.stage.to - this.stage.from) / 100;
      const t = this.at === null ? this.stage.to - step
        : Math.max(this.stage.from, Math.min(this.stage.to, this.at + (way ?? 0) * step));
      const box = node.getBoundingClientRect();
      const [x, y] = [this.x(t), this.area.top + this.area.height / 2];
      this.stage.leave(true);
      (way ? this.point : this.pin).call(this, x, y, box.left + x, box.top + y);
    });
  }

  point(x, y, clientX, clientY) {
    const t = this.time(x);
    this.stage.hair(t);
    const found = this.layer.at(t, (this.area.top + this.area.height - y) / this.area.height, this, x, y);
    this.node.classList.toggle("is-link", Boolean(found?.href));
    if (!found) {
      this.stage.tip.hidden = true;
      return null;
    }
    const notes = this.notesAt(t).map(note => el("p", { class: "tip-note", style: { "--c": note.colour } },
      shown(note.text, 120)));
    this.stage.show(clientX, clientY, el("div", { class: "tip-time" }, fmt.date(found.t ?? t)), found.content, notes);
    return found;
  }

  /// A click keeps the note and shows where it leads; on an exemplar it goes to the trace.
  pin(x, y, clientX, clientY) {
    this.stage.leave(true);
    const found = this.point(x, y, clientX, clientY);
    if (!found) return;
    if (found.href) {
      location.hash = found.href;
      return;
    }
    const t = found.t ?? this.time(x);
    const around = Math.max(5000, (this.stage.to - this.stage.from) / 60);
    const links = [...(found.links ?? []), {
      title: "Traces of this moment",
      href: hashFor("traces", null, { start_ms: Math.floor(t - around), end_ms: Math.ceil(t + around),
        service: found.service }),
    }];
    append(this.stage.tip,
      el("div", { class: "tip-links" }, links.map(link => el("a", { href: link.href }, shown(link.title, 80)))));
    this.stage.isPinned = true;
    this.stage.tip.classList.add("is-pinned");
  }

  notesAt(t) {
    const near = ((this.stage.to - this.stage.from) / this.area.width) * 5;
    return this.stage.notes.filter(note => t >= note.from - near && t <= (note.to ?? note.from) + near).slice(0, 6);
  }

  hair(t) {
    this.at = t;
    this.line.hidden = t === null || t < this.stage.from || t > this.stage.to;
    if (!this.line.hidden) this.line.style.transform = `translate(${this.x(t).toFixed(1)}px, ${this.area.top}px)`;
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.node;
    if (width < 40 || height < 30) return;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.font = font;
    const ticks = this.layer.fit(height - 26);
    const size = Math.max(8, Math.min(11, this.layer.lineHeight ?? 11));
    context.font = font.replace("11px", `${size}px`);
    const left = Math.min(width * 0.4, Math.max(22, ...ticks.map(([, text]) => context.measureText(text).width)) + 10);
    this.area = { left, top: 6, width: width - left - 10, height: height - 26 };
    this.line.style.height = `${this.area.height}px`;
    this.axes(context, ticks);
    context.save();
    context.beginPath();
    context.rect(left - 1, 2, this.area.width + 2, this.area.height + 5);
    context.clip();
    this.layer.draw(context, this);
    this.happenings(context);
    context.restore();
    this.layer.after?.(context, this);
    this.hair(this.at);
  }

  axes(context, ticks) {
    const { left, top, width, height } = this.area;
    context.fillStyle = paint("var(--muted)");
    context.strokeStyle = paint("var(--line)");
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const [part, text, hasLine = true] of ticks) {
      const y = Math.round(this.y(part)) + 0.5;
      let label = text;
      while (label.length > 4 && context.measureText(label).width > left - 8) label = `${label.slice(0, -2)}…`;
      context.fillText(label, left - 6, y);
      if (!hasLine) continue;
      context.globalAlpha = 0.75, context.beginPath(), context.moveTo(left, y), context.lineTo(left + width, y),
        context.stroke(), context.globalAlpha = 1;
    }
    context.font = font;
    context.textAlign = "center";
    for (const [t, text] of timeTicks(this.stage.from, this.stage.to, Math.max(2, width / 62))) {
      const x = Math.round(this.x(t)) + 0.5;
      context.globalAlpha = 0.5;
      context.beginPath(), context.moveTo(x, top), context.lineTo(x, top + height + 3), context.stroke();
      context.globalAlpha = 1;
      if (x > left + 14 && x < left + width - 8) context.fillText(text, x, top + height + 12);
    }
  }

  /// What happened meanwhile: bands and dashed lines, with a mark on the axis.
  happenings(context) {
    const { top, height } = this.area;
    for (const { from, to, colour } of this.stage.notes) {
      context.fillStyle = context.strokeStyle = paint(colour);
      const x = this.x(from);
      if (to !== null && to > from) {
        context.globalAlpha = 0.1;
        context.fillRect(x, top, Math.max(1, this.x(to) - x), height);
        context.globalAlpha = 1;
        context.fillRect(x, top + height - 1, Math.max(2, this.x(to) - x), 3);
        continue;
      }
      context.globalAlpha = 0.8;
      context.setLineDash([3, 3]);
      context.beginPath(), context.moveTo(x, top), context.lineTo(x, top + height), context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
      context.beginPath(), context.moveTo(x - 4, top + height + 3), context.lineTo(x + 4, top + height + 3),
        context.lineTo(x, top + height - 3), context.fill();
    }
  }
}

/// The points that lead to traces; the chart's element says where the last one is, for browser tests.
function exemplarMarks(context, chart, exemplars) {
  const shownOnes = exemplars.filter(each => each.x !== undefined);
  for (const each of shownOnes) exemplarMark(context, each.x, each.y, "var(--g-mark)");
  const { x, y, trace } = shownOnes.at(-1) ?? {};
  setAttr(chart.node, "data-exemplar", trace === undefined ? null : `${Math.round(x)} ${Math.round(y)} ${trace}`);
}

function exemplarMark(context, x, y, colour) {
  context.fillStyle = paint(colour);
  context.beginPath(), context.moveTo(x, y - 4), context.lineTo(x + 4, y), context.lineTo(x, y + 4),
    context.lineTo(x - 4, y), context.fill();
}

/// The exemplar under the pointer, as what `at` gives.
function exemplarAt(exemplars, chart, x, y, text) {
  const found = exemplars.find(each => each.x !== undefined && Math.abs(each.x - x) < 6 && Math.abs(each.y - y) < 6);
  return found && {
    t: found.t, href: hashFor("trace", found.trace),
    content: [el("p", null, el("b", null, text(found.value)), " one request"),
      el("p", { class: "mono" }, shown(found.trace, 32)),
      el("p", { class: "muted" }, "Click for its trace")],
  };
}

// -------------------------------------------------------------------------------------------------------------- lines

/// Series as lines with areas below. `set`: {series: [{name, colour, points: [[ms, value]], labels, text(value,
/// decimals)}],
/// isStacked, fill (0 to 1), min, max, isBinary, step (ms), limits: [{value, colour}], exemplars: [{t, value, trace}],
/// links(series)}.
export class Lines {
  constructor() { this.set({ series: [], exemplars: [], limits: [] }); }

  set(model) {
    Object.assign(this, model, { hidden: this.hidden ?? new Set() });
    this.stack();
  }

  get visible() { return this.series.filter(series => !this.hidden.has(series.name)); }

  /// What is drawn: [t, top, bottom, value]; stacked ones stand on those before.
  stack() {
    const sums = new Map();
    for (const series of this.visible) {
      series.drawn = series.points.map(([t, value]) => {
        const bottom = this.isStacked ? sums.get(t) ?? 0 : 0;
        if (this.isStacked) sums.set(t, bottom + value);
        return [t, bottom + value, bottom, value];
      });
    }
  }

  fit(height) {
    let [low, high] = [Infinity, -Infinity];
    for (const { drawn } of this.visible) {
      for (const [, value] of drawn) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (low > high) [low, high] = [0, 1];
    if (low > 0 && (low === high || low < high * 0.6)) low = 0;
    const pad = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.1 || 1;
    this.low = this.min ?? (low === 0 ? 0 : low - pad);
    this.high = this.max ?? high + pad;
    if (this.high <= this.low) this.high = this.low + 1;
    const ticks = valueTicks(this.low, this.high, Math.max(2, height / 36), this.isBinary);
    const texts = tickTexts(ticks, this.series[0]?.text ?? String);
    return ticks.map((tick, i) => [(tick - this.low) / (this.high - this.low), texts[i]]);
  }

  draw(context, chart) {
    const y = value => chart.y((value - this.low) / (this.high - this.low));
    const gap = this.step * 1.5;
    context.lineJoin = "round";
    for (const limit of this.limits) {
      if (limit.value < this.low || limit.value > this.high) continue;
      context.strokeStyle = paint(limit.colour);
      context.globalAlpha = 0.7;
      context.setLineDash([8, 5]);
      context.beginPath(), context.moveTo(chart.area.left, y(limit.value)),
        context.lineTo(chart.area.left + chart.area.width, y(limit.value)), context.stroke();
      context.setLineDash([]);
    }
    for (const series of this.visible) {
      const colour = paint(series.colour);
      context.fillStyle = context.strokeStyle = colour;
      for (const run of runs(series.drawn, gap)) {
        if (run.length === 1) {
          context.globalAlpha = 1;
          context.beginPath(), context.arc(chart.x(run[0][0]), y(run[0][1]), 2, 0, 7), context.fill();
          continue;
        }
        const path = new Path2D();
        const area = new Path2D();
        run.forEach(([t, top, , value], i) => {
          area.lineTo(chart.x(t), y(top));
          // What adds nothing to a stack would hide the line below it.
          const isSeen = i > 0 && (!this.isStacked || value !== 0 || run[i - 1][3] !== 0);
          path[isSeen ? "lineTo" : "moveTo"](chart.x(t), y(top));
        });
        if (this.isStacked) for (let i = run.length - 1; i >= 0; i--) area.lineTo(chart.x(run[i][0]), y(run[i][2]));
        else area.lineTo(chart.x(run.at(-1)[0]), y(Math.max(this.low, 0))),
          area.lineTo(chart.x(run[0][0]), y(Math.max(this.low, 0)));
        context.globalAlpha = this.fill;
        context.fillStyle = this.isStacked ? colour : fading(context, colour, chart.area);
        context.fill(area);
        context.globalAlpha = 1;
        context.lineWidth = 1.3;
        context.stroke(path);
      }
    }
    context.lineWidth = 1;
    for (const each of this.exemplars) {
      each.x = chart.x(each.t);
      each.y = Math.max(chart.area.top, Math.min(y(each.value), chart.area.top + chart.area.height));
    }
    context.globalAlpha = 0.8;
    exemplarMarks(context, chart, this.exemplars);
    context.globalAlpha = 1;
  }

  at(t, part, chart, x, y) {
    const exemplar = exemplarAt(this.exemplars, chart, x, y, this.series[0]?.text ?? String);
    if (exemplar) return exemplar;
    const wanted = this.low + part * (this.high - this.low);
    const rows = [];
    for (const series of this.visible) {
      const point = series.drawn[nearest(series.drawn, t)];
      if (point && Math.abs(point[0] - t) <= Math.max(this.step, 1)) rows.push({ series, t: point[0], value: point[3],
        distance: Math.abs(point[1] - wanted) });
    }
    if (rows.length === 0) return chart.notesAt(t).length > 0
      ? { t, content: el("p", { class: "muted" }, "No value here") } : null;
    const close = rows.reduce((best, row) => (row.distance < best.distance ? row : best));
    rows.sort((a, b) => b.value - a.value);
    const body = rows.slice(0,
      16).map(({ series, value }) => el("tr", { class: series === close.series ? "is-close" : null },
      el("th", { scope: "row" }, el("i", { class: "dot", style: { "--c": series.colour } }), shown(series.name, 60)),
        el("td", null, series.text(value))));
    return {
      t: close.t, service: close.series.labels.service, links: this.links?.(close.series),
      content: [el("table", null, el("tbody", null, body)),
        rows.length > 16 && el("p", { class: "muted" }, `and ${rows.length - 16} more`)],
    };
  }
}

/// From the colour above to nothing below.
function fading(context, colour, { top, height }) {
  const gradient = context.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, colour);
  gradient.addColorStop(1, /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}00` : colour);
  return gradient;
}

/// Pieces of a series between its gaps.
function runs(points, gap) {
  const all = [];
  let run = [];
  for (const point of points) {
    if (run.length > 0 && point[0] - run.at(-1)[0] > gap) all.push(run), run = [];
    run.push(point);
  }
  return run.length > 0 ? [...all, run] : all;
}

// ----------------------------------------------------------------------------------------------------------- heat map

/// Buckets by time. `set`: {rows: [{low, high (upper bound), points: [[ms, rate]]}] from the lowest, step, text(bound),
/// count(rate), exemplars}.
export class HeatMap {
  constructor() { this.set({ rows: [], exemplars: [], step: 1000 }); }

  set(model) {
    Object.assign(this, model);
    this.most = this.rows.reduce((most, row) => row.points.reduce((best, [, value]) => Math.max(best, value), most), 0);
  }

  fit(height) {
    const every = Math.max(1, Math.ceil(this.rows.length / Math.max(2, height / 15)));
    return this.rows.flatMap((row, i) => (i % every === 0 ? [[(i + 1) / this.rows.length, this.text(row.high), false]]
      : []));
  }

  draw(context, chart) {
    const height = chart.area.height / Math.max(1, this.rows.length);
    const width = (this.step / (chart.stage.to - chart.stage.from)) * chart.area.width;
    context.fillStyle = paint("var(--g-heat)");
    this.rows.forEach((row, i) => {
      const y = chart.y((i + 1) / this.rows.length);
      for (const [t, value] of row.points) {
        if (value <= 1e-9) continue;
        // A root, so that rare ones are seen beside many.
        context.globalAlpha = 0.1 + 0.9 * Math.sqrt(value / this.most);
        context.fillRect(chart.x(t) - width + 0.5, y + 0.5, Math.max(1, width - (width > 4 ? 1 : 0)),
          Math.max(1, height - 1));
      }
    });
    context.globalAlpha = 0.85;
    for (const each of this.exemplars) {
      const row = this.rows.findIndex(({ high }) => each.value <= high);
      if (row < 0) continue;
      const { low, high } = this.rows[row];
      const within = Number.isFinite(high) && high > low ? (each.value - low) / (high - low) : 0.5;
      each.x = chart.x(each.t);
      each.y = chart.y((row + within) / this.rows.length);
    }
    exemplarMarks(context, chart, this.exemplars);
    context.globalAlpha = 1;
  }

  at(t, part, chart, x, y) {
    const exemplar = exemplarAt(this.exemplars, chart, x, y, this.text);
    if (exemplar) return exemplar;
    const column = this.rows.map(row => row.points.find(([end]) => t > end - this.step && t <= end) ?? null);
    const all = column.reduce((sum, point) => sum + (point?.[1] ?? 0), 0);
    const index = Math.floor(part * this.rows.length);
    const row = this.rows[index];
    if (!row || !column[index]) return null;
    const most = Math.max(...column.map(point => point?.[1] ?? 0));
    const bars = svg("svg", { width: this.rows.length * 7, height: 40, "aria-hidden": "true", class: "tip-bars" },
      column.map((point, i) => {
      const high = most > 0 ? ((point?.[1] ?? 0) / most) * 38 : 0;
      return svg("rect", { x: i * 7, y: 40 - high, width: 6, height: high, class: i === index ? "is-close" : null });
    }));
    const share = all > 0 ? `, ${fmt.ratio(column[index][1] / all)} of all` : "";
    return {
      t: column[index][0],
      content: [el("p", null, `${this.text(row.low)} to ${this.text(row.high)}`),
        el("p", null, el("b", null, this.count(column[index][1])), share), bars],
    };
  }
}

// ------------------------------------------------------------------------------------------------------------- states

/// A band for each series, in the colour of its state. `set`: {series: [{name, labels, points: [[ms, value]]}], step,
/// state(value) -> {text, colour}, links(series)}.
export class States {
  constructor() { this.set({ series: [], step: 1000 }); }

  /// Equal neighbours become one piece: [from, to, value].
  set(model) {
    Object.assign(this, model);
    for (const series of this.series) {
      series.pieces = [];
      for (const [t, value] of series.points) {
        const last = series.pieces.at(-1);
        if (last && t - last[1] <= this.step * 1.5) last[1] = t;
        if (last && last[2] === value && last[1] === t) continue;
        series.pieces.push([t, t, value]);
      }
      for (const piece of series.pieces) if (piece[0] === piece[1]) piece[1] += this.step;
    }
  }

  fit(height) {
    this.lineHeight = height / Math.max(1, this.series.length);
    const every = Math.ceil(7 / this.lineHeight);
    return this.series.flatMap(
      (series, i) => (i % every === 0 ? [[1 - (i + 0.5) / this.series.length, shown(series.name, 60), false]] : []));
  }

  draw(context, chart) {
    const height = chart.area.height / Math.max(1, this.series.length);
    context.textAlign = "left";
    context.textBaseline = "middle";
    this.series.forEach((series, i) => {
      const y = chart.area.top + i * height;
      for (const [from, to, value] of series.pieces) {
        const { text, colour } = this.state(value);
        const [left, right] = [Math.max(chart.area.left, chart.x(from)), chart.x(Math.min(to, chart.stage.to))];
        const deep = height > 18 ? height * 0.85 : Math.max(1, height - 2);
        context.fillStyle = paint(colour);
        context.globalAlpha = 0.8;
        context.fillRect(left, y + (height - deep) / 2, Math.max(1.5, right - left), deep);
        context.globalAlpha = 1;
        if (deep < 11 || context.measureText(text).width + 10 > right - left) continue;
        context.fillStyle = paint("var(--g-on)");
        context.fillText(text, left + 5, y + height / 2);
      }
    });
  }

  at(t, part) {
    const series = this.series[Math.min(this.series.length - 1, Math.floor((1 - part) * this.series.length))];
    const piece = series?.pieces.find(([from, to]) => t >= from && t <= to);
    if (!piece) return null;
    const { text, colour } = this.state(piece[2]);
    return {
      t, service: series.labels.service, links: this.links?.(series),
      content: [el("p", null, shown(series.name, 80)),
        el("p", null, el("i", { class: "dot", style: { "--c": colour } }), " ", el("b", null, shown(text, 60))),
        el("p", { class: "muted" }, `since ${fmt.time(piece[0]).slice(0, 8)}, ${fmt.ms(piece[1] - piece[0])}`)],
    };
  }
}

// -------------------------------------------------------------------------------------------------------------- gauge

/// An arc of three quarters of what `max` is, within a thin one of the thresholds' colours.
export function gauge(part, colour, bands) {
  const point = (radius, share) => {
    const angle = Math.PI * (0.85 + 1.3 * share);
    return `${(60 + radius * Math.cos(angle)).toFixed(2)} ${(58 + radius * Math.sin(angle)).toFixed(2)}`;
  };
  const arc = (radius, from,
    to) => `M${point(radius, from)}A${radius} ${radius} 0 ${(to - from) * 1.3 > 1 ? 1 : 0} 1 ${point(radius, to)}`;
  const stroke = (d, width, shade, opacity = 1) => svg("path",
    { d, fill: "none", "stroke-width": width, stroke: shade, opacity });
  const full = Math.max(0, Math.min(1, part));
  return svg("svg", { viewBox: "0 0 120 84", class: "gauge-arc", "aria-hidden": "true" },
    stroke(arc(46, 0, 1), 11, "var(--raised)"), full > 0 && stroke(arc(46, 0, full), 11, colour),
    bands.map(band => stroke(arc(54, Math.max(0, band.from), Math.min(1, band.to)), 2, band.colour)));
}

/// A small area of the last values, as wide as its place.
export function trend(points, from, to, colour) {
  let [low, high] = [0, -Infinity];
  for (const [, value] of points) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (points.length < 2) return null;
  const place = ([t, value]) =>
    `${(((t - from) / (to - from)) * 100).toFixed(2)} ${(30 - ((value - low) / (high - low || 1)) * 28).toFixed(2)}`;
  const line = points.map(place).join("L");
  return svg("svg", { viewBox: "0 0 100 30", preserveAspectRatio: "none", class: "trend", "aria-hidden": "true" },
    svg("path", { class: "trend-area", style: { "--c": colour },
      d: `M${place(points[0]).split(" ")[0]} 30L${line}L${place(points.at(-1)).split(" ")[0]} 30Z` }),
    svg("path", { class: "trend-line", style: { "--c": colour }, d: `M${line}` }));
}
