// What Grafana puts into queries, legends and links before they are used: variables, intervals, times, numbers with
// units.
// Everything here is a pure function of its arguments, so that a panel shows the very number that Grafana would.

import { fmt, hashFor } from "./core.js";

// ------------------------------------------------------------------------------------------------------------- times

const spans = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 };

/// "15s", "1m30s", "500ms" in milliseconds; NaN where it is no length of time.
export function lengthOf(text) {
  const parts = [...String(text ?? "").matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)];
  if (parts.length === 0 || parts.map(part => part[0]).join("") !== text) return NaN;
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * spans[unit], 0);
}

/// "now", "now-30m", milliseconds since 1970, or a date, as milliseconds since 1970; NaN for anything else.
export function timeOf(text, now = Date.now()) {
  const relative = /^now(?:([+-])(\d+(?:ms|[smhdwy])))?$/.exec(String(text ?? "").trim());
  if (relative) return now + (relative[1] === "+" ? 1 : -1) * (relative[2] ? lengthOf(relative[2]) : 0);
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}

/// A length as Prometheus reads it, in the largest unit that divides it: "2s", "1500ms", "5m".
export function written(ms) {
  const whole = Math.max(1, Math.round(ms));
  const unit = ["d", "h", "m", "s"].find(each => whole % spans[each] === 0) ?? "ms";
  return `${whole / spans[unit]}${unit}`;
}

// [up to so many milliseconds, this interval]. Source: Grafana, pkg/tsdb/intervalv2 and gtime.RoundInterval.
const rounded = [[15, 10], [35, 20], [75, 50], [150, 100], [350, 200], [750, 500], [1500, 1000], [3500, 2000],
  [7500, 5000],
  [12_500, 10_000], [17_500, 15_000], [25_000, 20_000], [45_000, 30_000], [90_000, 60_000], [210_000, 120_000],
    [450_000, 300_000],
  [750_000, 600_000], [1_050_000, 900_000], [1_500_000, 1_200_000], [2_700_000, 1_800_000], [5_400_000, 3_600_000],
  [9_000_000, 7_200_000], [16_200_000, 10_800_000], [32_400_000, 21_600_000], [Infinity, 43_200_000]];

/// How a range is asked for, in milliseconds: `step` is `$__interval`, and start and end lie on multiples of it, so
/// that two
/// refreshes look at the same instants. `points` is the width in pixels, `scrape` how often is scraped, `least` a
/// query's own.
export function timing(from, to, points, scrape, least = scrape) {
  const wished = (to - from) / Math.max(1, Math.floor(points));
  // Prometheus answers at most 11,000 points a series.
  const step = Math.max(rounded.find(([most]) => wished <= most)[1], least, Math.ceil((to - from) / 11_000));
  return {
    from, to, step, start: Math.floor(from / step) * step, end: Math.floor(to / step) * step,
    rate: Math.max(step + scrape, 4 * scrape),
  };
}

// --------------------------------------------------------------------------------------------------------- variables

/// What `$__interval` and its like stand for. `clock` is what `timing` gives.
export function builtIns(clock) {
  const range = clock.to - clock.from;
  return {
    __interval: written(clock.step), __interval_ms: String(clock.step), __auto: written(clock.step),
    __rate_interval: written(clock.rate), __rate_interval_ms: String(clock.rate),
    __range: `${Math.round(range / 1000)}s`, __range_s: String(Math.round(range / 1000)), __range_ms: String(range),
    __from: String(clock.from), __to: String(clock.to),
  };
}

// Twice, because the value stands in a string of PromQL.
const escaped = text => String(text).replace(/[\\^$*+?.()|[\]{}]/g, "\\\\$&");

/// The chosen values: all there are for "All".
export function chosen(variable) {
  return variable.selected.includes("$__all") ? variable.options : variable.selected;
}

function spelled(variable, format) {
  const values = chosen(variable);
  if (format === "csv" || format === "raw") return values.join(",");
  if (format === "pipe") return values.join("|");
  if (!variable.isMulti && format !== "regex") return values.join(",");
  // With nothing to choose from, "All" has to match whatever there is.
  if (values.length === 0) return ".*";
  return values.length === 1 ? escaped(values[0]) : `(${values.map(escaped).join("|")})`;
}

