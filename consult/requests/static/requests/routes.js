// Whom to ask: the list is fetched anew for another specialty; what a person chose stays chosen.

export class Routes {
  /** @param {HTMLFormElement} form with a [data-routes] list of radio buttons */
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("[data-routes]");
    this.turn = 0;
    this.byHand = Boolean(this.list.querySelector("[name=asked]:checked:not([data-proposed])"));
    this.list.addEventListener("change", () => (this.byHand = true));
  }

  /** @param {Record<string, string>} about specialty, or what the emergency is */
  async show(about) {
    const turn = ++this.turn;
    const query = new URLSearchParams(about);
    const chosen = this.form.elements.asked?.value;
    if (this.byHand && chosen) query.set("asked", chosen);
    const answer = await fetch(`${this.list.dataset.routes}?${query}`).catch(() => null);
    if (!answer || !answer.ok || answer.redirected || turn !== this.turn) return;
    const text = await answer.text();
    if (turn !== this.turn) return;
    const focused = this.list.contains(document.activeElement) ? document.activeElement?.getAttribute("value") : null;
    this.list.innerHTML = text;
    if (focused) this.list.querySelector(`[value="${focused}"]`)?.focus(); // who is in the list stays there
    this.list.dispatchEvent(new Event("routes", { bubbles: true }));
  }
}
