/**
 * Similar closed cases are fetched when somebody unfolds them: each look is traced.
 */

/** @param {HTMLDetailsElement} fold */
export function showSimilar(fold) {
  fold.addEventListener("toggle", async () => {
    if (!fold.open || fold.dataset.shown) return;
    const list = /** @type {HTMLElement} */ (fold.querySelector("[data-similar-list]"));
    try {
      const response = await fetch(fold.dataset.similar ?? "", { credentials: "same-origin" });
      if (!response.ok) return; // the link to the page stays
      list.innerHTML = await response.text();
      fold.dataset.shown = "yes";
    } catch {
      // No line: the link to the page stays, and unfolding tries again.
    }
  });
}
