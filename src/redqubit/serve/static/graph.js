// The graph: what surrounds a technique, or the whole with what matters in ink; the address says which.
"use strict";
(() => {
  const { layers, filters } = redqubit, { techniques, words } = redqubit.data.reason;
  const at = (id) => document.getElementById(id);
  const byId = new Map(techniques.map((item) => [item.id, item]));
  const flat = (need) => [...new Set([...(need.all ?? []), ...(need.any ?? [])].flatMap((entry) => (typeof entry === "string" ? [entry] : flat(entry))))];
  const needs = new Map(techniques.map((item) => [item.id, flat(item.requires)]));
  const granting = (word) => techniques.filter((item) => item.grants.includes(word));
  const needing = (word) => techniques.filter((item) => needs.get(item.id).includes(word));
  const form = at("choose"), whole = at("whole"), near = at("near");
  const plural = (n) => `${n === 1 ? "one" : n || "no"} capabilit${n === 1 ? "y" : "ies"}`;
  const page = (id) => `technique/${id}.html`;
  const here = (id, depth) => `?${new URLSearchParams({ technique: id, depth })}`;

  // Columns from the center outward: capabilities, then the techniques behind them, "depth" times.
  const neighborhood = (item, depth) => {
    const columns = [{ width: 168, nodes: [{ id: item.id, text: item.name, kind: "box self", href: page(item.id) }] }];
    const links = [], placed = new Set([item.id]);
    for (const side of [-1, 1]) {
      for (let edge = [item], step = 1; step <= depth && edge.length; step++) {
        const kind = step > 1 ? "far" : "", found = new Map();
        for (const one of edge) for (const word of side < 0 ? needs.get(one.id) : one.grants) {
          found.set(word, [...(found.get(word) ?? []), one.id]);
        }
        const next = new Map(), id = (word) => `${side * step} ${word}`;
        const link = (inner, outer) => links.push({ from: side < 0 ? outer : inner, to: side < 0 ? inner : outer, kind });
        for (const [word, users] of found) {
          for (const user of users) link(user, id(word));
          for (const other of side < 0 ? granting(word) : needing(word)) {
            if (placed.has(other.id) && !next.has(other.id)) continue;
            placed.add(other.id);
            next.set(other.id, other);
            link(id(word), other.id);
          }
        }
        const rows = [...next.values()].map((other) => ({ id: other.id, text: other.name, kind: `row ${kind}`, href: here(other.id, depth) }));
        const both = [
          { width: 150, nodes: [...found.keys()].map((word) => ({ id: id(word), text: words[word], kind: `word ${kind}` })) },
          { width: 190, nodes: rows },
        ].filter(({ nodes }) => nodes.length);
        side < 0 ? columns.unshift(...both.reverse()) : columns.push(...both);
        edge = [...next.values()];
      }
    }
    return layers(columns, links, { title: `What surrounds ${item.name}` });
  };

  // In the whole graph: one technique with its lines and neighbors, or a path with those between its steps.
  const highlight = (item, path) => {
    const steps = path.length ? path : [item.id], inside = new Set(steps);
    const granted = new Set(steps.flatMap((id) => byId.get(id).grants)), needed = new Set(steps.flatMap((id) => needs.get(id)));
    const kept = (word) => (path.length ? granted.has(word) && needed.has(word) : granted.has(word) || needed.has(word));
    const beside = new Set();
    for (const line of whole.querySelectorAll("path")) {
      const { from, to, c } = line.dataset, end = from ?? to;
      const ink = kept(c) && (inside.has(end) || (!path.length && (from ? needed.has(c) : granted.has(c))));
      line.classList.toggle("ink", ink);
      if (ink) beside.add(end);
    }
    for (const dot of whole.querySelectorAll("circle")) dot.classList.toggle("ink", kept(dot.dataset.c));
    for (const label of whole.querySelectorAll("a")) {
      label.classList.toggle("self", inside.has(label.dataset.t));
      label.classList.toggle("ink", beside.has(label.dataset.t));
    }
    whole.classList.add("chosen");
  };

  const address = new URLSearchParams(location.search);
  const most = techniques.reduce((best, item) => needs.get(item.id).length + item.grants.length > needs.get(best.id).length + best.grants.length ? item : best);
  const path = (address.get("path") ?? "").split(",").filter((id) => byId.has(id));
  if (!byId.has(address.get("technique"))) address.set("technique", path[0] ?? most.id);
  if (!["1", "2", "all"].includes(address.get("depth"))) address.set("depth", path.length ? "all" : "1");
  history.replaceState(null, "", `?${address}`);
  const { write } = filters(form, (state) => {
    const item = byId.get(state.technique) ?? most, steps = state.path.split(",").filter((id) => byId.has(id));
    const all = state.depth === "all";
    near.hidden = all;
    whole.hidden = !all;
    for (const entry of at("list").querySelectorAll("[data-word]")) {
      const { word } = entry.dataset;
      entry.hidden = !(steps.length ? steps : [item.id]).some((id) => needs.get(id).includes(word) || byId.get(id).grants.includes(word));
    }
    at("told").textContent = all && steps.length ? `A path of ${steps.length} steps: ${steps.map((id) => byId.get(id).name).join(", ")}`
      : `${item.name} requires ${plural(needs.get(item.id).length)} and grants ${plural(item.grants.length)}`;
    at("open").href = page(item.id);
    all ? highlight(item, steps) : near.replaceChildren(neighborhood(item, Number(state.depth) || 1));
  });

  // A node becomes the center; the center leads to its page. Arrow keys move from node to node.
  document.querySelector("main").addEventListener("click", (event) => {
    const id = event.target.closest("[data-node], [data-t]")?.dataset, next = id?.node ?? id?.t;
    if (!byId.has(next) || event.metaKey || event.ctrlKey || (next === form.elements.technique.value && !form.elements.path.value)) return;
    event.preventDefault();
    form.elements.technique.value = next;
    form.elements.path.value = "";
    write(true);
    near.querySelector(".self")?.focus();
  });
  addEventListener("keydown", (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    const from = event.target.closest?.(".canvas a"), middle = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];
    if (dx === undefined || !from) return;
    event.preventDefault();
    const [x, y] = middle(from.getBoundingClientRect());
    const ahead = [...from.closest(".canvas").querySelectorAll("a")].map((node) => {
      const [u, v] = middle(node.getBoundingClientRect()), along = (u - x) * dx + (v - y) * dy;
      return { node, along, far: along + 2 * Math.abs((u - x) * dy + (v - y) * dx) };
    }).filter(({ along }) => along > 4);
    ahead.sort((a, b) => a.far - b.far)[0]?.node.focus();
  });
})();
