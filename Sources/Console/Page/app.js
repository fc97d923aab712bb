// The frame around the pages: navigation, routes, keys that work everywhere, the help dialog.

import { append, boundKeys, el, enter, get, go, hashFor, isAbort, isTyping, page, pageNamed, parseHash, problemBox,
  setTheme,
  shown, theme } from "./core.js";

// A page's module is loaded when it is first shown: a fault in one cannot take the others with it.
const modules = {
  overview: () => import("./overview.js"),
  traces: () => import("./traces.js"),
  trace: () => import("./waterfall.js"),
  logs: () => import("./logs.js"),
  dashboards: () => import("./dashboards.js"),
  dashboard: () => import("./dashboards.js"),
  alerts: () => import("./alerts.js"),
  chaos: () => import("./chaos.js"),
  api: () => import("./api.js"),
};

// [page, its name in the navigation, key after "g", pages that count as it]
const places = [
  ["overview", "Overview", "o", []],
  ["traces", "Traces", "t", ["trace"]],
  ["logs", "Logs", "l", []],
  ["dashboards", "Dashboards", "d", ["dashboard"]],
  ["alerts", "Alerts", "a", []],
  ["chaos", "Chaos", "c", []],
  ["api", "API", "p", []],
];

const main = document.getElementById("main");
const nav = document.getElementById("nav");

append(nav, places.map(([name, title, key]) =>
  el("a", { href: hashFor(name), data: { nav: name }, "aria-keyshortcuts": `g ${key}`, title: `${title} (g ${key})` },
    title)));

page("missing", {
  title: "Not found",
  render(root, route) {
    append(root, el("h1", { tabindex: "-1" }, "There is no such page"),
      el("p", null, `Nothing is at "${shown(route.name, 80)}". `, el("a", { href: "#/" }, "Go to the overview.")));
  },
});

// ------------------------------------------------------------------------------------------------------------ routes

let shownName = null;

async function show() {
  if (location.hash === "#main") return; // the skip link
  const route = parseHash(location.hash);
  const signal = enter(route);
  const isNew = route.name !== shownName;
  shownName = route.name;
  mark(route.name);

  // A detached root: a page that comes late after a quick change of mind writes into nothing.
  const root = el("div", { class: `page page-${Object.hasOwn(modules, route.name) ? route.name : "missing"}`,
    data: { page: route.name } });
  main.replaceChildren(root);
  if (isNew) window.scrollTo(0, 0);
  try {
    if (Object.hasOwn(modules, route.name)) await modules[route.name]();
    if (signal.aborted) return;
    const definition = pageNamed(route.name) ?? pageNamed("missing");
    document.title = `${definition.title} · Vitrine`;
    const rendering = definition.render(root, route, signal);
    if (isNew && !isTyping(document.activeElement)) main.focus({ preventScroll: true });
    await rendering;
  } catch (error) {
    if (isAbort(error) || signal.aborted) return;
    console.error(error);
    root.prepend(problemBox(error, show));
  }
}

function mark(name) {
  for (const [place, , , others] of places) {
    const link = nav.querySelector(`[data-nav="${place}"]`);
    if (place === name || others.includes(name)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

window.addEventListener("hashchange", show);

// -------------------------------------------------------------------------------------------------------------- keys

const dialog = el("dialog", { id: "help-dialog", test: "help-dialog", "aria-labelledby": "help-title" });
document.body.append(dialog);
dialog.addEventListener("click", event => event.target === dialog && dialog.close());

function help() {
  const row = (key, text) => el("tr", null,
    el("td", null, key.split(" ").map(each => el("kbd", null, each.replace("Arrow", "").replace("Escape", "Esc")))),
    el("td", null, text));
  dialog.replaceChildren(
    el("form", { method: "dialog" }, el("h2", { id: "help-title" }, "Keyboard"),
      el("div", { class: "help-columns" },
        el("table", null, el("caption", null, "Everywhere"), el("tbody", null,
          places.map(([, title, key]) => row(`g ${key}`, title)), row("s", "Search or open a trace"),
          row("?", "This help"))),
        boundKeys().length > 0 && el("table", null, el("caption", null, "On this page"),
          el("tbody", null, boundKeys().map(([key, text]) => row(key === " " ? "Space" : key, text))))),
      el("div", { class: "toolbar" }, el("button", { class: "btn primary", autofocus: true }, "Close"))));
  dialog.showModal();
}

let goUntil = 0;

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || dialog.open) return;
  const place = performance.now() < goUntil && places.find(([, , key]) => key === event.key);
  goUntil = 0;
  if (place) go(hashFor(place[0]));
  else if (event.key === "g") goUntil = performance.now() + 1200;
  else if (event.key === "?") help();
  else if (event.key === "s") document.getElementById("jump-text").focus();
  else return;
  event.preventDefault();
}, { capture: true });

document.getElementById("help").addEventListener("click", help);

// ------------------------------------------------------------------------------------------------------------ header

document.getElementById("skip").addEventListener("click", event => {
  event.preventDefault(); // the fragment is the route
  main.focus();
});

const jumpText = document.getElementById("jump-text");
document.getElementById("jump").addEventListener("submit", event => {
  event.preventDefault();
  const text = jumpText.value.trim();
  // Also a whole traceparent header, as it is copied from an answer (W3C Trace Context, 3.2).
  const id = /^(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:-([0-9a-f]{16})-[0-9a-f]{2})?$/i.exec(text);
  if (id) go(hashFor("trace", id[1].toLowerCase()));
  else if (text !== "") go(hashFor("traces", null, { q: text }));
  else return;
  jumpText.value = "";
  jumpText.blur();
});
jumpText.addEventListener("keydown", event => event.key === "Escape" && jumpText.blur());

const liveState = document.getElementById("live-state");
const liveTexts = { on: "Live", off: "Reconnecting", paused: "Paused", idle: "" };
document.addEventListener("live-state", ({ detail }) => {
  liveState.dataset.state = detail;
  liveState.textContent = liveTexts[detail];
});

const themeButton = document.getElementById("theme");
const themes = { auto: ["◐", "as the system"], light: ["☀", "light"], dark: ["☾", "dark"] };
function paintTheme() {
  const [sign, text] = themes[theme()];
  themeButton.textContent = sign;
  themeButton.title = `Colours: ${text}`;
}
themeButton.addEventListener("click", () => {
  const names = Object.keys(themes);
  setTheme(names[(names.indexOf(theme()) + 1) % names.length]);
  paintTheme();
});
paintTheme();

get("/settings").then(
  settings => { document.querySelector(".brand").title = `Vitrine ${shown(settings?.version ?? "", 40)}`; },
  () => { /* the page that is shown tells what does not answer */ });

show();
