// What an attacker can run on a pipeline and the cheapest ways to a goal: in the browser what
// killchain/feasible.py, derivation.py, path.py and cut.py are on the command line.
"use strict";
redqubit.reason = (() => {
  const chain = redqubit.data.reason;
  const SKILL = { low: 0, medium: 1, high: 2 };
  const STRENGTH = { none: 0, unknown: 0, weak: 1, partial: 2, strong: 3 };
  const UNITS = { queries: "queries", shots: "shots", money: "US dollars", days: "working days" };
  const MOST_WAYS = 256, WORK = 4e6;
  const byId = (items) => new Map(items.map((item) => [item.id, item]));
  const techniques = byId(chain.techniques), mitigations = byId(chain.mitigations), actors = byId(chain.actors);
  const order = new Map(chain.tactics.map(([id], i) => [id, i + 1]));
  const parent = (id) => (id.split(".").length === 3 ? id.slice(0, -4) : "");
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const compareAll = (a, b) => {
    const i = a.findIndex((word, j) => word !== b[j]);
    return i < 0 ? a.length - b.length : i >= b.length ? 1 : compare(a[i], b[i]);
  };
  const name = (word) => (chain.words[word] ?? word).toLowerCase();
  const names = (words) => words.map(name).join(", ");
  const list = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words.join(""));

  // A requirement is {all: [...], any: [...]}; its entries are words or requirements.
  const met = (need, held) => {
    const has = (entry) => (typeof entry === "string" ? held.has(entry) : met(entry, held));
    return (need.all ?? []).every(has) && (!need.any || need.any.some(has));
  };
  const words = (need) => [...(need.all ?? []), ...(need.any ?? [])].flatMap((entry) => (typeof entry === "string" ? [entry] : words(entry)));

  // The minimal sets of words, as sorted lists, that meet a requirement beside what is held.
  const ways = (need, held) => {
    const minimal = (sets) => {
      const kept = [];
      for (const set of sets.sort((a, b) => a.length - b.length || compareAll(a, b)))
        if (kept.length < MOST_WAYS && !kept.some((other) => other.every((word) => set.includes(word)))) kept.push(set);
      return kept;
    };
    const options = (entry) => {
      if (typeof entry === "string") return [held.has(entry) ? [] : [entry]];
      const parts = (entry.all ?? []).map(options);
      if (entry.any) parts.push(minimal(entry.any.flatMap(options)));
      return parts.reduce((found, part) => minimal(found.flatMap((a) => part.map((b) => [...new Set([...a, ...b])].sort(compare)))), [[]]);
    };
    return options(need);
  };

  // A list on the way of a field's path stands for each of its entries.
  const reach = (data, keys) => Array.isArray(data) ? data.flatMap((item) => reach(item, keys))
    : !keys.length ? [data]
    : data !== null && typeof data === "object" && Object.hasOwn(data, keys[0]) ? reach(data[keys[0]], keys.slice(1)) : [];
  const traits = (pipeline) => new Set(chain.traits.filter(({ when }) => when.some(([field, values]) =>
    reach(pipeline, field.split(".")).some((item) => values.length ? values.includes(item) : ![null, false, "", "none", 0].includes(item))),
  ).map(({ id }) => id));
  const held = (attacker, present) => {
    const levels = { black: [], gray: ["gray"], white: ["gray", "white"] }[attacker.knowledge];
    const start = actors.get(attacker.actor).starts.filter(([, when]) => met(when, present)).map(([word]) => word);
    const known = chain.capabilities.filter(([, knowledge]) => levels.includes(knowledge)).map(([word]) => word);
    const all = new Set([...start, ...known, ...attacker.capabilities]);
    for (const word of attacker.without) all.delete(word);
    return all;
  };

  // The ids of the techniques that a mitigation prevents with at least this strength.
  const blocks = (id, least = "strong") => {
    const { kind, edges } = mitigations.get(id);
    const hit = (technique) => STRENGTH[edges[technique]] >= STRENGTH[least];
    return kind !== "prevent" ? [] : chain.techniques.map((item) => item.id).filter((item) => hit(item) || hit(parent(item)));
  };
  const blockedBy = (ids, least) => new Set(ids.flatMap((id) => blocks(id, least)));

  // One attacker on one pipeline; "blocked" are techniques that considered mitigations take away.
  const scene = (attacker, pipeline, blocked = new Set()) => {
    const present = traits(pipeline), start = held(attacker, present), prevented = new Map();
    for (const id of pipeline.mitigations) for (const item of blocks(id)) prevented.set(item, [...(prevented.get(item) ?? []), id]);
    const hardware = ["any", pipeline.provider.hardware];
    const misfits = (item) => [
      ...(met(item.applies, present) ? [] : [`The pipeline lacks: ${names(ways(item.applies, present)[0])}.`]),
      ...(item.components.some((word) => Object.hasOwn(pipeline.components, word)) ? [] : [`The pipeline has no ${names(item.components)}.`]),
      ...(item.hardware.some((word) => hardware.includes(word)) ? [] : [`It works on ${item.hardware.join(" or ")}, and this runs on ${hardware[1]}.`]),
    ];
    const stops = (item) => [
      ...(prevented.has(item.id) ? [`Blocked by a mitigation in place: ${prevented.get(item.id).map((id) => mitigations.get(id).name).join(", ")}.`] : []),
      ...(blocked.has(item.id) ? ["Blocked by a mitigation that is being considered."] : []),
      ...(SKILL[attacker.skill] < SKILL[item.skill] ? [`Needs ${item.skill} skill; the attacker has ${attacker.skill}.`] : []),
      ...Object.entries(item.low).filter(([key, low]) => attacker[key] !== null && low > attacker[key])
        .map(([key, low]) => `Needs at least ${low.toLocaleString("en-US")} ${UNITS[key]}; the budget is ${attacker[key].toLocaleString("en-US")}.`),
    ];
    const runnable = chain.techniques.filter((item) => !misfits(item).length && !stops(item).length);
    return { attacker, pipeline, present, start, runnable, misfits, stops };
  };

  // Everything that can be held in the end, and a verdict on each technique against it.
  const reachable = (on) => {
    const { held: gained, ready } = forward(on.runnable, on.start);
    const verdicts = new Map(chain.techniques.map((item) => {
      const misfits = on.misfits(item), missing = ways(item.requires, gained)[0];
      const obstacles = [...misfits, ...on.stops(item)];
      if (missing.length) obstacles.push(`Needs ${names(missing)}.`);
      const now = met(item.requires, on.start);
      const lacking = now ? [] : ways(item.requires, on.start)[0].filter((word) => gained.has(word));
      const reason = missing.length && obstacles.length === 1 ? `Needs ${names(missing)}, which the attacker lacks.` : obstacles[0] ?? (now ? `Possible at once from the position of: ${chain.words[on.attacker.actor]}.`
        : `Possible after earlier steps${lacking.length ? ` that bring ${names(lacking)}` : ""}.`);
      return [item.id, { feasible: !obstacles.length, applies: !misfits.length, now, reason, obstacles, missing }];
    }));
    return { held: gained, feasible: ready.map((item) => item.id), verdicts };
  };

  // Those that can ever run, in an order that works, and every word that can ever be held.
  const forward = (options, start) => {
    const gained = new Set(start), ready = [];
    for (let waiting = options, more = true; more; ) {
      const next = waiting.filter((item) => met(item.requires, gained));
      for (const item of next) for (const word of item.grants) gained.add(word);
      ready.push(...next);
      more = next.length > 0;
      waiting = waiting.filter((item) => !next.includes(item));
    }
    return { held: gained, ready };
  };

  // A goal is {asset, protection, least}, or {word} for a capability or technique.
  const reaches = (goal, item) => goal.word ? item.id === goal.word || item.grants.includes(goal.word)
    : item.assets.includes(goal.asset) && item.impact[goal.protection] >= goal.least;

  // The k cheapest minimal sets of techniques that reach the goal, as sorted lists of ids, by cost,
  // then by ids. A set is kept for a word while no subset of it yields the word and it costs at most
  // "bound", which doubles until more than k sets reach the goal or nothing was left out: exact,
  // since costs are positive and each part of a set within the bound is within it too.
  const derive = (on, goal, k) => {
    if (goal.word && on.start.has(goal.word)) return { sets: [{ ids: [], cost: 0 }], exhausted: true, complete: true };
    const usable = forward(on.runnable, on.start).ready, wanted = new Set();
    const useful = new Set(usable.filter((item) => reaches(goal, item)));
    for (const item of useful) for (const word of words(item.requires)) if (!on.start.has(word) && !wanted.has(word)) {
      wanted.add(word);
      for (const other of usable) if (other.grants.includes(word)) useful.add(other);
    }
    const steps = usable.filter((item) => useful.has(item));
    const users = new Map();
    steps.forEach((item, i) => { for (const word of words(item.requires)) users.set(word, [...(users.get(word) ?? []), i]); });
    let best = [], work = 0;
    const cost = (mask) => { let sum = 0; for (let i = 0; mask; i++, mask >>= 1n) if (mask & 1n) sum += steps[i].effort; return sum; };
    const cheapest = (sets) => {
      const kept = [];
      for (const set of sets.sort((a, b) => a.cost - b.cost || compare(a.mask, b.mask)))
        if (!kept.some(({ mask }) => (mask & set.mask) === mask)) kept.push(set);
      return kept;
    };
    for (let bound = 4000; ; bound *= 2) {
      const found = new Map(), waiting = new Set(steps.keys());
      let pruned = false;
      const combine = (need) => {
        const has = (entry) => (typeof entry === "string" ? on.start.has(entry) : met(entry, on.start));
        const clauses = [...(need.all ?? []).map((entry) => [entry]), ...(need.any && !need.any.some(has) ? [need.any] : [])];
        let sets = [{ mask: 0n, cost: 0 }];
        for (const clause of clauses) {
          if (clause.length === 1 && has(clause[0])) continue;
          const choices = clause.flatMap((entry) => (typeof entry === "string" ? found.get(entry) ?? [] : combine(entry)));
          sets = cheapest(sets.flatMap((a) => choices.map((b) => {
            const both = a.mask & b.mask, sum = a.cost + b.cost - (both ? cost(both) : 0);
            return { mask: a.mask | b.mask, cost: sum };
          })).filter((set) => set.cost <= bound || !(pruned = true)));
          work += sets.length * choices.length;
        }
        return sets;
      };
      while (waiting.size && work < WORK) {
        const i = Math.min(...waiting), item = steps[i], own = 1n << BigInt(i);
        waiting.delete(i);
        const sets = combine(item.requires).filter(({ mask }) => !(mask & own))
          .map((set) => ({ mask: set.mask | own, cost: set.cost + item.effort }))
          .filter((set) => set.cost <= bound || !(pruned = true));
        for (const word of [...item.grants.filter((word) => wanted.has(word)), ...(reaches(goal, item) ? [""] : [])]) {
          const before = found.get(word) ?? [], after = cheapest([...before, ...sets]);
          work += sets.length;
          if (after.length === before.length && after.every((set, j) => set.mask === before[j].mask)) continue;
          found.set(word, after);
          for (const user of users.get(word) ?? []) waiting.add(user);
        }
      }
      const complete = !waiting.size;
      if (complete) best = found.get("") ?? [];
      if (complete && pruned && best.length <= k) continue;
      const sets = best.map(({ mask, cost: sum }) => ({ ids: steps.filter((_, i) => mask >> BigInt(i) & 1n).map(({ id }) => id).sort(compare), cost: sum }));
      sets.sort((a, b) => a.cost - b.cost || compareAll(a.ids, b.ids));
      return { sets: sets.slice(0, k), exhausted: complete && sets.length <= k, complete };
    }
  };

  // A set of techniques as steps in an order that works, each with what it uses, gains and a sentence.
  const explain = (on, ids) => {
    const source = new Map([...on.start].sort(compare).map((word) => [word, 0]));
    const stages = (item) => item.tactics.map((id) => order.get(id)).sort((a, b) => a - b);
    let waiting = ids.map((id) => techniques.get(id)).sort((a, b) => stages(a)[0] - stages(b)[0] || compare(a.id, b.id));
    const steps = [];
    for (let at = 0; waiting.length; ) {
      const item = waiting.find(({ requires }) => met(requires, source));
      waiting = waiting.filter((other) => other !== item);
      const later = stages(item).filter((stage) => stage >= at);
      const stage = waiting.length && later.length ? later[0] : stages(item).at(-1);
      at = Math.max(at, stage);
      const gained = (way) => way.filter((word) => source.get(word)).length;
      const [way = []] = ways(item.requires, new Set()).filter((one) => one.every((word) => source.has(word)))
        .sort((a, b) => gained(a) - gained(b) || a.length - b.length || compareAll(a, b));
      const uses = way.map((word) => ({ word, from: source.get(word) }));
      const gains = item.grants.filter((word) => !source.has(word));
      const told = uses.map(({ word, from }) => name(word) + (from ? ` (step ${from})` : ""));
      const sentence = (told.length ? `With ${list(told)}: ` : "With nothing more than access to sources: ")
        + item.summary[0].toLowerCase() + item.summary.slice(1) + (gains.length ? ` It brings ${list(gains.map(name))}.` : "");
      steps.push({ item, tactic: chain.tactics[stage - 1][0], uses, gains, sentence });
      for (const word of gains) source.set(word, steps.length);
    }
    return steps;
  };

  // The fewest mitigations, of those offered, after which no path is left: a smallest set that hits
  // every path found so far, until it hits them all. "open" is a path that none of them touches.
  const cut = (attacker, pipeline, goal, offered, least) => {
    const hits = new Map(offered.map((id) => [id, new Set(blocks(id, least))]));
    const paths = [];
    const cover = (chosen, size) => {
      const open = paths.find((ways) => !ways.some((id) => chosen.includes(id)));
      if (!open) return chosen;
      if (!size) return null;
      for (const id of open) {
        const all = cover([...chosen, id], size - 1);
        if (all) return all;
      }
      return null;
    };
    for (let chosen = []; ; ) {
      const on = scene(attacker, pipeline, blockedBy(chosen, least));
      const { sets, complete } = derive(on, goal, 8);
      if (!sets.length) return { chosen: chosen.sort(compare), open: null, complete };
      for (const { ids } of sets) {
        const ways = offered.filter((id) => ids.some((item) => hits.get(id).has(item)));
        if (!ways.length) return { chosen: [], open: ids, complete };
        paths.push(ways);
      }
      chosen = null;
      for (let size = 1; !chosen; size++) chosen = cover([], size);
    }
  };

  // The pipeline that the threat model page keeps in this browser, or null.
  redqubit.kept = () => {
    try {
      const { actors: list, mitigations: ids, ...rest } = JSON.parse(localStorage.getItem("pipeline"));
      return rest.components && rest.provider && { ...rest, actors: list.filter(({ actor }) => actors.has(actor)), mitigations: ids.filter((id) => mitigations.has(id)) };
    } catch {
      return null;
    }
  };
  return { cut, chain, techniques, mitigations, actors, order, name, list, met, traits, held, blocks, blockedBy, scene, reachable, derive, explain };
})();
