/** On hold: its banner, and the button with which a host stops the time and goes on. */
import { fill, part, words } from "./page.js";

export class Hold {
  /** @param {{post: (door: string, fields: Record<string, string>) => Promise<string>, say: (text: string, at?: string) => void}} room post: "" or what was refused */
  constructor({ post, say }) {
    Object.assign(this, { post, say });
    this.held = false;
    this.underWay = false;
    part("hold")?.addEventListener("click", () => this.press());
    part("hold-form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(event.target);
    });
  }

  /** As the greeting has it. @param {string} status */
  greet(status) {
    this.showBanner(status === "held", words.held_alone);
    this.underWay = ["live", "held"].includes(status);
    this.showButton();
  }

  /** The consult has begun. */
  begun() {
    this.underWay = true;
    this.showButton();
  }

  /** @param {any} frame @param {boolean} fresh whether the greeting does not tell of it yet */
  hear(frame, fresh) {
    const on = frame.is === "room.held";
    const said = on ? (frame.reason ? fill(words.held, frame) : words.held_alone) : words.resumed;
    this.say(said, frame.at);
    if (!fresh) return;
    this.showBanner(on, said);
    this.showButton();
  }

  showBanner(on, text) {
    this.held = on;
    part("held").hidden = !on;
    if (on) part("held").querySelector("b").textContent = text;
  }

  showButton() {
    const button = part("hold");
    if (!button) return;
    button.hidden = !this.underWay;
    button.querySelector("[data-words]").textContent = this.held ? words.resume : words.hold;
  }

  async press() {
    const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("hold-room"));
    if (!this.held) return dialog.showModal();
    const said = await this.post("resume", {});
    if (said) this.say(said);
  }

  /** @param {any} form */
  async ask(form) {
    const wrong = form.querySelector("[data-wrong]");
    const said = await this.post("hold", { reason: form.elements.reason.value });
    wrong.hidden = !said;
    wrong.textContent = said;
    if (said) return;
    form.reset();
    form.closest("dialog").close();
  }
}
