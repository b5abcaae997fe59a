// What is written on this device before it is sent, and leaves it once the server has it.
// Sealed under a key that scripts can use but nobody can read; a stolen disk tells nothing.

const NAME = "telemed-kept";

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("requests");
  };
  return done(request);
}

/** One act on one store; resolves once it is on the disk. */
async function inStore(name, mode, act) {
  const database = await open();
  try {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const result = done(act(transaction.objectStore(name)));
    const kept = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    return (await Promise.all([result, kept]))[0];
  } finally {
    database.close();
  }
}

async function sealingKey() {
  const known = await inStore("keys", "readonly", (store) => store.get("seal"));
  if (known) return known;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two tabs may be here at once: the first key stays.
  await inStore("keys", "readwrite", (store) => store.add(fresh, "seal")).catch(() => {});
  return inStore("keys", "readonly", (store) => store.get("seal"));
}

/**
 * Write it here. Rejects where a browser keeps nothing.
 * @param {{user: string, name: string, what: string, phone: string, at: number, fields: Record<string, string>}} written
 */
export async function keep(written) {
  const key = await sealingKey();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(JSON.stringify(written));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes);
  await inStore("requests", "readwrite", (store) => store.put({ iv, sealed }, written.fields.key));
}

/** Everything that waits here, oldest first. */
export async function waiting() {
  const rows = await inStore("requests", "readonly", (store) => store.getAll()).catch(() => []);
  if (!rows.length) return [];
  const key = await sealingKey();
  const opened = rows.map(({ iv, sealed }) =>
    crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed).then(
      (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
      () => null,
    ),
  );
  return (await Promise.all(opened)).filter(Boolean).sort((one, other) => one.at - other.at);
}

/** @param {string} key its own, of its fields */
export function drop(key) {
  return inStore("requests", "readwrite", (store) => store.delete(key));
}

const PATIENCE = 20_000; // ms for an answer on a thin line

/**
 * Send it once more: its key makes it one request, however often it comes.
 * Answers {url} when the server has it, {refused} with the reason when it won't, {out} when one has
 * to sign in again, null when there is no line.
 * @param {string} address @param {Record<string, string>} fields
 */
export async function send(address, fields) {
  const token = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"))?.value;
  if (!token) return null; // a page that the device kept: it has no line of its own
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams({ ...fields, csrfmiddlewaretoken: token }),
      headers: { Accept: "application/json" },
      signal: stop.signal,
    });
    if (answer.redirected || answer.status === 401) return { out: true };
    if (answer.status >= 500 || answer.status === 429) return null;
    const said = await answer.json();
    return answer.ok ? { url: said.url } : { refused: said.text };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
