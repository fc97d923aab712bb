// The shop's API as its OpenAPI document describes it, to be tried here; each answer leads to its trace.

import { append, copyButton, el, fmt, get, hashFor, isAbort, keys, page, Problem, setParams, shown,
  toast } from "./core.js";
import { markdown } from "./markdown.js";

const methods = ["get", "post", "put", "patch", "delete"];
const people = [["demo@vitrine.dev", "demo-password", "demo"], ["admin@vitrine.dev", "admin-password", "admin"]];
const session = { token: "", who: "" }; // of this tab, kept nowhere

/// Follows `$ref` within the document, through at most eight.
function resolve(document, node) {
  for (let i = 0; i < 8 && typeof node?.$ref === "string"; i++) {
    node = node.$ref.replace(/^#\//,
      "").split("/").reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], document);
  }
  return node ?? {};
}

/// An example of a schema: its own, or one made of its parts.
function exampleOf(document, schema, depth = 0) {
  const node = resolve(document, schema);
  if (node.example !== undefined) return node.example;
  if (node.examples?.length > 0) return node.examples[0];
  if (node.default !== undefined || node.const !== undefined) return node.default ?? node.const;
  if (node.enum) return node.enum[0];
  if (depth > 6) return null;
  const choice = (node.oneOf ?? node.anyOf)?.[0];
  if (choice) return exampleOf(document, choice, depth + 1);
  switch ([node.type].flat()[0]) {
    case "object": return Object.fromEntries(
      Object.entries(node.properties ?? {}).map(([name, part]) => [name, exampleOf(document, part, depth + 1)]));
    case "array": return [exampleOf(document, node.items, depth + 1)];
    case "integer": case "number": return node.minimum ?? 1;
    case "boolean": return true;
    default: return "";
  }
}

/// A schema in a few words: "string, 1 to 100 characters".
function words(document, schema) {
  const node = resolve(document, schema);
  const range = (low, high, unit) => (low === undefined && high === undefined ? ""
    : ` ${low ?? "…"} to ${high ?? "…"}${unit}`);
  return [[node.type].flat().filter(Boolean).join(" or ") + range(node.minimum, node.maximum,
    "") + range(node.minLength, node.maxLength, " characters"), node.enum && node.enum.join(" | "),
    node.default !== undefined && `usually ${node.default}`].filter(Boolean).join(", ");
}

function operationsOf(document) {
  return Object.entries(document.paths ?? {}).flatMap(
    ([path, item]) => methods.filter(method => item[method]).map(method => {
    const operation = item[method];
    const parameters = [...item.parameters ?? [], ...operation.parameters ?? []].map(each => resolve(document, each))
      .filter(each => each.name !== "traceparent" && each.name !== "x-request-id");
    const media = resolve(document, operation.requestBody).content?.["application/json"];
    return { id: operation.operationId ?? `${method} ${path}`, method: method.toUpperCase(), path, operation,
      parameters, media, tag: operation.tags?.[0] ?? "other",
      isOpen: (operation.security ?? document.security ?? []).length === 0, access: operation["x-access"] };
  }));
}