const places = /\$(\w+)|\$\{([^}:]+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g;

/// Replaces `$name`, `${name:format}` and `[[name]]`. `fixed`: {name: text}; what is unknown stays as it is, `$1` too.
export function filled(text, variables, fixed = {}) {
  return String(text ?? "").replace(places, (all, bare, braced, bracedFormat, old, oldFormat) => {
    const name = bare ?? braced ?? old;
    if (Object.hasOwn(fixed, name)) return fixed[name];
    const variable = variables.find(each => each.name === name);
    return variable ? spelled(variable, bracedFormat ?? oldFormat) : all;
  });
}

/// The variables of a dashboard with what the fragment chose: {name, title, kind, isMulti, query, options, selected}.
export function variablesOf(dashboard, params) {
  return (dashboard.templating?.list ?? []).filter(each => each.hide !== 2).slice(0, 20).map(each => {
    const given = params.getAll(`var-${each.name}`).slice(0, 100).map(value => (value === "All" ? "$__all" : value));
    const initial = [each.current?.value ?? []].flat().map(String);
    return {
      name: each.name, title: each.label || each.name, kind: each.type,
        isMulti: Boolean(each.multi || each.includeAll), hasAll: Boolean(each.includeAll),
      query: typeof each.query === "string" ? each.query : each.query?.query ?? "", regex: each.regex ?? "",
      options: each.type === "custom" ? String(each.query).split(",").map(text => text.trim())
        : (each.options ?? []).map(option => String(option.value)),
      selected: given.length > 0 ? given : initial,
    };
  });
}

/// `label_values(series, label)` in its two parts.
export function labelValues(query) {
  const match = /^\s*label_values\(\s*(?:([\s\S]+?)\s*,\s*)?([a-zA-Z_]\w*)\s*\)\s*$/.exec(query);
  return match && { series: match[1] ?? null, label: match[2] };
}

/// The parameters that say what is chosen, without what would be so anyway.
export function variableParams(variables) {
  return Object.fromEntries(variables.filter(each => !(each.hasAll && each.selected.includes("$__all")))
    .map(each => [`var-${each.name}`, each.selected]));
}

// ----------------------------------------------------------------------------------------------------------- legends

/// A series' name: `{{label}}` replaced; "__auto" gives what tells it apart, or `otherwise` where nothing does.
export function legendOf(format, labels, otherwise) {
  if (format && format !== "__auto") return format.replace(/\{\{\s*([^}]+?)\s*\}\}/g, (_, name) => labels[name] ?? "")
    || otherwise;
  const own = Object.entries(labels).filter(([name]) => name !== "__name__");
  if (own.length === 0) return labels.__name__ ?? otherwise;
  return own.length === 1 ? own[0][1] : own.map(([name, value]) => `${name}=${value}`).join(", ");
}

// ------------------------------------------------------------------------------------------------------------- links

/// A link of Grafana's as a place of this page: {title, href}, or null for one that leads nowhere here. `scope`:
/// {labels,
/// fields} of what was clicked, `board`: {variables, from, to (as the fragment has them), bounds: [ms, ms]}.
export function placeOf(link, board, scope) {
  const fill = text => filled(text, [], {
    ...Object.fromEntries(Object.entries(scope.labels ?? {}).map(([name, value]) => [`__field.labels.${name}`, value])),
    ...Object.fromEntries(
      Object.entries(scope.fields ?? {}).map(([name, value]) => [`__data.fields["${name}"]`, value])),
    __from: String(board.bounds[0]), __to: String(board.bounds[1]), "__series.name": scope.name ?? "",
  });
  const title = fill(link.title);
  const time = { from: board.from, to: board.to };
  const [path, search = ""] = String(link.url ?? "").split("?");
  const dashboard = /^\/d\/([\w-]+)/.exec(path);
  if (dashboard) {
    const params = link.includeVars ? variableParams(board.variables) : {};
    for (const pair of search.split("&")) {
      const [name, value] = pair.split("=").map(decodeURIComponent);
      if (name.startsWith("var-")) params[name] = fill(value);
    }
    return { title, href: hashFor("dashboard", dashboard[1], { ...params, ...time }) };
  }
  if (path !== "/explore") return /^https?:/.test(path) ? { title, href: fill(link.url) } : null;
  try {
    const [query] = Object.values(JSON.parse(new URLSearchParams(search.replaceAll("+", "%2B")).get("panes")))[
      0].queries;
    if (query.datasource.type === "jaeger") {
      return { title, href: hashFor("traces", null,
        { service: fill(query.service), start_ms: Math.floor(board.bounds[0]), end_ms: Math.ceil(board.bounds[1]) }) };
    }
    const service = /service_name=~?"([^"]*)"/.exec(fill(query.expr));
    return { title, href: hashFor("logs", null, { service: service?.[1] }) };
  } catch {
    return null; // an explore link of another shape
  }
}

// ----------------------------------------------------------------------------------------------------------- numbers

/// How many decimals make three digits. Source: Grafana, packages/grafana-data/src/field/displayProcessor.ts.
function decimalsOf(value) {
  if (value % 1 === 0) return 0;
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  let decimals = 1 - exponent;
  if (value / 10 ** -decimals > 2.25 || value < 0) decimals += 1;
  return Math.min(20, Math.max(0, decimals));
}

const plainNumber = (value, decimals) => value.toFixed(decimals ?? decimalsOf(value));

function scaled(value, decimals, base, prefixes) {
  let at = 0;
  while (Math.abs(value) >= base && at < prefixes.length - 1) [value, at] = [value / base, at + 1];
  return [plainNumber(value, decimals), prefixes[at]];
}

