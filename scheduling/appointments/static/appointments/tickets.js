// Tickets that are kept on this device, sealed under the account's own key, to be shown without a line.
import { inTurn, take, taken } from "../web/account.js";

const NAME = "tickets";
export const HOURS = 24;

/** Those whose visit is not over, the soonest first, and until when they are here. */
export async function tickets() {
  const here = await taken(NAME);
  const all = Object.values(here?.what ?? {}).filter((one) => Date.parse(one.ends) > Date.now());
  return { all: all.sort((one, other) => Date.parse(one.ends) - Date.parse(other.ends)), until: here?.until ?? 0 };
}

/** @param {(kept: Record<string, any>) => void} change */
function change(change) {
  return inTurn(async () => {
    const kept = Object.fromEntries((await tickets()).all.map((one) => [one.id, one]));
    change(kept);
    await take(NAME, kept, HOURS);
  });
}

/** @param {any} facts */
export function keep(facts) {
  return change((kept) => (kept[facts.id] = facts));
}

/** @param {string} id */
export function drop(id) {
  return change((kept) => delete kept[id]);
}
