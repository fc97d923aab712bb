// The shipped Grafana dashboards, drawn from Prometheus: the list of them, and one of them with its variables and
// times.

import { append, el, fmt, get, hashFor, isAbort, keys, page, problemBox, setParams, setText, shown } from "./core.js";
import { Stage } from "./charts.js";
import { aboutPanel, Lanes, Panel } from "./panels.js";
import { colourNamed, filled, labelValues, legendOf, lengthOf, placeOf, timeOf, timing, variableParams,
  variablesOf } from "./templating.js";

const shortTitle = title => shown(String(title ?? "").replace(/^Vitrine · /, ""), 100);

// -------------------------------------------------------------------------------------------------------------- list

page("dashboards", {
  title: "Dashboards",
  async render(root, route, signal) {
    const input = el("input", { type: "search", placeholder: "Find a dashboard", "aria-label": "Find a dashboard",
      value: route.params.get("q") ?? "", maxlength: "80", data: { test: "dashboard-filter" } });
    const list = el("ul", { class: "board-cards" });
    append(root, el("div", { class: "toolbar" }, el("h1", null, "Dashboards"), el("span", { class: "push" }), input),
      list);
    keys({ "/": ["Find a dashboard", () => input.focus()] }, signal);
    const [{ dashboards },
      settings] = await Promise.all([get("/dashboards", null, signal),
      get("/settings", null, signal).catch(() => null)]);
    if (settings?.prometheus === false) list.before(noPrometheus());
    const draw = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = dashboards.filter(
        each => words.every(word => `${each.title} ${each.description} ${each.tags}`.toLowerCase().includes(word)));
      list.replaceChildren(
        ...found.map(({ uid, title, tags, description }) => el("li", null,
        el("a", { class: "panel board-card", href: hashFor("dashboard", uid), data: { test: "dashboard-card", uid } },
        el("h2", null, shortTitle(title)), el("p", { class: "muted" }, shown(description, 300)),
          el("div", null, (tags ?? []).filter(tag => tag !== "vitrine").map(tag => el("span", { class: "badge" },
          shown(tag, 30))))))));
      if (found.length === 0) list.append(el("li", { class: "empty" }, "No dashboard has these words."));
    };
    input.addEventListener("input", () => { draw(); setParams({ q: input.value }); });
    draw();
  },
});

const noPrometheus = () => el("div", { class: "problem", role: "alert", data: { test: "no-prometheus" } },
  el("strong", null, "There is no Prometheus"),
  el("p", null, "Dashboards are drawn from what Prometheus has gathered, and this console was not told where one is. "
    + "In the lab it is started along with the shop."));

// --------------------------------------------------------------------------------------------------------- one of them

const quick = [["now-5m", "Last 5 minutes"], ["now-15m", "Last 15 minutes"], ["now-30m", "Last 30 minutes"],
  ["now-1h", "Last hour"], ["now-3h", "Last 3 hours"], ["now-6h", "Last 6 hours"], ["now-24h", "Last day"]];
const refreshes = ["off", "2s", "5s", "10s", "30s", "1m"];

// How often Prometheus scrapes, as most of its targets say; asked once.
let scraping = null;
async function scrapeInterval() {
  const answer = await get("/prometheus/api/v1/targets", { state: "active" });
  const counts = new Map();
  for (const { scrapeInterval } of answer?.data?.activeTargets ?? []) counts.set(scrapeInterval,
    (counts.get(scrapeInterval) ?? 0) + 1);
  return lengthOf([...counts].sort((a, b) => b[1] - a[1])[0]?.[0]) || 2000;
}

page("dashboard", {
  title: "Dashboard",
  async render(root, route, signal) {
    const dashboard = await get(`/dashboards/${encodeURIComponent(route.id ?? "")}`, null, signal);
    scraping ??= scrapeInterval().catch(() => { scraping = null; return 2000; });
    const scrape = await scraping;
    if (signal.aborted) return;
    document.title = `${shortTitle(dashboard.title)} · Vitrine`;
    new Board(root, dashboard, route, signal, scrape).start();
  },
});