const thousands = ["", "K", "Mil", "Bil", "Tri"];
const count = suffix => (value, decimals) => {
  const [text, prefix] = scaled(value, decimals, 1000, ["", "K", "M", "B", "T"]);
  return [text, `${prefix}${prefix ? " " : ""}${suffix}`];
};
// [below so many seconds, multiplied by, unit]
const lengths = [[1e-6, 1e9, "ns"], [1e-3, 1e6, "µs"], [1, 1e3, "ms"], [60, 1, "s"], [3600, 1 / 60, "min"],
  [86_400, 1 / 3600, "h"],
  [604_800, 1 / 86_400, "d"], [Infinity, 1 / 604_800, "weeks"]];
function seconds(value, decimals) {
  const size = Math.abs(value);
  const [, factor, unit] = size === 0 ? [0, 1, "s"] : lengths.find(([most]) => size < most);
  return [plainNumber(value * factor, decimals), unit];
}

const units = {
  none: (value, decimals) => [plainNumber(value, decimals), ""],
  short: (value, decimals) => scaled(value, decimals, 1000, thousands),
  percent: (value, decimals) => [plainNumber(value, decimals), "%"],
  percentunit: (value, decimals) => [plainNumber(value * 100, decimals), "%"],
  s: seconds,
  ms: (value, decimals) => seconds(value / 1000, decimals),
  bytes: (value, decimals) => scaled(value, decimals, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]),
  decbytes: (value, decimals) => scaled(value, decimals, 1000, ["B", "kB", "MB", "GB", "TB", "PB"]),
  reqps: count("req/s"), rps: count("rd/s"), wps: count("wr/s"), ops: count("ops/s"), opm: count("ops/min"),
    cps: count("c/s"),
  currencyUSD: (value, decimals) => {
    const [text, prefix] = scaled(value, decimals, 1000, ["", "K", "M", "B", "T"]);
    return [text.replace(/^(-?)/, "$1$$") + prefix, ""];
  },
  dateTimeFromNow: value => [fmt.relative(value), ""],
};

/// A number in a unit as [number, unit]. Without `decimals`, three digits. What is no number is a dash.
export function inUnit(value, unit, decimals) {
  if (value === null || value === undefined || Number.isNaN(value)) return ["–", ""];
  if (!Number.isFinite(value)) return [value > 0 ? "∞" : "−∞", ""];
  if (Object.hasOwn(units, unit ?? "none")) return units[unit ?? "none"](value, decimals);
  return [plainNumber(value, decimals), unit];
}

/// The same as one text: "12.3 ms", "4.5%", "$12.3 K".
export function unitText(value, unit, decimals) {
  const [number, suffix] = inUnit(value, unit, decimals);
  return suffix === "" || suffix === "%" ? number + suffix : `${number} ${suffix}`;
}

// ------------------------------------------------------------------------------------------------------------ fields

// Grafana's names, in this page's own shades.
export function colourNamed(name) {
  const match = /^(?:(?:super|semi)-)?(?:(dark|light)-)?(green|red|orange|yellow|blue|purple|text)$/.exec(name ?? "");
  if (match) return `var(--g-${match[2]})`;
  return /^(#[0-9a-f]{3,8}|rgba?\([\d., ]+\))$/i.test(name ?? "") ? name : "var(--g-text)";
}

/// The colour of a value by thresholds: that of the last step it reaches.
export function thresholdColour(thresholds, value, min = 0, max = 100) {
  const steps = thresholds?.steps ?? [];
  const measured = thresholds?.mode === "percentage" ? ((value - min) / (max - min)) * 100 : value;
  let colour = steps[0]?.color ?? "text";
  for (const step of steps) if (step.value === null || measured >= step.value) colour = step.color;
  return colourNamed(colour);
}

/// What a value is called: {text, color}, or null.
export function mappingOf(mappings, value) {
  for (const mapping of mappings ?? []) {
    const { type, options } = mapping;
    if (type === "value" && Object.hasOwn(options, String(value))) return options[String(value)];
    if (type === "range" && value >= (options.from ?? -Infinity)
      && value <= (options.to ?? Infinity)) return options.result;
  }
  return null;
}

function matches(matcher, name) {
  if (matcher.id === "byName") return matcher.options === name;
  if (matcher.id !== "byRegexp") return false;
  try {
    const parts = /^\/([\s\S]*)\/([a-z]*)$/.exec(matcher.options);
    return (parts ? new RegExp(parts[1], parts[2]) : new RegExp(matcher.options)).test(name);
  } catch {
    return false; // not an expression of JavaScript's
  }
}

/// A field's settings: the panel's own, with those overrides that match its name.
export function fieldOf(config, name) {
  const field = { ...config?.defaults, custom: { ...config?.defaults?.custom } };
  for (const { matcher, properties } of config?.overrides ?? []) {
    if (!matches(matcher, name)) continue;
    for (const { id, value } of properties) {
      if (id.startsWith("custom.")) field.custom[id.slice(7)] = value;
      else field[id] = value;
    }
  }
  return field;
}
