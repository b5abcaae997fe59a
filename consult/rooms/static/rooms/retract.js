/** Taking back one's own message: a button on it for two minutes; the others read that it is gone. */
const FOR = 120_000;

const words = JSON.parse(document.getElementById("room-words")?.textContent || "{}");
const me = JSON.parse(document.getElementById("room-data")?.textContent || "{}").me;
const log = document.querySelector('[data-room="log"]');
/** @type {(frame: object) => void} */
let post = () => {};

document.addEventListener("room-entered", (event) => (post = /** @type {CustomEvent} */ (event).detail.post));
document.addEventListener("room-frame", (event) => {
  const frame = /** @type {CustomEvent} */ (event).detail;
  if (frame.is === "chat.retracted") takeAway(frame.message);
  // Its line is drawn after this.
  else if (frame.is === "chat.posted" && frame.from === me && !frame.taken_back) queueMicrotask(() => offer(frame));
});

/** @param {number} seq */
const line = (seq) => log?.querySelector(`[data-seq="${seq}"]`);

/** @param {{seq: number, at: string}} frame */
function offer(frame) {
  const left = Math.min(FOR - (Date.now() - Date.parse(frame.at)), FOR);
  const head = line(frame.seq)?.querySelector("[data-head]");
  if (left <= 0 || !head) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--q btn--s msg__x", textContent: words.take_back });
  button.addEventListener("click", () => {
    button.disabled = true;
    post({ do: "retract", message: frame.seq });
  });
  head.append(button);
  setTimeout(() => button.remove(), left);
}

/** @param {number} seq */
function takeAway(seq) {
  const message = line(seq);
  if (!message) return;
  message.querySelector("button")?.remove();
  const text = message.querySelector("p");
  if (text) text.replaceChildren(Object.assign(document.createElement("i"), { className: "dim", textContent: words.taken_back }));
}
