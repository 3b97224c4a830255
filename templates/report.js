"use strict";
// Filters, sorts, copies and downloads the list. The entries stand in the page itself, and nothing
// of them is ever read as markup. All of the filter's state lives in the page's address.
(() => {
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  if (!form || !list) return;

  const STEP = 500; // entries that are put into the page at a time
  const SEVERITIES = ["critical", "high", "medium", "low", "info", ""];
  const CHANGES = ["deleted", "revised", "attributes", "added", "transient"];
  const SETTLED = ["acknowledged", "decided"];
  // Why an added entry is not new.
  const RETURNED = ["reinstated", "re-used"];
  const SECTIONS = JSON.parse(form.dataset.sections);
  const TESTS = {
    change: (entry, chosen) => chosen.has(entry.change),
    severity: (entry, chosen) => chosen.has(entry.severity),
    section: (entry, chosen) => chosen.has(entry.section),
    class: (entry, chosen) => entry.classes.some((name) => chosen.has(name)),
    kind: (entry, chosen) => chosen.has(entry.kind),
    replacement: (entry, chosen) => chosen.has(entry.replacement),
    review: (entry, chosen) => chosen.has(review(entry)),
    announced: (entry, chosen) => chosen.has(entry.node.dataset.announced),
  };
  const ORDERS = {
    severity: (entry) => SEVERITIES.indexOf(entry.severity),
    section: (entry) => (entry.section ? SECTIONS.indexOf(entry.section) : SECTIONS.length),
    change: (entry) => CHANGES.indexOf(entry.change),
    percent: (entry) => -Number(entry.node.dataset.percent ?? 0),
  };
  const TITLES = Object.fromEntries(
    Array.from(form.querySelectorAll("[name=change]"), (box) => [box.value, box.nextElementSibling.textContent]),
  );
  const RANGE = /^(\d{5,}|(?=.*\d)[\dA-Z]{3,})-(\d{5,}|(?=.*\d)[\dA-Z]{3,})$/;
  const CODE = new RegExp(`^(?:${form.dataset.grammar || "\\S+"})$`);
  const NEIGHBOR = form.dataset.neighbor && new RegExp(form.dataset.neighbor); // another code set's codes
  const DOT = Number(form.dataset.dot); // the characters before the dot of a code, 0 without one
  const FEW = 40; // codes that are named at once
  const FORMULA = new RegExp(form.dataset.formula, "u");
  const LATER_FORMULA = new RegExp(form.dataset.laterFormula, "gu");
  const number = (count) => count.toLocaleString("en");
  const counted = (count) => (count === 1 ? "1 change" : `${number(count)} changes`);
  const shown = document.getElementById("shown");
  const asked = document.getElementById("asked");
  const more = document.getElementById("more");
  const done = document.getElementById("done");
  const words = document.getElementById("words");
  const sort = document.getElementById("sort");

  const entries = Array.from(list.querySelectorAll("article"), read);
  const byAddress = new Map(entries.map((entry) => [entry.node.id, entry]));
  const codesRead = new Map();
  const changedCodes = new Set(entries.map((entry) => entry.code));
  let matches = entries;

  function read(node, at) {
    const data = node.dataset;
    const shown = node.querySelector("h3").textContent;
    const code = data.code ?? shown; // as in data files
    return {
      node,
      at,
      code,
      change: data.change,
      kind: data.kind ?? "code",
      severity: data.severity ?? "",
      section: SECTIONS[data.section] ?? "",
      classes: data.classes ? data.classes.split(";") : [],
      replacement: data.replacement ?? "",
      words: `${code}\n${wording(node, shown)}`.toLowerCase(),
    };
  }

  // Why an entry waits for a person, if it does.
  function review(entry) {
    const waits = need(entry);
    const { status } = entry.node.dataset;
    return waits && SETTLED.includes(status) ? status : waits;
  }

  function need({ change, kind, severity, replacement, node }) {
    if (change === "deleted") return kind === "header" || replacement === "stated" ? "" : "deleted";
    if (change === "added") return RETURNED.includes(node.dataset.reason) ? "reinstated" : "";
    const grave = severity === "critical" || severity === "high";
    return grave && change !== "transient" ? "revised" : "";
  }

  function wording(node, code) {
    const texts = Array.from(node.querySelectorAll(".wording, .name, dd"), (one) => one.textContent);
    return [code, ...texts].join("\n");
  }

  // The state: what the form says, and what the address says.

  function chosen() {
    const found = new Map();
    for (const box of form.querySelectorAll("input:checked"))
      found.set(box.name, (found.get(box.name) ?? new Set()).add(box.value));
    return found;
  }

  function address() {
    const told = new URLSearchParams();
    for (const [name, values] of chosen()) for (const value of values) told.append(name, value);
    const looked = words.value.trim().replace(/\s+/g, " ");
    if (looked) told.set("q", looked);
    if (sort.value) told.set("sort", sort.value);
    return told.toString();
  }

  // Gives what the address names and this page does not have.
  function adopt(fragment) {
    const told = new URLSearchParams(fragment);
    const unknown = new Set(Array.from(told, ([name, value]) => `${name} ${value}`));
    for (const box of form.querySelectorAll("input[type=checkbox]")) {
      box.checked = unknown.delete(`${box.name} ${box.value}`);
      if (box.checked) box.closest("details").open = true;
    }
    words.value = told.get("q") ?? "";
    sort.value = told.get("sort") ?? "";
    if (sort.selectedIndex < 0) sort.value = "";
    return Array.from(unknown).filter((one) => !/^(q|sort) /.test(one)).join(", ");
  }

  function inWords() {
    const parts = Array.from(form.querySelectorAll("fieldset"), (group) => {
      const labels = Array.from(group.querySelectorAll("input:checked + span"), (one) => one.textContent);
      return labels.length ? `${group.querySelector("legend").textContent.toLowerCase()} ${labels.join(", ")}` : "";
    });
    const terms = split(words.value);
    const some = listCodes(terms);
    if (some) parts.push(some.length > 5 ? `any of ${number(some.length)} codes` : `any of ${some.join(", ")}`);
    else if (terms.length) parts.push(`${isModifier(terms) ? "modifier" : "words"} ${terms.join(" ")}`);
    if (sort.value) parts.push(`sorted by ${sort.selectedOptions[0].textContent}`);
    return parts.filter(Boolean).join("; ");
  }

  // From the state to the list.

  function tests() {
    const found = Array.from(chosen(), ([name, values]) => (entry) => TESTS[name](entry, values));
    const terms = split(words.value);
    const some = listCodes(terms);
    if (some) found.push(isAmong(some));
    else if (isModifier(terms)) found.push(isAmong(terms));
    else for (const term of terms) found.push(occurs(term.toLowerCase()));
    return found;
  }

  function split(text) {
    return text.split(/[\s,;]+/).filter(Boolean);
  }

  // As data files have a code: ICD-10-CM leaves out the dot. The keys of a user's own table stay.
  function plain(term) {
    if (!form.dataset.grammar) return term;
    const upper = term.toUpperCase();
    return DOT && upper[DOT] === "." ? upper.slice(0, DOT) + upper.slice(DOT + 1) : upper;
  }

  function dotted(code) {
    return DOT && code.length > DOT ? `${code.slice(0, DOT)}.${code.slice(DOT)}` : code;
  }

  // A code has a digit, unlike words; a modifier without one counts if it stands so in the files.
  function isCode(term) {
    return /\d/.test(term) ? CODE.test(plain(term)) : isKnown(term);
  }

  // One modifier as the files write it; in other words two letters are in many.
  function isModifier(terms) {
    const [term, ...others] = terms;
    return Boolean(form.dataset.grammar) && !others.length && term?.length === 2 && changedCodes.has(term);
  }

  function isNeighbors(term) {
    return Boolean(NEIGHBOR) && NEIGHBOR.test(plain(term));
  }

  function isKnown(code) {
    return changedCodes.has(code) || known("unchanged").has(code) || known("unseen").has(code);
  }

  // The first and the last code of a range, each as far as it is told.
  function range(term) {
    const [, first, last] = RANGE.exec(term.split("-").map(plain).join("-").toUpperCase()) ?? [];
    return first && { first, last };
  }

  // Several codes and ranges are a list of which each is looked for; else all words must occur. In a
  // list may stand codes of another code set, as CPT on a list with HCPCS, and what is no code; one
  // that was pasted, with lines or commas, may hold words beside its codes.
  function listCodes(terms) {
    const some = terms.filter((term) => range(term) || isOurs(term) || isNeighbors(term));
    const alike = terms.every((term) => some.includes(term) || /^(?=.*\d)[\w.]+$|^[A-Z]+$/.test(term));
    const pasted = /[\n,;]/.test(words.value.trim());
    const many = some.length * 2 >= terms.length || (pasted && some.length > 1);
    return (alike || pasted) && terms.length > 1 && many ? terms : null;
  }

  function isOurs(term) {
    return form.dataset.grammar ? isCode(term) : isKnown(term);
  }

  function isAmong(terms) {
    const codes = new Set(terms.map(plain));
    const ranges = terms.map(range).filter(Boolean);
    return ({ code }) => codes.has(code) || ranges.some((one) => isWithin(code, one));
  }

  function isWithin(code, { first, last }) {
    return code.slice(0, first.length) >= first && code.slice(0, last.length) <= last;
  }

  // A word; a range of codes, 99202-99215 or C44-C49; an ICD-10 code with its dot.
  function occurs(term) {
    const within = range(term);
    const undotted = DOT && term[DOT] === "." && plain(term);
    return ({ words, code }) =>
      words.includes(term) || (within && isWithin(code, within)) || (undotted && code.startsWith(undotted));
  }

  // Codes that this page does not list: without a change, or left out. On each line stands how codes
  // begin, and then the rest of each.
  function known(name) {
    if (!codesRead.has(name)) {
      const lines = form.dataset[name]?.split("\n").map((line) => line.split(" ")) ?? [];
      codesRead.set(name, new Set(lines.flatMap(([start, ...rests]) => rests.map((rest) => start + rest))));
    }
    return codesRead.get(name);
  }

  // What became of the codes that were asked for one by one.
  function answer() {
    const terms = split(words.value).filter((term) => !range(term));
    const codes = [...new Set(terms.map(plain))];
    asked.replaceChildren();
    const one = codes.length === 1 && terms.every((term) => isCode(term) || isNeighbors(term)) && !changedCodes.has(codes[0]);
    if (!codes.length || !(listCodes(split(words.value)) || (one && form.dataset.grammar))) return;
    const other = !("unseen" in form.dataset) ? "not on this page"
      : "unchanged" in form.dataset ? "valid in neither release" : "unchanged or in neither release";
    const groups = new Map();
    for (const code of codes) {
      const word = changedCodes.has(code) ? "changed"
        : known("unseen").has(code) ? "changed, but not on this page"
        : known("unchanged").has(code) ? "unchanged"
        : isNeighbors(code) ? `in another code set (${form.dataset.neighborName})`
        : /\d/.test(code) || isOurs(code) ? other : "not a code";
      groups.set(word, [...(groups.get(word) ?? []), dotted(code)]);
    }
    const counts = Array.from(groups, ([word, some]) => `${number(some.length)} ${word}`);
    asked.append(element("p", `${codes.length === 1 ? "1 code" : `${number(codes.length)} codes`}: ${counts.join(", ")}`));
    for (const [word, some] of groups) if (word !== "changed") asked.append(name(word, some));
  }

  function name(word, codes) {
    const text = codes.join(", ");
    const title = word[0].toUpperCase() + word.slice(1);
    if (codes.length <= FEW) return element("p", `${title}: ${text}`);
    const fold = element("details", "");
    fold.append(element("summary", title), element("p", text));
    return fold;
  }

  function element(kind, text) {
    const made = document.createElement(kind);
    made.textContent = text;
    return made;
  }

  function find() {
    const all = tests();
    matches = entries.filter((entry) => all.every((test) => test(entry)));
    const rank = ORDERS[sort.value];
    if (rank) matches.sort((one, other) => rank(one) - rank(other) || one.at - other.at);
    list.replaceChildren();
    extend(STEP);
    answer();
  }

  function tell() {
    const all = matches.length === entries.length;
    const found = all ? counted(entries.length) : `${number(matches.length)} of ${counted(entries.length)}`;
    const here = list.childElementCount;
    const part = here < matches.length ? `; first ${number(here)} shown` : "";
    const how = inWords();
    shown.textContent = found + part + (how ? `: ${how}` : "");
  }

  function extend(count) {
    const from = list.childElementCount;
    list.append(...matches.slice(from, from + count).map((entry) => entry.node));
    more.hidden = list.childElementCount === matches.length;
    more.firstElementChild.hidden = list.childElementCount + STEP >= matches.length;
    tell();
  }

  // On paper the list is one list for each change, unless the reader chose another order; what
  // stands in the heading of a section is not said again of each entry.
  function printed() {
    const here = list.childElementCount;
    const places = [];
    extend(matches.length);
    if (!sort.value) for (const change of Object.keys(TITLES)) list.append(...lot(change, places));
    const restore = () => {
      for (const [place, text] of places) place.textContent = text;
      for (const one of list.querySelectorAll(".both")) one.remove();
      list.replaceChildren();
      extend(here);
    };
    addEventListener("afterprint", restore, { once: true });
  }

  function* lot(change, places) {
    const some = matches.filter((entry) => entry.change === change);
    if (some.length) yield heading("h3", "lot", `${TITLES[change]} (${number(some.length)})`);
    let section = "";
    for (const entry of some) {
      if (entry.section !== section) yield heading("h4", "", entry.section || "Other");
      section = entry.section;
      const place = entry.node.querySelector(".place");
      const text = place?.textContent ?? "";
      if (section && text.startsWith(section)) {
        places.push([place, text]);
        place.textContent = text.slice(section.length).replace(/^[,;] /, "");
      }
      for (const field of change === "revised" ? entry.node.querySelectorAll("dt") : []) field.after(merged(field));
      yield entry.node;
    }
  }

  // Both wordings of a field as one text: the marks of both, and once what is the same.
  function merged(field) {
    const [previous, current] = [field.nextElementSibling, field.nextElementSibling.nextElementSibling].map((side) =>
      Array.from(side.childNodes, (node) => ({ mark: node.localName, text: node.textContent })),
    );
    const both = document.createElement("dd");
    both.className = "both";
    while (previous.length || current.length) {
      const side = previous[0]?.mark || !current.length ? previous : current;
      const { mark, text } = side[0];
      const same = mark ? text : text.slice(0, previous[0]?.text.length);
      const node = mark ? document.createElement(mark) : both;
      node.append(same);
      if (mark) both.append(node);
      for (const one of mark ? [side] : [previous, current]) {
        if (one.length && !(one[0].text = one[0].text.slice(same.length))) one.shift();
      }
    }
    return both;
  }

  function heading(level, name, text) {
    const head = element(level, text);
    head.className = name;
    return head;
  }

  function showMore(count) {
    const from = list.childElementCount;
    extend(count);
    focus(matches[from]);
  }

  function focus(entry) {
    entry.node.querySelector("h3 a").focus({ preventScroll: true });
  }

  function changed() {
    const told = address();
    history.replaceState(null, "", told ? `#${told}` : location.href.split("#")[0]);
    done.textContent = "";
    find();
  }

  function arrive() {
    const fragment = location.hash.slice(1);
    if (fragment === address()) return; // the browser brings the reader back to the place
    done.textContent = "";
    const entry = byAddress.get(fragment) ?? byAddress.get(decoded(fragment));
    if (entry) return visit(entry);
    if (fragment.startsWith(`${form.dataset.codeSet}-`)) return missing(decoded(fragment));
    if (fragment && !fragment.includes("=")) return;
    const unknown = adopt(fragment);
    find();
    if (unknown) return missing(unknown);
    if (fragment) document.getElementById("changes").scrollIntoView();
  }

  function missing(what) {
    matches = [];
    list.replaceChildren();
    asked.replaceChildren();
    extend(0);
    shown.textContent = `Not on this page: ${what}`;
    document.getElementById("changes").scrollIntoView();
  }

  function visit(entry) {
    if (!matches.includes(entry)) {
      adopt("");
      find();
    }
    const at = matches.indexOf(entry);
    if (at >= list.childElementCount) extend(at + STEP - list.childElementCount);
    document.querySelector(".here")?.classList.remove("here");
    entry.node.classList.add("here");
    entry.node.scrollIntoView();
    focus(entry);
  }

  function decoded(fragment) {
    try {
      return decodeURIComponent(fragment);
    } catch {
      return fragment;
    }
  }

  // From the list to text.

  function row(entry) {
    const { node, change } = entry;
    const data = node.dataset;
    const [previous, current] = descriptors(node);
    const attributes = change === "attributes";
    return {
      code_set: form.dataset.codeSet,
      kind: entry.kind,
      code: entry.code,
      change: attributes ? "revised" : change,
      reason: attributes ? "attributes-only" : data.reason ?? "",
      section: entry.section,
      severity: entry.severity,
      classes: data.classes ?? "",
      fields: data.fields ?? "",
      previous_descriptor: previous,
      current_descriptor: current,
      effective_date: data.date ?? form.dataset.date,
      replacements: data.replacements ?? "",
      family: data.family ?? "",
      last_valid_date: data.last ?? "",
      review_status: data.status ?? "",
    };
  }

  function descriptors(node) {
    const { change, leads, previous } = node.dataset;
    if (leads !== undefined) return Array.from(node.querySelectorAll("dd"), (one) => one.textContent);
    const text = node.querySelector(".wording")?.textContent ?? "";
    if (change === "deleted") return [text, ""];
    if (change === "added" || change === "transient") return ["", text];
    return [previous ?? text, text];
  }

  // As changes.csv has it: an apostrophe before what a spreadsheet would run.
  function guarded(text) {
    return (FORMULA.test(text) ? "'" : "") + text.replace(LATER_FORMULA, "$1'$2");
  }

  function cell(text) {
    const safe = guarded(text);
    return safe === "" || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  function csv() {
    const columns = form.dataset.columns.split(" ");
    const rows = matches.map((entry) => {
      const told = row(entry);
      return columns.map((name) => cell(told[name])).join(",");
    });
    return [columns.join(","), ...rows, ""].join("\n");
  }

  function text() {
    const blocks = matches.map((entry) => {
      const told = row(entry);
      const graded = [told.severity, told.classes && `(${told.classes})`].filter(Boolean).join(" ");
      const head = [entry.node.querySelector("h3").textContent, told.change, graded, told.section].filter(Boolean).join("  ");
      const successors = Array.from(entry.node.querySelectorAll(".to"), (one) => [">", one.textContent]);
      const lines = [["-", told.previous_descriptor], ["+", told.current_descriptor], ...successors];
      const same = told.previous_descriptor === told.current_descriptor;
      const kept = lines.slice(same ? 1 : 0).filter(([, line]) => line);
      return [head, ...kept.map(([mark, line]) => `  ${same && mark === "+" ? " " : mark} ${line}`)].join("\n");
    });
    const answers = Array.from(asked.querySelectorAll(":scope > p, summary, details > p"), (one) => one.textContent);
    return [`${form.dataset.title} (${shown.textContent})`, ...answers, "", ...blocks, ""].join("\n");
  }

  async function copy() {
    const told = text();
    try {
      await navigator.clipboard.writeText(told);
    } catch {
      const area = form.appendChild(document.createElement("textarea"));
      area.value = told;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    done.textContent = `Copied: ${counted(matches.length)}`;
  }

  function download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([form.dataset.mark, csv()], { type: "text/csv;charset=utf-8" }));
    link.download = matches.length < entries.length ? "changes-filtered.csv" : "changes.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    done.textContent = `Downloaded: ${counted(matches.length)}`;
  }

  more.firstElementChild.textContent = `Show ${STEP} more`;
  // On a narrow window the choices would hide the list.
  if (!matchMedia("(min-width: 60rem)").matches)
    for (const fold of form.querySelectorAll("details")) fold.open = false;
  form.hidden = false;
  document.documentElement.classList.add("scripted");
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed));
  document.getElementById("copy").addEventListener("click", copy);
  document.getElementById("download").addEventListener("click", download);
  more.firstElementChild.addEventListener("click", () => showMore(STEP));
  more.lastElementChild.addEventListener("click", () => showMore(matches.length));
  addEventListener("beforeprint", printed);
  addEventListener("hashchange", arrive);
  find();
  // After the browser's own jump to an address, which would take the focus away again.
  if (document.readyState === "complete") arrive();
  else addEventListener("load", () => setTimeout(arrive));
})();
