// What fires, what is about to, and every rule there is; a runbook for each.

import { append, announce, el, fmt, get, hashFor, isAbort, keys, page, problemBox, reconcile, serviceTag, setParams,
  setText, shown } from "./core.js";
import { markdown } from "./markdown.js";
import { unitText } from "./templating.js";

const ranks = { page: 0, critical: 0, ticket: 1, warning: 1, info: 2 };
const rank = severity => ranks[severity] ?? 3;
const states = ["firing", "pending", "inactive"];
const badgeOf = severity => el("span", { class: ["badge", { 0: "bad", 1: "warn" }[rank(severity)]] },
  shown(severity || "none", 20));
const runbookName = url => /([A-Za-z][\w-]*)(?:\.md)?(?:#.*)?$/.exec(url ?? "")?.[1] ?? null;

function value(text) {
  const number = Number(text);
  return text === null || text === undefined || text === "" || Number.isNaN(number) ? shown(text ?? "", 40)
    : unitText(number, "none");
}

page("alerts", {
  title: "Alerts",
  async render(root, route, signal) {
    const state = { q: route.params.get("q") ?? "", state: route.params.get("state") ?? "",
      runbook: route.params.get("runbook") };
    const input = el("input",
      { type: "search", placeholder: "Name, service, label", "aria-label": "Filter alerts and rules", value: state.q,
      maxlength: "100", data: { test: "alert-filter" } });
    const choice = el("select", { "aria-label": "State", data: { test: "alert-state" } },
      el("option", { value: "" }, "Any state"),
      states.map(each => el("option", { value: each, selected: each === state.state }, each)));
    const summary = el("p", { class: "muted", role: "status", data: { test: "alert-summary" } });
    const problem = el("div");
    const list = el("div", { class: "alert-list" });
    const calm = el("p", { class: "panel empty", hidden: true, data: { test: "no-alerts" } }, "Nothing fires.");
    const body = el("tbody");
    const rules = el("section", { class: "panel", "aria-label": "Rules" }, el("header", null, el("h2", null, "Rules")),
      el("table", { class: "grid", data: { test: "rules" } },
        el("thead", null, el("tr", null,
        ["Rule", "Severity", "State", "For", "Expression", ""].map(title => el("th", null, title)))), body));
    const dialog = el("dialog", { class: "about-panel", data: { test: "runbook" } });
    append(root, el("div", { class: "toolbar" }, el("h1", null, "Alerts"), summary, el("span", { class: "push" }),
      input, choice), problem, calm, list, rules, dialog);
    keys({ "/": ["Filter", () => input.focus()] }, signal);

    const save = () => setParams(state);
    let known = { alerts: [], rules: [], is_reachable: true };
    input.addEventListener("input", () => { state.q = input.value; save(); draw(); });
    choice.addEventListener("change", () => { state.state = choice.value; save(); draw(); });
    dialog.addEventListener("close", () => { state.runbook = null; save(); });
    dialog.addEventListener("click", event => event.target === dialog && dialog.close());
    signal.addEventListener("abort", () => { state.runbook = null; dialog.remove(); }, { once: true });

    async function open(name) {
      state.runbook = name;
      save();
      dialog.replaceChildren(el("p", { class: "muted" }, "Reading the runbook …"));
      if (!dialog.open) dialog.showModal();
      let content;
      try {
        content = markdown(await get(`/runbooks/${encodeURIComponent(name)}`, null, signal), target => {
          if (/^https?:/.test(target)) return target;
          const other = /(?:^|\/)([A-Za-z][\w-]*)\.md/.exec(target)?.[1];
          return other ? hashFor("alerts", null, { runbook: other }) : null;
        });
        // A dashboard's name leads to it.
        for (const code of content.querySelectorAll(":not(pre) > code")) {
          if (/^vitrine-[a-z]+$/.test(code.textContent)) code.replaceWith(
            el("a", { href: hashFor("dashboard", code.textContent) }, code.textContent));
        }
      } catch (error) {
        if (isAbort(error)) return;
        content = problemBox(error, () => open(name));
      }
      dialog.replaceChildren(el("div", { class: "about" }, content),
        el("form", { method: "dialog", class: "toolbar" }, el("button", { class: "btn primary" }, "Close")));
    }

    const runbookButton = url => {
      const name = runbookName(url);
      return name && el("button", { type: "button", class: "btn small", data: { test: "open-runbook", runbook: name },
        on: { click: () => open(name) } }, "Runbook");
    };
    const matches = (each, text) => (state.state === "" || each.state === state.state)
      && state.q.toLowerCase().split(/\s+/).every(word => text.toLowerCase().includes(word));

    function article(alert) {
      const since = alert.active_since_ms;
      const around = { start_ms: since && Math.floor(since - 60_000),
        end_ms: since && Math.ceil(Math.min(Date.now(), since + 300_000)) };
      const labels = Object.entries(alert.labels ?? {}).filter(([name]) => !["alertname", "severity",
        "service"].includes(name));
      return el("article", { class: ["panel alert", `is-${alert.state}`, `rank-${rank(alert.severity)}`],
        "aria-label": alert.name,
        data: { test: "alert-row", alert: alert.name, state: alert.state, severity: alert.severity } },
        el("header", null, badgeOf(alert.severity), el("h2", null, shown(alert.name, 100)),
          alert.service && serviceTag(alert.service), el("span", { class: "badge" }, alert.state),
          el("span", { class: "muted push", title: fmt.date(since) }, el("span", { class: "alert-since" }),
            " · value ", el("b", { class: "alert-value", data: { test: "alert-value" } }))),
        el("div", { class: "body" }, el("strong", { class: "alert-summary" }), el("p", { class: "alert-description" }),
          el("div", { class: "toolbar" }, runbookButton(alert.runbook_url),
            alert.dashboard_uid && el("a",
              { class: "btn small",
              href: hashFor("dashboard", alert.dashboard_uid, { "var-service": alert.service, notes: "Pages" }) },
              "Dashboard"),
            alert.service && el("a",
              { class: "btn small",
              href: hashFor("traces", null, { service: alert.service, status: "error", ...around }) }, "Failed traces"),
            alert.service && el("a",
              { class: "btn small", href: hashFor("logs", null, { service: alert.service, level: "warn" }) }, "Log"),
            labels.map(([name, text]) => el("span", { class: "chip muted" }, shown(`${name}=${text}`, 120))))));
    }

    function row(rule) {
      return el("tr", { data: { test: "rule-row", rule: rule.name, state: rule.state } },
        el("td", null, shown(rule.name, 100)), el("td", null, badgeOf(rule.severity)),
        el("td", null, el("span",
          { class: ["badge", rule.state === "firing" ? (rank(rule.severity) < 3 ? "bad" : "good")
          : rule.state === "pending" ? "warn" : null] }, shown(rule.state, 20)),
          rule.health && rule.health !== "ok" && rule.health !== "unknown" && el("p", { class: "bad-text" },
            shown(rule.last_error || rule.health, 300))),
        el("td", { class: "num" }, fmt.ms((rule.for_seconds ?? 0) * 1000)),
        el("td", null, el("details", null,
          el("summary", { class: "mono" }, shown(String(rule.expression).replace(/\s+/g, " "), 90)),
          el("pre", null, shown(rule.expression, 4000)))),
        el("td", null, runbookButton(rule.runbook_url)));
    }

    function draw() {
      const alerts = (known.alerts ?? []).filter(alert => alert.state !== "inactive").sort((a, b) =>
        states.indexOf(a.state) - states.indexOf(b.state) || rank(a.severity) - rank(b.severity)
          || (b.active_since_ms ?? 0) - (a.active_since_ms ?? 0) || (a.name < b.name ? -1 : 1));
      const real = alerts.filter(alert => alert.state === "firing" && rank(alert.severity) < 3);
      const pending = alerts.filter(alert => alert.state === "pending").length;
      setText(summary, `${real.length} firing, ${pending} pending, ${known.rules?.length ?? 0} rules`);
      const found = alerts.filter(
        alert => matches(alert, `${alert.name} ${alert.summary} ${JSON.stringify(alert.labels ?? {})}`)).slice(0, 200);
      reconcile(list, found,
        alert => JSON.stringify([alert.name, alert.state, alert.severity, alert.labels, alert.active_since_ms]),
        article, (node, alert) => {
        setText(node.querySelector(".alert-since"),
          `since ${fmt.time(alert.active_since_ms).slice(0, 8)}, ${fmt.relative(alert.active_since_ms)}`);
        setText(node.querySelector(".alert-value"), value(alert.value));
        setText(node.querySelector(".alert-summary"), shown(alert.summary ?? "", 300));
        setText(node.querySelector(".alert-description"), shown(alert.description ?? "", 800));
      });
      calm.hidden = found.some(alert => rank(alert.severity) < 3);
      setText(calm, alerts.length > found.length ? "No alert is like that." : "Nothing fires.");
      const shownRules = (known.rules ?? []).filter(
        rule => matches(rule, `${rule.name} ${rule.severity} ${rule.expression}`))
        .sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state) || rank(a.severity) - rank(b.severity)
          || (a.name < b.name ? -1 : 1)).slice(0, 500);
      reconcile(body, shownRules, rule => JSON.stringify(rule), row);
      rules.hidden = shownRules.length === 0;
    }

    let count = -1;
    async function look() {
      try {
        known = await get("/alerts", null, signal);
        problem.replaceChildren(known.is_reachable === false
          ? el("div", { class: "problem", role: "alert", data: { test: "alerts-unreachable" } },
          el("strong", null, "Prometheus does not answer"),
          el("p", null, "Without it nobody judges the rules: no alert here does not mean that all is well.")) : "");
        draw();
        const firing = known.alerts.filter(alert => alert.state === "firing" && rank(alert.severity) < 3).length;
        if (count >= 0 && firing !== count) announce(`${firing} alerts fire`);
        count = firing;
      } catch (error) {
        if (isAbort(error)) return;
        problem.replaceChildren(problemBox(error, look));
      }
    }
    every(look, 4000, signal);
    await look();
    if (state.runbook) open(state.runbook);
  },
});

/// Calls `action` so often while the tab is seen, one after the other.
export function every(action, ms, signal) {
  let timer = 0;
  const next = async () => {
    if (!document.hidden) await action();
    if (!signal.aborted) timer = setTimeout(next, ms);
  };
  timer = setTimeout(next, ms);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
