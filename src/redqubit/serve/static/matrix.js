// The matrix: filters, colors, cards and arrow keys. Without it every cell is a link all the same.
"use strict";
(() => {
  const { el } = redqubit, facets = redqubit.data.matrix;
  const matrix = document.getElementById("matrix"), form = document.getElementById("filters");
  const cells = [...matrix.querySelectorAll("a")];
  const id = (cell) => cell.pathname.match(/([^/]+)\.html$/)[1];
  const facet = new Map(cells.map((cell) => [cell, facets[id(cell)]]));
  const texts = new Map(cells.map((cell) => {
    const { name, summary } = facet.get(cell);
    return [cell, `${id(cell)} ${name} ${summary}`.toLowerCase()];
  }));

  // A filter of the same name as a facet asks for its value; hardware "any" fits every choice.
  const tests = {
    q: (cell, value) => redqubit.matches(texts.get(cell), value),
    since: (cell, value) => facet.get(cell).since >= Number(value),
    hardware: (cell, value) => facet.get(cell).hardware.some((word) => word === value || word === "any"),
    color: () => true, pipeline: () => true, attacker: () => true,
  };
  const has = (cell, name, value) => [facet.get(cell)[name]].flat().includes(value);

  // What an attacker can run on a pipeline; the reasoning is loaded when it is first asked for.
  let verdicts = new Map();
  const judge = (state) => {
    const { reason, data: { pipelines } } = redqubit, on = pipelines?.[state.pipeline] ?? Object.values(pipelines ?? {})[0];
    if (state.color !== "feasibility" || !reason) verdicts = new Map();
    else ({ verdicts } = reason.reachable(reason.scene(reason.attacker(on, state.attacker), on)));
    if (state.color === "feasibility" && !pipelines) for (const src of ["data/reason.js", "data/pipelines.js", "static/reason.js"])
      document.head.append(Object.assign(el("script", { src }), { async: false, onload: () => redqubit.reason && (judge(state), paint(state.color)) }));
  };

  // Ways to color: each returns the class of a cell.
  const colors = {
    feasibility: (cell) => (({ feasible, now, applies } = {}) => (feasible ? (now ? "f2" : "f1") : applies === false ? "faint-text" : "plain"))(verdicts.get(id(cell))),
    success: (cell) => {
      const { success } = facet.get(cell);
      return success === undefined ? "plain" : `r${Math.min(5, Math.floor(6 * success))}`;
    },
    impact: () => "plain",
  };
  const original = new Map(cells.map((cell) => [cell, cell.className]));
  const paint = (mode) => {
    if ((matrix.dataset.color ?? "") === mode && mode !== "feasibility") return;
    mode ? (matrix.dataset.color = mode) : delete matrix.dataset.color;
    for (const cell of cells) {
      const runs = cell.classList.contains("runs") ? " runs" : "";
      cell.className = mode in colors ? colors[mode](cell, facet.get(cell), id(cell)) + runs : original.get(cell);
      cell.querySelector(".goals")?.remove();
      if (mode === "impact") cell.append(goals(facet.get(cell).impact));
    }
  };
  const goals = (impact) => {
    const told = el("span", { class: "goals" });
    told.innerHTML = ["C", "I", "A"].map((letter, i) =>
      `<svg class="goal ${letter}" viewBox="0 0 12 12" aria-hidden="true"><use href="#goal-${letter}-${impact[i]}"/></svg>`).join("");
    return told;
  };

  redqubit.filters(form, (state) => {
    const wanted = Object.entries(state).filter(([, value]) => value);
    const kept = new Map(cells.map((cell) =>
      [cell, wanted.every(([name, value]) => (tests[name] ?? ((c, v) => has(c, name, v)))(cell, value))]));
    const names = new Set();
    for (const section of matrix.children) {
      let shown = 0;
      for (const item of section.querySelectorAll(":scope > ul > li")) {
        const [head, ...subs] = item.querySelectorAll("a");
        for (const sub of subs) sub.parentNode.hidden = !kept.get(sub);
        const found = subs.filter((sub) => kept.get(sub));
        item.hidden = !kept.get(head) && !found.length;
        head.classList.toggle("faint", !kept.get(head));
        const fold = item.querySelector("details");
        if (fold) {
          fold.hidden = !found.length;
          if (!kept.get(head) && found.length) fold.dataset.found = fold.open = true;
          else if (fold.dataset.found) fold.open = delete fold.dataset.found && false;
        }
        shown += kept.get(head);
        for (const cell of [head, ...found]) if (kept.get(cell)) names.add(id(cell));
      }
      const all = section.querySelectorAll(":scope > ul > li").length;
      section.querySelector(".tally").textContent = shown === all ? all : `${shown} of ${all}`;
      section.classList.toggle("empty", !shown);
    }
    const total = Object.keys(facets).length;
    form.querySelector("output").textContent = names.size === total ? "" : `${names.size} of ${total}`;
    judge(state);
    paint(state.color);
  });

  const told = (impact) => ["confidentiality", "integrity", "availability"]
    .map((goal, i) => [goal, ["", "low", "medium", "high"][impact[i]]]).filter(([, level]) => level)
    .map((pair) => pair.join(" ")).join(", ") || "none by itself";

  // The card beside a cell, on hover and focus; Escape closes it.
  const card = el("div", { class: "card", id: "card", role: "tooltip", hidden: "" });
  document.body.append(card);
  let timer = 0, owner = null;
  const hide = () => {
    clearTimeout(timer);
    card.hidden = true;
    owner?.removeAttribute("aria-describedby");
    owner = null;
  };
  const show = (cell) => {
    const data = facet.get(cell);
    const fact = (name, value) => (value ? [el("dt", {}, name), el("dd", {}, value)] : []);
    hide();
    owner = cell;
    card.replaceChildren(
      el("p", { class: "id" }, id(cell)), el("p", { class: "name" }, data.name), el("p", {}, data.summary),
      el("dl", {},
        ...fact("Maturity", data.maturity), ...fact("Impact", told(data.impact)), ...fact("Knowledge", data.knowledge.map((word) => `${word} box`).join(", ")),
        ...fact("Access", data.access.join(", ")), ...fact("Acts on", data.component.join(", ")),
        ...fact("Evidence", `${data.records} published, ${data.mitigations} mitigations`),
        ...fact("Measured", data.success === undefined ? "" : `${(100 * data.success).toFixed(1)} % success on your model`),
        ...fact("On it", verdicts.get(id(cell))?.reason), ...fact("Runs as", (data.runs ?? []).map((name) => `redqubit attack ${name}`).join(", "))));
    card.hidden = false;
    cell.setAttribute("aria-describedby", "card");
    const box = cell.getBoundingClientRect(), own = card.getBoundingClientRect();
    const left = box.right + 8 + own.width < innerWidth ? box.right + 8 : box.left - 8 - own.width;
    card.style.left = `${Math.max(8, left)}px`;
    card.style.top = `${Math.max(56, Math.min(box.top - 8, innerHeight - own.height - 8))}px`;
  };
  const fine = matchMedia("(hover: hover) and (min-width: 641px)");
  matrix.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("a");
    clearTimeout(timer);
    if (cell && fine.matches) timer = setTimeout(show, owner ? 40 : 160, cell);
    else timer = setTimeout(hide, 120);
  });
  matrix.addEventListener("pointerleave", () => (timer = setTimeout(hide, 120)));
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", hide);
  matrix.addEventListener("focusin", (event) => event.target.matches("a:focus-visible") && fine.matches ? show(event.target) : hide());
  matrix.addEventListener("focusout", hide);
  addEventListener("scroll", hide, { passive: true });

  // Arrow keys move between cells: up and down in a tactic, left and right to its neighbors.
  const seen = (scope) => [...scope.querySelectorAll("a")].filter((cell) => cell.checkVisibility());
  matrix.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const cell = event.target.closest("a");
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key], upright = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!cell || !(sideways || upright)) return;
    event.preventDefault();
    const column = cell.closest("section"), place = seen(column).indexOf(cell);
    if (upright) return seen(column)[place + upright]?.focus();
    const filled = [...matrix.children].filter((section) => seen(section).length);
    const next = filled[filled.indexOf(column) + sideways];
    if (next) seen(next)[Math.min(place, seen(next).length - 1)].focus();
  });

  // On a phone the tab of the tactic on the screen is marked, and the page is as long as that.
  const sections = [...matrix.children], tabs = [...document.querySelectorAll(".tabs a")], bar = tabs[0].parentNode;
  let current = -1;
  const settle = () => {
    const found = Math.min(sections.length - 1, Math.round(matrix.scrollLeft / sections[0].offsetWidth));
    if (found === current || !bar.checkVisibility()) return;
    tabs[current]?.removeAttribute("aria-current");
    current = found;
    tabs[found].setAttribute("aria-current", "true");
    bar.scrollTo({ left: tabs[found].offsetLeft - 16 });
    matrix.style.maxHeight = `${Math.max(sections[found].offsetHeight, innerHeight - 160)}px`;
  };
  matrix.addEventListener("scroll", settle, { passive: true });
  settle();
})();
