/** The guests who are in: whether each interprets or observes, which a host changes. */
const words = JSON.parse(document.getElementById("room-words")?.textContent || "{}");
const { me, role: mine } = JSON.parse(document.getElementById("room-data")?.textContent || "{}");
const host = /** @type {HTMLElement | null} */ (document.querySelector('[data-room="roles"]'));
const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("set-role"));
const OTHER = { interpreter: "observer", observer: "interpreter" };
/** @type {Map<string, {name: string, role: string, here: boolean}>} */
const guests = new Map();
/** @type {(frame: object) => void} */
let send = () => {};
let chosen = "";
let greeted = 0;

document.addEventListener("room-entered", (event) => (send = /** @type {CustomEvent} */ (event).detail.send));
document.addEventListener("room-frame", (event) => hear(/** @type {CustomEvent} */ (event).detail));

function hear(frame) {
  switch (frame.is) {
    case "hello":
      if (mine in OTHER && frame.role in OTHER && frame.role !== mine) return location.reload(); // changed on the way in
      greeted = frame.last_seq;
      guests.clear();
      for (const one of frame.people) note(one.user, one.name, one.role, ["admitted", "away"].includes(one.status));
      break;
    case "participant.joined":
    case "participant.returned":
      if (frame.seq > greeted) note(frame.from, frame.name, frame.role, true);
      break;
    case "participant.left":
    case "participant.removed":
      if (frame.seq > greeted) guests.delete(frame.participant);
      break;
    case "role.changed":
      if (frame.seq <= greeted) return;
      // What one sees and may do stands on the page: it is drawn anew, and one is back in at once.
      if (frame.participant === me) return location.reload();
      note(frame.participant, frame.name, frame.role, guests.has(frame.participant));
      break;
    default:
      return;
  }
  draw();
}

function note(user, name, role, here) {
  if (here && role in OTHER) guests.set(user, { name, role, here });
  else guests.delete(user);
}

function draw() {
  if (!host) return;
  host.hidden = guests.size === 0;
  host.querySelector("ul")?.replaceChildren(...[...guests].map(([user, guest]) => row(user, guest)));
}

function row(user, guest) {
  const line = document.createElement("li");
  const text = Object.assign(document.createElement("span"), { className: "grow" });
  text.append(Object.assign(document.createElement("b"), { textContent: guest.name }), ` ${words[`as_${guest.role}`]}`);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s", textContent: words[`let_${OTHER[guest.role]}`] });
  button.setAttribute("aria-label", `${guest.name}: ${button.textContent}`);
  button.addEventListener("click", () => change(user, guest));
  line.append(text, button);
  return line;
}

function change(user, guest) {
  if (OTHER[guest.role] === "interpreter" || !dialog) return send({ do: "role", user, role: OTHER[guest.role] });
  chosen = user;
  const who = dialog.querySelector("[data-who]");
  if (who) who.textContent = guest.name;
  dialog.showModal();
}

dialog?.querySelector("form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  send({ do: "role", user: chosen, role: "observer", agreed: true });
  /** @type {HTMLFormElement} */ (event.target).reset();
  dialog.close();
});
