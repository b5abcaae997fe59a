/**
 * The badge of every page, and the sign of life of whoever has one open.
 *
 * Tells the shell by the event "inbox" {count} on document, and says a new message politely. A page
 * may listen to "inbox-message" {text} on document. Without this script the badge is as old as the page.
 */
const HEARTBEAT = 8000;
const CAP = 30000; // ms between two tries to come back
const RESTARTS = 1012; // as in rooms/socket.js: the server goes and comes back
const SPREAD = 5000; // ms over which its pages come back

let tries = 0;
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

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws/inbox/`);
  let frames = 0;
  let beat = 0;
  socket.onopen = () => {
    tries = 0;
    const send = () => {
      socket.send(JSON.stringify({ do: "heartbeat" }));
      socket.send(JSON.stringify({ do: "seen", frames }));
    };
    send();
    beat = window.setInterval(send, HEARTBEAT);
  };
  socket.onmessage = (event) => {
    frames += 1;
    const frame = JSON.parse(event.data);
    if (frame.is === "inbox") show(frame.count, frame.latest);
  };
  socket.onclose = (event) => {
    clearInterval(beat);
    if (event.code === 4401) return; // the session has ended: the next click asks to sign in
    tries += 1;
    const wait = Math.min(CAP, 1000 * 2 ** Math.min(tries, 6));
    const spread = event.code === RESTARTS ? Math.random() * SPREAD : wait / 2 + (Math.random() * wait) / 2;
    setTimeout(connect, spread);
  };
}
connect();
