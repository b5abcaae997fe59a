/** What the clocks of the room have to say: the coordinators were told, and at last the number to dial. */
const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");
const words = read("room-words");
const { role } = read("room-data");
const banner = /** @type {HTMLElement | null} */ (document.querySelector('[data-room="dial"]'));
const step = document.querySelector('[data-room="phone-step"]'); // the last of the ladder
let reason = ""; // why the number is shown: the line of a call ("media", "line"), or "" where a side is missing
/** @type {(text: string, at?: string) => void} */
let say = () => {};

document.addEventListener("room-entered", (event) => (say = /** @type {CustomEvent} */ (event).detail.say));
document.addEventListener("room-frame", (event) => hear(/** @type {CustomEvent} */ (event).detail));

function hear(frame) {
  switch (frame.is) {
    case "coordinator.called":
      say(words.coordinators_told, frame.at);
      break;
    case "phone.shown":
      if (frame.side === role) break; // one's own number
      say((frame.reason ? words.dial_line : words.dial).replace("{who}", frame.organisation).replace("{phone}", frame.phone), frame.at);
      show(frame);
      break;
    case "phone.hidden": // the line bears a call again
      if (reason) hide();
      break;
    case "room.resumed":
    case "room.live":
      if (!reason) hide();
      break;
    default:
  }
}

function show({ organisation, phone, reason: why = "" }) {
  reason = why;
  step?.classList.toggle("c", !!reason);
  const link = /** @type {HTMLAnchorElement | null | undefined} */ (banner?.querySelector("a"));
  if (!banner || !link) return;
  const title = banner.querySelector("b");
  if (title) title.textContent = (reason ? words.dial_line_them : words.dial_them).replace("{who}", organisation);
  link.href = `tel:${phone}`;
  const number = link.querySelector("[data-number]");
  if (number) number.textContent = phone;
  banner.hidden = false;
}

function hide() {
  reason = "";
  step?.classList.remove("c");
  if (banner) banner.hidden = true;
}
