// The part of Markdown that runbooks and text panels use, as elements: headings, lists, tables, code, quotes, links.
// What is
// markup in the text stays text.

import { append, el } from "./core.js";

// Code, strong, emphasis, a link, a bare address.
const marks = new RegExp([/(`+)([^`]+)\1/, /\*\*(.+?)\*\*/, /\*([^*\s](?:[^*]*[^*\s])?)\*/, /\[([^\]]+)\]\(([^)\s]+)\)/,
  /(https?:\/\/[^\s<>)]+)/].map(each => each.source).join("|"), "g");

function inline(text, place, depth = 0) {
  if (depth > 4) return [text];
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(marks)) {
    const [all, , code, strong, soft, title, target, address] = match;
    nodes.push(text.slice(last, match.index));
    last = match.index + all.length;
    if (code !== undefined) nodes.push(el("code", null, code));
    else if (strong !== undefined) nodes.push(el("strong", null, inline(strong, place, depth + 1)));
    else if (soft !== undefined) nodes.push(el("em", null, inline(soft, place, depth + 1)));
    else {
      const href = place(target ?? address);
      nodes.push(href === null ? title : el("a", { href, rel: "noreferrer" }, title ? inline(title, place, depth + 1)
        : address));
    }
  }
  return [...nodes, text.slice(last)];
}

const cells = line => line.trim().replace(/^\||\|$/g, "").split("|").map(cell => cell.trim());

/// `place(target)` gives a link's address, or null where it leads nowhere from here.
export function markdown(text, place = target => (/^https?:/.test(target) ? target : null)) {
  const root = el("div", { class: "markdown" });
  const lines = String(text).slice(0, 200_000).replaceAll("\r", "").split("\n");
  const put = (...nodes) => append(root, ...nodes);
  for (let i = 0; i < lines.length;) {
    const line = lines[i];
    const fence = /^\s*```(\w*)/.exec(line);
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*+]|(\d+)\.)\s+/.exec(line);
    if (line.trim() === "") i += 1;
    else if (fence) {
      const code = [];
      for (i += 1; i < lines.length && !/^\s*```/.test(lines[i]); i++) code.push(lines[i]);
      i += 1;
      put(el("pre", null, el("code", { data: { language: fence[1] } }, code.join("\n"))));
    } else if (heading) {
      put(el(`h${Math.min(6, heading[1].length + 1)}`, null, inline(heading[2], place)));
      i += 1;
    } else if (item) {
      const list = el(item[1] ? "ol" : "ul", item[1] ? { start: item[1] } : null);
      while (i < lines.length && /^\s*(?:[-*+]|\d+\.)\s+/.test(lines[i])) {
        let whole = lines[i].replace(/^\s*(?:[-*+]|\d+\.)\s+/, "");
        for (i += 1; i < lines.length && /^\s+\S/.test(lines[i]) && !/^\s*(?:[-*+]|\d+\.)\s+/.test(lines[i]);
          i++) whole += ` ${lines[i].trim()}`;
        append(list, el("li", null, inline(whole, place)));
      }
      put(list);
    } else if (line.includes("|") && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(lines[i + 1] ?? "")) {
      const table = el("table", { class: "grid" },
        el("thead", null, el("tr", null, cells(line).map(cell => el("th", null, inline(cell, place))))));
      const body = el("tbody");
      for (i += 2; i < lines.length && lines[i].includes("|"); i++) append(body,
        el("tr", null, cells(lines[i]).map(cell => el("td", null, inline(cell, place)))));
      put(append(table, body));
    } else {
      const isQuote = /^\s*>/.test(line);
      const words = [];
      for (; i < lines.length && lines[i].trim() !== "" && !/^\s*(```|#{1,6}\s|(?:[-*+]|\d+\.)\s)/.test(lines[i]);
        i++) words.push(lines[i].replace(/^\s*>\s?/, "").trim());
      if (words.length === 0) words.push(lines[i++]);
      put(el(isQuote ? "blockquote" : "p", null, inline(words.join(" "), place)));
    }
  }
  return root;
}
