// The threat model: a form for a pipeline, judged as it is filled in and kept in this browser.
"use strict";
(() => {
  const { el, filters, matches, reason } = redqubit, at = (id) => document.getElementById(id);
  const { chain, list, name } = reason, words = chain.words, pipelines = redqubit.data.pipelines;
  const form = at("pipeline"), fields = [...form.elements].filter((field) => field.name), LISTS = ["mitigations", "provider.error_mitigation"];
  const say = (text) => (at("said").textContent = text), reach = (data, keys) => keys.reduce((part, key) => part?.[key], data);
  const put = (data, keys, value) => (keys.slice(0, -1).reduce((part, key) => (part[key] ??= {}), data)[keys.at(-1)] = value);
  // The pipeline that the form describes, with every default written out.
  const gather = () => {
    const data = { components: {}, actors: {} };
    for (const field of fields) {
      const keys = field.name.split("."), [group, id] = keys, last = keys.at(-1);
      if (LISTS.includes(field.name)) put(data, keys, [...(reach(data, keys) ?? []), ...(field.checked ? [field.value] : [])]);
      else if (group === "actors" && keys.length === 2) { if (field.checked) data.actors[id] = { actor: id }; }
      else if (group === "actors" && !data.actors[id]) continue;
      else if (["capabilities", "without"].includes(last)) put(data, keys, field.value.split(/[\s,]+/).filter((word) => words[word]));
      else put(data, keys, field.type === "checkbox" ? field.checked : field.type !== "number" ? field.value : field.value === "" ? null : Number(field.value));
    }
    data.actors = Object.values(data.actors);
    for (const [id, { party }] of Object.entries(data.components)) if (!party) delete data.components[id];
    data.dependencies = data.dependencies.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => {
      const [, package_, version] = line.match(/^([^=<>!~\s]*)\s*(.*)$/), pinned = /^==[^*,]+$/.test(version);
      return { name: package_, version: pinned ? version.slice(2) : version, pinned };
    });
    return data;
  };
  const fill = (data) => {
    form.reset();
    for (const field of fields) {
      const keys = field.name.split("."), [group, id, ...rest] = keys;
      const value = group === "actors" ? reach(data.actors?.find(({ actor }) => actor === id), rest) : reach(data, keys);
      if (LISTS.includes(field.name)) field.checked = Boolean(value?.includes(field.value));
      else if (field.name === "dependencies") field.value = (value ?? []).map((item) => item.name + (item.pinned ? "==" : "") + (item.version ?? "")).join("\n");
      else if (field.type === "checkbox") field.checked = Boolean(value);
      else if (value !== undefined && value !== null && (field.type !== "number" || typeof value === "number")) field.value = Array.isArray(value) ? value.join(", ") : value;
    }
  };
  // Where what a file gives differs from what the form took over from it; empty where it is the same.
  const lost = (given, held, path = "") => {
    if (given === null || typeof given !== "object") return given === held ? "" : path || "the file";
    const parts = Array.isArray(given) ? given.map((item, i) => (Array.isArray(held) && held.some((other) => !lost(item, other)) ? "" : `${path}[${i}]`))
      : Object.entries(given).map(([key, value]) => lost(value, Object.hasOwn(held ?? {}, key) ? held[key] : undefined, path ? `${path}.${key}` : key));
    return parts.find(Boolean) ?? "";
  };
  // Severity of what an attacker can bring about, by the rule of killchain/threat.py; "step" where
  // the technique itself hurts little.
  const LEVELS = ["critical", "high", "medium", "low", "step"], POINTS = ["low", "low", "low", "medium", "medium", "high", "critical"];
  const severity = (on, item) => {
    const open = on.pipeline.data.sensitivity === "public" && item.assets.every((asset) => asset === "training-data");
    const { confidentiality, integrity, availability } = item.impact, impact = Math.max(integrity, availability, open ? 0 : confidentiality);
    const { sets } = impact < 2 ? { sets: [] } : reason.derive(on, { word: item.id }, 3);
    if (!sets.length) return "step";
    let chance = 0;
    for (let some = 1; some < 1 << sets.length; some++) {
      const chosen = sets.filter((_, i) => some >> i & 1), all = new Set(chosen.flatMap(({ ids }) => ids));
      chance += (chosen.length % 2 ? 1 : -1) * [...all].reduce((product, id) => product * reason.mean(id, on.pipeline.mitigations), 1);
    }
    return POINTS[impact - 1 + (chance >= 0.1) + (chance >= 0.3) + (sets[0].cost <= 1e5) + (sets[0].cost <= 1e4)];
  };
  let pipeline = null, judged = [];
  const judge = () => {
    judged = pipeline.actors.map((mind) => {
      const on = reason.scene(mind, pipeline), { feasible, verdicts } = reason.reachable(on);
      return { mind, verdicts, severe: new Map(feasible.map((id) => [id, severity(on, reason.techniques.get(id))])) };
    });
    const all = judged.flatMap(({ severe }) => [...severe]), able = new Set(all.map(([id]) => id));
    const bad = new Set(all.filter(([, word]) => word === "critical" || word === "high").map(([id]) => id));
    at("told").textContent = !judged.length ? "Say which attackers you fear, and what they can do is shown."
      : `${able.size} of ${chain.techniques.length} techniques are possible on ${pipeline.name || "this pipeline"}; ${bad.size} of them are of high or critical severity.`;
    at("traits").textContent = `This pipeline: ${list([...reason.traits(pipeline)].map(name)) || "no trait yet"}.`;
  };
  const show = (state) => {
    const chosen = judged.filter(({ mind }) => !state.actor || mind.actor === state.actor), rows = [];
    for (const item of chain.techniques) {
      const able = chosen.filter(({ severe }) => severe.has(item.id));
      if (Boolean(able.length) !== !state.show || (state.q && !matches(`${item.id} ${item.name} ${item.summary}`.toLowerCase(), state.q))) continue;
      const how = ({ mind, verdicts }) => `${words[mind.actor]}: ${verdicts.get(item.id).now ? "at once" : verdicts.get(item.id).reason.replace("Possible ", "").slice(0, -1)}`;
      const told = able.length ? able.map(how) : [...new Set(chosen.flatMap(({ verdicts }) => verdicts.get(item.id).obstacles))].slice(0, 3);
      rows.push({ item, told, level: Math.min(...able.map(({ severe }) => LEVELS.indexOf(severe.get(item.id))), 4) });
    }
    at("view").querySelector("output").textContent = `${rows.length} of ${chain.techniques.length}`;
    at("findings").replaceChildren(...rows.sort((a, b) => a.level - b.level).map(({ item, level, told }) => el("tr", { "data-id": item.id },
      el("td", { class: `severity s${4 - level}` }, state.show ? "" : LEVELS[level]),
      el("td", {}, el("a", { href: `technique/${item.id}.html` }, item.name), " ", el("span", { class: "id" }, item.id)),
      el("td", {}, ...told.map((line) => el("span", { class: "text" }, line))))));
  };
  const change = () => {
    pipeline = gather();
    judge();
    try { localStorage.setItem("pipeline", JSON.stringify(pipeline)); } catch { say("This browser keeps nothing; export the pipeline before you leave."); }
    view.write(false);
  };
  // YAML of plain data; text is quoted as in JSON, which YAML reads the same.
  const scalar = (value) => (value !== null && typeof value === "object" && Object.keys(value).length ? null : JSON.stringify(value));
  const yaml = (data, indent = "") => Array.isArray(data) ? data.map((item) => `${indent}- ${scalar(item) ?? yaml(item, `${indent}  `).trimStart()}`).join("\n")
    : Object.entries(data).map(([key, value]) => `${indent}${key}: ${scalar(value) ?? `\n${yaml(value, `${indent}  `)}`}`).join("\n");
  const text = { json: () => JSON.stringify(pipeline, null, 2), yaml: () => yaml(pipeline) };
  const save = (kind) => el("a", { href: URL.createObjectURL(new Blob([text[kind](), "\n"])), download: `pipeline.${kind}` }).click();
  const load = async (file) => {
    let data, answer;
    if (!file || file.size > 2 ** 20) return say(file ? "The file is larger than 1 MB." : "");
    const body = await file.text(), before = pipeline;
    try {
      if (file.name.endsWith(".json")) data = JSON.parse(body);
      else if (location.protocol.startsWith("http")) answer = await fetch("api/pipeline", { method: "POST", headers: { "Content-Type": "application/yaml" }, body }).catch(() => null);
      if (answer?.headers.get("content-type") === "application/json") data = await answer.json();
      if (data === undefined) return say("Reading YAML takes 'redqubit explore' on your machine; here, import JSON.");
      if (data.error) return say(data.error);
      fill(data);
      const odd = data.name && data.components ? lost(data, gather()) : "name or components";
      if (odd) fill(before);
      say(odd ? `Not imported: ${odd} is missing, unknown or has a value that is unknown.` : `Imported ${file.name}.`);
    } catch {
      fill(before);
      say("Not imported: the file is not a pipeline in JSON.");
    }
    change();
  };
  const view = filters(at("view"), show);
  fill(reason.kept() ?? Object.values(pipelines)[0] ?? {});
  change();
  form.addEventListener("input", (event) => event.target.name && change());
  form.addEventListener("submit", (event) => event.preventDefault());
  at("start").addEventListener("change", ({ target }) => target.value && (fill(pipelines[target.value]), change()));
  at("import").addEventListener("change", ({ target }) => load(target.files[0]).then(() => (target.value = "")));
  form.addEventListener("click", ({ target }) => target.dataset.export && save(target.dataset.export));
})();
