/**
 * The badge of every page, and the sign of life of whoever has one open.
 *
 * Tells the shell by the event "inbox" {count} on document, and says a new message politely. A page
 * may listen to "inbox-message" {text} on document. Without this script the badge is as old as the page.
 */
import { listen } from "../web/bell.js";

const ENDED = 4401; // the session: the next click asks to sign in
let known = -1;

/** @param {number} count @param {string} latest */
function show(count, latest) {
  for (const badge of document.querySelectorAll("[data-inbox-count]")) {
    badge.textContent = String(count);
    badge.toggleAttribute("hidden", count === 0);
  }
  document.dispatchEvent(new CustomEvent("inbox", { detail: { count } }));
  if (known >= 0 && count > known && latest) {
    voice().textContent = latest;
    document.dispatchEvent(new CustomEvent("inbox-message", { detail: { text: latest } }));
  }
  known = count;
}

/** The place whose changes screen readers say when they have nothing better to say. */
function voice() {
  let region = document.querySelector("[data-inbox-voice]");
  if (!region) {
    region = document.createElement("p");
    region.className = "vh";
    region.setAttribute("role", "status");
    region.setAttribute("data-inbox-voice", "");
    document.body.append(region);
  }
  return region;
}

listen("/ws/inbox/", {
  frame: (said) => {
    if (said.is === "inbox") show(said.count, said.latest);
  },
  closed: (code) => code !== ENDED,
});
