/** The line: what it bears, and the switch that always wins. */
import { RUNGS } from "./ladder.js";
import { fill, part, words } from "./page.js";

const LEVELS = { video: 4, still: 2, audio: 1, text: 0 }; // bars of the line's sign
const MOST = 1_000_000; // kbit/s that a frame may say

export class Line {
  /**
   * @param {{call: () => import("./call.js").Call | undefined, name: (user: string) => string, send: (frame: object) => boolean, chosen: () => void}} room
   *   chosen: somebody chose a rung by hand
   */
  constructor({ call, name, send, chosen }) {
    Object.assign(this, { call, name, send, chosen });
    this.told = ""; // what the others know of it
    for (const step of this.steps) step.querySelector("button").addEventListener("click", () => this.choose(step.dataset.rung));
    part("auto").addEventListener("click", () => this.choose(""));
  }

  get steps() {
    return part("ladder").querySelectorAll("[data-rung]");
  }

  show(event) {
    const { rung, why, sample } = event;
    this.showSteps(rung);
    this.showWeak(event);
    this.showShared();
    document.dispatchEvent(new CustomEvent("line", { detail: { level: LEVELS[rung], calm: event.calm } }));
    document.documentElement.dataset.callRung = rung;
    if (sample) this.tell(rung, why, sample);
  }

  showSteps(rung) {
    const call = this.call();
    for (const step of this.steps) {
      const here = step.dataset.rung === rung;
      step.classList.toggle("c", here);
      step.classList.toggle("x", RUNGS.indexOf(step.dataset.rung) < RUNGS.indexOf(rung));
      if (here) step.setAttribute("aria-current", "true");
      else step.removeAttribute("aria-current");
      step.querySelector("button").setAttribute("aria-pressed", String(call?.manual === step.dataset.rung));
    }
    part("auto").setAttribute("aria-pressed", String(!call?.manual));
  }

  showWeak({ rung, why, sample }) {
    const weak = part("weak");
    weak.hidden = rung === "video" || !!this.call()?.manual || why === "start";
    if (weak.hidden) return;
    weak.querySelector("b").textContent = words[`weak_${rung}`];
    const facts = sample ? { kbit: Math.round((sample.available || sample.kbit * 1000) / 1000), delay: (sample.rtt / 1000).toFixed(1) } : {};
    weak.querySelector("p").textContent = sample ? fill(words.weak_more, facts) : "";
  }

  /** Whether the picture goes to one alone; who has no place in the mesh at all is told that instead. */
  showShared() {
    const call = this.call();
    const to = call?.sharedTo;
    const banner = part("shared");
    banner.hidden = !to && !call?.left;
    if (banner.hidden) return;
    banner.querySelector("b").textContent = call?.left ? words.crowded : fill(words.shared, { to: this.name(to) });
    banner.querySelector("p").textContent = call?.left ? words.crowded_more : words.shared_more;
  }

  /** The others hear of what changed. */
  tell(rung, why, sample) {
    const call = this.call();
    const to = call?.sharedTo;
    const now = `${rung}/${call?.manual}/${to}`;
    if (now === this.told) return;
    if (this.told && why !== "start") {
      const line = { kbit_s: Math.min(Math.round((sample.available || 0) / 1000), MOST), rtt_ms: Math.round(sample.rtt), loss: Math.min(sample.loss, 1) };
      this.send({ do: "quality", mode: rung, by: call?.manual ? "manual" : "auto", ...line, ...(to ? { to } : {}) });
    }
    this.told = now;
  }

  choose(rung) {
    const call = this.call();
    call?.choose(rung);
    call?.setMic(rung !== "text" && call.local.getAudioTracks().length > 0);
    this.chosen();
  }
}