page("api", {
  title: "API",
  async render(root, route, signal) {
    let document;
    try {
      document = await get("/shop/openapi.json", null, signal);
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new Problem(error.status ?? 0, "The gateway does not describe its API", error.detail ?? error.message);
    }
    const operations = operationsOf(document);
    const params = { q: route.params.get("q") ?? "", op: route.params.get("op") };
    const filter = el("input", { type: "search", placeholder: "Path, name or words", "aria-label": "Find an operation",
      value: params.q, maxlength: "80", data: { test: "api-filter" } });
    const token = el("input", { type: "password", placeholder: "Bearer token", "aria-label": "Bearer token",
      autocomplete: "off", value: session.token, data: { test: "api-token" },
      on: { input: () => { session.token = token.value.trim(); session.who = ""; said(); } } });
    const who = el("span", { class: "muted", role: "status", data: { test: "api-who" } });
    const said = () => { who.textContent = session.who ? `Logged in as ${session.who}` : session.token
      ? "With a token of your own" : "Not logged in"; };
    const login = ([email, password, name]) => el("button",
      { type: "button", class: "btn", data: { test: `login-${name}` }, on: { async click() {
      try {
        const answer = await call("POST", "/api/v1/auth/login", {}, JSON.stringify({ email, password }), signal);
        const body = JSON.parse(answer.text);
        if (!answer.isOk) throw new Problem(answer.status, body.title, body.detail);
        session.token = token.value = body.access_token;
        session.who = email;
        said();
      } catch (error) {
        if (!isAbort(error)) toast(`${name} cannot log in: ${error.detail ?? error.title ?? error.message}`, "bad");
      }
    } } }, `Log in as ${name}`);
    said();
    const groups = (document.tags ?? []).map(tag => tag.name).concat("other")
      .map(tag => ({ tag, description: document.tags?.find(each => each.name === tag)?.description,
      all: operations.filter(each => each.tag === tag) })).filter(group => group.all.length > 0);
    const sections = groups.map(group => {
      const items = group.all.map(
        each => ({ each, node: operationNode(document, each, signal,
        isOpen => { params.op = isOpen ? each.id : null; setParams(params); }) }));
      return { items, node: el("section", { class: "panel api-group", "aria-label": group.tag },
        el("h2", null, shown(group.tag, 40), el("span", { class: "muted" }, shown(group.description ?? "", 200))),
        items.map(item => item.node)) };
    });
    append(root, el("div", { class: "toolbar" },
      el("h1", null, shown(document.info?.title ?? "", 60), " API ",
      el("span", { class: "muted" }, shown(document.info?.version ?? "", 20))), el("span", { class: "push" }), who,
      people.map(login), token, filter),
      el("details", { class: "panel api-about" },
        el("summary", null, shown(document.info?.summary || "About this API", 200)),
        el("div", { class: "body" }, markdown(document.info?.description ?? ""))),
        sections.map(section => section.node));
    const draw = () => {
      const all = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const { items, node } of sections) {
        for (const { each, node: item } of items) item.hidden = !all.every(
          word => `${each.method} ${each.path} ${each.operation.summary} ${each.id} ${each.tag}`.toLowerCase().includes(
          word));
        node.hidden = items.every(item => item.node.hidden);
      }
    };
    filter.addEventListener("input", () => { params.q = filter.value; setParams(params); draw(); });
    keys({ "/": ["Find an operation", () => filter.focus()] }, signal);
    draw();
    const chosen = sections.flatMap(section => section.items).find(item => item.each.id === params.op);
    if (chosen) {
      chosen.node.open = true;
      chosen.node.scrollIntoView({ block: "center" });
    }
  },
});

/// Through the console to the gateway: {status, isOk, headers, text, took}.
async function call(method, path, headers, body, signal) {
  const began = performance.now();
  const answer = await fetch(`/shop${path}`, { method, body, signal,
    headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "GET" ? {} : { "x-vitrine-console": "1" }), ...headers } });
  const text = await answer.text();
  return { status: answer.status, reason: answer.statusText, isOk: answer.ok, headers: [...answer.headers].sort(),
    text, took: performance.now() - began };
}

function operationNode(document, each, signal, toggled) {
  const node = el("details",
    { class: "api-operation", data: { test: "operation", operation: each.id, method: each.method } },
    el("summary", null, el("span", { class: `method is-${each.method.toLowerCase()}` }, each.method),
      el("code", null, each.path), el("span", { class: "muted" }, shown(each.operation.summary ?? "", 200)),
      !each.isOpen && el("span", { class: "badge push", title: "Needs a token" }, shown(each.access ?? "token", 30))));
  node.addEventListener("toggle", () => {
    if (node.open && node.childElementCount === 1) append(node, tryOut(document, each, signal));
    toggled(node.open);
  });
  return node;
}

