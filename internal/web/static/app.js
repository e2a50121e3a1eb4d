// What pages do beyond HTML. Everything here is a comfort: without it each page still works.
// htmx is set up by a <meta> in the head; nothing here builds markup from text.
(() => {
  "use strict";
  const all = (sel, root = document) => [...root.querySelectorAll(sel)];
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  const body = () => document.body.dataset;

  // --- Keyboard: "/" searches, "?" shows the keys, arrows walk the rows of a list.
  const walk = (step, from) => {
    const rows = all("[data-rows] a.row, [data-rows] tbody th a");
    const at = rows.indexOf(from);
    const next = at < 0 ? (step > 0 ? 0 : -1) : at + step;
    if (next < 0 || next >= rows.length) return false;
    rows[next].focus();
    return true;
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || typing(e.target)) return;
    const here = e.target.closest ? e.target.closest("[data-rows] a") : null;
    if (e.key === "/") {
      const q = document.getElementById("q");
      if (q) { q.focus(); q.select(); e.preventDefault(); }
    } else if (e.key === "?") {
      const help = document.getElementById("keys");
      if (help && help.togglePopover) { help.togglePopover(); e.preventDefault(); }
    } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && (here || e.target === document.body)) {
      if (walk(e.key === "ArrowDown" ? 1 : -1, here)) e.preventDefault();
    }
  });
  // A sheet that is open closes with Escape or a click beside it.
  const fold = (keep) => all("details.who[open]").forEach((d) => { if (!keep || !d.contains(keep)) d.open = false; });
  document.addEventListener("click", (e) => fold(e.target));
  document.addEventListener("keydown", (e) => { if (e.key === "Escape") fold(); });

  // --- Drafts: what is typed stays in this browser until the server says it has it.
  // Kept per officer and form, so that the next person at the same machine never meets it.
  const name = (form) => "keep:" + (body().who || "") + ":" + form.dataset.keep;
  const keepable = (f) => f.name && !/^(hidden|password|file|submit|button)$/.test(f.type) && !("nokeep" in f.dataset);
  const get = (k) => { try { return JSON.parse(localStorage.getItem(k)); } catch { return null; } };
  const put = (k, v) => { try { localStorage.setItem(k, JSON.stringify(v)); } catch { /* full or forbidden: the page works on */ } };
  const drop = (k) => { try { localStorage.removeItem(k); } catch { /* as above */ } };
  const dropAll = () => { try { Object.keys(localStorage).filter((k) => k.startsWith("keep:")).forEach(drop); } catch { /* as above */ } };

  const save = (form) => {
    const values = {};
    [...form.elements].filter(keepable).forEach((f) => {
      if (f.type === "checkbox" || f.type === "radio") { (values[f.name] ||= []); if (f.checked) values[f.name].push(f.value); }
      else if (f.multiple) values[f.name] = [...f.selectedOptions].map((o) => o.value);
      else values[f.name] = [f.value];
    });
    put(name(form), { at: Date.now(), values });
  };
  const fill = (form, values) => {
    let changed = false;
    [...form.elements].filter(keepable).forEach((f) => {
      const v = values[f.name];
      if (!v) return;
      if (f.type === "checkbox" || f.type === "radio") { if (f.checked !== v.includes(f.value)) { f.checked = !f.checked; changed = true; } }
      else if (f.multiple) [...f.options].forEach((o) => { const on = v.includes(o.value); if (o.selected !== on) { o.selected = on; changed = true; } });
      else if (f.value !== v[0]) { f.value = v[0]; changed = true; }
    });
    return changed;
  };
  const restore = (form) => {
    const kept = get(name(form));
    // A form that comes back with a refusal carries the newer text itself.
    if (!kept || "refused" in form.dataset || !fill(form, kept.values)) return;
    const d = new Date(kept.at), two = (n) => String(n).padStart(2, "0");
    const at = two(d.getHours()) + ":" + two(d.getMinutes()) + " ngày " + two(d.getDate()) + "/" + two(d.getMonth() + 1);
    const line = document.createElement("p"), no = document.createElement("button");
    line.className = "kept"; line.setAttribute("role", "status");
    line.append("Đã đưa lại nội dung anh/chị gõ dở lúc " + at + ".", no);
    no.type = "button"; no.className = "btn plain small"; no.textContent = "Bỏ nội dung này";
    no.addEventListener("click", () => { drop(name(form)); form.reset(); line.remove(); counts(form); });
    form.prepend(line);
  };
  document.addEventListener("input", (e) => {
    const form = e.target.form;
    if (form && form.dataset.keep) { clearTimeout(form.keepTimer); form.keepTimer = setTimeout(save, 400, form); }
    if (e.target.dataset.left) count(e.target);
  });
  document.addEventListener("submit", (e) => {
    if ("signout" in e.target.dataset) dropAll();
    else if (e.target.dataset.keep) { clearTimeout(e.target.keepTimer); save(e.target); }
  });
  addEventListener("pagehide", () => all("form[data-keep]").forEach((f) => { if (f.keepTimer) save(f); }));

  // --- How much may still be written.
  const count = (area) => {
    const out = document.getElementById(area.dataset.left);
    if (out) out.textContent = "còn " + Math.max(0, area.maxLength - area.value.length).toLocaleString("vi-VN") + " ký tự";
  };
  const counts = (root) => all("textarea[data-left]", root).forEach(count);

  // --- Live: the server says "changed" and nothing else; the page asks again under its own rights
  // and puts the new parts in place, never under a hand that is typing.
  let stream, wait;
  const refresh = async () => {
    const parts = all("[data-live][id]");
    if (!parts.length) return;
    const answer = await fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    parts.forEach((old) => {
      const now = fresh.getElementById(old.id), on = document.activeElement;
      if (!now || now.isEqualNode(old) || (old.contains(on) && typing(on)) || old.querySelector("form[data-keep]")) return;
      const href = old.contains(on) && on.getAttribute("href");
      old.replaceWith(document.adoptNode(now));
      if (window.htmx) htmx.process(now);
      const again = href && all("a", now).find((a) => a.getAttribute("href") === href);
      if (again) again.focus();
    });
  };
  const later = () => { clearTimeout(wait); wait = setTimeout(refresh, 200 + Math.random() * 600); };
  // A hidden tab lets go of its stream: a browser has only six connections to one server.
  const listen = () => {
    if (document.hidden) { if (stream) stream.close(); stream = null; return; }
    if (stream || !body().stream || !window.EventSource) return;
    stream = new EventSource(body().stream);
    stream.addEventListener("changed", later);
    stream.onmessage = later;
  };
  document.addEventListener("visibilitychange", () => { listen(); if (!document.hidden) later(); });

  // --- A page, or a part of one, has arrived.
  const arrive = (root) => {
    all("form[data-keep]", root).forEach(restore);
    counts(root);
    all("select[data-go]", root).forEach((s) => s.addEventListener("change", () => s.form.requestSubmit()));
  };
  (document.querySelector("meta[name=kept]")?.content || "").split(" ").filter(Boolean)
    .forEach((k) => drop("keep:" + (body().who || "") + ":" + k));
  arrive(document);
  listen();
  document.addEventListener("htmx:load", (e) => { if (e.target !== document.body) arrive(e.target); });
  // A refusal that htmx receives is a whole page with its own next step: show it, never swallow it.
  document.addEventListener("htmx:beforeSwap", (e) => {
    const { xhr } = e.detail;
    if (xhr.status >= 400 && xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) e.detail.shouldSwap = true;
  });
})();
