// The worker of the pages on which a petition is raised and answered: after a reload without a line the form is
// there with what was typed, and not the browser's own page. It keeps the form pages that this officer had open,
// the last few, for half a day, and the files they are made of - never a list, never another page, nothing past
// sign-out or for another officer. What was typed and the files wait in the page's own queue (app.js, lines.js).
const cacheName = "bieu-mau " + version, pages = "bieu-mau-trang", most = 10, longest = 12 * 3600e3;
const form = /^\/petitions\/(new|[0-9a-v]{26}\/[a-z-]+)$/;
self.addEventListener("install", (e) => e.waitUntil(caches.open(cacheName).then((c) => c.addAll(assets.map((a) => new Request(a, { cache: "reload", credentials: "omit" })))).then(() => self.skipWaiting())));
self.addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("bieu-mau ") && name !== cacheName) await caches.delete(name);
  await self.clients.claim();
})()));
const whose = (text) => (/<body[^>]*\sdata-who="([^"]*)"/.exec(text) || ["", ""])[1];
const keep = async (path, res) => {
  const text = await res.text();
  if (!whose(text) || !/<form[^>]*\sdata-queue/.test(text)) return;
  let cache = await caches.open(pages);
  for (const old of await cache.keys()) { // of one officer only
    const hit = await cache.match(old);
    if (hit && hit.headers.get("X-Kept-For") !== whose(text)) { await caches.delete(pages); cache = await caches.open(pages); break; }
  }
  const headers = new Headers(res.headers);
  ["Content-Encoding", "Content-Length"].forEach((h) => headers.delete(h));
  headers.set("X-Kept-At", String(Date.now()));
  headers.set("X-Kept-For", whose(text));
  await cache.delete(path);
  await cache.put(path, new Response(text, { headers }));
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - most))) await cache.delete(old);
};
const kept = async (path) => {
  const hit = await caches.match(path, { cacheName: pages });
  if (!hit || Date.now() - Number(hit.headers.get("X-Kept-At")) > longest) return Response.error();
  return new Response((await hit.text()).replace("<body", "<body data-kept"), { headers: hit.headers });
};
self.addEventListener("message", (e) => {
  const path = e.data && e.data.keep;
  if (form.test(path)) e.waitUntil(fetch(path, { credentials: "same-origin", cache: "no-store" }).then((r) => r.ok && !r.redirected && keep(path, r)).catch(() => {}));
});
self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  if (assets.includes(url.pathname)) { e.respondWith(caches.match(url.pathname, { cacheName }).then((r) => r || fetch(e.request))); return; }
  if (e.request.mode !== "navigate" || !form.test(url.pathname)) return;
  e.respondWith(fetch(e.request).then((res) => {
    if (res.ok && res.type === "basic") { const copy = res.clone(); e.waitUntil(keep(url.pathname, copy).catch(() => {})); }
    return res;
  }, () => kept(url.pathname)));
});