function tryOut(document, each, signal) {
  const { operation, parameters, media, method, path } = each;
  const inputs = parameters.map(parameter => {
    const schema = resolve(document, parameter.schema);
    const example = parameter.example ?? exampleOf(document, parameter.schema);
    const isKey = parameter.name === "Idempotency-Key";
    const attributes = { name: parameter.name, required: parameter.required,
      data: { test: "parameter", name: parameter.name, in: parameter.in } };
    const control = schema.enum || schema.type === "boolean"
      ? el("select", attributes, el("option", { value: "" }, "–"),
      (schema.enum ?? [true, false]).map(value => el("option", { value: String(value) }, String(value))))
      : el("input", { ...attributes, value: parameter.required ? String(example ?? "") : isKey
        ? (crypto.randomUUID?.() ?? `key-${Date.now()}`) : "", placeholder: String(example ?? ""),
        spellcheck: "false" });
    return { parameter, control,
      node: el("label", { class: "field" },
      el("span", null, el("b", null, shown(parameter.name, 60)),
      ` ${parameter.in}${parameter.required ? ", required" : ""} · ${shown(words(document, parameter.schema), 120)}`),
      control,
      el("small", { class: "muted" }, shown(parameter.description ?? "", 300))) };
  });
  const samples = media
    && (Object.entries(media.examples ?? {}).map(([name, sample]) => [resolve(document, sample).summary ?? name,
    resolve(document, sample).value]));
  const pretty = value => JSON.stringify(value, null, 2);
  const body = media && el("textarea",
    { rows: "8", spellcheck: "false", "aria-label": "Body",
    value: pretty(samples?.[0]?.[1] ?? exampleOf(document, media.schema)), data: { test: "api-request-body" } });
  const result = el("div", { role: "status", data: { test: "api-result" } });
  const submit = el("button", { class: "btn primary", data: { test: "api-send" } }, "Send");

  const request = () => {
    const headers = session.token && !each.isOpen ? { authorization: `Bearer ${session.token}` } : {};
    const search = new URLSearchParams();
    let at = path;
    for (const { parameter, control } of inputs) {
      const value = control.value.trim();
      if (parameter.in === "path") at = at.replace(`{${parameter.name}}`, encodeURIComponent(value));
      else if (value !== "" && parameter.in === "query") search.append(parameter.name, value);
      else if (value !== "" && parameter.in === "header") headers[parameter.name] = value;
    }
    return { address: at + (search.size > 0 ? `?${search}` : ""), headers, text: body?.value.trim() ? body.value
      : undefined };
  };

  async function send(event) {
    event.preventDefault();
    const { address, headers, text } = request();
    if (text !== undefined) {
      try {
        JSON.parse(text);
      } catch (error) {
        return result.replaceChildren(
          el("p", { class: "bad-text" }, `The body is not JSON: ${error.message}. Sent all the same.`)),
          await go(address, headers, text, true);
      }
    }
    return go(address, headers, text, false);
  }

  async function go(address, headers, text, isKept) {
    submit.disabled = true;
    if (!isKept) result.replaceChildren();
    try {
      const answer = await call(method, address, headers, text, signal);
      result.append(answerNode(answer));
    } catch (error) {
      if (!isAbort(error)) result.append(el("p", { class: "bad-text" }, `No answer: ${error.message}`));
    } finally {
      submit.disabled = false;
    }
  }

  const curl = () => {
    const { address, headers, text } = request();
    const quoted = value => `'${value.replaceAll("'", "'\\''")}'`;
    return ["curl -i", method !== "GET" && `-X ${method}`, quoted(`${location.origin}/shop${address}`),
      ...Object.entries({ ...headers, ...(text ? { "content-type": "application/json" } : {}),
      ...(method === "GET" ? {} : { "x-vitrine-console": "1" }) })
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`), text && `-d ${quoted(text)}`].filter(Boolean)
      .join(" ");
  };
  return el("form", { class: "body api-form", on: { submit: send } },
    operation.description && markdown(operation.description),
    inputs.length > 0 && el("div", { class: "api-parameters" }, inputs.map(input => input.node)),
    samples?.length > 1 && el("div", { class: "toolbar" },
      samples.map(([title, value]) => el("button",
      { type: "button", class: "btn small", on: { click: () => { body.value = pretty(value); } } },
      shown(title, 80)))), body,
    el("div", { class: "toolbar" }, submit,
      el("button", { type: "button", class: "btn", data: { test: "api-curl" },
      on: { click: event => event.currentTarget.parentNode.after(
      el("div", null, el("pre", { class: "api-body" }, curl()), copyButton(curl()))) } }, "As curl"),
      el("span", { class: "muted" }, "Answers: ",
        Object.entries(operation.responses ?? {}).slice(0,
        14).map(([status, response], i) => el("span", { title: resolve(document, response).description },
        `${i > 0 ? ", " : ""}${status}`)))), result);
}

function answerNode(answer) {
  const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})/.exec(
    answer.headers.find(([name]) => name === "traceparent")?.[1] ?? "");
  let text = answer.text;
  try {
    text = JSON.stringify(JSON.parse(text), null, 2);
  } catch { /* shown as it came */ }
  return el("div", { class: "api-answer", data: { test: "api-answer", status: answer.status } },
    el("p", null, el("span", { class: ["badge", answer.isOk ? "good" : answer.status >= 500 ? "bad" : "warn"],
      data: { test: "api-status" } }, `${answer.status} ${answer.reason}`),
      ` ${fmt.ms(answer.took)}, ${fmt.bytes(answer.text.length)} `,
      trace && el("a", { class: "btn small primary", href: hashFor("trace", trace[1], { span: trace[2] }),
        data: { test: "api-trace", trace: trace[1] } }, "Open its trace")),
    el("details", null, el("summary", null, `${answer.headers.length} header fields`),
      el("table", { class: "attributes" },
      el("tbody", null, answer.headers.map(([name, value]) => el("tr", null, el("th", null, shown(name, 80)),
      el("td", null, shown(value, 500))))))),
    text !== "" && el("pre", { class: "api-body", tabindex: "0", data: { test: "api-body" } }, shown(text, 50_000)));
}
