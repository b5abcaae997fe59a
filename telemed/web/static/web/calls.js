/** Whether a call runs in any window of this browser. It has right of way over what is sent. */
const FRESH = 3000; // ms; a call tells of itself each second

const channel = "BroadcastChannel" in window ? new BroadcastChannel("telemed-call") : null;
let heardAt = 0;
channel?.addEventListener("message", () => (heardAt = Date.now()));

/** By the window of the call, as long as it lasts. */
export function tellOfCall() {
  heardAt = Date.now();
  channel?.postMessage("");
}

export function isCalling() {
  return Date.now() - heardAt < FRESH;
}