/// A button that opens a box below it; `build()` gives the box's content anew each time.
function menu(button, build, signal) {
  const box = el("div", { popover: "auto", class: "menu" });
  button.popoverTargetElement = box;
  box.addEventListener("beforetoggle", event => event.newState === "open"
    && box.replaceChildren(...[build(() => box.hidePopover())].flat()));
  box.addEventListener("toggle", event => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    const { left, bottom } = button.getBoundingClientRect();
    box.style.left = `${Math.max(6, Math.min(left, innerWidth - box.offsetWidth - 10))}px`;
    box.style.top = `${bottom + 4}px`;
    box.querySelector("input, button, a")?.focus();
  });
  signal.addEventListener("abort", () => box.remove(), { once: true });
  return [button, box];
}

class Board {
  constructor(root, dashboard, route, signal, scrape) {
    const params = route.params;
    Object.assign(this, {
      root, dashboard, signal, scrape, uid: route.id, lanes: new Lanes(6), variables: variablesOf(dashboard, params),
        panels: [], timer: 0,
      from: params.get("from") ?? dashboard.time?.from ?? "now-30m", to: params.get("to") ?? dashboard.time?.to
        ?? "now",
      refresh: params.get("refresh") ?? dashboard.refresh ?? "off", viewed: params.get("view"),
        closed: new Set(params.getAll("closed")),
      notes: (dashboard.annotations?.list ?? []).filter(each => each.target?.expr && !each.hide),
    });
    const toggled = params.getAll("notes");
    this.shownNotes = new Set(this.notes.filter(note => note.enable !== toggled.includes(note.name))
      .map(note => note.name));
    if (!(this.range() > 0)) [this.from, this.to] = ["now-30m", "now"];
    this.stage = new Stage((from, to) => this.setTime(String(from), String(Math.max(to, from + 1000)), true), signal);
  }

  range(now = Date.now()) {
    this.bounds = [timeOf(this.from, now), timeOf(this.to, now)];
    [this.stage ?? {}].forEach(stage => { [stage.from, stage.to] = this.bounds; });
    return this.bounds[1] - this.bounds[0];
  }

  start() {
    const { dashboard, signal } = this;
    this.range();
    this.picked = el("div", { class: "toolbar board-variables" });
    this.grid = el("div", { class: "board", data: { test: "board", uid: this.uid } });
    this.dialog = el("dialog", { class: "about-panel", data: { test: "panel-about" } });
    append(this.root, this.head(), this.picked, this.grid, this.dialog);
    this.dialog.addEventListener("click", event => event.target === this.dialog && this.dialog.close());
    this.seen = new IntersectionObserver(entries => entries.forEach(({ target, isIntersecting }) => {
      target.panel.isSeen = isIntersecting;
      if (isIntersecting && target.panel.isDirty) target.panel.run();
    }), { rootMargin: "160px" });
    this.lay();
    this.drawPicked();
    signal.addEventListener("abort", () => { clearTimeout(this.timer); this.seen.disconnect(); this.dialog.close(); },
      { once: true });
    document.addEventListener("visibilitychange", () => !document.hidden && this.tick(), { signal });
    keys({
      r: ["Refresh", () => this.tick()], z: ["Show twice the time", () => this.zoomOut()],
        Escape: ["Leave the single panel", () => (this.viewed ? this.focus(null) : false)],
    }, signal);
    get("/settings", null, signal).then(settings => settings?.prometheus === false && this.grid.before(noPrometheus()),
      () => {});
    return this.tick(true);
  }

  // What the fragment says: only what differs from the dashboard's own.
  save(isNew = false) {
    const { dashboard } = this;
    const other = (value, usual) => (value === usual ? null : value);
    if (isNew) history.pushState(null, "", location.hash); // so that "back" leads out of a zoom
    setParams({
      from: other(this.from, dashboard.time?.from), to: other(this.to, dashboard.time?.to),
        refresh: other(this.refresh, dashboard.refresh ?? "off"), view: this.viewed,
      closed: [...this.closed],
        notes: this.notes.filter(note => note.enable !== this.shownNotes.has(note.name)).map(note => note.name),
        ...variableParams(this.variables),
    });
    this.drawLinks();
  }

  // -------------------------------------------------------------------------------------------------------- controls

