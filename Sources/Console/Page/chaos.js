// Breaking things on purpose: experiments with a verdict, single faults, breakers and what they remember.

import { append, el, fmt, get, hashFor, isAbort, page, problemBox, reconcile, send, serviceTag, setAttr, setText,
  shown, toast } from "./core.js";
import { every } from "./alerts.js";

const points = {
  latency: ["server", "client", "database", "payment"], error: ["server", "client", "database"],
    reset: ["server", "client"], hang: ["server", "client"],
  truncate: ["server"], slow_body: ["server"], payment_decline: ["payment"],
    payment_timeout_after_success: ["payment"], payment_unavailable: ["payment"],
  cpu_burn: ["process"], loop_block: ["process"], memory_growth: ["process"],
};
// [name, its label, what it is at first, least, most]. Source: docs/faults.md.
const own = {
  latency: [["latency_ms", "Delay, ms", 300, 1, 60_000], ["jitter_ms", "Give or take, ms", 50, 0, 60_000]],
  error: [["status", "Status", 503, 400, 599]],
  truncate: [["after_bytes", "After bytes", 40, 0, 1_048_576]],
  slow_body: [["bytes_per_second", "Bytes a second", 200, 1, 1_048_576]],
  cpu_burn: [["share", "Share of a processor", 0.8, 0.01, 1]],
  loop_block: [["block_ms", "Blocks for, ms", 200, 1, 5000], ["every_ms", "Each, ms", 1000, 10, 60_000]],
  memory_growth: [["mebibytes", "MiB", 64, 1, 1024]],
};
const presets = [
  ["Slow catalogue", "product", { kind: "latency", point: "server", latency_ms: 800, jitter_ms: 200 }],
  ["Products fail, half of them", "product", { kind: "error", point: "server", status: 503, percentage: 50 }],
  ["Product does not answer", "product", { kind: "hang", point: "server" }],
  ["Slow order database", "order", { kind: "latency", point: "database", latency_ms: 150, jitter_ms: 50 }],
  ["Payment provider is away", "order", { kind: "payment_unavailable", point: "payment" }],
  ["Gateway's loops stand still", "gateway", { kind: "loop_block", point: "process", block_ms: 300, every_ms: 1000 }],
];
const services = ["gateway", "user", "product", "cart", "order"];
const breakerBadges = { closed: "good", open: "bad", half_open: "warn", forced_open: "bad", disabled: null };

/// Does it, says so, and looks again.
async function act(button, text, action, look) {
  button.disabled = true;
  try {
    await action();
    toast(text, "good");
    await look();
  } catch (error) {
    if (!isAbort(error)) toast(`${error.title ?? error.message}${error.detail ? `: ${error.detail}` : ""}`, "bad");
  } finally {
    button.disabled = false;
  }
}

