// Parts for what is written on a device: a store on its disk, a seal, a sending that may be repeated.

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** A database of this browser with its stores. */
export class Box {
  /** @param {string} name @param {string[]} stores */
  constructor(name, stores) {
    this.name = name;
    this.stores = stores;
  }

  _open() {
    const request = indexedDB.open(this.name, 1);
    request.onupgradeneeded = () => this.stores.forEach((one) => request.result.createObjectStore(one));
    return done(request);
  }

  /**
   * One act on one store; resolves once it is on the disk.
   * @param {string} store @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} act
   */
  async act(store, mode, act) {
    const database = await this._open();
    try {
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const result = done(act(transaction.objectStore(store)));
      const kept = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
      return (await Promise.all([result, kept]))[0];
    } finally {
      database.close();
    }
  }
}

/** @param {CryptoKey} key @param {unknown} what */
export async function seal(key, what) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(JSON.stringify(what));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

/** What was sealed; null under another key. @param {CryptoKey} key @param {{iv: Uint8Array, sealed: ArrayBuffer}} row */
export function unseal(key, { iv, sealed }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed).then(
    (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
    () => null,
  );
}

export const PATIENCE = 20_000; // ms for an answer on a thin line

/**
 * Send it once more: its key makes it one request, however often it comes.
 * Answers {url} when the server has it, {refused, kind, path} with the reason when it won't, {out}
 * when one has to sign in again, null when there is no line.
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
    return answer.ok ? { url: said.url } : { refused: said.text, kind: said.kind, path: said.path };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