  head() {
    const { dashboard, signal } = this;
    const button = (text, title, test, click) => el("button",
      { type: "button", class: "btn", title, "aria-label": title, data: { test }, on: { click } }, text);
    this.timeButton = el("button",
      { type: "button", class: "btn", "aria-haspopup": "dialog", data: { test: "time-range" } });
    this.others = el("nav", { class: "board-links", "aria-label": "Related dashboards" });
    const refresh = el("select", { "aria-label": "Refresh every", title: "Refresh every", data: { test: "refresh" },
      on: { change: () => { this.refresh = refresh.value; this.save(); this.tick(); } } },
      [...new Set([...refreshes, this.refresh])].map(
        each => el("option", { value: each, selected: each === this.refresh }, each)));
    this.drawLinks();
    return el("div", { class: "board-head" },
      el("div", { class: "board-title" }, el("a", { href: "#/dashboards" }, "Dashboards"), " / ",
        el("h1", { title: dashboard.description }, shortTitle(dashboard.title)),
        el("p", { class: "muted" }, shown(dashboard.description, 400))),
      el("div", { class: "toolbar board-time" }, button("‹", "Earlier", "earlier", () => this.shift(-0.5)),
        menu(this.timeButton, close => this.times(close), signal),
        button("›", "Later", "later", () => this.shift(0.5)),
        button("−", "Show twice the time (z)", "zoom-out", () => this.zoomOut()),
          button("↻", "Refresh (r)", "refresh-now", () => this.tick()), refresh));
  }

  times(close) {
    const written = text => (/^\d+$/.test(text) ? fmt.date(Number(text)) : text);
    const field = (label, text, test) => el("label", { class: "field" }, el("span", null, label),
      el("input", { value: written(text), maxlength: "40", spellcheck: "false", data: { test } }));
    const [from, to] = [field("From", this.from, "time-from"), field("To", this.to, "time-to")];
    const form = el("form", { on: { submit: event => {
      event.preventDefault();
      const texts = [from, to].map(each => each.lastChild.value.trim());
      const times = texts.map(text => timeOf(text));
      from.lastChild.setAttribute("aria-invalid", String(Number.isNaN(times[0])));
      to.lastChild.setAttribute("aria-invalid", String(!(times[1] > times[0])));
      if (!(times[1] > times[0])) return;
      close();
      this.setTime(...texts.map((text, i) => (text.startsWith("now") ? text : String(times[i]))));
    } } }, from, to, el("p", { class: "muted" }, "2026-01-31 12:30:00, or now-45m"),
      el("button", { class: "btn primary", data: { test: "time-apply" } }, "Show"));
    return el("div", { class: "menu-times" }, form,
      el("div", { class: "menu-list" },
      quick.map(([value, title]) => el("button",
      { type: "button", "aria-pressed": String(this.from === value && this.to === "now"),
      data: { test: "time-choice", value },
      on: { click: () => { close(); this.setTime(value, "now"); } } }, title))));
  }

  drawPicked() {
    const { signal } = this;
    const one = variable => {
      if (variable.kind === "textbox") {
        const input = el("input",
          { value: variable.selected[0] ?? "", maxlength: "200", data: { test: "variable", name: variable.name },
          on: { change: () => this.choose(variable, [input.value]) } });
        return el("label", { class: "field" }, el("span", null, shown(variable.title, 40)), input);
      }
      const button = el("button",
        { type: "button", class: "btn", "aria-haspopup": "dialog", data: { test: "variable", name: variable.name } });
      variable.paint = () => setText(button,
        `${shown(variable.title, 40)}: ${variable.selected.includes("$__all") ? "All" : variable.selected.map(
        text => shown(text, 30)).join(", ") || "none"} ▾`);
      variable.paint();
      return menu(button, close => this.choices(variable, close), signal);
    };
    const note = each => {
      const box = el("input",
        { type: "checkbox", checked: this.shownNotes.has(each.name), data: { test: "annotation", name: each.name },
        on: { change: () => {
        this.shownNotes[box.checked ? "add" : "delete"](each.name);
        this.save();
        this.drawNotes();
      } } });
      return el("label", { class: "note-switch", style: { "--c": colourNamed(each.iconColor) } }, box,
        shown(each.name, 40));
    };
    this.picked.replaceChildren(...this.variables.flatMap(one), this.others,
      el("fieldset", { class: "note-switches push" }, el("legend", { class: "unseen" }, "Show on the charts"),
      this.notes.map(note)));
  }

