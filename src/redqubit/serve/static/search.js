// Search over everything, ranked by where the words stand; the query is in the address.
"use strict";
(() => {
  const MOST = 60;
  const { el } = redqubit;
  const entries = redqubit.data.search.map(([kind, id, name, path, text]) => ({
    kind, id, name, path, text, head: name.toLowerCase(), all: `${kind} ${id} ${name} ${text}`.toLowerCase(),
  }));
  const form = document.getElementById("search"), results = document.getElementById("results");

  const rank = (entry, words, query) => {
    if (!words.every((word) => entry.all.includes(word))) return 0;
    let score = 1;
    if (entry.id.toLowerCase() === query) score += 100;
    if (entry.head.startsWith(query)) score += 20;
    for (const word of words) {
      if (entry.head.includes(word)) score += 8;
      if (entry.head.split(/\W+/).includes(word)) score += 4;
    }
    return score + ({ Technique: 3, Mitigation: 2, Case: 1 }[entry.kind] ?? 0);
  };

  // The text with the words marked, cut around the first of them.
  const marked = (text, words, most = Infinity) => {
    const places = words.map((word) => text.toLowerCase().indexOf(word)).filter((place) => place >= 0);
    const first = Math.min(...places) - 40;
    const start = text.length > most && first > 0 && first < text.length ? text.indexOf(" ", first) + 1 : 0;
    const cut = (start ? "…" : "") + text.slice(start, start + most) + (start + most < text.length ? "…" : "");
    const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    return cut.split(new RegExp(`(${pattern})`, "i")).map((part, i) => (i % 2 ? el("mark", {}, part) : part));
  };

  redqubit.filters(form, ({ q }) => {
    const query = q.toLowerCase(), words = query.split(/\s+/).filter(Boolean);
    const found = words.length
      ? entries.map((entry) => [rank(entry, words, query), entry]).filter(([score]) => score)
          .sort(([a, x], [b, y]) => b - a || x.name.localeCompare(y.name, "en"))
      : [];
    for (const list of document.querySelectorAll(".letters, .jump")) list.hidden = words.length > 0;
    form.querySelector("output").textContent = !words.length ? ""
      : found.length > MOST ? `the first ${MOST} of ${found.length}` : `${found.length} found`;
    results.replaceChildren(...found.slice(0, MOST).map(([, { kind, id, name, path, text }]) =>
      el("li", {}, el("span", { class: "soft" }, kind), el("div", {},
        el("a", { href: path }, ...marked(name, words)), " ", el("span", { class: "id" }, id),
        ...(text ? [el("p", { class: "soft" }, ...marked(text, words, 160))] : [])))));
  });
})();
