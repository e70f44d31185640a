// Draws columns of nodes from left to right with lines between them.
"use strict";
(() => {
  const svg = (name, attributes = {}, ...children) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const ruler = document.createElement("canvas").getContext("2d");
  const wrap = (text, width, font) => {
    ruler.font = font;
    const lines = [];
    for (const word of text.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      lines.length && ruler.measureText(longer).width <= width ? lines.splice(-1, 1, longer) : lines.push(word);
    }
    return lines;
  };

  // columns: [{title, width, nodes: [{id, text, note, href, kind}]}]; links: [{from, to, kind}];
  // kind is a class: of a node "box" (framed), "word" (a point and a name) or "row" (a name).
  redqubit.layers = (columns, links, { title, gap = 32 }) => {
    const family = getComputedStyle(document.body).fontFamily, LINE = 16, places = new Map();
    const fonts = { box: `600 12.5px ${family}`, word: `600 12px ${family}`, row: `12.5px ${family}` };
    let left = 0;
    for (const column of columns) {
      let top = 0;
      for (const node of column.nodes) {
        const kind = node.kind.split(" ")[0], pad = kind === "box" ? 9 : kind === "word" ? 7 : 2;
        const lines = wrap(node.text, column.width - 2 * pad - (kind === "word" ? 5 : 0), fonts[kind]);
        const notes = node.note ? wrap(node.note, column.width - 4, `11.5px ${family}`) : [];
        const body = LINE * lines.length + 2 * (kind === "box" ? 7 : 2);
        ruler.font = fonts[kind];
        const end = kind === "box" ? column.width : 2 * pad + (kind === "word" ? 5 : 0) + Math.max(...lines.map((line) => ruler.measureText(line).width));
        places.set(node.id, { node, kind, pad, lines, notes, body, end, x: left, y: top, width: column.width });
        top += body + LINE * notes.length + (kind === "row" ? 2 : 14);
      }
      column.height = top;
      column.left = left;
      left += column.width + gap;
    }
    const head = columns.some((column) => column.title) ? 40 : 4, tall = Math.max(...columns.map((column) => column.height));
    for (const column of columns) for (const { id } of column.nodes) places.get(id).y += head + (tall - column.height) / 2;
    const wires = links.map(({ from, to, kind }) => {
      const a = places.get(from), b = places.get(to);
      const x0 = a.x + a.end, y0 = a.y + a.body / 2, x1 = b.x - 3, y1 = b.y + b.body / 2;
      const bend = Math.max((x1 - x0) / 2, 16);
      return svg("path", { class: `wire ${kind ?? ""}`, d: `M${x0} ${y0}C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}` });
    });
    const drawn = [...places.values()].map(({ node, kind, pad, lines, notes, body, x, y, width }) => {
      const start = x + pad + (kind === "word" ? 5 : 0);
      const text = svg("text", {}, ...lines.map((line, i) => svg("tspan", { x: start, y: y + (kind === "box" ? 7 : 2) + 12 + LINE * i }, line)));
      const group = svg(node.href ? "a" : "g", { class: `node ${node.kind}`, href: node.href, "data-node": node.id });
      if (kind === "box") group.append(svg("rect", { x, y, width, height: body }));
      if (kind === "word") group.append(svg("circle", { cx: x + 3, cy: y + body / 2, r: 3 }));
      group.append(text, ...notes.map((line, i) => svg("text", { class: "note", x: x + 2, y: y + body + 13 + LINE * i }, line)));
      return group;
    });
    const heads = columns.filter((column) => column.title).flatMap((column) => wrap(column.title, column.width, `12px ${family}`)
      .slice(0, 2).map((line, i) => svg("text", { class: "tactic", x: column.left, y: 12 + 14 * i }, line)));
    const width = left - gap + 4, height = head + tall;
    return svg("svg", { class: "layers", viewBox: `-1 0 ${width} ${height}`, width, height, role: "group", "aria-label": title }, ...heads, ...wires, ...drawn);
  };
})();
