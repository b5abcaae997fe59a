// Keeping this ticket on the phone: what is kept, until when, and how it leaves.
import { signOn } from "../web/account.js";
import { isHere } from "../web/kit.js";
import { drop, keep, tickets } from "./tickets.js";

const place = /** @type {HTMLElement} */ (document.querySelector("[data-keep]"));
const say = place.dataset;
const facts = JSON.parse(document.getElementById("ticket-facts")?.textContent ?? "null");
const who = { user: String(say.user), name: String(say.name), seal: String(say.seal) };
const part = (name) => /** @type {HTMLButtonElement} */ (place.querySelector(`[data-${name}]`));

async function show() {
  const { all, until } = await tickets();
  const here = all.some(({ id }) => id === say.id);
  const time = new Date(until).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(5, 16);
  part("keep-said").textContent = here ? String(say.here).replace("{time}", time) : String(say.away);
  part("keep-now").hidden = here;
  part("keep-drop").hidden = !here;
  place.dataset.state = here ? "here" : "away";
  return here;
}

async function put() {
  if (!(await signOn(who))) return false;
  await keep(facts);
  return true;
}

part("keep-now").onclick = async () => {
  part("keep-now").setAttribute("aria-busy", "true");
  const done = await Promise.all([put(), isHere(String(say.kit))]).catch(() => [false]);
  part("keep-now").removeAttribute("aria-busy");
  if (!done.every(Boolean)) {
    await drop(String(say.id)).catch(() => {});
    return (part("keep-said").textContent = String(say.failed));
  }
  await show();
  part("keep-drop").focus();
};

part("keep-drop").onclick = async () => {
  await drop(String(say.id));
  await show();
  part("keep-now").focus();
};

async function begin() {
  await navigator.serviceWorker?.register(String(say.worker), { scope: "/" });
  const here = await show();
  if (here && facts) await put(); // as it stands now, and for another day
  else if (here) await drop(String(say.id)); // cancelled, moved away or over
  await show();
  place.hidden = !facts;
}

begin().catch(() => {}); // a browser that keeps nothing