page("chaos", {
  title: "Chaos",
  async render(root, route, signal) {
    const away = el("div", { class: "problem", role: "alert", hidden: true, data: { test: "chaos-unavailable" } });
    const problem = el("div");
    const now = el("div", { class: "chaos-now" });
    const experiments = el("ul", { class: "chaos-list", data: { test: "experiments" } });
    const faults = el("tbody");
    const noFaults = el("p", { class: "empty" }, "No fault is set.");
    const breakers = el("tbody");
    const processes = el("p", { class: "chaos-processes" });
    const dialog = el("dialog", { class: "about-panel", data: { test: "recording" } });
    let known = null;
    let isRefused = true;
    const clear = el("button", { type: "button", class: "btn small danger push", data: { test: "clear-faults" },
      on: { click: () => act(clear, "All faults are cleared", () => send("DELETE", "/chaos/faults"), look) } },
      "Clear all");
    const panel = (title, ...content) => el("section", { class: "panel", "aria-label": title },
      el("header", null, el("h2", null, title), ...content.slice(0, 1)), ...content.slice(1));
    const grid = (titles, body, test) => el("table", { class: "grid", data: { test } },
      el("thead", null, el("tr", null, titles.map(([title, kind]) => el("th", { class: kind }, title)))), body);
    append(root, el("h1", null, "Chaos"), problem, away, now, el("div", { class: "chaos-columns" },
      panel("Experiments",
        el("span", { class: "muted" }, "A steady state, a fault, a judgement; what it did is undone."), experiments),
      el("div", { class: "chaos-column" },
        panel("Break something", el("span", { class: "muted" }, "Every fault ends by itself."),
          faultForm(() => isRefused, () => look())),
        panel("Faults set", clear, grid([["Service"], ["Fault"], ["Ends in", "num"]], faults, "faults"), noFaults),
        panel("Breakers", processes,
          grid([["Caller"], ["Called"], ["State"], ["Failing", "num"], ["Calls", "num"], [""]], breakers,
          "breakers")))), dialog);
    dialog.addEventListener("click", event => event.target === dialog && dialog.close());
    signal.addEventListener("abort", () => dialog.remove(), { once: true });

    const breakerPath = each => `/breakers/${encodeURIComponent(each.service)}/${encodeURIComponent(each.name)}`;

    function experiment(each) {
      const start = el("button", { type: "button", class: "btn small", "aria-label": `Start ${each.name}`,
        data: { test: "start-experiment", experiment: each.name },
        on: { click: () => act(start, `${each.name} begins`,
          () => send("POST", `/chaos/experiments/${encodeURIComponent(each.name)}`), look) } }, "Start");
      return el("li", { data: { test: "experiment", experiment: each.name } },
        el("div", null, el("strong", null, shown(each.title, 200)),
        el("p", { class: "muted" }, shown(each.description, 400)),
        el("p", { class: "muted" }, el("code", null, shown(each.name, 60)),
          each.seconds_max ? ` · at most ${fmt.ms(each.seconds_max * 1000).replace(/ 0 s$/, "")}` : "")), start);
    }

    function breaker(each) {
      const order = (text, name, done, body) => {
        const button = el("button", { type: "button", class: ["btn small", name === "open" && "danger"],
          "aria-label": `${text} ${each.service} to ${each.name}`, data: { test: `breaker-${name}` },
          on: { click: () => act(button, done, () => send("POST", `${breakerPath(each)}/${name}`, body), look) } },
            text);
        return button;
      };
      return el("tr", { data: { test: "breaker-row", breaker: `${each.service}/${each.name}` } },
        el("td", null, serviceTag(each.service)), el("td", null, serviceTag(each.name)),
        el("td", null, el("span")), el("td", { class: "num" }), el("td", { class: "num" }),
        el("td", { class: "num" }, order("Open", "open", `${each.service} calls ${each.name} no more, for a minute`,
          { duration_seconds: 60 }), " ", order("Reset", "reset", "Closed, and all is forgotten"), " ",
          el("button", { type: "button", class: "btn small",
            "aria-label": `Flight recorder of ${each.service} to ${each.name}`, data: { test: "breaker-recording" },
            on: { click: () => record(each) } }, "Recorder")));
    }

    async function record(each) {
      dialog.replaceChildren(el("p", { class: "muted" }, "Reading the recorder …"));
      if (!dialog.open) dialog.showModal();
      let content;
      try {
        content = recording(await get(`${breakerPath(each)}/recording`, null, signal));
      } catch (error) {
        if (isAbort(error)) return;
        content = problemBox(error, () => record(each));
      }
      dialog.replaceChildren(el("h2", null, `Flight recorder: ${shown(each.service, 60)} → ${shown(each.name, 60)}`),
        el("div", { class: "about" }, content),
        el("form", { method: "dialog", class: "toolbar" }, el("button", { class: "btn primary" }, "Close")));
    }

    function draw() {
      const { running, last } = known;
      isRefused = known.is_available === false;
      away.hidden = !isRefused;
      if (isRefused) away.replaceChildren(el("strong", null, "Nothing can be broken from here"),
        el("p", null, shown(known.reason
        || "The lab runs experiments and sets faults; this console knows of none. Start it with: vitrine up", 400)));
      const key = JSON.stringify([running, last]);
      if (now.dataset.key !== key) {
        now.dataset.key = key;
        const stop = running
          && el("button", { type: "button", class: "btn danger", data: { test: "stop-experiment" },
          on: { click: () => act(stop, `${running.name} is told to stop`,
          () => send("DELETE", `/chaos/experiments/${encodeURIComponent(running.name)}`), look) } }, "Stop");
        now.replaceChildren(...[running
          && el("div", { class: "panel chaos-running", role: "status",
          data: { test: "running", experiment: running.name, phase: running.phase } },
          el("span", { class: "badge warn" }, shown(running.phase, 30)), el("strong", null, shown(running.name, 80)),
          el("span", { class: "muted", data: { since: running.since_ms } }),
            el("a", { href: hashFor("dashboard", "vitrine-chaos", { from: "now-5m", refresh: "2s" }) },
            "See what it does"), stop),
        last && el("p", { class: "muted", data: { test: "verdict", verdict: last.verdict } }, "Last: ",
          el("strong", null, shown(last.name, 80)), " ",
          el("span", { class: ["badge", last.verdict === "passed" ? "good" : "bad"] }, shown(last.verdict, 60)),
          ` at ${fmt.time(last.ended_ms).slice(0, 8)}`)].filter(Boolean));
      }
      now.querySelectorAll("[data-since]").forEach(
        node => setText(node, `for ${fmt.ms(Date.now() - Number(node.dataset.since))}`));
      reconcile(experiments, known.experiments ?? [], each => each.name, experiment,
        node => { node.querySelector("button").disabled = Boolean(running) || isRefused; });
      reconcile(faults, known.faults ?? [], each => `${each.service}/${each.id}`,
        each => el("tr", { data: { test: "fault-row", fault: each.id, service: each.service } },
        el("td", null, serviceTag(each.service)),
        el("td", null, el("strong", null, shown(each.kind, 60)), ` at ${shown(each.point, 20)} `,
          el("span", { class: "muted" }, shown(each.text ?? "", 200))), el("td", { class: "num" })),
        (node, each) => setText(node.lastChild,
          fmt.ms(Math.max(0, Math.round((each.ends_ms - Date.now()) / 1000) * 1000)).replace(/\.00 s/, " s")));
      noFaults.hidden = faults.childElementCount > 0;
      clear.disabled = faults.childElementCount === 0 || isRefused;
      reconcile(breakers, known.breakers ?? [], each => `${each.service}/${each.name}`, breaker, (node, each) => {
        node.dataset.state = each.state;
        const [, , state, failing, calls] = node.cells;
        setAttr(state.firstChild, "class", `badge ${breakerBadges[each.state] ?? ""}`);
        setText(state.firstChild, shown(each.state.replace("_", " "), 20));
        setText(failing, fmt.ratio(each.error_ratio));
        setText(calls, fmt.number(each.calls));
      });
      const rest = (known.processes ?? []).map(each => `${each.name} ${each.state}`).join("|");
      if (processes.dataset.key !== rest) {
        processes.dataset.key = rest;
        processes.replaceChildren(...(known.processes ?? []).filter(each => each.state !== "running")
          .map(each => el("span", { class: "badge warn" }, shown(`${each.name} ${each.state}`, 60))));
      }
    }

    async function look() {
      try {
        known = await get("/chaos", null, signal);
        problem.replaceChildren();
        draw();
      } catch (error) {
        if (!isAbort(error)) problem.replaceChildren(problemBox(error, look));
      }
    }
    every(look, 1500, signal);
    await look();
  },
});

