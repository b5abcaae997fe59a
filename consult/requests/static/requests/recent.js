// What was recorded of the patient in the last day, to take along: asked for as soon as one stands chosen.

/** @param {HTMLFormElement} form with [name=patient] radio buttons and [data-recent] */
export function showsRecent(form) {
  const place = form.querySelector("[data-recent]");
  if (!place) return; // a page that the device kept
  let shown = chosen();

  function chosen() {
    return form.querySelector("[name=patient]:checked")?.value ?? "";
  }

  async function look() {
    const patient = chosen();
    if (patient === shown) return;
    shown = patient;
    place.replaceChildren(); // never anybody else's
    if (!patient || patient === "unknown") return;
    const answer = await fetch(`${place.dataset.recent}?patient=${patient}`).catch(() => null);
    const text = answer?.ok && !answer.redirected ? await answer.text() : null;
    if (patient !== shown) return;
    if (text === null) place.textContent = place.dataset.lost;
    else place.innerHTML = text;
  }

  form.addEventListener("change", (event) => event.target.name === "patient" && look());
  form.addEventListener("found", look);
  window.addEventListener("pageshow", look);
}
