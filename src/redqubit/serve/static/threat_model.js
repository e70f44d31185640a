// The threat model: a form for a pipeline, judged as it is filled in and kept in this browser.
"use strict";
(() => {
  const { el, filters, matches, reason } = redqubit, at = (id) => document.getElementById(id);
  const { chain, mitigations, list, name } = reason, words = chain.words;
  const form = at("pipeline"), fields = [...form.elements].filter((field) => field.name);
  const LISTS = ["mitigations", "provider.error_mitigation"], EXTRA = ["capabilities", "without"];
  const reach = (data, keys) => keys.reduce((part, key) => part?.[key], data);
  const split = (text) => text.split(/[\s,]+/).filter(Boolean);
  const put = (data, keys, value) => keys.slice(0, -1).reduce((part, key) => (part[key] ??= {}), data)[keys.at(-1)] = value;

  // The pipeline that the form describes, with every default written out.
  const gather = () => {
    const data = { components: {}, actors: {}, mitigations: [] };
    for (const field of fields) {
      const keys = field.name.split(".");
      if (LISTS.includes(field.name)) put(data, keys, [...(reach(data, keys) ?? []), ...(field.checked ? [field.value] : [])]);
      else if (keys.length === 2 && keys[0] === "actors") data.actors[keys[1]] = field.checked ? { actor: keys[1] } : null;
      else if (keys[0] === "actors" && !data.actors[keys[1]]) continue;
      else put(data, keys, field.type === "checkbox" ? field.checked : field.type === "number" ? (field.value === "" ? null : Number(field.value))
        : EXTRA.includes(keys.at(-1)) ? split(field.value).filter((word) => words[word]) : field.value);
    }
    data.actors = Object.values(data.actors).filter(Boolean);
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
      if (LISTS.includes(field.name)) field.checked = value?.includes(field.value) ?? false;
      else if (field.name === "dependencies") field.value = (value ?? []).map((item) => item.name + (item.pinned ? "==" : "") + item.version).join("\n");
      else if (field.type === "checkbox") field.checked = Boolean(value);
      else if (Array.isArray(value)) field.value = value.join(", ");
      else if (value !== undefined && value !== null) field.value = value;
    }
    change();
  };

  // What a file holds that the form cannot, as one sentence; nothing is where all is known.
  const wrong = (data, path = "") => {
    const known = (stem) => fields.find((field) => field.name === stem || field.name.startsWith(`${stem}.`));
    if (Array.isArray(data) || data === null || typeof data !== "object") return "A pipeline is a mapping with a name and components.";
    for (const [key, value] of Object.entries(data)) {
      const stem = path + key, field = known(stem);
      if (stem === "actors" || stem === "dependencies") {
        if (!Array.isArray(value)) return `${stem} must be a list.`;
        const odd = stem === "actors" && value.map((item) => (words[item?.actor] ? wrong({ [item.actor]: { ...item, actor: undefined } }, "actors.") : `unknown actor ${JSON.stringify(item?.actor)}.`)).find(Boolean);
        if (odd) return odd;
      } else if (!field) {
        if (value !== undefined) return `unknown key ${JSON.stringify(stem)}.`;
      } else if (field.name !== stem) {
        const odd = wrong(value, `${stem}.`);
        if (odd) return odd;
      } else if (LISTS.includes(stem) || EXTRA.includes(key)) {
        const odd = Array.isArray(value) ? value.find((word) => (EXTRA.includes(key) ? !words[word] : !fields.some((one) => one.name === stem && one.value === word))) : stem;
        if (odd !== undefined) return `unknown value ${JSON.stringify(odd)} for ${stem}.`;
      } else if (field.tagName === "SELECT" ? ![...field.options].some((option) => option.value === value)
        : typeof value !== { checkbox: "boolean", number: "number" }[field.type] && !(value === null && field.type === "number") && typeof value !== "string") {
        return `unknown value ${JSON.stringify(value)} for ${stem}.`;
      }
    }
    return path || (data.name && data.components) ? "" : "A pipeline needs a name and components.";
  };

  const SEVERITY = ["none", "low", "medium", "high"];
  const severity = ({ impact }) => Math.max(...Object.values(impact));
  let pipeline = null;
  const show = (state) => {
    const minds = pipeline.actors.filter(({ actor }) => !state.actor || actor === state.actor);
    const reaches = minds.map((mind) => [mind, reason.reachable(reason.scene(mind, pipeline)).verdicts]);
    const rows = [];
    for (const item of chain.techniques) {
      const able = reaches.filter(([, verdicts]) => verdicts.get(item.id).feasible), text = `${item.id} ${item.name} ${item.summary}`.toLowerCase();
      if (able.length ? state.show : !state.show) continue;
      if (state.q && !matches(text, state.q)) continue;
      const told = able.length ? able.map(([mind, verdicts]) => `${words[mind.actor]}: ${verdicts.get(item.id).reason.toLowerCase().replace(/ from the position of: .*\./, "").replace(/\.$/, "")}`)
        : reaches.length ? [...new Set(reaches.flatMap(([, verdicts]) => verdicts.get(item.id).obstacles))].slice(0, 3) : ["No attacker is listed."];
      rows.push({ item, level: severity(item), told });
    }
    rows.sort((a, b) => b.level - a.level);
    const all = pipeline.actors.map((mind) => reason.reachable(reason.scene(mind, pipeline)).feasible), possible = new Set(all.flat());
    const severe = [...possible].filter((id) => severity(reason.techniques.get(id)) === 3).length;
    at("told").textContent = pipeline.actors.length ? `${possible.size} of ${chain.techniques.length} techniques are possible on ${pipeline.name || "this pipeline"}, ${severe} of them with high impact.`
      : "Say which attackers you fear, and what they can do is shown.";
    at("traits").textContent = `This pipeline: ${list([...reason.traits(pipeline)].map(name)) || "no trait yet"}.`;
    at("view").querySelector("output").textContent = `${rows.length} of ${chain.techniques.length}`;
    at("findings").replaceChildren(...rows.map(({ item, level, told }) => el("tr", { "data-id": item.id },
      el("td", { class: `severity s${level}` }, SEVERITY[level]),
      el("td", {}, el("a", { href: `technique/${item.id}.html` }, item.name), " ", el("span", { class: "id" }, item.id)),
      el("td", {}, ...told.map((line) => el("span", { class: "text" }, line))))));
  };
  const change = () => {
    pipeline = gather();
    try { localStorage.setItem("pipeline", JSON.stringify(pipeline)); } catch { say("This browser keeps nothing; export the pipeline before you leave."); }
    view.write(false);
  };
  const say = (text) => (at("said").textContent = text);

  // YAML of plain data; text is quoted as in JSON, which YAML reads the same.
  const yaml = (data, indent = "") => Array.isArray(data) ? data.map((item) => `${indent}- ${scalar(item) ?? yaml(item, `${indent}  `).trimStart()}`).join("\n")
    : Object.entries(data).map(([key, value]) => `${indent}${key}: ${scalar(value) ?? `\n${yaml(value, `${indent}  `)}`}`).join("\n");
  const scalar = (value) => (value !== null && typeof value === "object" && Object.keys(value).length ? null : JSON.stringify(value));
  const save = (kind) => {
    const text = kind === "json" ? JSON.stringify(pipeline, null, 2) : yaml(pipeline);
    const link = el("a", { href: URL.createObjectURL(new Blob([`${text}\n`], { type: `application/${kind}` })), download: `pipeline.${kind}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const load = async (file) => {
    if (file.size > 2 ** 20) return say("The file is larger than 1 MB.");
    try {
      const text = await file.text(), json = file.name.endsWith(".json");
      let data = json ? JSON.parse(text) : null;
      if (!json) {
        const answer = await fetch("api/pipeline", { method: "POST", headers: { "Content-Type": "application/yaml" }, body: text }).catch(() => null);
        if (!answer?.headers.get("content-type")?.includes("json")) return say("Reading YAML takes 'redqubit explore' on your machine; here, import JSON.");
        data = await answer.json();
        if (!answer.ok) return say(data.error);
      }
      const odd = wrong(data);
      if (odd) return say(odd);
      fill(data);
      say(`Imported ${file.name}.`);
    } catch (error) {
      say(error instanceof SyntaxError ? "The file is not JSON." : "The file cannot be read.");
    }
  };

  pipeline = gather();
  const view = filters(at("view"), show);
  fill(redqubit.kept() ?? Object.values(redqubit.data.pipelines)[0] ?? {});
  form.addEventListener("input", (event) => event.target.name && change());
  form.addEventListener("submit", (event) => event.preventDefault());
  at("start").addEventListener("change", ({ target }) => target.value && fill(redqubit.data.pipelines[target.value]));
  at("import").addEventListener("change", ({ target }) => { if (target.files[0]) load(target.files[0]); target.value = ""; });
  form.addEventListener("click", ({ target }) => target.dataset.export && save(target.dataset.export));
})();
