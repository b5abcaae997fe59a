// What an account has on this device: taken along to be read, and written to be sent. Both are sealed
// under the account's own key. It comes from the server and leaves with the account: at sign-out,
// when somebody else signs in, and after a day. What was written stays, sealed, until it is sent.
import { Box, PATIENCE, seal, unseal } from "./device.js";

const MARK = "telemed-account"; // in localStorage: whose, until when
const box = new Box("telemed-account", ["keys", "taken", "written"]);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Whose key is here. @returns {Promise<{user: string, name: string, key: CryptoKey} | null>} */
export async function owner() {
  if (isOver()) await forget();
  return (await box.act("keys", "readonly", (store) => store.get("seal"))) ?? null;
}

/** The account's key onto this device; null where it can't be had. @param {{user: string, name: string, seal: string}} who */
export async function signOn({ user, name, seal: address }) {
  const known = await owner();
  if (known?.user === user) return known;
  if (known) await forget();
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  const bytes = Uint8Array.from(atob((await answer.json()).key), (one) => one.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  mark(user, DAY);
  await box.act("keys", "readwrite", (store) => store.put({ user, name, key }, "seal"));
  return owner();
}

/** @param {string} user @param {number} length ms */
function mark(user, length) {
  localStorage.setItem(MARK, JSON.stringify({ user, until: Date.now() + length }));
}

function marked() {
  return JSON.parse(localStorage.getItem(MARK) || "null");
}

function isOver() {
  const here = marked();
  return Boolean(here && (here.until < Date.now() || here.until > Date.now() + DAY));
}

/** Everything of it that was taken along, and the key. */
export async function forget() {
  await box.act("taken", "readwrite", (store) => store.clear());
  await box.act("keys", "readwrite", (store) => store.clear());
  localStorage.removeItem(MARK);
}

/** On every page: somebody else is signed in here, or nobody, or its day is over. @param {string | undefined} account */
export async function look(account) {
  const here = marked();
  if (here && (isOver() || (account !== undefined && account !== here.user))) await forget();
}

/** Whether anything of an account is here. */
export function hasAny() {
  return Boolean(marked());
}

/** @param {string} name @param {unknown} what @param {number} hours */
export async function take(name, what, hours) {
  const mine = await owner();
  if (!mine) throw new Error("no key");
  const until = Date.now() + hours * HOUR;
  const row = { user: mine.user, until, ...(await seal(mine.key, what)) };
  await box.act("taken", "readwrite", (store) => store.put(row, name));
  mark(mine.user, hours * HOUR);
}

/** What was taken along under that name, as {user, name, until, what}; null when it isn't here. @param {string} name */
export async function taken(name) {
  const mine = await owner();
  const row = mine && (await box.act("taken", "readonly", (store) => store.get(name)));
  if (!row || row.user !== mine.user || row.until < Date.now()) return null;
  const what = await unseal(mine.key, row);
  return what && { user: mine.user, name: mine.name, until: row.until, what };
}

/** @param {string} name */
export function untake(name) {
  return box.act("taken", "readwrite", (store) => store.delete(name));
}

/** Write it here; it stays until it is dropped. Rejects where that can't be. @param {{key: string, at: number}} record */
export async function write(record) {
  const mine = await owner();
  if (!mine) throw new Error("no key");
  const row = { user: mine.user, name: mine.name, at: record.at, ...(await seal(mine.key, record)) };
  await box.act("written", "readwrite", (store) => store.put(row, record.key));
}

/** What waits here: mine to be read, oldest first; of others their names and how many. */
export async function written() {
  const rows = await box.act("written", "readonly", (store) => store.getAll()).catch(() => []);
  const mine = await owner();
  const others = new Map();
  for (const row of rows) if (row.user !== mine?.user) others.set(row.name, (others.get(row.name) ?? 0) + 1);
  const opened = rows.filter((row) => row.user === mine?.user).map((row) => unseal(mine.key, row));
  const all = (await Promise.all(opened)).filter(Boolean);
  return { mine: all.sort((one, other) => one.at - other.at), others, rows };
}

/** Change what waits under that key, unless it was written anew meanwhile. @param {string} key @param {number} at @param {(store: IDBObjectStore) => void} act */
function ifStill(key, at, act) {
  return box.act("written", "readwrite", (store) => {
    const asked = store.get(key);
    asked.addEventListener("success", () => asked.result?.at === at && act(store));
    return asked;
  });
}

/** It is with the server, or a person wants it no longer. @param {{key: string, at: number}} record */
export function drop({ key, at }) {
  return ifStill(key, at, (store) => store.delete(key));
}

/** The same with what became of it. @param {{key: string, at: number}} record */
export async function amend(record) {
  const mine = await owner();
  if (!mine) return;
  const row = { user: mine.user, name: mine.name, at: record.at, ...(await seal(mine.key, record)) };
  await ifStill(record.key, record.at, (store) => store.put(row, record.key));
}

/** One at a time, whatever number of windows is open. @template T @param {() => Promise<T>} act @returns {Promise<T>} */
export function inTurn(act) {
  return navigator.locks ? navigator.locks.request(MARK, act) : act();
}
