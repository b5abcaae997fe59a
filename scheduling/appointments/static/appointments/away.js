// Looking for a place needs a line: what would be lost without one is not sent, and the page says so.

const place = /** @type {HTMLElement} */ (document.querySelector("[data-no-line]"));

function look() {
  place.hidden = navigator.onLine;
}

/** @param {Event} event */
function stay(event) {
  if (navigator.onLine) return;
  event.preventDefault();
  look();
  place.scrollIntoView({ block: "center" });
  place.focus();
}

document.querySelector("main")?.addEventListener("submit", stay);
document.querySelector("main")?.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a.slot, .dayr a");
  if (link) stay(event);
});
window.addEventListener("offline", look);
window.addEventListener("online", look);
look();
