/** A gentle line where more images are here than are shown: one press takes them in. */
import { element } from "./toolbar.js";

export class More {
  /** @param {Record<string, string>} words @param {() => void} take */
  constructor(words, take) {
    this.words = words;
    this.button = element("button", { type: "button", class: "btn btn--s" });
    this.button.hidden = true;
    this.button.addEventListener("click", take);
    this.root = element("p", { class: "more", role: "status" }, this.button);
  }

  /** @param {number} count images that are not shown yet; no number: nobody knows */
  show(count) {
    this.button.hidden = !(count > 0);
    this.button.textContent = count === 1 ? this.words.oneMore : this.words.more.replace("{n}", `${count}`);
  }
}
