// Emergencies that are written on this device before they are sent, and leave it once the server has them.
// Sealed under a key that scripts can use but nobody can read; a stolen disk tells nothing.
import { Box, seal, unseal } from "../web/device.js";

export { send } from "../web/device.js";

const box = new Box("telemed-kept", ["keys", "requests"]);

async function sealingKey() {
  const known = await box.act("keys", "readonly", (store) => store.get("seal"));
  if (known) return known;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two tabs may be here at once: the first key stays.
  await box.act("keys", "readwrite", (store) => store.add(fresh, "seal")).catch(() => {});
  return box.act("keys", "readonly", (store) => store.get("seal"));
}

/**
 * Write it here. Rejects where a browser keeps nothing.
 * @param {{user: string, name: string, what: string, phone: string, at: number, fields: Record<string, string>}} written
 */
export async function keep(written) {
  const row = await seal(await sealingKey(), written);
  await box.act("requests", "readwrite", (store) => store.put(row, written.fields.key));
}

/** Everything that waits here, oldest first. */
export async function waiting() {
  const rows = await box.act("requests", "readonly", (store) => store.getAll()).catch(() => []);
  if (!rows.length) return [];
  const key = await sealingKey();
  const opened = await Promise.all(rows.map((row) => unseal(key, row)));
  return opened.filter(Boolean).sort((one, other) => one.at - other.at);
}

/** @param {string} key its own, of its fields */
export function drop(key) {
  return box.act("requests", "readwrite", (store) => store.delete(key));
}
