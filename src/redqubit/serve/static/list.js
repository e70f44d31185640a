// Filters whose state is the address, tables that sort, and a short way to make elements.
"use strict";
(() => {
  // Returns an element; "class" and other attributes by name, children as nodes or text.
  const maker = (create) => (name, attributes = {}, ...children) => {
    const made = create(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  redqubit.el = maker((name) => document.createElement(name));
  redqubit.svg = maker((name) => document.createElementNS("http://www.w3.org/2000/svg", name));

  // Keeps a form and the query of the address the same, and calls apply(state) after each change.
  // A choice is a step for the back button, typing is not.
  redqubit.filters = (form, apply) => {
    const fields = [...form.elements].filter((field) => field.name);
    const state = () => Object.fromEntries(fields.map((field) => [field.name, field.value.trim()]));
    const read = () => {
      const query = new URLSearchParams(location.search);
      for (const field of fields) {
        field.value = query.get(field.name) ?? "";
        if (field.selectedIndex === -1) field.value = "";
      }
      show();
    };
    const show = () => {
      for (const field of fields) field.closest("label")?.classList.toggle("chosen", field.value !== "");
      form.classList.toggle("active", fields.some((field) => field.value !== ""));
      apply(state());
    };
    const write = (step) => {
      const query = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(state())) value ? query.set(name, value) : query.delete(name);
      const address = (query.size ? `?${query}` : location.pathname) + location.hash;
      history[step ? "pushState" : "replaceState"](null, "", address);
      show();
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => write(event.target.type !== "search"));
    form.addEventListener("reset", () => setTimeout(() => write(true)));
    addEventListener("popstate", read);
    read();
    return { write };
  };

  // Every word of a query occurs in the text.
  redqubit.matches = (text, query) => query.toLowerCase().split(/\s+/).every((word) => text.includes(word));

  // A list or table with data-list="<id of its form>": items carry data-item and a data attribute
  // for each select of the form, with alternatives separated by "|".
  const list = (holder) => {
    const form = document.getElementById(holder.dataset.list);
    const items = [...holder.querySelectorAll("[data-item]")];
    const texts = new Map(items.map((item) => [item, item.textContent.toLowerCase()]));
    const heads = [...holder.querySelectorAll("th[data-sort]")];
    const given = new Map(heads.map((head) => [head, head.getAttribute("aria-sort")]));
    let sorted = "";

    const sort = (by) => {
      if (by === sorted) return;
      sorted = by;
      const name = by.replace(/^-/, ""), sign = by.startsWith("-") ? -1 : 1;
      const column = heads.find((head) => head.dataset.sort === name);
      for (const head of heads) {
        const kept = column ? null : given.get(head);
        kept ? head.setAttribute("aria-sort", kept) : head.removeAttribute("aria-sort");
      }
      column?.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const key = (item) => {
        const cell = column && item.querySelector(`[data-key="${column.dataset.sort}"]`);
        return cell ? (cell.dataset.value ?? cell.textContent.trim()) : "";
      };
      const ordered = column
        ? [...items].sort((a, b) => sign * key(a).localeCompare(key(b), "en", { numeric: true }))
        : items;
      for (const item of ordered) item.parentNode.append(item);
    };
    const { write } = redqubit.filters(form, (state) => {
      let shown = 0;
      for (const item of items) {
        const kept = Object.entries(state).every(([name, value]) =>
          !value || name === "sort" ||
          (name === "q" ? redqubit.matches(texts.get(item), value) : (item.dataset[name] ?? "").split("|").includes(value)));
        item.hidden = !kept;
        shown += kept;
      }
      for (const group of holder.querySelectorAll("[data-group]"))
        group.hidden = !group.querySelector("[data-item]:not([hidden])");
      form.querySelector("output").textContent = shown === items.length ? "" : `${shown} of ${items.length}`;
      sort(state.sort ?? "");
    });
    for (const head of heads) {
      const button = redqubit.el("button", { type: "button", class: "sort" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const name = head.dataset.sort, now = form.elements.sort.value;
        form.elements.sort.value = now === name ? `-${name}` : now === `-${name}` ? "" : name;
        write(true);
      });
    }
  };
  document.querySelectorAll("[data-list]").forEach(list);
})();
