// Looking for a place needs a line: what would be lost without one is not sent, and the page says so.

const place = /** @type {HTMLElement} */ (document.querySelector("[data-no-line]"));
const PATIENCE = 4_000; // ms

/** Browsers guess at the line from the network cards; the house itself knows. */
async function isThere() {
  if (navigator.onLine) return true;
  const signal = AbortSignal.timeout(PATIENCE);
  return fetch("/livez", { cache: "no-store", signal }).then((answer) => answer.ok, () => false);
}

async function look() {
  place.hidden = await isThere();
}

/** @param {Event} event @param {() => void} go */
async function ask(event, go) {
  if (navigator.onLine) return;
  event.preventDefault();
  if (await isThere()) return go();
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
  place.focus();
}

document.querySelector("main")?.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  ask(event, () => form.submit());
});
document.querySelector("main")?.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a.slot, .dayr a");
  if (link instanceof HTMLAnchorElement) ask(event, () => location.assign(link.href));
});
window.addEventListener("offline", look);
window.addEventListener("online", look);
look();
