/** How the page and its room hold together, in words: the banner, and what is let go after long without it. */
import { Apart } from "./apart.js";
import { data, part, words } from "./page.js";

const OVER = ["ended", "removed", "replaced", "absent", "signedout"];
const LONG = 600; // seconds

export class Connection {
  /**
   * @param {{tries: () => number, slept: () => void, over: () => void}} room
   *   tries: since the line was lost; slept: nobody could tell us that we were sent out; over: for good
   */
  constructor({ tries, slept, over }) {
    Object.assign(this, { tries, over });
    this.apart = new Apart((data.apart || LONG) * 1000, () => {
      part("banner").querySelector("p").textContent = words.apart;
      slept();
    });
  }

  /** The room has greeted. @returns {boolean} whether it was away for too long */
  back() {
    return this.apart.back();
  }

  /** @param {{state: string}} event of the socket */
  show({ state }) {
    document.documentElement.dataset.connection = state;
    const banner = part("banner");
    const lost = state === "lost" || (state === "connecting" && this.tries() > 0);
    banner.hidden = state === "open" || (state === "connecting" && !lost);
    if (banner.hidden) return;
    banner.querySelector("b").textContent = lost ? words.lost : words[`over_${state}`];
    banner.querySelector("p").textContent = lost ? (this.apart.acted ? words.apart : words.lost_more) : words.over_more;
    if (lost) this.apart.lost();
    if (OVER.includes(state)) this.end();
  }

  end() {
    document.dispatchEvent(new CustomEvent("room-over"));
    this.back();
    this.over();
    for (const control of document.querySelectorAll("[data-live]")) control.setAttribute("aria-disabled", "true");
    part("back").hidden = false;
  }
}
