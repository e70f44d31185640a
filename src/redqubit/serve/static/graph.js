// The graph: what surrounds a technique, or the whole with what matters in ink; the address says which.
"use strict";
(() => {
  const { layers, filters } = redqubit, { techniques, words } = redqubit.data.reason, at = (id) => document.getElementById(id);
  const byId = new Map(techniques.map((item) => [item.id, item]));
  const behind = (word, side) => techniques.filter((item) => (side < 0 ? item.grants : item.needs).includes(word)).sort((a, b) => a.stages[0] - b.stages[0]);
  const form = at("choose"), whole = at("whole"), near = at("near"), page = (id) => `technique/${id}.html`;
  const plural = (n) => `${n === 1 ? "one" : n || "no"} capabilit${n === 1 ? "y" : "ies"}`;
  // Columns from the center outward: capabilities, then the techniques behind them, "depth" times.
  const neighborhood = (item, depth) => {
    const columns = [{ width: 168, nodes: [{ id: item.id, text: item.name, kind: "box self", href: page(item.id) }] }], links = [], placed = new Set([item.id]);
    for (const side of [-1, 1]) for (let edge = [item], step = 1; step <= depth && edge.length; step++) {
      const far = step > 1 ? "far" : "", between = new Map(), next = new Set();
      const link = (inner, outer) => links.push({ from: side < 0 ? outer : inner, to: side < 0 ? inner : outer, kind: far });
      for (const one of edge) for (const word of side < 0 ? one.needs : one.grants) {
        const id = `${side * step} ${word}`;
        if (!between.has(id)) for (const other of behind(word, side)) if (!placed.has(other.id) || next.has(other)) {
          placed.add(other.id);
          next.add(other);
          link(id, other.id);
        }
        between.set(id, { id, text: words[word], kind: `word ${far}` });
        link(one.id, id);
      }
      edge = [...next];
      const rows = edge.map(({ id, name }) => ({ id, text: name, kind: `row ${far}`, href: `?technique=${id}&depth=${depth}` }));
      const both = [{ width: 150, nodes: [...between.values()] }, { width: 190, nodes: rows }].filter(({ nodes }) => nodes.length);
      side < 0 ? columns.unshift(...both.reverse()) : columns.push(...both);
    }
    return layers(columns, links, { title: `What surrounds ${item.name}` });
  };
  // In the whole graph: a technique with all it touches, or a path with what joins its steps.
  const highlight = (steps, alone) => {
    const inside = new Set(steps), granted = new Set(steps.flatMap((id) => byId.get(id).grants)), needed = new Set(steps.flatMap((id) => byId.get(id).needs));
    const kept = (word) => (alone ? granted.has(word) || needed.has(word) : granted.has(word) && needed.has(word)), beside = new Set();
    for (const line of whole.querySelectorAll("path")) {
      const { from, to, c } = line.dataset, ink = kept(c) && (inside.has(from ?? to) || (alone && (from ? needed : granted).has(c)));
      line.classList.toggle("ink", ink);
      if (ink) beside.add(from ?? to);
    }
    for (const dot of whole.querySelectorAll("circle")) dot.classList.toggle("ink", kept(dot.dataset.c));
    for (const label of whole.querySelectorAll("a")) for (const [kind, ids] of Object.entries({ self: inside, ink: beside })) label.classList.toggle(kind, ids.has(label.dataset.t));
  };
  const address = new URLSearchParams(location.search), path = (text) => (text ?? "").split(",").filter((id) => byId.has(id)), asked = path(address.get("path"));
  const degree = (item) => item.needs.length + item.grants.length, most = techniques.reduce((best, item) => (degree(item) > degree(best) ? item : best));
  if (!byId.has(address.get("technique"))) address.set("technique", asked[0] ?? most.id);
  if (!["1", "2", "all"].includes(address.get("depth"))) address.set("depth", asked.length ? "all" : "1");
  history.replaceState(null, "", `?${address}`);
  const { write } = filters(form, (state) => {
    const item = byId.get(state.technique) ?? most, all = state.depth === "all", steps = all ? path(state.path) : [], shown = steps.length ? steps : [item.id];
    [near.hidden, whole.hidden] = [all, !all];
    at("told").textContent = steps.length ? `A path of ${steps.length} steps: ${steps.map((id) => byId.get(id).name).join(", ")}`
      : `${item.name} requires ${plural(item.needs.length)} and grants ${plural(item.grants.length)}`;
    at("open").href = page(item.id);
    all ? highlight(shown, !steps.length) : near.replaceChildren(neighborhood(item, Number(state.depth) || 1));
    near.scrollLeft = (near.querySelector(".self rect")?.x.baseVal.value ?? 0) + 84 - near.clientWidth / 2;
    for (const entry of at("list").querySelectorAll("[data-word]"))
      entry.hidden = !shown.some((id) => [...byId.get(id).needs, ...byId.get(id).grants].includes(entry.dataset.word));
  });
  // A node becomes the center, the center leads to its page; arrow keys move from node to node.
  document.querySelector("main").addEventListener("click", (event) => {
    const { node, t = node } = event.target.closest("[data-node], [data-t]")?.dataset ?? {}, { technique, path: field } = form.elements;
    if (!byId.has(t) || event.metaKey || event.ctrlKey || (t === technique.value && !field.value)) return;
    event.preventDefault();
    technique.value = t;
    field.value = "";
    write(true);
    near.querySelector(".self")?.focus();
  });
  addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [], from = event.target.closest?.(".canvas a");
    if (dx === undefined || !from) return;
    event.preventDefault();
    const middle = (node) => (({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2])(node.getBoundingClientRect()), [x, y] = middle(from);
    const ahead = [...from.closest(".canvas").querySelectorAll("a")].map((node) => ({ node, at: middle(node) }))
      .map(({ node, at: [u, v] }) => ({ node, along: (u - x) * dx + (v - y) * dy, aside: Math.abs((u - x) * dy + (v - y) * dx) }));
    ahead.filter(({ along }) => along > 4).sort((a, b) => a.along + 2 * a.aside - b.along - 2 * b.aside)[0]?.node.focus();
  });
})();
