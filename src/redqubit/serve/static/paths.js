// The cheapest paths of an attacker, and what is left of them under mitigations; the address says which.
"use strict";
(() => {
  const { el, layers, filters, reason } = redqubit, at = (id) => document.getElementById(id);
  const { chain, mitigations, name, list } = reason, words = chain.words;
  const form = at("choose"), strength = at("strength"), KEPT = "kept in this browser";
  const pipelines = { ...redqubit.data.pipelines };
  const kept = redqubit.kept();
  if (kept) {
    pipelines[KEPT] = kept;
    form.elements.pipeline.prepend(el("optgroup", { label: "Kept in this browser" }, el("option", { value: KEPT }, kept.name || "Without a name")));
  }
  const page = (id) => `technique/${id}.html`, technique = (item) => el("a", { href: page(item.id) }, item.name);
  const days = (cost) => `${(cost / 1000).toLocaleString("en-US", { maximumFractionDigits: cost < 1000 ? 2 : 1 })} person-days`;
  const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const attacker = (pipeline, actor) => pipeline.actors.find((item) => item.actor === actor) ??
    { actor, knowledge: "black", skill: "high", queries: null, shots: null, money: null, days: null, capabilities: [], without: [] };
  const who = ({ actor, knowledge, skill, ...budget }, listed) => {
    const limits = [["queries", "queries"], ["shots", "shots"], ["money", "US dollars"], ["days", "working days"]]
      .filter(([key]) => budget[key] !== null).map(([key, unit]) => `${budget[key].toLocaleString("en-US")} ${unit}`);
    return `${words[actor]}${listed ? " as the pipeline describes it" : ", whom the pipeline does not list"}: ${knowledge}-box knowledge, ${skill} skill, ${limits.length ? `at most ${list(limits)}` : "no limit"}.`;
  };

  // Each step stands under its tactic, right of the steps it builds on.
  const drawing = (on, steps) => {
    const held = [...new Set(steps.flatMap(({ uses }) => uses.filter(({ from }) => !from).map(({ word }) => word)))];
    const columns = held.length ? [{ title: "From the start", width: 136, nodes: [{ id: 0, text: words[on.attacker.actor], note: held.map(name).join(", "), kind: "box start" }] }] : [];
    const place = [0], links = [];
    steps.forEach(({ item, tactic, uses, gains }, i) => {
      const after = Math.max(-1, ...uses.map(({ from }) => (from ? place[from] : held.length ? 0 : -1)));
      let column = columns.findIndex((one, j) => j > after && one.tactic === tactic);
      if (column < 0) column = columns.push({ tactic, title: chain.tactics[reason.order.get(tactic) - 1][1], width: 136, nodes: [] }) - 1;
      place[i + 1] = column;
      columns[column].nodes.push({ id: i + 1, text: `${i + 1}  ${item.name}`, note: gains.map(name).join(", "), href: page(item.id), kind: "box" });
      for (const from of new Set(uses.map((use) => use.from))) if (from || held.length) links.push({ from, to: i + 1, kind: from ? "" : "far" });
    });
    return layers(columns, links, { title: "Steps from left to right", gap: 30 });
  };

  const shown = (on, { ids, cost }, number, open) => {
    const steps = reason.explain(on, ids);
    const head = el("summary", {}, el("span", { class: "number" }, `${number}`),
      el("span", { class: "chain" }, steps.map(({ item }) => item.name).join(" → ") || "Nothing more is needed: it is held from the start"),
      el("span", { class: "effort" }, days(cost)));
    const fold = el("details", { open: open ? "" : null, "data-path": ids.join(",") }, head);
    const fill = () => fold.childElementCount > 1 || fold.append(el("div", { class: "told" },
      el("div", { class: "canvas", tabindex: "0", role: "region", "aria-label": `Drawing of path ${number}` }, drawing(on, steps)),
      el("ol", { class: "sentences" }, ...steps.map(({ item, sentence }) => el("li", {}, technique(item), " ", sentence))),
      el("p", {}, el("a", { href: `graph.html?path=${ids.join(",")}` }, "Show it in the whole graph"))));
    if (open) fill();
    fold.addEventListener("toggle", fill);
    return el("li", {}, fold);
  };
  const gone = ({ ids, cost }, number, hits) => {
    const id = ids.find((one) => hits(one).length), item = reason.techniques.get(id);
    return el("li", { class: "gone" }, el("span", { class: "number" }, `${number}`),
      el("span", { class: "chain" }, el("s", {}, ids.map((one) => reason.techniques.get(one).name).join(", ")), ` cut at ${item.name} by ${list(hits(id).map((one) => mitigations.get(one).name))}`),
      el("span", { class: "effort" }, days(cost)));
  };

  const address = new URLSearchParams(location.search), first = Object.keys(pipelines)[0];
  if (!pipelines[address.get("pipeline")]) address.set("pipeline", first);
  const usual = { actor: pipelines[address.get("pipeline")]?.actors[0]?.actor ?? "outsider", protection: "integrity", asset: "results", least: "2", k: "5" };
  for (const [key, value] of Object.entries(usual)) if (!address.get(key)) address.set(key, value);
  history.replaceState(null, "", `?${address}`);
  const chosen = () => form.elements.with.value.split(",").filter((id) => mitigations.has(id));
  let late = 0;
  const { write } = filters(form, (state) => {
    const pipeline = pipelines[state.pipeline], least = strength.value = form.elements.with.value.split(",")[0] === "partial" ? "partial" : "strong";
    if (!pipeline || !words[state.actor]) return;
    const mind = attacker(pipeline, state.actor), goal = { asset: state.asset, protection: state.protection, least: Number(state.least) }, k = Number(state.k) || 5;
    const used = chosen(), bare = reason.scene(mind, pipeline), base = reason.derive(bare, goal, k);
    const blocked = new Map(used.map((id) => [id, new Set(reason.blocks(id, least))]));
    const hits = (one) => used.filter((id) => blocked.get(id).has(one));
    const on = used.length ? reason.scene(mind, pipeline, reason.blockedBy(used, least)) : bare;
    const left = used.length ? reason.derive(on, goal, k) : base, cut = base.sets.filter(({ ids }) => ids.some((one) => hits(one).length));
    const aim = `harm the ${state.protection} of ${name(state.asset)}`, mine = name(state.actor);
    at("who").textContent = who(mind, pipeline.actors.includes(mind));
    at("told").textContent = !base.sets.length ? `No path leads the ${mine} to ${aim}.`
      : !left.sets.length ? `${count(used.length, "mitigation")} cut${used.length === 1 ? "s" : ""} every path of the ${mine} to ${aim}.`
      : used.length ? `${cut.length} of ${count(base.sets.length, "path")} cut; the cheapest way left to ${aim} takes the ${mine} ${days(left.sets[0].cost)}.`
      : `The ${mine} can ${aim} in ${days(left.sets[0].cost)}; ${base.exhausted ? `${count(base.sets.length, "path")} in all` : `the ${base.sets.length} cheapest of more paths`}.`;
    const open = left.sets.findIndex(({ ids }) => ids.join(",") === state.show);
    at("paths").replaceChildren(...cut.map((set) => gone(set, base.sets.indexOf(set) + 1, hits)),
      ...left.sets.map((set, i) => shown(on, set, i + 1, i === Math.max(open, 0))));

    const offered = [...mitigations.keys()].filter((id) => !pipeline.mitigations.includes(id) && reason.blocks(id, least).length);
    const score = (id) => base.sets.filter(({ ids }) => ids.some((one) => reason.blocks(id, least).includes(one))).length;
    const useful = offered.map((id) => [id, score(id)]).filter(([id, n]) => n || used.includes(id)).sort(([, a], [, b]) => b - a);
    at("toggles").replaceChildren(...useful.map(([id, n]) => el("li", {}, el("label", {},
      el("input", { type: "checkbox", value: id, ...(used.includes(id) ? { checked: "" } : {}) }), " ", mitigations.get(id).name),
      el("span", { class: "soft" }, `cuts ${n} of ${base.sets.length}`))));
    clearTimeout(late);
    at("suggest").textContent = "";
    if (base.sets.length) late = setTimeout(() => at("suggest").replaceChildren(...suggestion(mind, pipeline, goal, offered, least)), 30);
  });
  const suggestion = (mind, pipeline, goal, offered, least) => {
    const { chosen: best, open } = reason.cut(mind, pipeline, goal, offered, least);
    if (open) return [`No set of mitigations cuts every path: none ${least === "strong" ? "strongly " : ""}prevents ${list(open.map((id) => reason.techniques.get(id).name))}.`];
    const button = el("button", { type: "button" }, "Put in place");
    button.addEventListener("click", () => choose(best));
    return [`${best.length === 1 ? "One mitigation cuts" : `The smallest set that cuts every path has ${best.length}`}${best.length === 1 ? " every path" : ""}: ${list(best.map((id) => mitigations.get(id).name))}. `, button];
  };
  const choose = (ids) => {
    form.elements.with.value = [...(strength.value === "partial" ? ["partial"] : []), ...ids].join(",");
    write(true);
  };
  at("cuts").addEventListener("submit", (event) => event.preventDefault());
  at("cuts").addEventListener("change", (event) => {
    const { value } = event.target;
    choose([...at("toggles").querySelectorAll(":checked")].map((box) => box.value));
    at("toggles").querySelector(`[value="${CSS.escape(value)}"]`)?.focus();
  });
  at("paths").addEventListener("click", (event) => {
    const fold = event.target.closest("summary")?.parentNode;
    if (!fold) return;
    form.elements.show.value = fold.open ? "" : fold.dataset.path;
    history.replaceState(null, "", Object.assign(new URL(location), { search: new URLSearchParams([...new FormData(form)].filter(([, value]) => value)) }));
  });
})();