/// The form for one fault; its fields are those of the chosen kind.
function faultForm(isRefused, look) {
  const select = (name, values) => el("select", { name, data: { test: `fault-${name}` } },
    values.map(value => el("option", { value }, value.replaceAll("_", " "))));
  const field = (label, control) => el("label", { class: "field" }, el("span", null, label), control);
  const numeric = (name, value, min, max) => el("input",
    { type: "number", name, value, min, max, step: "any", required: true, data: { test: `fault-${name}` } });
  const service = select("service", services);
  const kind = select("kind", Object.keys(points));
  const point = select("point", []);
  const upstream = select("upstream", []);
  const upstreamField = field("Calls of", upstream);
  const extra = el("span", { class: "chaos-fields" });
  const percentage = numeric("percentage", 100, 0.1, 100);
  const duration = numeric("duration_seconds", 30, 0.1, 3600);
  const submit = el("button", { class: "btn primary", data: { test: "fault-set" } }, "Set it");
  const fit = () => {
    // Only orders are paid for, and the gateway stores nothing.
    const here = points[kind.value].filter(each => (each !== "payment" || service.value === "order")
      && (each !== "database" || service.value !== "gateway"));
    const options = (control, values) => {
      const old = control.value;
      control.replaceChildren(...values.map(value => el("option", { value, selected: value === old }, value)));
    };
    options(point, here);
    options(upstream, services.filter(each => each !== service.value));
    upstreamField.hidden = point.value !== "client";
    submit.disabled = here.length === 0;
    extra.replaceChildren(
      ...(own[kind.value] ?? []).map(([name, label, value, min, max]) => field(label, numeric(name, value, min, max))));
    percentage.disabled = point.value === "process";
  };
  const fill = (name, fault) => {
    service.value = name;
    kind.value = fault.kind;
    fit();
    point.value = fault.point;
    fit();
    percentage.value = fault.percentage ?? 100;
    for (const input of extra.querySelectorAll("input")) if (fault[input.name] !== undefined) input.value = fault[
      input.name];
  };
  kind.addEventListener("change", fit);
  point.addEventListener("change", fit);
  service.addEventListener("change", fit);
  service.value = "product";
  fit();
  return el("form", { class: "body chaos-form", data: { test: "fault-form" }, on: { submit: event => {
    event.preventDefault();
    if (isRefused()) return toast("Faults cannot be set here", "warn");
    const fault = { kind: kind.value, point: point.value, duration_seconds: Number(duration.value) };
    if (point.value !== "process" && Number(percentage.value) !== 100) fault.percentage = Number(percentage.value);
    if (point.value === "client") fault.upstream = upstream.value;
    // A database's failure has no status, and a client's is a refused connection.
    for (const input of extra.querySelectorAll("input")) if (
      !(input.name === "status" && point.value !== "server")) fault[input.name] = Number(input.value);
    return act(submit, `${fault.kind.replaceAll("_", " ")} in ${service.value} for ${duration.value} s`,
      () => send("POST", "/chaos/faults", { service: service.value, fault }), look);
  } } },
  el("div", { class: "toolbar", role: "group", "aria-label": "Presets" },
    presets.map(([title, name, fault]) => el("button",
    { type: "button", class: "btn small", data: { test: "fault-preset", preset: title },
    on: { click: () => fill(name, fault) } }, title))),
  el("div", { class: "toolbar" }, field("Service", service), field("Kind", kind), field("Where", point), upstreamField,
    extra, field("Share of calls, %", percentage), field("Seconds", duration), submit));
}

