// The cheapest paths of an attacker, and what is left of them under mitigations; the address says which.
"use strict";
(() => {
  const { el, layers, filters, reason } = redqubit, at = (id) => document.getElementById(id);
  const { chain, mitigations, name, list } = reason, words = chain.words, kept = reason.kept(), KEPT = "kept";
  const form = at("choose"), { pipeline: from, with: field } = form.elements, strength = at("strength"), toggles = at("toggles");
  const pipelines = { ...redqubit.data.pipelines, ...(kept && { [KEPT]: kept }) };
  if (kept) from.append(el("optgroup", { label: "Kept in this browser" }, el("option", { value: KEPT }, kept.name || "Without a name")));
  const title = (id) => reason.techniques.get(id).name, page = (id) => `technique/${id}.html`;
  const days = (cost) => `${(cost / 1000).toLocaleString("en-US", { maximumFractionDigits: cost < 1000 ? 2 : 1 })} person-days`;
  const inside = (word) => words[word].replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());  // of a sentence
  const percent = (value) => (value < 0.01 ? "<1" : (100 * value).toFixed(0)), count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const who = (mind, listed) => {
    const limits = Object.entries({ queries: "queries", shots: "shots", money: "US dollars", days: "working days" })
      .filter(([key]) => mind[key] !== null).map(([key, unit]) => `${mind[key].toLocaleString("en-US")} ${unit}`);
    return `${words[mind.actor]}${listed ? " as the pipeline describes it" : ", whom the pipeline does not list"}: ${mind.knowledge}-box knowledge, ${mind.skill} skill, ${limits.length ? `at most ${list(limits)}` : "no limit"}.`;
  };
  // Each step stands under its tactic, right of the steps it builds on.
  const drawing = (on, steps) => {
    const held = [...new Set(steps.flatMap(({ uses }) => uses.filter((use) => !use.from).map(({ word }) => word)))];
    const start = { id: 0, text: words[on.attacker.actor], note: held.map(name).join(", "), kind: "box start" };
    const columns = held.length ? [{ title: "From the start", width: 136, nodes: [start] }] : [], place = [held.length ? 0 : -1], links = [];
    steps.forEach(({ item, stage, uses, gains }, i) => {
      const after = Math.max(-1, ...uses.map((use) => place[use.from]));
      let column = columns.findIndex((one, j) => j > after && one.stage === stage);
      if (column < 0) column = columns.push({ stage, title: chain.tactics[stage], width: 136, nodes: [] }) - 1;
      place.push(column);
      columns[column].nodes.push({ id: i + 1, text: `${i + 1} ${item.name}`, note: gains.map(name).join(", "), href: page(item.id), kind: "box" });
      links.push(...[...new Set(uses.map((use) => use.from))].map((source) => ({ from: source, to: i + 1, kind: source ? "" : "far" })));
    });
    return layers(columns, links, { title: "Steps from left to right", gap: 30 });
  };
  const shown = (on, placed, { ids, cost }, number, open) => {
    const { mean, low, high } = reason.likely(ids, placed), steps = reason.explain(on, ids), measured = steps.filter(({ item }) => item.basis === "measured").length;
    const fold = el("details", { "data-path": ids.join(",") }, el("summary", {}, el("span", { class: "number" }, number),
      el("span", { class: "chain" }, steps.map(({ item }) => item.name).join(" → ") || "Nothing more is needed: it is held from the start"),
      el("span", { class: "chance" }, `${percent(mean)} % `, el("small", {}, `${percent(low)} to ${percent(high)}`)), el("span", { class: "effort" }, days(cost))));
    const fill = () => fold.childElementCount > 1 || fold.append(el("div", { class: "told" },
      el("div", { class: "canvas", tabindex: "0", role: "region", "aria-label": `Drawing of path ${number}` }, drawing(on, steps)),
      el("ol", { class: "sentences" }, ...steps.map(({ item, sentence }) => el("li", {}, el("a", { href: page(item.id) }, item.name), " ", sentence))),
      el("p", {}, el("a", { href: `graph.html?path=${ids.join(",")}` }, "Show it in the whole graph"),
        el("span", { class: "soft" }, ` Likelihood from ${measured ? `your own measurements of ${count(measured, "step")}, else from ` : ""}published rates and maturity.`))));
    fold.addEventListener("toggle", fill);
    if ((fold.open = open)) fill();
    return el("li", {}, fold);
  };
  const gone = ({ ids, cost }, number, hits) => {
    const id = ids.find((one) => hits(one).length);
    return el("li", { class: "gone" }, el("span", { class: "number" }, number), el("span", { class: "chain" }, el("s", {}, ids.map(title).join(", ")),
      ` cut at ${title(id)} by ${list(hits(id).map((one) => mitigations.get(one).name))}`), el("span", { class: "effort" }, days(cost)));
  };
  const suggestion = (mind, pipeline, goal, offered, least) => {
    const { chosen, open } = reason.cut(mind, pipeline, goal, offered, least);
    if (open) return [`No set of mitigations cuts every path: none ${least === "strong" ? "strongly " : ""}prevents ${list(open.map(title))}.`];
    const button = Object.assign(el("button", { type: "button" }, "Put in place"), { onclick: () => choose(chosen) });
    return [`${chosen.length === 1 ? "One mitigation cuts" : `${chosen.length} mitigations, no fewer, cut`} every path: ${list(chosen.map((id) => mitigations.get(id).name))}. `, button];
  };
  let late = 0, address = new URLSearchParams(location.search);
  if (!pipelines[address.get("pipeline")]) address.set("pipeline", Object.keys(pipelines)[0] ?? "");
  const usual = { actor: pipelines[address.get("pipeline")]?.actors[0]?.actor ?? "outsider", protection: "integrity", asset: "results", least: "2", k: "5" };
  for (const [key, value] of Object.entries(usual)) if (!address.get(key)) address.set(key, value);
  history.replaceState(null, "", `?${address}`);
  const { write } = filters(form, (state) => {
    const pipeline = pipelines[state.pipeline], given = state.with.split(",");
    if (!pipeline || !words[state.actor] || !state.asset || !state.protection) return;
    const least = strength.value = given[0] === "partial" ? "partial" : "strong", used = given.filter((id) => mitigations.has(id));
    const mind = reason.attacker(pipeline, state.actor), goal = { asset: state.asset, protection: state.protection, least: Number(state.least) || 2 }, k = Number(state.k) || 5;
    const blocked = new Map([...mitigations.keys()].map((id) => [id, reason.blockedBy([id], least)])), hits = (one) => used.filter((id) => blocked.get(id).has(one));
    const [bare, on] = [[], used].map((more) => reason.scene(mind, pipeline, reason.blockedBy([...pipeline.mitigations, ...more], least)));
    const base = reason.derive(bare, goal, k), left = reason.derive(on, goal, k), lost = base.sets.filter(({ ids }) => ids.some((one) => hits(one).length));
    const aim = `harm the ${state.protection} of ${inside(state.asset)}`, mine = inside(state.actor), cheapest = left.sets[0] && days(left.sets[0].cost);
    at("who").textContent = who(mind, pipeline.actors.includes(mind));
    at("told").textContent = !base.sets.length ? `No path leads the ${mine} to ${aim}.`
      : !cheapest ? `${count(used.length, "mitigation")} cut${used.length === 1 ? "s" : ""} every path of the ${mine} to ${aim}.`
      : used.length ? `${lost.length} of ${count(base.sets.length, "path")} cut; the cheapest way left to ${aim} takes the ${mine} ${cheapest}.`
      : `The ${mine} can ${aim} in ${cheapest}; ${base.exhausted ? `${count(base.sets.length, "path")} in all` : `these are the ${base.sets.length} cheapest paths of more`}.`;
    const open = Math.max(0, left.sets.findIndex(({ ids }) => ids.join(",") === state.show));
    at("paths").replaceChildren(...lost.map((set) => gone(set, base.sets.indexOf(set) + 1, hits)),
      ...left.sets.map((set, i) => shown(on, [...pipeline.mitigations, ...used], set, i + 1, i === open)));
    const offered = [...mitigations.keys()].filter((id) => blocked.get(id).size && !pipeline.mitigations.includes(id));
    const useful = offered.map((id) => [id, base.sets.filter(({ ids }) => ids.some((one) => blocked.get(id).has(one))).length]);
    toggles.replaceChildren(...useful.filter(([id, n]) => n || used.includes(id)).sort(([, a], [, b]) => b - a).map(([id, n]) => el("li", {}, el("label", {},
      el("input", { type: "checkbox", value: id, checked: used.includes(id) ? "" : null }), mitigations.get(id).name), el("span", { class: "soft" }, `cuts ${n} of ${base.sets.length}`))));
    clearTimeout(late);
    late = setTimeout(() => at("suggest").replaceChildren(...(base.sets.length ? suggestion(mind, pipeline, goal, offered, least) : [])), 30);
  });
  const choose = (ids) => {
    field.value = [...(strength.value === "partial" ? ["partial"] : []), ...ids].join(",");
    write(true);
  };
  at("cuts").addEventListener("change", ({ target: { value } }) => {
    choose([...toggles.querySelectorAll(":checked")].map((box) => box.value));
    toggles.querySelector(`[value="${CSS.escape(value)}"]`)?.focus();
  });
  at("paths").addEventListener("click", ({ target }) => {
    const fold = target.closest("summary")?.parentNode, query = new URLSearchParams(location.search);
    if (!fold) return;
    query.set("show", (form.elements.show.value = fold.open ? "" : fold.dataset.path));
    history.replaceState(null, "", `?${query}`);
  });
})();
