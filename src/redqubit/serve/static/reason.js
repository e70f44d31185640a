// What an attacker can run on a pipeline, the cheapest ways to a goal and what cuts them: in the
// browser what killchain/feasible.py, path.py, cut.py and likelihood.py are on the command line.
"use strict";
redqubit.reason = (() => {
  const chain = redqubit.data.reason, SKILL = ["low", "medium", "high"], WAYS = 256, WORK = 4e6, DRAWS = 6000;
  const UNITS = { queries: "queries", shots: "shots", money: "US dollars", days: "working days" };
  const [techniques, mitigations, actors] = [chain.techniques, chain.mitigations, chain.actors].map((items) => new Map(items.map((item) => [item.id, item])));
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0), compareAll = (a, b) => compare(a.join("\0"), b.join("\0"));
  const name = (word) => (chain.words[word] ?? word).toLowerCase(), names = (words) => words.map(name).join(", ");
  const list = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words.join(""));
  // A requirement is {all: [...], any: [...]}; its entries are words or requirements.
  const met = (need, held) => {
    const has = (entry) => (typeof entry === "string" ? held.has(entry) : met(entry, held));
    return (need.all ?? []).every(has) && (!need.any || need.any.some(has));
  };
  // The minimal sets of words, as sorted lists, that meet a requirement beside what is held.
  const minimal = (sets) => sets.sort((a, b) => a.length - b.length || compareAll(a, b)).reduce((kept, set) =>
    (kept.length < WAYS && !kept.some((other) => other.every((word) => set.includes(word))) ? [...kept, set] : kept), []);
  const ways = (entry, held) => {
    if (typeof entry === "string") return [held.has(entry) ? [] : [entry]];
    const parts = (entry.all ?? []).map((item) => ways(item, held));
    if (entry.any) parts.push(minimal(entry.any.flatMap((item) => ways(item, held))));
    const join = (a, b) => [...new Set([...a, ...b])].sort(compare);
    return parts.reduce((found, part) => minimal(found.flatMap((a) => part.map((b) => join(a, b)))), [[]]);
  };
  // The traits of a pipeline; a list on the way of a field's path stands for each of its entries.
  const reach = (data, keys) => Array.isArray(data) ? data.flatMap((item) => reach(item, keys)) : !keys.length ? [data]
    : data !== null && typeof data === "object" && Object.hasOwn(data, keys[0]) ? reach(data[keys[0]], keys.slice(1)) : [];
  const holds = (values) => (item) => (values.length ? values.includes(item) : ![null, false, "", "none", 0].includes(item));
  const traits = (pipeline) => new Set(chain.traits.filter(({ when }) =>
    when.some(([field, values]) => reach(pipeline, field.split(".")).some(holds(values)))).map(({ id }) => id));
  const held = (attacker, present) => {
    const levels = { black: [], gray: ["gray"], white: ["gray", "white"] }[attacker.knowledge];
    const start = actors.get(attacker.actor).starts.filter(([, when]) => met(when, present)).map(([word]) => word);
    const known = chain.capabilities.filter(([, knowledge]) => levels.includes(knowledge)).map(([word]) => word);
    return new Set([...start, ...known, ...attacker.capabilities].filter((word) => !attacker.without.includes(word)));
  };
  // The ids of the techniques that mitigations prevent with at least this strength.
  const blockedBy = (ids, least = "strong") => new Set(ids.flatMap((id) => mitigations.get(id).blocks[least]));
  // One attacker on one pipeline; "blocked" are techniques that considered mitigations take away.
  const scene = (attacker, pipeline, blocked = new Set()) => {
    const present = traits(pipeline), start = held(attacker, present), own = pipeline.provider.hardware;
    const stoppers = pipeline.mitigations.map((id) => [mitigations.get(id).name, blockedBy([id])]);
    const misfits = (item) => [!met(item.applies, present) && `The pipeline lacks: ${names(ways(item.applies, present)[0])}.`,
      !item.components.some((word) => Object.hasOwn(pipeline.components, word)) && `The pipeline has no ${names(item.components)}.`,
      !item.hardware.some((word) => word === "any" || word === own) && `It works on ${item.hardware.join(" or ")}, and this runs on ${own}.`].filter(Boolean);
    const by = (item) => stoppers.filter(([, ids]) => ids.has(item.id)).map(([who]) => who).join(", ");
    const stops = (item) => [by(item) && `Blocked by a mitigation in place: ${by(item)}.`,
      blocked.has(item.id) && "Blocked by a mitigation that is being considered.",
      SKILL.indexOf(attacker.skill) < SKILL.indexOf(item.skill) && `Needs ${item.skill} skill; the attacker has ${attacker.skill}.`,
      ...Object.entries(item.low).map(([key, low]) => attacker[key] !== null && low > attacker[key]
        && `Needs at least ${low.toLocaleString("en-US")} ${UNITS[key]}; the budget is ${attacker[key].toLocaleString("en-US")}.`)].filter(Boolean);
    return { attacker, pipeline, start, misfits, stops, runnable: chain.techniques.filter((item) => !misfits(item).length && !stops(item).length) };
  };
  // Those that can ever run, in an order that works, and every word that can ever be held.
  const forward = (options, start) => {
    const gained = new Set(start), ready = [];
    for (let waiting = options, next; ; waiting = waiting.filter((item) => !next.includes(item))) {
      next = waiting.filter((item) => met(item.requires, gained));
      if (!next.length) return { gained, ready };
      for (const word of next.flatMap((item) => item.grants)) gained.add(word);
      ready.push(...next);
    }
  };
  // Everything that can be held in the end, and a verdict on each technique against it.
  const reachable = (on) => {
    const { gained, ready } = forward(on.runnable, on.start);
    const verdicts = new Map(chain.techniques.map((item) => {
      const misfits = on.misfits(item), missing = ways(item.requires, gained)[0], now = met(item.requires, on.start);
      const obstacles = [...misfits, ...on.stops(item), ...(missing.length ? [`Needs ${names(missing)}.`] : [])];
      const brought = now || obstacles.length ? [] : ways(item.requires, on.start)[0].filter((word) => gained.has(word));
      const reason = missing.length && obstacles.length === 1 ? `Needs ${names(missing)}, which the attacker lacks.`
        : obstacles[0] ?? (now ? `Possible at once from the position of: ${chain.words[on.attacker.actor]}.`
        : `Possible after earlier steps${brought.length ? ` that bring ${names(brought)}` : ""}.`);
      return [item.id, { feasible: !obstacles.length, applies: !misfits.length, now, reason, obstacles, missing }];
    }));
    return { feasible: ready.map((item) => item.id), verdicts };
  };
  // A goal is {asset, protection, least}, or {word} for a capability or technique.
  const reaches = (goal, item) => goal.word ? item.id === goal.word || item.grants.includes(goal.word)
    : item.assets.includes(goal.asset) && item.impact[goal.protection] >= goal.least;
  // The k cheapest minimal sets of techniques that reach the goal, by cost, then by ids. A set is kept
  // for a word while no subset yields it and it costs at most "bound", which doubles until more than k
  // sets reach the goal or none was left out: exact, since a part of a set costs less than the set.
  const derive = (on, goal, k) => {
    if (goal.word && on.start.has(goal.word)) return { sets: [{ ids: [], cost: 0 }], exhausted: true, complete: true };
    const usable = forward(on.runnable, on.start).ready, wanted = new Set();
    const useful = new Set(usable.filter((item) => reaches(goal, item)));
    for (const item of useful) for (const word of item.needs) if (!on.start.has(word) && !wanted.has(word)) {
      wanted.add(word);
      for (const other of usable) if (other.grants.includes(word)) useful.add(other);
    }
    const steps = usable.filter((item) => useful.has(item));
    const cost = (mask) => steps.reduce((sum, item, i) => (mask >> BigInt(i) & 1n ? sum + item.effort : sum), 0);
    const has = (entry) => (typeof entry === "string" ? on.start.has(entry) : met(entry, on.start));
    const cheapest = (sets) => sets.sort((a, b) => a.cost - b.cost || compare(a.mask, b.mask)).reduce((kept, set) =>
      (kept.some(({ mask }) => (mask & set.mask) === mask) || kept.push(set), kept), []);
    for (let bound = 4000, work = 0, best = []; ; bound *= 2) {
      const found = new Map(), waiting = new Set(steps.keys());
      let pruned = false;
      const within = (set) => set.cost <= bound || !(pruned = true);
      const both = (a, b) => ({ mask: a.mask | b.mask, cost: a.cost + b.cost - (a.mask & b.mask ? cost(a.mask & b.mask) : 0) });
      const combine = (need) => [...(need.all ?? []).map((entry) => [entry]), ...(need.any ? [need.any] : [])]
        .filter((clause) => !clause.some(has)).reduce((sets, clause) => {
          const choices = clause.flatMap((entry) => (typeof entry === "string" ? found.get(entry) ?? [] : combine(entry)));
          work += sets.length * choices.length;
          return cheapest(sets.flatMap((a) => choices.map((b) => both(a, b))).filter(within));
        }, [{ mask: 0n, cost: 0 }]);
      while (waiting.size && work < WORK) {
        const i = Math.min(...waiting), item = steps[i], own = 1n << BigInt(i);
        waiting.delete(i);
        const sets = combine(item.requires).filter(({ mask }) => !(mask & own))
          .map((set) => ({ mask: set.mask | own, cost: set.cost + item.effort })).filter(within);
        for (const word of [...item.grants.filter((one) => wanted.has(one)), ...(reaches(goal, item) ? [""] : [])]) {
          const before = found.get(word) ?? [], after = cheapest([...before, ...sets]);
          if (after.length === before.length && after.every((set, j) => set.mask === before[j].mask)) continue;
          found.set(word, after);
          steps.forEach(({ needs }, user) => needs.includes(word) && waiting.add(user));
        }
      }
      const complete = !waiting.size;
      if (complete) best = found.get("") ?? [];
      if (complete && pruned && best.length <= k) continue;
      const sets = best.map((set) => ({ ids: steps.filter((_, i) => set.mask >> BigInt(i) & 1n).map(({ id }) => id).sort(compare), cost: set.cost }));
      sets.sort((a, b) => a.cost - b.cost || compareAll(a.ids, b.ids));
      return { sets: sets.slice(0, k), exhausted: complete && sets.length <= k, complete };
    }
  };
  // A set of techniques as steps in an order that works, each with what it uses, gains and a sentence.
  const explain = (on, ids) => {
    const source = new Map([...on.start].map((word) => [word, 0])), steps = [];
    const gained = (way) => way.filter((word) => source.get(word)).length;
    let waiting = ids.map((id) => techniques.get(id)).sort((a, b) => a.stages[0] - b.stages[0] || compare(a.id, b.id));
    for (let at = 0, stage; waiting.length; at = Math.max(at, stage)) {
      const item = waiting.find(({ requires }) => met(requires, source));
      waiting = waiting.filter((other) => other !== item);
      stage = (waiting.length ? item.stages.find((one) => one >= at) : null) ?? item.stages.at(-1);
      const [way = []] = ways(item.requires, new Set()).filter((one) => one.every((word) => source.has(word)))
        .sort((a, b) => gained(a) - gained(b) || a.length - b.length || compareAll(a, b));
      const uses = way.map((word) => ({ word, from: source.get(word) })), gains = item.grants.filter((word) => !source.has(word));
      const told = list(uses.map(({ word, from }) => name(word) + (from ? ` (step ${from})` : "")));
      const sentence = `${told ? `With ${told}` : "Without any prerequisite"}: ${item.summary[0].toLowerCase()}${item.summary.slice(1)}`
        + (gains.length ? ` It brings ${list(gains.map(name))}.` : "");
      steps.push({ item, stage, uses, gains, sentence });
      for (const word of gains) source.set(word, steps.length);
    }
    return steps;
  };
  // The fewest mitigations, of those offered, after which no path is left: a smallest set that hits
  // every path found so far, until it hits them all. "open" is a path that none of them touches.
  const cut = (attacker, pipeline, goal, offered, least) => {
    const hits = offered.map((id) => [id, blockedBy([id], least)]), paths = [];
    const cover = (chosen, size) => {
      const open = paths.find((ways) => !ways.some((id) => chosen.includes(id)));
      if (!open || !size) return open ? null : chosen;
      return open.reduce((all, id) => all ?? cover([...chosen, id], size - 1), null);
    };
    for (let chosen = []; ; ) {
      const { sets } = derive(scene(attacker, pipeline, blockedBy([...pipeline.mitigations, ...chosen], least)), goal, 8);
      if (!sets.length) return { chosen: chosen.sort(compare), open: null };
      for (const { ids } of sets) {
        paths.push(hits.filter(([, set]) => ids.some((id) => set.has(id))).map(([id]) => id));
        if (!paths.at(-1).length) return { chosen: [], open: ids };
      }
      chosen = null;
      for (let size = 1; !chosen; size++) chosen = cover([], size);
    }
  };
  // Success of a technique under mitigations: its exact mean, and draws that are the same each time.
  const factors = (id, placed) => placed.map((one) => mitigations.get(one).factors[id] ?? [1, 1]);
  const mean = (id, placed) => factors(id, placed).reduce((value, [low, high]) => value * (low + high) / 2, techniques.get(id).mean);
  const draws = (id, placed) => {
    const { chance } = techniques.get(id), spans = factors(id, placed);
    let state = [...id].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16777619), 2166136261);
    const random = () => {
      const seed = state = state + 0x6d2b79f5 | 0, one = Math.imul(seed ^ seed >>> 15, 1 | seed), two = one ^ one + Math.imul(one ^ one >>> 7, 61 | one);
      return ((two ^ two >>> 14) >>> 0) / 2 ** 32;
    };
    return Array.from({ length: DRAWS }, () => {
      const at = random() * (chance.length - 1), i = Math.floor(at);
      return spans.reduce((value, [low, high]) => value * (low + (high - low) * random()), chance[i] + (chance[i + 1] - chance[i]) * (at - i));
    });
  };
  // A path succeeds if each technique does, independently; the middle 95 % of the draws.
  const likely = (ids, placed) => {
    const all = ids.map((id) => draws(id, placed)), products = Array.from({ length: DRAWS }, (_, i) => all.reduce((p, one) => p * one[i], 1)).sort((a, b) => a - b);
    return { mean: ids.reduce((p, id) => p * mean(id, placed), 1), low: products[DRAWS * 0.025], high: products[DRAWS * 0.975] };
  };
  // An actor as a pipeline describes it, else without knowledge and without limit.
  const attacker = (pipeline, actor) => pipeline.actors.find((item) => item.actor === actor) ?? { actor: actors.has(actor) ? actor : chain.actors[0].id,
    knowledge: "black", skill: "high", queries: null, shots: null, money: null, days: null, capabilities: [], without: [] };
  // The pipeline that the threat model page keeps in this browser, or null.
  const kept = () => {
    try {
      const { actors: list, mitigations: ids, ...rest } = JSON.parse(localStorage.getItem("pipeline"));
      return rest.provider && rest.components && { ...rest, actors: list.filter(({ actor }) => actors.has(actor)), mitigations: ids.filter((id) => mitigations.has(id)) };
    } catch { return null; }
  };
  return { attacker, chain, techniques, mitigations, actors, name, list, traits, blockedBy, scene, reachable, derive, explain, cut, mean, likely, kept };
})();
