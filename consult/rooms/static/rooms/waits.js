/** What the clocks of the room have to say: the coordinators were told, and at last the number to dial. */
const words = JSON.parse(document.getElementById("room-words")?.textContent || "{}");
const banner = /** @type {HTMLElement | null} */ (document.querySelector('[data-room="dial"]'));
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
      say(words.dial.replace("{who}", frame.organisation).replace("{phone}", frame.phone), frame.at);
      show(frame);
      break;
    case "room.resumed":
    case "room.live":
      if (banner) banner.hidden = true;
      break;
    default:
  }
}

function show({ organisation, phone }) {
  const link = /** @type {HTMLAnchorElement | null | undefined} */ (banner?.querySelector("a"));
  if (!banner || !link) return;
  const title = banner.querySelector("b");
  if (title) title.textContent = words.dial_them.replace("{who}", organisation);
  link.href = `tel:${phone}`;
  const number = link.querySelector("[data-number]");
  if (number) number.textContent = phone;
  banner.hidden = false;
}
