/** The lead bar and the viewer under it, with the stills of somebody's video that join it. */
import { News } from "../imaging/news.js";
import { data, fill, part, words } from "./page.js";
import { Stills } from "./stills.js";

export class Lead {
  /**
   * @param {{shared: import("./shared.js").Shared, call: () => import("./call.js").Call | undefined, name: (user: string) => string, post: (frame: object) => string}} room
   */
  constructor({ shared, call, name, post }) {
    Object.assign(this, { shared, call, name, post });
    shared.addEventListener("change", () => this.show());
    part("lead")?.addEventListener("click", () => shared.lead(!shared.leads));
    part("alone")?.addEventListener("click", () => shared.setAlone(!shared.alone));
    this.show();
    this.taking = this.open();
    if (data.viewer?.news) this.news = new News(data.viewer.news, (studies) => this.take(studies));
    const stills = new Stills({ dialog: document.getElementById("freeze"), address: data.still, csrf: data.csrf, words });
    part("tiles").addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button[data-freeze]");
      const tile = button?.closest(".tile");
      if (tile instanceof HTMLElement) stills.freeze(tile.querySelector("video"), tile.dataset.user);
    });
    stills.addEventListener("kept", (event) => this.showStill(/** @type {CustomEvent} */ (event).detail));
  }

  show() {
    const { shared } = this;
    const call = this.call();
    if (call) call.leader = shared.leader;
    const bar = part("leading");
    if (!bar) return;
    const who = this.name(shared.leader);
    if (data.shown) {
      bar.textContent = shared.leader ? fill(words.shows, { who }) : words.nobody_shows;
      return;
    }
    bar.textContent = shared.leads ? words.you_lead : shared.leader ? fill(shared.alone ? words.alone : words.follow, { who }) : words.nobody_leads;
    part("lead").textContent = shared.leads ? words.let_go : words.take_lead;
    part("alone").hidden = !shared.leader || shared.leads;
    part("alone").textContent = shared.alone ? words.back_to_lead : words.look_alone;
  }

  async open() {
    const host = part("viewer");
    const { module, ...options } = data.viewer || {};
    if (data.shown) return this.openSeen(host, options);
    if (!host) return;
    if (!options.studies?.length) {
      host.replaceChildren(Object.assign(document.createElement("p"), { className: "empty", textContent: words.no_images }));
      return;
    }
    try {
      const { Desk } = await import(module);
      host.viewer = new Desk(host, options);
      this.shared.attach(host.viewer);
    } catch {
      host.textContent = words.no_viewer; // the rest of the room lives
    }
  }

  /** The same for a guest, who sees what is shown. @param {any} host @param {any} options */
  async openSeen(host, options) {
    try {
      const { Seen } = await import("./seen.js");
      host.viewer = new Seen(host, { at: data.shown, words: options.words, says: words });
      this.shared.attach(host.viewer);
      document.addEventListener("room-over", () => host.viewer.led(""));
    } catch {
      host.textContent = words.no_viewer;
    }
  }

  /** What came, or grew, since one is here; one after the other, for the first of all opens the viewer. @param {any[]} studies */
  take(studies) {
    this.taking = this.taking.then(async () => {
      const host = part("viewer");
      if (!host.viewer) {
        data.viewer.studies = studies;
        await this.open();
      }
      host.viewer?.hear?.(studies);
    });
    return this.taking;
  }

  /** The log tells of a study that came. @param {any} study */
  hear(study) {
    if (!part("viewer")?.viewer) this.take([study]);
    this.news?.look(); // it may have grown already
  }

  /** One that was just kept is what all look at now. @param {any} study */
  async showStill(study) {
    this.post({ do: "open", study: study.id });
    await this.take([study]);
    this.shared.lead(true);
    part("viewer").viewer.addStudy(study);
    part("viewer").viewer.choose(0, study.id);
  }
}
