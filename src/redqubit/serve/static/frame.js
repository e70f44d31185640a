// Runs before the page is painted: says that scripts work, and sets the theme that was chosen.
"use strict";
window.redqubit ??= {};
(() => {
  const page = document.documentElement;
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const store = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* kept for this page only */ } };
  page.classList.add("scripts");
  if (["light", "dark"].includes(stored())) page.dataset.theme = stored();

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector(".theme").addEventListener("click", () => {
      const dark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      page.dataset.theme = dark ? "light" : "dark";
      store(page.dataset.theme);
    });
    document.addEventListener("keydown", (event) => {
      const field = document.querySelector("[type=search]");
      if (event.key === "/" && field && !event.target.closest("input, select, textarea")) {
        event.preventDefault();
        field.focus();
      }
    });
  });
})();
