// What is written on this device before it is sent, and leaves it once the server has it.
// Sealed under a key that scripts can use but nobody can read; a stolen disk tells nothing.
import { Box, seal, unseal } from "../web/device.js";

export { send } from "../web/device.js";

/** One kind of writing in a database of its own. */
export class Drawer {
  /** @param {string} name @param {string} store */
  constructor(name, store) {
    this.box = new Box(name, ["keys", store]);
    this.store = store;
  }

  async _key() {
    const known = await this.box.act("keys", "readonly", (store) => store.get("seal"));
    if (known) return known;
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Two tabs may be here at once: the first key stays.
    await this.box.act("keys", "readwrite", (store) => store.add(fresh, "seal")).catch(() => {});
    return this.box.act("keys", "readonly", (store) => store.get("seal"));
  }

  /**
   * Write it here. Rejects where a browser keeps nothing.
   * @param {{user: string, name: string, at: number, fields: Record<string, string>}} written with what its page needs
   */
  async keep(written) {
    const row = await seal(await this._key(), written);
    await this.box.act(this.store, "readwrite", (store) => store.put(row, written.fields.key));
  }

  /** Everything that waits here, oldest first. */
  async waiting() {
    const rows = await this.box.act(this.store, "readonly", (store) => store.getAll()).catch(() => []);
    if (!rows.length) return [];
    const key = await this._key();
    const opened = await Promise.all(rows.map((row) => unseal(key, row)));
    return opened.filter(Boolean).sort((one, other) => one.at - other.at);
  }

  /** @param {string} key its own, of its fields */
  drop(key) {
    return this.box.act(this.store, "readwrite", (store) => store.delete(key));
  }
}

export const emergencies = new Drawer("telemed-kept", "requests");
export const messages = new Drawer("telemed-thread", "messages");