  choices(variable, close) {
    const pick = (value, isOnly) => {
      const set = new Set(variable.selected);
      if (value === "$__all" || isOnly || !variable.isMulti) return this.choose(variable, [value]);
      set.delete("$__all");
      set[set.has(value) ? "delete" : "add"](value);
      return this.choose(variable, set.size === 0 && variable.hasAll ? ["$__all"] : [...set]);
    };
    const values = [...(variable.hasAll ? ["$__all"] : []),
      ...new Set([...variable.options, ...variable.selected.filter(each => each !== "$__all")])];
    const boxes = values.slice(0, 200).map(value => {
      const box = el("input",
        { type: variable.isMulti ? "checkbox" : "radio", checked: variable.selected.includes(value),
        on: { change: () => {
        pick(value);
        boxes.forEach(each => { each.querySelector("input").checked = variable.selected.includes(each.dataset.value);
          });
        if (!variable.isMulti) close();
      } } });
      return el("label", { data: { test: "variable-choice", value } }, box,
        el("span", null, value === "$__all" ? "All" : shown(value, 80)),
        value !== "$__all" && el("button",
          { type: "button", class: "btn small",
          on: { click: event => { event.preventDefault(); pick(value, true); close(); } } }, "only"));
    });
    return el("div", { class: "menu-list", role: "group", "aria-label": variable.title }, boxes,
      variable.options.length === 0 && el("p", { class: "muted" }, "Prometheus has no values for it."));
  }

  choose(variable, values) {
    variable.selected = values;
    variable.paint?.();
    this.save();
    this.tick(true);
  }

  setTime(from, to, isNew = false) {
    Object.assign(this, { from, to });
    this.save(isNew);
    this.stage.leave(true);
    this.tick(true);
  }

  shift(part) {
    const by = (this.bounds[1] - this.bounds[0]) * part;
    const to = Math.min(Date.now(), this.bounds[1] + by);
    this.setTime(String(Math.round(to - (this.bounds[1] - this.bounds[0]))), String(Math.round(to)));
  }

  zoomOut() {
    const range = this.bounds[1] - this.bounds[0];
    if (this.to === "now") this.setTime(`now-${Math.round((range * 2) / 1000)}s`, "now", true);
    else this.setTime(String(Math.round(this.bounds[0] - range / 2)),
      String(Math.round(Math.min(Date.now(), this.bounds[1] + range / 2))), true);
  }

  drawLinks() {
    const { links = [] } = this.dashboard;
    const every = links.filter(link => link.type === "link").map(link => placeOf(link, this, {})).filter(Boolean);
    this.others?.replaceChildren(
      ...every.map(link => el("a", { href: link.href, data: { test: "board-link" } }, shown(link.title, 60))));
  }

  // ---------------------------------------------------------------------------------------------------------- panels

