{% load static %}// Hands out the pages that this device keeps where no page can be had; the narrowest address first.
const KITS = [{% for kit in kits %}{ page: "{{ kit.page|escapejs }}", under: "{{ kit.under|escapejs }}" }, {% endfor %}];
const STATIC = "{% get_static_prefix %}";
const CACHE = "telemed-kit";
const FRESH = 10 * 60_000; // ms
const PARTS = {
  html: /(?:src|href|data-sprite)="([^"#]+)/g,
  javascript: /(?:from|import)\s*"([^"]+)"/g,
  css: /url\(["']?([^"')#]+)/g,
};

/** A page with everything that it needs, into `found`: a Map of address to answer. */
async function gather(address, found) {
  const url = new URL(address, location.origin).href;
  if (found.has(url)) return;
  const answer = await fetch(url, { credentials: "same-origin" });
  if (answer.status === 403) return; // not a page of this account's role
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  found.set(url, answer.clone());
  const kind = Object.keys(PARTS).find((one) => answer.headers.get("content-type")?.includes(one));
  if (!kind) return;
  for (const [, part] of (await answer.text()).matchAll(PARTS[kind])) {
    const next = new URL(part, url);
    if (next.origin === location.origin && next.pathname.startsWith(STATIC)) await gather(next.href, found);
  }
}

async function refresh() {
  const cache = await caches.open(CACHE);
  const kept = (await Promise.all(KITS.map(({ page }) => cache.match(page)))).filter(Boolean);
  const made = kept.map((answer) => Date.parse(answer.headers.get("date") || ""));
  if (made.length && made.every((at) => Date.now() - at < FRESH)) return;
  const found = new Map();
  for (const { page } of KITS) await gather(page, found);
  // Pages come after all parts: one that is kept is whole.
  const pages = new Set(KITS.map(({ page }) => new URL(page, location.origin).href));
  const ordered = [...found].sort(([one], [other]) => Number(pages.has(one)) - Number(pages.has(other)));
  for (const [url, answer] of ordered) await cache.put(url, answer);
  for (const request of await cache.keys()) if (!found.has(request.url)) await cache.delete(request);
}

async function page(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch (error) {
    const path = new URL(event.request.url).pathname;
    for (const { page } of KITS.filter(({ under }) => path.startsWith(under))) {
      const kept = await caches.match(page);
      if (kept) return kept;
    }
    throw error;
  }
}

async function part(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(self.registration.navigationPreload?.enable().then(() => self.clients.claim()) ?? self.clients.claim());
});
self.addEventListener("message", (event) => {
  if (event.data === "refresh") event.waitUntil(refresh().catch(() => {}));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (new URL(request.url).pathname.startsWith(STATIC)) event.respondWith(part(request));
});
