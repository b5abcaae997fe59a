// Tickets where no page can be had: drawn from what is kept on this device.
import { tickets } from "./tickets.js";

const page = /** @type {HTMLElement} */ (document.querySelector("[data-tickets]"));
const say = page.dataset;
const part = (name, inside = page) => /** @type {HTMLElement} */ (inside.querySelector(`[data-${name}]`));
const LOOKS = 15_000; // ms between two looks for the line
const SVG = "http://www.w3.org/2000/svg";
const [asked] = location.pathname.match(/[0-9a-f]{8}-[0-9a-f-]{27}/) ?? [];

/** @param {any} one */
function drawn(one) {
  const card = /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (part("one")).content.cloneNode(true));
  const tell = (name, text) => {
    const place = card.querySelector(`[data-${name}]`);
    place.textContent = text;
    if (!text) place.hidden = true;
    if (!text && place.tagName === "DD") place.previousElementSibling.hidden = true;
  };
  for (const name of ["day", "time", "number", "who", "where", "doctor"]) tell(name, one[name]);
  const phone = /** @type {HTMLAnchorElement} */ (card.querySelector("[data-phone]"));
  if (one.phone) {
    phone.href = `tel:${one.phone}`;
    phone.append(one.phone);
  } else phone.parentElement?.remove();
  const code = /** @type {SVGElement} */ (card.querySelector("svg.qr"));
  if (!one.code) card.querySelector(".tk__q")?.remove();
  else {
    code.setAttribute("viewBox", one.code.box);
    code.append(light(one.code.side), dark(one.code.path));
  }
  return card;
}

/** @param {number} side */
function light(side) {
  return shape(`M-4 -4h${side}v${side}h-${side}z`, "#fff");
}

/** @param {string} path */
function dark(path) {
  return shape(path, "#000");
}

function shape(d, fill) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  path.setAttribute("fill", fill);
  return path;
}

async function draw() {
  const { all, until } = await tickets().catch(() => ({ all: [], until: 0 }));
  const one = all.filter(({ id }) => id === asked);
  const shown = one.length ? one : all;
  const time = new Date(until).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(5, 16);
  part("title").textContent = String(shown.length ? say.kept : say.none);
  part("sub").textContent = String(shown.length ? say.until : say.noneMore).replace("{time}", time);
  part("other").hidden = !asked || Boolean(one.length) || !all.length;
  part("all").replaceChildren(...shown.map(drawn));
  page.dataset.drawn = "yes";
}

/** With the line, the real page takes over. */
async function lookForTheLine() {
  const there = await fetch("/livez", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  if (there) location.reload();
}

part("again").onclick = () => location.reload();
if (location.pathname !== say.page) {
  window.addEventListener("online", lookForTheLine);
  setInterval(lookForTheLine, LOOKS);
}
draw();
