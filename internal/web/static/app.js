// What pages do beyond HTML. Everything here is a comfort: without it each page still works.
// htmx is set up by a <meta> in the head; nothing here builds markup from text.
(() => {
  "use strict";
  const all = (sel, root = document) => [...root.querySelectorAll(sel)];
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  const body = () => document.body.dataset;

  // --- Keyboard: "/" searches, "?" shows the keys, arrows walk the rows of a list.
  const walk = (step, from) => {
    const rows = all("[data-rows] a.row, [data-rows] tbody th a, .month li a");
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
    } else if (e.key === "x" && here) { // ticks the row that has the focus
      const box = here.closest("li")?.querySelector("[name=case]");
      if (box) { box.click(); e.preventDefault(); }
    } else if ((e.key === "ArrowLeft" || e.key === "ArrowRight") && e.target === document.body) {
      const to = document.querySelector(e.key === "ArrowLeft" ? ".period a[rel=prev]" : ".period a[rel=next]");
      if (to) { to.click(); e.preventDefault(); }
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
    // The office's clock, as everywhere on the page: a machine may be set to another zone.
    const [, month, day, at] = /-(..)-(..) (..:..)/.exec(new Date(kept.at).toLocaleString("sv-SE", { timeZone: "Asia/Ho_Chi_Minh" }));
    const line = document.createElement("p"), no = document.createElement("button");
    line.className = "kept"; line.setAttribute("role", "status");
    line.append("Đã đưa lại nội dung anh/chị gõ dở lúc " + at + " ngày " + day + "/" + month + ".", no);
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
    if ("signout" in e.target.dataset) { dropAll(); dropPages(); }
    else if (e.target.dataset.keep) { clearTimeout(e.target.keepTimer); save(e.target); }
  });
  addEventListener("pagehide", () => all("form[data-keep]").forEach((f) => { if (f.keepTimer) save(f); }));

  // --- Forms that open again without a line (form_worker.js): only those that raise and answer, only while
  // somebody is signed in.
  const dropPages = () => { if (window.caches) caches.delete("bieu-mau-trang").catch(() => {}); };
  const keepPages = () => {
    const work = isSecureContext && navigator.serviceWorker;
    if (!body().who) { dropPages(); return; }
    if (!work || !location.pathname.startsWith("/petitions/") || !document.querySelector("form[data-queue]")) return;
    const fresh = !work.controller; // this page came past no worker: it is fetched once more to be kept
    work.register("/petitions/worker.js", { scope: "/petitions/" }).then(() => work.ready).then((r) => { if (fresh) r.active.postMessage({ keep: location.pathname }); }).catch(() => {});
    if (!("kept" in body())) return;
    const line = document.createElement("p");
    line.className = "flash soon"; line.setAttribute("role", "status");
    line.textContent = "Không có đường truyền: đây là biểu mẫu giữ trên máy này. Anh/chị gõ tiếp và gửi; nội dung chờ ở đây và tự gửi khi có đường truyền.";
    document.getElementById("main")?.prepend(line);
  };

  // --- How much may still be written.
  const count = (area) => {
    const out = document.getElementById(area.dataset.left);
    if (out) out.textContent = "còn " + Math.max(0, area.maxLength - area.value.length).toLocaleString("vi-VN") + " ký tự";
  };
  const counts = (root) => all("textarea[data-left]", root).forEach(count);

  // --- Days: typed day first; Enter, the arrows and Escape work in the small calendar.
  const two = (n) => String(n).padStart(2, "0");
  const dmy = (d) => two(d.getDate()) + "/" + two(d.getMonth() + 1) + "/" + d.getFullYear();
  const readDay = (s) => {
    const m = /^\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{4}|\d{2}))?\s*$/.exec(s) || /^\s*(\d{2})(\d{2})(\d{4})\s*$/.exec(s);
    if (!m) return null;
    const y = m[3] ? +m[3] + (m[3].length === 2 ? 2000 : 0) : new Date().getFullYear();
    const d = new Date(y, m[2] - 1, m[1]);
    return d.getMonth() === m[2] - 1 && y >= 1900 ? d : null;
  };
  const say = (f, text) => { f.setCustomValidity(text); f.ours = !!text; };
  document.addEventListener("change", (e) => {
    if (!("day" in e.target.dataset)) return;
    const d = readDay(e.target.value);
    if (d) e.target.value = dmy(d);
    say(e.target, d || !e.target.value.trim() ? "" : "Ghi ngày/tháng/năm, ví dụ 05/03/2026.");
  });
  const shut = (back) => all(".cal").forEach((c) => { const b = c.parentNode.querySelector("[data-cal]"); c.remove(); b.setAttribute("aria-expanded", "false"); if (back) b.focus(); });
  const make = (tag, text, set = {}) => { const el = document.createElement(tag); el.textContent = text; Object.entries(set).forEach(([k, v]) => el.setAttribute(k, v)); return el; };
  const week = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"], long = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"];
  const drawMonth = (cal, at, focus) => {
    const input = cal.parentNode.querySelector("input"), picked = input.value, today = dmy(new Date());
    const move = (n) => new Date(at.getFullYear(), at.getMonth() + n, Math.min(at.getDate(), new Date(at.getFullYear(), at.getMonth() + n + 1, 0).getDate()));
    const turn = (mark, label, n) => { const b = make("button", mark, { type: "button", "aria-label": label }); b.addEventListener("click", () => { drawMonth(cal, move(n)); cal.querySelector(`[aria-label="${label}"]`).focus(); }); return b; };
    const bar = make("div", ""), table = make("table", ""), head = table.createTHead().insertRow(), body = table.createTBody();
    bar.append(turn("‹", "Tháng trước", -1), make("span", "Tháng " + (at.getMonth() + 1) + " năm " + at.getFullYear(), { "aria-live": "polite" }), turn("›", "Tháng sau", 1));
    week.forEach((w) => head.append(make("th", w, { scope: "col" })));
    const first = new Date(at.getFullYear(), at.getMonth(), 1), last = new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate();
    let row = body.insertRow();
    for (let i = (first.getDay() + 6) % 7; i > 0; i--) row.insertCell();
    for (let n = 1; n <= last; n++) {
      if (row.cells.length === 7) row = body.insertRow();
      const d = new Date(at.getFullYear(), at.getMonth(), n), b = make("button", n, { type: "button", tabindex: n === at.getDate() ? 0 : -1, "aria-label": long[d.getDay()] + " " + dmy(d) });
      if (dmy(d) === today) b.setAttribute("aria-current", "date");
      if (dmy(d) === picked) b.setAttribute("aria-pressed", "true");
      b.addEventListener("click", () => { input.value = dmy(d); say(input, ""); shut(); input.focus(); input.dispatchEvent(new Event("input", { bubbles: true })); });
      row.insertCell().append(b);
    }
    cal.replaceChildren(bar, table);
    cal.onkeydown = (e) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[e.key], to = by ? new Date(at.getFullYear(), at.getMonth(), at.getDate() + by) : { PageUp: move(-1), PageDown: move(1) }[e.key];
      if (e.key === "Escape") shut(true); else if (to && e.target.closest("td")) drawMonth(cal, to, true); else return;
      e.preventDefault(); e.stopPropagation();
    };
    if (focus) cal.querySelector('td [tabindex="0"]').focus();
  };
  const calendar = (button) => {
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    const input = button.parentNode.querySelector("input");
    const open = () => {
      const was = button.getAttribute("aria-expanded") === "true";
      shut();
      if (was) return;
      const cal = make("div", "", { class: "cal", role: "dialog", "aria-label": button.getAttribute("aria-label") });
      button.parentNode.append(cal);
      button.setAttribute("aria-expanded", "true");
      drawMonth(cal, readDay(input.value) || new Date(), true);
      const r = cal.getBoundingClientRect();
      if (r.bottom > innerHeight - 70) cal.scrollIntoView({ block: "nearest" });
    };
    button.addEventListener("click", open);
    input.addEventListener("keydown", (e) => { if (e.altKey && e.key === "ArrowDown") { open(); e.preventDefault(); } });
  };
  document.addEventListener("click", (e) => { if (!e.target.closest(".daybox") && e.target.isConnected) shut(); });

  // --- What is missing is said in the language of the page, not of the browser.
  document.addEventListener("invalid", (e) => {
    const f = e.target;
    if (f.validity.customError) return;
    say(f, !f.validity.valueMissing ? "Nội dung ở đây chưa đúng, anh/chị xem lại." : f.type === "checkbox" ? "Hãy đánh dấu vào ô này." :
      f.type === "radio" || f.tagName === "SELECT" ? "Hãy chọn một mục." : f.type === "file" ? "Hãy chọn tệp." : "Hãy điền vào ô này.");
  }, true);
  const unsay = (e) => { if (e.target.form) [...e.target.form.elements].filter((f) => f.ours && (f === e.target || !("day" in f.dataset))).forEach((f) => say(f, "")); };
  document.addEventListener("input", unsay);

  // --- Files: chosen ones stand in a list, more can be added, each can be left out again.
  const pick = (input) => {
    const box = input.closest(".pick"), line = box.querySelector(".picked"), list = make("ul", "", { class: "chosen" });
    let kept = [];
    const show = () => {
      const t = new DataTransfer();
      kept.forEach((f) => t.items.add(f));
      input.files = t.files;
      line.textContent = kept.length ? "Đã chọn " + kept.length + " tệp" : "Chưa chọn tệp nào; có thể kéo tệp thả vào đây";
      list.replaceChildren(...kept.map((f) => {
        const li = make("li", ""), no = make("button", "Bỏ", { type: "button", class: "btn plain small", "aria-label": "Bỏ tệp " + f.name });
        no.addEventListener("click", () => { kept = kept.filter((k) => k !== f); show(); input.focus(); });
        li.append(make("span", f.name + " (" + Math.max(1, Math.round(f.size / 1024)).toLocaleString("vi-VN") + " kB)"), no);
        return li;
      }));
    };
    input.addEventListener("change", () => {
      const more = [...input.files];
      kept = input.multiple ? [...kept.filter((k) => !more.some((m) => m.name === k.name)), ...more] : more.length ? more : kept;
      show();
    });
    if (input.form) input.form.addEventListener("reset", () => { kept = []; setTimeout(show); });
    box.classList.add("on");
    all("[hidden]", box).forEach((el) => { el.hidden = false; });
    box.after(list);
    show();
  };

  // --- Ticked rows of a list: how many, and no more than may go at once.
  document.addEventListener("change", (e) => {
    const say = e.target.name === "case" && document.querySelector("[data-picked]");
    if (!say) return;
    const n = all("[name=case]:checked").length, most = +say.dataset.picked;
    if (n > most) e.target.checked = false;
    say.textContent = n > most ? "Mỗi lần chọn tối đa " + most + " việc." : n ? "Đã chọn " + n + " việc:" : "Đánh dấu các việc để làm một lần.";
  });

  // --- A proposal is taken with one click; the choice it fills stays what is sent.
  document.addEventListener("click", (e) => {
    const b = e.target.closest("[data-choose]"), into = b && document.getElementById(b.dataset.into);
    if (!into) return;
    into.value = b.dataset.choose;
    into.dispatchEvent(new Event("input", { bubbles: true }));
    into.dispatchEvent(new Event("change", { bubbles: true }));
    into.focus();
  });

  // --- A sentence is copied with one click.
  const copier = (b) => {
    const from = document.getElementById(b.dataset.copy);
    if (!from || !navigator.clipboard) return;
    b.hidden = false;
    b.addEventListener("click", async () => {
      const done = await navigator.clipboard.writeText(from.textContent.trim()).then(() => true, () => false);
      b.textContent = done ? "Đã chép" : "Không chép được, hãy bôi đen câu trên";
    });
  };

  // --- Notices of the browser: asked for by a click only; a short line without title or text.
  // Which were shown is remembered per officer, so that two open pages show each once.
  const shown = () => "shown:" + (body().who || "");
  const announce = async () => {
    if (!("Notification" in window) || Notification.permission !== "granted" || !body().stream || !get("notify:" + (body().who || ""))) return;
    const answer = await fetch("/notices/news", { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const news = await answer.json().catch(() => []), last = get(shown()) || "";
    news.filter((n) => n.id > last).forEach((n) => {
      const note = new Notification(body().office || "Liên thông", { body: n.line, tag: n.id, lang: "vi" });
      note.onclick = () => { window.focus(); location.assign(n.href); };
    });
    const newest = news.map((n) => n.id).sort().pop();
    if (newest && newest > last) put(shown(), newest);
  };
  const asker = (card) => {
    if (!("Notification" in window)) return;
    const b = card.querySelector("button"), say = card.querySelector("[role=status]"), key = "notify:" + (body().who || "");
    const show = () => {
      const on = Notification.permission === "granted" && get(key);
      b.textContent = on ? "Tắt thông báo của trình duyệt" : "Bật thông báo của trình duyệt";
      b.hidden = Notification.permission === "denied";
      say.textContent = Notification.permission === "denied" ? "Trình duyệt đang chặn thông báo của trang này; mở lại trong cài đặt của trình duyệt." : on ? "Đang bật trên trình duyệt này." : "";
    };
    card.hidden = false;
    b.addEventListener("click", async () => {
      if (Notification.permission === "granted" && get(key)) drop(key);
      else if (await Notification.requestPermission() === "granted") { put(key, true); put(shown(), ""); }
      show();
    });
    show();
  };

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
      // what somebody has opened stays open
      if (now) all("details", old).forEach((d, i) => { const same = all("details", now)[i]; if (same) same.open = d.open; });
      if (!now || now.isEqualNode(old) || (old.contains(on) && typing(on)) || old.querySelector("form[data-keep], [name=case]:checked")) return;
      const href = old.contains(on) && on.getAttribute("href");
      old.replaceWith(document.adoptNode(now));
      if (window.htmx) htmx.process(now);
      const again = href && all("a", now).find((a) => a.getAttribute("href") === href);
      if (again) again.focus();
    });
  };
  const later = () => { clearTimeout(wait); wait = setTimeout(refresh, 200 + Math.random() * 600); };
  // A hidden tab lets go of its stream: a browser has only six connections to one server. One
  // whose officer asked for notices of the browser keeps it.
  const listen = () => {
    if (document.hidden && !get("notify:" + (body().who || ""))) { if (stream) stream.close(); stream = null; return; }
    if (stream || !body().stream || !window.EventSource) return;
    stream = new EventSource(body().stream);
    stream.addEventListener("changed", later);
    stream.addEventListener("changed", () => setTimeout(announce, 500 + Math.random() * 1500));
    stream.onmessage = later;
  };
  document.addEventListener("visibilitychange", () => { listen(); if (!document.hidden) later(); });

  // --- A page, or a part of one, has arrived.
  const arrive = (root) => {
    all("form[data-keep]", root).forEach(restore);
    counts(root);
    all("[data-cal]", root).forEach(calendar);
    all(".pick:not(.on) input", root).forEach(pick);
    all("[data-copy]", root).forEach(copier);
    all("#browser-notice", root).forEach(asker);
    all("select[data-go]", root).forEach((s) => s.addEventListener("change", () => s.form.requestSubmit()));
  };
  (document.querySelector("meta[name=kept]")?.content || "").split(" ").filter(Boolean)
    .forEach((k) => drop("keep:" + (body().who || "") + ":" + k));
  arrive(document);
  keepPages();
  listen();
  document.addEventListener("htmx:load", (e) => { if (e.target !== document.body) arrive(e.target); });
  // A refusal that htmx receives is a whole page with its own next step: show it, never swallow it.
  document.addEventListener("htmx:beforeSwap", (e) => {
    const { xhr } = e.detail;
    if (xhr.status >= 400 && xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) e.detail.shouldSwap = true;
  });
})();
