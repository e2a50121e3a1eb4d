// Poor lines: what was chosen and what was sent stays in this browser until the server has it.
// Files of a form go up in pieces (tus 1.0.0) and go on where they stopped, also after a reload; a form that was
// sent waits for its files and for the line, under the key it was made with, so that it is done once however
// often it is sent. Without IndexedDB forms work as everywhere else.
(() => {
  "use strict";
  const all = (sel, root = document) => [...root.querySelectorAll(sel)];
  const who = document.body.dataset.who || "";
  const make = (tag, text, set = {}) => { const el = document.createElement(tag); el.textContent = text; Object.entries(set).forEach(([k, v]) => el.setAttribute(k, v)); return el; };

  // --- The queue: two stores, each record under a key of its own.
  let opened;
  const base = () => opened ||= new Promise((ok, no) => {
    const r = indexedDB.open("lienthong", 1);
    r.onupgradeneeded = () => ["file", "form"].forEach((s) => r.result.createObjectStore(s, { keyPath: "key" }));
    r.onsuccess = () => ok(r.result);
    r.onerror = () => no(r.error);
  });
  const does = async (store, mode, fn) => {
    const t = (await base()).transaction(store, mode), r = fn(t.objectStore(store));
    return new Promise((ok, no) => { t.oncomplete = () => ok(r && r.result); t.onerror = t.onabort = () => no(t.error); });
  };
  const put = (store, rec) => does(store, "readwrite", (s) => s.put(rec));
  const drop = (store, key) => does(store, "readwrite", (s) => s.delete(key));
  const get = (store, key) => does(store, "readonly", (s) => s.get(key));
  const list = async (store) => (await does(store, "readonly", (s) => s.getAll())).filter((r) => r.who === who).sort((a, b) => a.made - b.made);
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  // --- The line. An answer is {status, ...}; no line, a server that is away or busy, a session that ended: later.
  class Later extends Error {}
  const slow = 90_000; // a piece that takes longer has met a dead line
  const ask = async (url, set) => {
    const stop = new AbortController(), t = setTimeout(() => stop.abort(), slow);
    let res;
    try { res = await fetch(url, { credentials: "same-origin", cache: "no-store", ...set, signal: stop.signal }); } catch { throw new Later("đợi đường truyền"); } finally { clearTimeout(t); }
    if (res.status === 401) throw new Later("đợi anh/chị đăng nhập lại");
    if (res.status === 429 || res.status >= 500) throw Object.assign(new Later("máy chủ đang bận, sẽ gửi lại"), { answered: res.status !== 429 });
    return res;
  };

  // --- Pictures: no larger than a page needs, upright, without what the camera wrote into them (place, time).
  const longest = 1600;
  const shrink = async (file) => {
    if (!/^image\/(jpeg|png)$/.test(file.type) || !window.createImageBitmap) return file;
    try {
      const pic = await createImageBitmap(file, { imageOrientation: "from-image" }), by = Math.min(1, longest / Math.max(pic.width, pic.height));
      const c = make("canvas", "", { width: Math.max(1, Math.round(pic.width * by)), height: Math.max(1, Math.round(pic.height * by)) });
      c.getContext("2d").drawImage(pic, 0, 0, c.width, c.height);
      pic.close();
      return await new Promise((ok) => c.toBlob((b) => ok(b || file), file.type, 0.85));
    } catch { return file; } // no picture after all: the server says so
  };

  // --- One file, piece by piece. Pieces grow on a good line and shrink on a poor one.
  const least = 16 << 10, most = 1 << 20;
  let size = 128 << 10;
  const tus = { "Tus-Resumable": "1.0.0" };
  const b64 = (s) => btoa(String.fromCharCode(...new TextEncoder().encode(s)));
  const gone = new Set(); // taken out while they were on their way
  const stopped = async (f) => { const now = gone.has(f.key) ? null : await get("file", f.key); return !now || now.state === "paused"; };
  const took = (f, res) => {
    const at = Number(res.headers.get("Upload-Offset"));
    if (res.headers.has("Upload-Offset") && at >= 0) f.at = at;
    if (res.headers.get("Upload-Complete") === "?1") f.state = "done";
  };
  const refuse = async (f, res) => { f.state = "bad"; f.why = (await res.text()).slice(0, 400) || "máy chủ không nhận tệp này"; };
  const begin = async (f) => {
    let about = "filename " + b64(f.name) + ",item " + b64(f.key);
    if (crypto.subtle && !f.sum) f.sum = [...new Uint8Array(await crypto.subtle.digest("SHA-256", await f.blob.arrayBuffer()))].map((n) => n.toString(16).padStart(2, "0")).join("");
    if (f.sum) about += ",sha256 " + b64(f.sum);
    const res = await ask("/uploads", { method: "POST", headers: { ...tus, "Upload-Length": f.blob.size, "Upload-Metadata": about } });
    if (!res.ok) return refuse(f, res);
    f.id = res.headers.get("Location").split("/").pop();
    took(f, res);
  };
  const sendFile = async (f) => {
    if (f.id) {
      const res = await ask("/uploads/" + f.id, { method: "HEAD", headers: tus });
      if (res.ok) took(f, res); else { f.id = ""; f.at = 0; } // waited too long: begun anew under the same key
    }
    if (!f.id) await begin(f);
    while (f.state === "wait") {
      if (await stopped(f)) return;
      await put("file", f); draw(f);
      const began = Date.now(), n = Math.min(size, f.blob.size - f.at);
      const res = await ask("/uploads/" + f.id, { method: "PATCH", body: f.blob.slice(f.at, f.at + n),
        headers: { ...tus, "Upload-Offset": f.at, "Content-Type": "application/offset+octet-stream" } }).catch((e) => { size = Math.max(least, size >> 1); throw e; });
      if (res.ok || res.status === 409) took(f, res); else await refuse(f, res);
      const ms = Date.now() - began;
      size = ms < 1500 ? Math.min(most, size * 2) : ms > 6000 ? Math.max(least, size >> 1) : size;
    }
    if (!await stopped(f)) await put("file", f);
    draw(f);
  };

  // --- One form: sent when its files are there; its key keeps it from being done twice.
  const sendForm = async (r) => {
    const files = await Promise.all(r.files.map((k) => get("file", k)));
    if (files.some((f) => f && f.state !== "done")) return;
    if (!r.frozen) { r.frozen = files.filter(Boolean).map((f) => f.id); await put("form", r); } // the same body at each try
    const body = new FormData();
    r.entries.forEach(([k, v]) => body.append(k, v));
    r.frozen.forEach((id) => body.append("kept_file", id));
    const res = await ask(r.url, { method: "POST", body, headers: { "X-Queue": "1" }, redirect: "manual" });
    const form = shown(r.key);
    if (res.status === 204) {
      await forget(r);
      const to = res.headers.get("Location") || "/";
      if (form) location.assign(to); else done(r, to);
      return;
    }
    r.state = "bad";
    const page = new DOMParser().parseFromString(await res.text(), "text/html");
    r.why = (page.querySelector(".faults li") || page.querySelector("[role=alert] p, main p") || page.body).textContent.trim().slice(0, 300);
    await put("form", r);
    if (form) giveBack(form, r); else strip();
  };
  const forget = async (r) => { await drop("form", r.key); for (const k of r.files) await drop("file", k); };
  const shown = (key) => all("form[data-queue]").find((f) => f.dataset.sent === key);
  // What the server refused is sent once more the plain way: its answer is the form with the reasons, and holds the
  // files too. Until that page is here the record stays.
  const giveBack = (form, r) => {
    const extra = r.entries.filter(([k]) => k === "do").concat(r.frozen.map((id) => ["kept_file", id]));
    extra.forEach(([k, v]) => form.append(make("input", "", { type: "hidden", name: k, value: v })));
    all("fieldset[data-hold]", form).forEach((f) => { f.disabled = false; });
    sessionStorage.setItem("given", r.key);
    form.submit();
  };
  const givenBack = async () => {
    const key = sessionStorage.getItem("given");
    sessionStorage.removeItem("given");
    const r = key && await get("form", key);
    if (r && document.querySelector("form[data-refused], .halt")) await forget(r);
  };

  // --- The runner: files first, then forms; what is refused or stopped holds up nothing behind it.
  let running = false, again = false, wait = 3000, timer, why = "";
  const pump = async () => {
    if (running) { again = true; return; }
    running = true;
    clearTimeout(timer);
    const turn = async () => {
      let later; // the server answered, and could not: what stands behind it is tried all the same
      const each = (e) => { if (!e.answered) throw e; later = e; };
      do {
        again = false;
        for (const f of await list("file")) if (f.state === "wait") await sendFile(f).catch(each);
        for (const r of await list("form")) if (r.state === "wait") await sendForm(r).catch(each);
      } while (again);
      if (later) throw later;
    };
    try {
      if (navigator.locks) await navigator.locks.request("lines", turn); else await turn();
      wait = 3000; why = "";
    } catch (e) {
      why = e instanceof Later ? e.message : "trình duyệt không giữ được";
      timer = setTimeout(pump, wait);
      wait = Math.min(60_000, wait * 2);
    }
    running = false;
    strip(); all("form[data-queue]").forEach(files);
    if (again) pump();
  };
  const soon = () => { wait = 3000; pump(); };
  addEventListener("online", soon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });

  // --- What people see: a list of files in the form, one line above the page for what was sent.
  const kb = (n) => Math.max(1, Math.round(n / 1024)).toLocaleString("vi-VN") + " kB";
  const button = (label, does, about) => { const b = make("button", label, { type: "button", class: "btn plain small" }); if (about) b.setAttribute("aria-label", label + " " + about); b.addEventListener("click", does); return b; };
  const said = (f) => f.state === "done" ? "đã lên máy chủ" : f.state === "bad" ? f.why : f.state === "paused" ? "tạm dừng" : (why || "đang tải lên") + ", " + Math.floor(100 * f.at / f.blob.size) + " %";
  const fill = (li, f) => {
    const act = f.state === "wait" ? button("Tạm dừng", () => turnTo(f, "paused"), f.name) : f.state === "paused" ? button("Tải tiếp", () => turnTo(f, "wait"), f.name) : null;
    const bar = make("progress", "", { max: f.blob.size, value: f.state === "done" ? f.blob.size : f.at, "aria-label": "Đã tải lên " + f.name });
    li.className = f.state;
    const focus = li.contains(document.activeElement) ? document.activeElement.textContent : "";
    li.replaceChildren(make("span", f.name + " (" + kb(f.blob.size) + ")"), ...(f.state === "bad" ? [] : [bar]), make("span", said(f), { class: "how" }), ...(act ? [act] : []), button("Bỏ", () => takeOut(f), "tệp " + f.name));
    if (focus) (all("button", li).find((b) => b.textContent === focus) || li.querySelector("button")).focus();
  };
  const draw = (f) => { const li = document.getElementById("file-" + f.key); if (li) fill(li, f); };
  const turnTo = async (f, state) => { const now = await get("file", f.key); if (now) { now.state = state; await put("file", now); draw(now); pump(); } };
  const takeOut = async (f) => {
    gone.add(f.key);
    await drop("file", f.key);
    document.getElementById("file-" + f.key)?.remove();
    if (f.id) ask("/uploads/" + f.id, { method: "DELETE", headers: tus }).catch(() => {}); // else it is swept
  };
  const place = (form) => form.dataset.sent ? "sent:" + form.dataset.sent : location.pathname + "#" + form.dataset.keep;
  const files = async (form) => {
    const box = form.querySelector(".pick"), mine = (await list("file")).filter((f) => f.form === place(form));
    if (!box) return;
    let ul = form.querySelector("ul.queue");
    if (!ul) { ul = make("ul", "", { class: "chosen queue", "aria-label": "Tệp sẽ gửi kèm" }); box.after(ul); }
    mine.forEach((f) => { let li = document.getElementById("file-" + f.key); if (!li) { li = make("li", "", { id: "file-" + f.key }); ul.append(li); } fill(li, f); });
  };
  const strip = async () => {
    const main = document.querySelector("main"), waiting = (await list("form")).filter((r) => !shown(r.key));
    let box = document.getElementById("unsent");
    if (!waiting.length || !main) { if (box) box.remove(); return; }
    if (!box) { box = make("section", "", { id: "unsent", class: "flash soon", "aria-label": "Chưa gửi" }); main.prepend(box); }
    box.replaceChildren(make("p", "Chưa gửi " + waiting.length + " việc, đang giữ trên máy này" + (why ? " (" + why + ")" : "") + ":", { role: "status" }), make("ul", ""));
    waiting.forEach((r) => {
      const li = make("li", r.title + (r.state === "bad" ? " – máy chủ trả lại: " + r.why + " " : " – tự gửi khi có đường truyền "));
      li.append(make("a", "Sửa lại", { href: r.page + "#sua=" + r.key, class: "btn plain small" }), button("Bỏ", async () => { await forget(r); strip(); }, r.title));
      if (r.state === "bad") li.append(button("Gửi lại", async () => { r.state = "wait"; await put("form", r); pump(); }, r.title));
      box.lastChild.append(li);
    });
  };
  const done = (r, to) => {
    const p = make("p", "Đã gửi: " + r.title + ". ", { class: "flash done", role: "status" });
    p.append(make("a", "Mở", { href: to }));
    document.querySelector("main")?.prepend(p);
    strip();
  };

  // --- A form is sent: written down first, then tried.
  const hold = (form, r) => {
    form.dataset.sent = r.key;
    let line = form.querySelector(".unsent");
    if (!line) { line = make("p", "", { class: "kept unsent", role: "status" }); form.append(line); }
    line.replaceChildren("Chưa gửi. Nội dung và tệp đang giữ trên máy này và tự gửi khi có đường truyền; anh/chị có thể sang trang khác.",
      button("Sửa lại", async () => { await drop("form", r.key); for (const k of r.files) { const f = await get("file", k); if (f) { f.form = r.place; await put("file", f); } } delete form.dataset.sent; form.inert = false; line.remove(); files(form); }));
    all(".acts button", form).forEach((b) => { b.disabled = true; });
  };
  const free = (form) => all(".acts button", form).forEach((b) => { b.disabled = false; });
  const enqueue = async (form, submitter) => {
    await form.choosing;
    const at = place(form), mine = (await list("file")).filter((f) => f.form === at), bad = mine.find((f) => f.state === "bad");
    if (bad) { form.querySelector("ul.queue button")?.focus(); free(form); return; }
    const entries = [...new FormData(form, submitter)].filter(([, v]) => typeof v === "string");
    const title = (form.elements.title?.value || "").trim() || document.querySelector("h1")?.textContent || "Việc";
    const r = { key: form.elements.key.value, who, url: form.getAttribute("action"), page: location.pathname, place: at, keep: form.dataset.keep, entries, files: mine.map((f) => f.key), title, state: "wait", made: Date.now() };
    await put("form", r);
    for (const f of mine) { f.form = "sent:" + r.key; if (f.state === "paused") f.state = "wait"; await put("file", f); }
    clearTimeout(form.keepTimer); form.keepTimer = 0;
    try { localStorage.removeItem("keep:" + who + ":" + r.keep); } catch { /* forbidden: nothing was kept */ }
    hold(form, r);
    pump();
  };
  // A record that is to be put right comes back into its form, with its key: it cannot be done twice.
  const rewrite = async (form, key) => {
    const r = await get("form", key);
    if (!r || r.keep !== form.dataset.keep) return;
    await drop("form", key);
    [...form.elements].forEach((f) => {
      const v = r.entries.filter(([k]) => k === f.name).map(([, one]) => one);
      if (!f.name || /^(file|submit|button)$/.test(f.type) || f.name === "nosecret") return;
      if (f.type === "checkbox" || f.type === "radio") f.checked = v.includes(f.value);
      else if (v.length && (f.type !== "hidden" || f.name === "key" && r.state !== "bad")) f.value = v[0];
    });
    for (const k of r.files) { const f = await get("file", k); if (f) { f.form = place(form); await put("file", f); } }
    history.replaceState(null, "", location.pathname + location.search);
    if (r.state === "bad") form.prepend(make("p", "Máy chủ trả lại: " + r.why, { class: "kept", role: "alert" }));
    strip();
  };

  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form.getAttribute("action") === "/signout") try { localStorage.removeItem("field"); } catch { /* forbidden: nothing was kept */ }
    if ("signout" in form.dataset && !form.dataset.wiped) { // also what waits here belongs to whoever leaves
      e.preventDefault();
      Promise.all(["file", "form"].map((s) => does(s, "readwrite", (o) => o.clear()))).catch(() => {}).finally(() => { form.dataset.wiped = "1"; form.submit(); });
    }
    if (e.defaultPrevented || !("queue" in form.dataset) || !form.dataset.ready) return;
    e.preventDefault();
    if (form.dataset.sent) return;
    all(".acts button", form).forEach((b) => { b.disabled = true; });
    const again = () => { delete form.dataset.ready; free(form); form.requestSubmit(e.submitter); }; // cannot be kept: the plain way
    enqueue(form, e.submitter).catch(again);
  });
  // The choice of files is taken over before anybody else sees it.
  document.addEventListener("change", async (e) => {
    const input = e.target, form = input.form;
    if (input.type !== "file" || !form || !form.dataset.ready || form.dataset.sent) return;
    e.stopPropagation();
    const chosen = [...input.files];
    input.value = "";
    const before = form.choosing;
    form.choosing = (async () => { // a form that is sent meanwhile waits for it
      await before;
      for (const file of chosen) {
        const blob = await shrink(file);
        await put("file", { key: newKey(), who, form: place(form), name: file.name, blob, at: 0, id: "", state: blob.size ? "wait" : "bad", why: "tệp rỗng", made: Date.now() + Math.random() });
      }
    })();
    await form.choosing;
    await files(form);
    pump();
  }, true);

  (async () => {
    await base();
    if (!who) return;
    await givenBack();
    const forms = all("form[data-queue]"), key = new URLSearchParams(location.hash.slice(1)).get("sua");
    for (const form of forms) { form.dataset.ready = "1"; if (key) await rewrite(form, key); await files(form); }
    pump();
  })().catch(() => { /* forbidden here: forms are sent the plain way */ });
})();