  /// Rows with their panels; a row is a heading that folds what is below it.
  lay() {
    let top = 0;
    let place = el("div", { class: "board-grid" });
    this.grid.append(place);
    const all = (this.dashboard.panels ?? []).flatMap(panel => [panel, ...(panel.panels ?? [])]).slice(0, 300);
    for (const definition of all.sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x)) {
      const { x, y, w, h } = definition.gridPos;
      if (definition.type === "row") {
        const id = String(definition.id);
        const grid = (place = el("div", { class: "board-grid", id: `row-${id}`, hidden: this.closed.has(id) }));
        top = y + 1;
        const button = el("button",
          { type: "button", "aria-expanded": String(!this.closed.has(id)), "aria-controls": `row-${id}`,
          data: { test: "row", row: definition.title }, on: { click: () => {
          this.closed[grid.hidden ? "delete" : "add"](id);
          grid.hidden = !grid.hidden;
          button.setAttribute("aria-expanded", String(!grid.hidden));
          this.save();
        } } }, shown(definition.title, 100));
        append(this.grid, el("h2", { class: "board-row" }, button), grid);
        continue;
      }
      const panel = new Panel(definition, this, this.signal);
      for (const [name, value] of Object.entries({ "--x": x + 1, "--y": y - top + 1, "--w": w,
        "--h": h })) panel.node.style.setProperty(name, value);
      this.panels.push(panel);
      place.append(panel.node);
      this.seen.observe(panel.node);
    }
    this.focus(this.panels.find(panel => String(panel.definition.id) === this.viewed) ?? null, true);
  }

  /// One panel alone and large; the same again, or null, shows all.
  focus(panel, isFirst = false) {
    const id = panel && String(panel.definition.id);
    this.viewed = id !== null && (isFirst || id !== this.viewed) ? id : null;
    this.grid.classList.toggle("is-single", this.viewed !== null);
    for (const each of this.panels) {
      const isViewed = String(each.definition.id) === this.viewed;
      each.node.parentNode.classList.toggle("has-viewed", false);
      each.node.classList.toggle("is-viewed", isViewed);
    }
    if (this.viewed !== null) panel.node.parentNode.classList.add("has-viewed");
    if (isFirst) return;
    this.save();
    if (panel) requestAnimationFrame(() => { panel.run(); panel.node.scrollIntoView({ block: "nearest" }); });
  }

  inspect(panel) {
    this.dialog.replaceChildren(el("h2", null, shown(panel.definition.title, 120)), aboutPanel(panel),
      el("form", { method: "dialog", class: "toolbar" }, el("button", { class: "btn primary" }, "Close")));
    this.dialog.showModal();
  }

  // ------------------------------------------------------------------------------------------------------------ time

  /// Asks again what is in view, and the rest when it comes into view. `isChange`: also what still runs begins anew.
  async tick(isChange = false) {
    clearTimeout(this.timer);
    if (this.signal.aborted) return;
    const every = lengthOf(this.refresh);
    if (every > 0) this.timer = setTimeout(() => (document.hidden ? null : this.tick()), Math.max(1000, every));
    this.range();
    this.stage.charts.forEach(chart => this.stage.redraw(chart));
    setText(this.timeButton,
      `${quick.find(([value]) => this.to === "now" && value === this.from)?.[1] ?? this.spelledTime()} ▾`);
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      await this.fillVariables();
    } catch (error) {
      if (isAbort(error)) return;
      this.tellVariables(error);
    }
    if (turn !== this.turn || this.signal.aborted) return;
    for (const panel of this.panels) {
      if (panel.running && !isChange) continue;
      panel.isDirty = true;
      if (panel.isSeen) panel.run();
    }
    this.drawNotes();
  }

  spelledTime() {
    if (this.to === "now" && this.from.startsWith("now-")) return `Last ${fmt.ms(lengthOf(this.from.slice(4))).replace(
      / 0 (s|min)$/, "")}`;
    const [from, to] = this.bounds.map(fmt.date);
    return `${from} to ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
  }

  tellVariables(error) {
    this.problem?.remove();
    this.problem = problemBox(error, () => { this.problem.remove(); this.tick(true); });
    this.picked.after(this.problem);
  }

  /// In order, because one may depend on those before.
  async fillVariables() {
    for (const variable of this.variables) {
      const query = variable.kind === "query" && labelValues(variable.query);
      if (!query) continue;
      const answer = await this.lanes.run(this.signal, () => get(`/prometheus/api/v1/label/${query.label}/values`,
        { "match[]": query.series && filled(query.series, this.variables), start: this.bounds[0] / 1000,
          end: this.bounds[1] / 1000 }, this.signal));
      variable.options = (answer?.data ?? []).slice(0, 500).sort();
      variable.paint?.();
    }
    this.problem?.remove();
  }

  /// What happened meanwhile. Samples that follow one another are one happening.
  async drawNotes() {
    const clock = timing(...this.bounds, 1000, this.scrape);
    const turn = this.turn;
    const answers = await Promise.all(this.notes.filter(note => this.shownNotes.has(note.name)).map(async note => {
      const step = Math.max(clock.step, lengthOf(note.target.interval) || 0);
      const [start, end] = this.bounds.map(t => (Math.floor(t / step) * step) / 1000);
      const answer = await this.lanes.run(this.signal,
        () => get("/prometheus/api/v1/query_range",
        { query: filled(note.target.expr, this.variables), start, end, step: step / 1000 }, this.signal)).catch(
        () => null);
      return (answer?.data?.result ?? []).flatMap(({ metric, values }) => {
        const text = legendOf(note.titleFormat, metric, note.name);
        const samples = values.filter(([, value]) => Number(value) > 0);
        const colour = colourNamed(note.iconColor);
        if (note.useValueForTime) {
          return [...new Set(samples.map(([, value]) => Math.floor(Number(value))))].filter(t => t >= this.bounds[0]
            && t <= this.bounds[1]).map(from => ({ from, to: null, text, colour }));
        }
        const pieces = [];
        for (const [seconds] of samples) {
          const last = pieces.at(-1);
          if (last && seconds * 1000 - last.to <= step) last.to = seconds * 1000;
          else pieces.push({ from: seconds * 1000, to: seconds * 1000, text, colour });
        }
        return pieces;
      });
    }));
    if (turn === this.turn) this.stage.setNotes(answers.flat().slice(0, 200));
  }
}
