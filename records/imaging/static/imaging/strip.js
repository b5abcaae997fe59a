/** The key images of a case as a strip: press one to go there; one's own can be taken away. */

import { element, icon } from "./toolbar.js";

export class Strip {
  /** @param {Record<string, string>} words */
  constructor(words, { me, go, drop, mayDrop }) {
    Object.assign(this, { words, me, go, drop, mayDrop });
    this.list = element("ul", { class: "kstrip", "aria-label": words.keyImages });
    this.root = element("div", { class: "kstrip__h" }, this.list);
    this.kept = new Map();
    this.root.hidden = true;
  }

  add(one) {
    if (this.kept.has(one.id)) return;
    const open = element(
      "button",
      { type: "button", class: "kstrip__o", title: one.caption },
      element("img", { src: one.picture, alt: one.caption, height: 72 }),
    );
    open.addEventListener("click", () => this.go(one));
    const item = element("li", { "data-key-image": one.id }, open);
    if (this.mayDrop && one.by === this.me()) {
      const gone = element("button", { type: "button", class: "kstrip__x" }, icon("close"));
      gone.setAttribute("aria-label", this.words.removeKeyImage.replace("{what}", one.caption));
      gone.addEventListener("click", () => this.drop(one));
      item.append(gone);
    }
    this.kept.set(one.id, item);
    this.list.append(item);
    this.root.hidden = false;
  }

  remove(id) {
    const item = this.kept.get(id);
    if (!item) return;
    if (item.contains(document.activeElement)) (item.nextElementSibling || item.previousElementSibling)?.querySelector("button")?.focus();
    item.remove();
    this.kept.delete(id);
    this.root.hidden = this.kept.size === 0;
  }
}
