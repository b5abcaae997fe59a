/** The ready check: says what works, and never stands in the way. */
import { connectLists } from "./choice.js";
import { chime, meter, noDevices } from "./devices.js";
import { data, part, words } from "./page.js";
import { SelfTest } from "./selftest.js";

export class Ready {
  /** @param {import("./choice.js").Choice} choice */
  constructor(choice) {
    this.choice = choice;
    this.over = false; // one has entered
    /** @type {() => void} */
    this.stopMeter = () => {}; // before the devices: for who has none they are found at once
    this.devices = this.find();
    this.test = new SelfTest({ host: part("ready"), check: data.check, csrf: data.csrf, words, voice: () => choice.track("mic"), sink: () => choice.sink });
    if (data.may_speak) connectLists(choice, document);
    part("chime")?.addEventListener("click", () => chime(choice.sink));
  }

  async find() {
    const found = data.may_speak ? await this.choice.open() : noDevices();
    this.show("mic", found.mic);
    this.show("camera", found.camera);
    this.showLevel();
    return found;
  }

  /** @param {string} kind @param {string} finding */
  show(kind, finding) {
    const row = part(`ready-${kind}`);
    row.querySelector("[data-words]").textContent = words[`${kind}_${finding}`];
    const chip = row.querySelector(".chip");
    chip.className = `chip chip--${finding === "good" ? "g" : "a"}`;
    chip.textContent = finding === "good" ? words.good : kind === "mic" ? words.only_listen : words.only_voice;
  }

  showLevel() {
    this.stopMeter();
    if (!this.over) this.stopMeter = meter(this.choice.stream, (loud) => (part("level").value = loud));
  }

  /** Another device took the place of one. @param {string} kind */
  changed(kind) {
    if (kind !== "speaker") this.show(kind, "good");
    if (kind === "mic") this.showLevel();
  }

  /** One enters: nothing is measured any more. */
  end() {
    this.over = true;
    this.stopMeter();
    this.test.stop();
  }
}
