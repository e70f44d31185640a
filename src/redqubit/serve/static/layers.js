// Draws columns of nodes from left to right with lines between them.
"use strict";
(() => {
  const { svg } = redqubit, LINE = 16, ruler = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily, note = `11.5px ${family}`;
  const FONTS = { box: `600 12.5px ${family}`, word: `600 12px ${family}`, row: `12.5px ${family}` };
  const wrap = (text, width, font) => {
    ruler.font = font;
    return text.split(" ").reduce((lines, word) => {
      const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
      return ruler.measureText(longer).width <= width || !lines.length ? [...lines.slice(0, -1), longer] : [...lines, word];
    }, []);
  };
  // columns: [{title, width, nodes: [{id, text, note, href, kind}]}]; links: [{from, to, kind}];
  // kind is a class: of a node "box" (framed), "word" (a point and a name) or "row" (a name).
  redqubit.layers = (columns, links, { title, gap = 32 }) => {
    const places = new Map(), head = columns.some((column) => column.title) ? 40 : 4;
    let left = 0;
    for (const column of columns) {
      column.left = left;
      column.height = 0;
      for (const node of column.nodes) {
        const [kind] = node.kind.split(" "), pad = { box: 9, word: 12, row: 2 }[kind], above = kind === "box" ? 7 : 2;
        const lines = wrap(node.text, column.width - pad - 4, FONTS[kind]), longest = Math.max(...lines.map((line) => ruler.measureText(line).width));
        const notes = node.note ? wrap(node.note, column.width - 4, note) : [], body = LINE * lines.length + 2 * above;
        places.set(node.id, { ...node, pad, above, lines, notes, body, column, y: column.height, end: left + (kind === "box" ? column.width : pad + longest + 4) });
        column.height += body + LINE * notes.length + (kind === "row" ? 2 : 14);
      }
      left += column.width + gap;
    }
    const tall = Math.max(...columns.map((column) => column.height)), width = left - gap + 4, height = head + tall;
    for (const place of places.values()) place.y += head + (tall - place.column.height) / 2;
    const wires = links.map(({ from, to, kind }) => {
      const a = places.get(from), b = places.get(to), x = b.column.left - 3, y = b.y + b.body / 2, bend = Math.max((x - a.end) / 2, 16);
      return svg("path", { class: `wire ${kind ?? ""}`, d: `M${a.end} ${a.y + a.body / 2}C${a.end + bend} ${a.y + a.body / 2} ${x - bend} ${y} ${x} ${y}` });
    });
    const nodes = [...places.values()].map(({ id, href, kind, pad, above, lines, notes, body, column, y }) => svg(href ? "a" : "g", { class: `node ${kind}`, href: href ?? null, "data-node": id },
      ...(kind.startsWith("box") ? [svg("rect", { x: column.left, y, width: column.width, height: body })] : []),
      ...(kind.startsWith("word") ? [svg("circle", { cx: column.left + 3, cy: y + body / 2, r: 3 })] : []),
      svg("text", {}, ...lines.map((line, i) => svg("tspan", { x: column.left + pad, y: y + above + 12 + LINE * i }, line))),
      ...notes.map((line, i) => svg("text", { class: "note", x: column.left + 2, y: y + body + 13 + LINE * i }, line))));
    const heads = columns.flatMap((column) => wrap(column.title ?? "", column.width, note).slice(0, 2)
      .map((line, i) => svg("text", { class: "tactic", x: column.left, y: 12 + 14 * i }, line)));
    return svg("svg", { class: "layers", viewBox: `-1 0 ${width} ${height}`, width, height, role: "group", "aria-label": title }, ...heads, ...wires, ...nodes);
  };
})();
