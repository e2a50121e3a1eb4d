// The worker of the page for people on the spot, and of that page alone: it keeps the page and the files the page
// is made of, nothing else; no answer that holds anybody's data is ever kept. Items wait in the page's own queue
// (lines.js) and are sent by the page.
const cacheName = "hien-truong " + version;
self.addEventListener("install", (e) => e.waitUntil(caches.open(cacheName).then((c) => c.addAll(assets.map((a) => new Request(a, { cache: "reload", credentials: "omit" })))).then(() => self.skipWaiting())));
self.addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("hien-truong ") && name !== cacheName) await caches.delete(name);
  await self.clients.claim();
})()));
self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin || !assets.includes(url.pathname)) return;
  const kept = () => caches.match(url.pathname, { cacheName });
  // the page itself from the server where there is one, so that a new program is seen at once
  if (e.request.mode === "navigate") e.respondWith(fetch(e.request).catch(async () => (await kept()) || Response.error()));
  else e.respondWith(kept().then((r) => r || fetch(e.request)));
});
