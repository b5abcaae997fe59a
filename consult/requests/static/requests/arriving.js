/**
 * How far the images of a request are: [data-arriving="its address"] is asked again every
 * data-every seconds while somebody sees the page, and when the inbox rings.
 */

let seconds = 0;

/** @param {HTMLElement} part */
async function look(part) {
  const answer = await fetch(part.dataset.arriving).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-arriving]");
  if (!fresh || !part.isConnected) return;
  const changed = part.innerHTML !== fresh.innerHTML;
  part.dataset.every = fresh.dataset.every;
  if (!changed) return;
  const held = part.contains(document.activeElement);
  part.replaceChildren(...fresh.childNodes);
  if (held) part.querySelector("a")?.focus({ preventScroll: true });
  part.dispatchEvent(new CustomEvent("arriving", { bubbles: true }));
}

const parts = () => /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-arriving]"));

setInterval(() => {
  if (document.hidden) return;
  seconds += 1;
  for (const part of parts()) {
    const every = Number(part.dataset.every);
    if (every && seconds % every === 0) look(part);
  }
}, 1000);
document.addEventListener("inbox", () => parts().forEach(look));
document.addEventListener("visibilitychange", () => document.hidden || parts().forEach(look));
