/**
 * Time as the server sees it, and how time left is said. Pure: reads the page, changes nothing.
 */

const SECOND = 1000;
const COUNTED = 10 * 60 * SECOND; // under ten minutes: minutes and seconds
const RELATIVE = 3 * 60 * 60 * SECOND; // under three hours: what is left; above: the time of day
const RING = 56.5;

const told = Date.parse(document.documentElement.dataset.now || "");
const offset = Number.isNaN(told) ? 0 : told - (performance.timeOrigin + answered());

/** When this page was answered, in milliseconds after its navigation began. */
function answered() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry ? /** @type {PerformanceNavigationTiming} */ (entry).responseStart : 0;
}

/** The server's time now, in milliseconds since 1970. @returns {number} */
export function serverNow() {
  return Date.now() + offset;
}

/** @returns {Record<string, any>} the words of the page */
export function words() {
  return JSON.parse(document.getElementById("shell-words")?.textContent || "{}");
}

/** Put figures into a sentence with {}. @param {string} text @param {...(string|number)} values */
export function fill(text, ...values) {
  return values.reduce((/** @type {string} */ said, value) => said.replace("{}", String(value)), text);
}

/** 1 时 20 分. @param {number} ms @param {Record<string, any>} say @returns {string} */
export function span(ms, say) {
  const seconds = Math.max(Math.floor(ms / SECOND), 0);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 60) return fill(say.s, seconds);
  if (ms < COUNTED) return seconds % 60 ? fill(say.ms, minutes, seconds % 60) : fill(say.m, minutes);
  if (hours >= 48) return fill(say.dh, Math.floor(hours / 24), hours % 24);
  if (!hours) return fill(say.m, minutes);
  return minutes % 60 ? fill(say.hm, hours, minutes % 60) : fill(say.h, hours);
}

/** 03:12 under ten minutes. @param {number} ms @param {Record<string, any>} say @returns {string} */
export function figures(ms, say) {
  if (ms >= COUNTED) return span(ms, say);
  const seconds = Math.max(Math.floor(ms / SECOND), 0);
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

/**
 * Draw one clock: <span class="clk" data-due data-start? data-urgent?>.
 * @param {HTMLElement} clock @param {number} now @param {Record<string, any>} say
 */
export function draw(clock, now, say) {
  const due = Date.parse(clock.dataset.due || "");
  const start = Date.parse(clock.dataset.start || "");
  const left = due - now;
  const share = start < due ? left / (due - start) : 1;
  const urgent = "urgent" in clock.dataset;
  const late = left <= 0 || (urgent && share < 0.5);
  const soon = !late && (urgent || share < 0.25);
  clock.classList.toggle("clk--late", late);
  clock.classList.toggle("clk--soon", soon);
  const ring = clock.querySelector("circle + circle");
  const arc = left <= 0 ? RING : Math.max(Math.min(share, 1), 0) * RING;
  ring?.setAttribute("stroke-dasharray", `${Math.round(arc)} 99`);
  if (left >= RELATIVE) return; // the deadline of the server stands
  const [before, after] = (left > 0 ? say.left : say.over).split("{}");
  const figure = left > 0 ? figures(left, say) : span(-left, say);
  const text = clock.lastElementChild;
  if (!text || text.textContent === before + figure + after) return;
  const bold = document.createElement("b");
  bold.textContent = figure;
  text.textContent = "";
  text.append(before, bold, after);
}
