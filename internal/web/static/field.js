// The page for people on the spot: it opens without a line, with the choices that this phone keeps of its officer.
// What is written goes into the queue of lines.js, which is loaded once it is known who is at the phone.
(() => {
  "use strict";
  const here = document.currentScript.dataset.lines, form = document.querySelector("form[data-queue]"), state = document.getElementById("field-state");
  const read = () => { try { return JSON.parse(localStorage.getItem("field")); } catch { return null; } };
  const write = (k) => { try { if (k) localStorage.setItem("field", JSON.stringify(k)); else localStorage.removeItem("field"); } catch { /* forbidden: asked for again each time */ } };
  const option = (o) => { const el = document.createElement("option"); el.value = o.id; el.textContent = o.say; return el; };
  const fill = (select, all, first) => { const was = select.value; select.replaceChildren(...first, ...all.map(option)); if ([...select.options].some((o) => o.value === was)) select.value = was; };
  const field = (el) => el.closest(".field");
  let kept = read();

  // What stands in the form follows the incident that is chosen: its communes, what is counted of its kind.
  const follow = () => {
    const { incident, type, commune, title } = form.elements, one = kept && kept.incidents.find((i) => i.id === incident.value), fresh = !one;
    fill(commune, one ? one.communes : [], []);
    field(commune).hidden = fresh; commune.disabled = fresh;
    [type, title].forEach((el) => {
      field(el).hidden = !fresh; el.disabled = !fresh; el.required = fresh;
      field(el).querySelector(".opt")?.toggleAttribute("hidden", fresh);
    });
    if (one) title.value = one.say; else if (title.dataset.said) title.value = ""; // by it the queue names what waits
    title.dataset.said = one ? "1" : "";
    const kind = one ? one.type : type.value;
    (kept ? kept.figures : []).forEach((f) => { const el = form.elements["f_" + f.id], off = !f.types.includes(kind); field(el).hidden = off; el.disabled = off; });
  };
  const draw = () => {
    const { incident, type, who, key, seen_at: at } = form.elements, none = option({ id: "new", say: "Sự cố mới, chưa có hồ sơ" });
    who.value = kept ? kept.who : "";
    if (!key.value) key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    if (!at.value) { const d = new Date(); d.setMinutes(d.getMinutes() - d.getTimezoneOffset()); at.value = d.toISOString().slice(0, 16); }
    if (kept) {
      fill(incident, kept.incidents, kept.types.length ? [none] : []);
      fill(type, kept.types, [option({ id: "", say: "– chọn loại –" })]);
    }
    follow();
  };
  const say = (text, href, label) => {
    state.textContent = text + " ";
    if (href) { const a = document.createElement("a"); a.href = href; a.textContent = label; state.append(a); }
  };
  const lines = () => { // the queue is the officer's at the phone: it needs to know who that is
    if (kept) document.body.dataset.who = kept.who;
    const s = document.createElement("script");
    s.src = here;
    document.head.append(s);
  };
  // After an item is written down the form is free for the next one; those that wait stand above.
  new MutationObserver(() => {
    if (form.dataset.sent && !form.querySelector(".next-item")) {
      const b = document.createElement("button");
      b.type = "button"; b.className = "btn next-item"; b.textContent = "Ghi việc khác";
      b.addEventListener("click", () => location.assign(location.pathname));
      form.append(b);
    }
  }).observe(form, { attributes: true, attributeFilter: ["data-sent"] });

  const begin = async () => {
    document.getElementById("field-insecure").hidden = isSecureContext;
    if (isSecureContext && navigator.serviceWorker) navigator.serviceWorker.register("/hien-truong/worker.js", { scope: "/hien-truong/" }).catch(() => {});
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    const sent = new URLSearchParams(location.search).get("da-gui");
    draw();
    try {
      const res = await fetch("/hien-truong/danh-muc", { cache: "no-store", credentials: "same-origin", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(6000) });
      if (res.status === 401 || res.redirected) {
        say(kept ? "Chưa đăng nhập: việc ghi ở đây nằm trên máy, đăng nhập rồi mới gửi." : "Anh/chị đăng nhập một lần khi có mạng để dùng trang này.", "/signin?next=/hien-truong/", "Đăng nhập");
      } else if (res.ok) {
        kept = await res.json();
        write(kept);
        draw();
        if (sent) say("Đã gửi.", "/su-co/" + encodeURIComponent(sent), "Mở hồ sơ"); else say("Có mạng, " + kept.name + ".");
      } else say("Máy chủ đang bận; việc ghi ở đây nằm trên máy, tự gửi sau.");
    } catch {
      say(kept ? "Đang không có mạng: việc ghi ở đây nằm trên máy này, ghi “chưa gửi”." : "Đang không có mạng, và máy này chưa đăng nhập lần nào: chưa ghi được.");
    }
    if (!kept) form.inert = true;
    lines();
  };
  form.addEventListener("change", (e) => { if (e.target === form.elements.incident || e.target === form.elements.type) follow(); });
  begin();
})();
