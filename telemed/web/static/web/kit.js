// Pages about nobody that stand in for the real ones where none can be had: are they on this device?

const TRIES = 100;
const PAUSE = 200; // ms

/** The worker has that page, and hands it out. @param {string} page */
export async function isHere(page) {
  if (!navigator.serviceWorker) return false;
  const registered = await navigator.serviceWorker.ready;
  registered.active?.postMessage("refresh");
  for (let n = 0; n < TRIES; n++) {
    if (navigator.serviceWorker.controller && (await caches.match(page))) return true;
    await new Promise((later) => setTimeout(later, PAUSE));
  }
  return false;
}
