// The day and its forms where no page can be had: drawn from what was taken along on this device.
import { taken, written } from "../web/account.js";
import { attach } from "./form.js";
import { mark, ready } from "./waiting.js";

const page = /** @type {HTMLElement} */ (document.querySelector("[data-day][data-gone]"));
const say = page.dataset;
const limits = JSON.parse(document.getElementById("duty-limits")?.textContent ?? "null");
const part = (name, inside = page) => /** @type {HTMLElement} */ (inside.querySelector(`[data-${name}]`));
const copy = (name) => /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (part(name)).content.cloneNode(true));

/** @param {any} day @param {Map<string, any>} waits */
function list(day, waits) {
  const all = day.what.villages.flatMap((one) => one.duties);
  part("title").textContent = String(all.length === 1 ? say.one : say.many).replace("{n}", String(all.length));
  const until = new Date(day.until).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(5, 16);
  part("sub").textContent = String(say.until).replace("{time}", until);
  part("villages").replaceChildren(
    ...day.what.villages.map((village) => {
      const card = copy("village");
      card.querySelector("h2").textContent = village.name || String(say.nowhere);
      card.querySelector(".count").textContent = String(village.duties.length);
      card.querySelector("tbody").append(...village.duties.map((one) => row(one, waits)));
      return card;
    }),
  );
}

/** @param {any} one @param {Map<string, any>} waits */
function row(one, waits) {
  const found = copy("row");
  const link = found.querySelector("a");
  link.textContent = one.who;
  link.href = `${say.day}${one.id}/`;
  found.querySelector("[data-more]").textContent = one.more;
  found.querySelector("[data-service]").textContent = one.what;
  found.querySelector("[data-how]").textContent = String(one.face ? say.face : say.phone);
  found.querySelector("[data-badge]").setAttribute("data-badge", one.id);
  const due = found.querySelector("[data-due]");
  due.textContent = one.warned && !waits.has(one.id) ? String(say.warning) : one.due;
  due.className = one.warned || one.late ? "chip chip--r nw" : "num nw";
  return found;
}

/** @param {any} one @param {any} day @param {any} waiting */
function form(one, day, waiting) {
  document.title = `${one.who} · ${one.what}`;
  part("title").textContent = one.who;
  const facts = [one.more, one.card, one.address, one.phone].filter(Boolean);
  part("sub").textContent = facts.join(" · ");
  part("one-duty").hidden = part("back").hidden = false;
  part("service").textContent = one.what;
  part("how").textContent = String(one.face ? say.face : say.phone);
  part("due").textContent = one.due;
  const serve = /** @type {HTMLFormElement} */ (part("serve"));
  if (waiting && !waiting.refused && !waiting.warns) return (serve.hidden = true);
  serve.action = `${say.day}${one.id}/serve/`;
  /** @type {HTMLInputElement} */ (serve.elements.namedItem("seen")).value = one.seen;
  for (const place of serve.querySelectorAll("[data-part]"))
    if (!(one.parts ?? []).includes(/** @type {HTMLElement} */ (place).dataset.part)) place.remove();
    else if (one.parts.length === 1) place.setAttribute("open", "");
  const doses = serve.querySelector("[data-doses]");
  if (doses) doses.textContent = one.doses ?? "";
  for (const [name, value] of Object.entries(one.remembered ?? {})) fill(serve, name, value);
  if (waiting) for (const [name, value] of Object.entries(waiting.fields)) fill(serve, name, value);
  part("refusal", serve).hidden = !one.warned && !waiting?.warns;
  return attach(serve, {
    id: one.id,
    who: one.who,
    what: one.what,
    rule: { asks: one.asks, parts: one.parts, face: one.face, before: one.before },
    limits,
    phones: day.what.phones,
    day: String(say.day),
    kit: location.pathname,
  });
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function fill(form, name, value) {
  if (name === "signature") return;
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
  else if (field) /** @type {any} */ (field).value = value;
}

async function draw() {
  const day = await taken("day");
  const { mine } = await written();
  const waits = new Map(mine.map((one) => [one.duty, one]));
  const asked = location.pathname.slice(String(say.day).length).replace(/\/$/, "");
  const one = day?.what.villages.flatMap((village) => village.duties).find(({ id }) => id === asked);
  part("again").onclick = () => location.reload();
  if (!day) {
    part("title").textContent = String(say.gone);
    part("sub").textContent = String(say.goneMore);
  } else if (one) await form(one, day, waits.get(one.id));
  else if (asked && asked !== "kit") {
    part("title").textContent = String(say.unknown);
    part("back").hidden = false;
  } else list(day, waits);
  mark();
  page.dataset.drawn = "yes";
}

ready.then(draw);