/// What a breaker remembers: each change of state, and the calls that led to it.
function recording(document) {
  const flights = [...(document?.flights ?? [])].reverse();
  if (flights.length === 0) return el("p", { class: "empty" }, "It never changed its state since the process began.");
  const link = each => each.trace_id && el("a", { href: hashFor("trace", each.trace_id, { span: each.span_id }) },
    "trace");
  return flights.map((flight, i) => el("details", { open: i === 0, data: { test: "flight" } },
    el("summary", null, el("strong", null, shown(`${flight.from} → ${flight.to}`.replaceAll("_", " "), 60)),
      ` ${fmt.time(flight.at_unix_ms)} · ${shown(String(flight.reason).replaceAll("_", " "), 80)}`,
      flight.window && ` · ${flight.window.failures} of ${flight.window.calls} calls failed, ${flight.window.slow} slow`,
      flight.open_ms ? ` · open for ${fmt.ms(flight.open_ms)}` : "", " ", link(flight)),
    el("table", { class: "grid" },
      el("thead", null, el("tr", null, ["Ended", "Outcome", "Took", ""].map(title => el("th", null, title)))),
      el("tbody", null, (flight.calls ?? []).slice(-100).reverse()
        .map(call => el("tr", null, el("td", { class: "mono" }, fmt.time(call.at_unix_ms)),
        el("td", { class: /failure|rejected/.test(call.outcome) ? "bad-text" : null }, shown(call.outcome, 40)),
          el("td", { class: call.is_slow ? "warn-text" : null }, fmt.us(call.latency_us)),
          el("td", null, link(call))))))));
}
