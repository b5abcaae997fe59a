// The team's day, taken along on this device: what is kept, until when, and how it leaves.
import { signOn, take, taken, untake } from "../web/account.js";
import { isHere } from "../web/kit.js";
import { mark, ready } from "./waiting.js";

const place = /** @type {HTMLElement} */ (document.querySelector("[data-take]"));
const say = place.dataset;
const who = { user: String(say.user), name: String(say.name), seal: String(say.seal) };
const part = (name) => /** @type {HTMLButtonElement} */ (place.querySelector(`[data-${name}]`));

/** @param {any} here */
function show(here) {
  const n = here ? here.what.villages.reduce((sum, one) => sum + one.duties.length, 0) : 0;
  const until = here && new Date(here.until).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(5, 16);
  part("take-said").textContent = here ? String(say.here).replace("{n}", String(n)).replace("{time}", until) : String(say.away);
  part("take-now").hidden = Boolean(here);
  part("take-drop").hidden = !here;
  place.dataset.state = here ? "here" : "away";
}

/** The day as the server has it now; nothing changes where there is no line. */
async function fetchDay() {
  const answer = await fetch(String(say.taken), { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || !(await signOn(who))) return false;
  const day = await answer.json();
  await take("day", day, day.hours);
  return true;
}

part("take-now").onclick = async () => {
  part("take-now").setAttribute("aria-busy", "true");
  const done = await Promise.all([fetchDay(), isHere(String(say.kit))]).catch(() => [false]);
  part("take-now").removeAttribute("aria-busy");
  if (!done.every(Boolean)) {
    await untake("day").catch(() => {});
    return (part("take-said").textContent = String(say.failed));
  }
  show(await taken("day"));
  part("take-drop").focus();
};

part("take-drop").onclick = async () => {
  await untake("day");
  show(null);
  part("take-now").focus();
};

ready.then(async () => {
  mark();
  if (await taken("day")) await fetchDay().catch(() => false);
  show(await taken("day"));
  place.hidden = false;
}).catch(() => {}); // a browser that keeps nothing
