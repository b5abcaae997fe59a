/**
 * The desk's one field takes whatever a scanner types, wherever the focus was: on a button it would
 * press letters into nowhere, or into the letters that act. Space and Enter stay with the buttons.
 */
const field = document.querySelector("[data-scan]");

document.addEventListener(
  "keydown",
  (event) => {
    if (!(field instanceof HTMLInputElement) || event.key.length !== 1 || event.key === " ") return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === field) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select, dialog[open]")) return;
    event.stopPropagation(); // no letter acts on this page
    field.focus(); // before the key's own effect, so that nothing of the code is lost
    field.select(); // what was refused stands there still, and gives way
  },
  true,
);

export {};
