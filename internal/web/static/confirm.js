// The confirming screen by keyboard: j and k walk the proposals, e s x a open their acts,
// m ticks for merging; document and proposals follow each other. Without it the links work.
(() => {
  "use strict";
  const page = document.querySelector("[data-confirm]");
  if (!page) return;
  const cards = [...page.querySelectorAll(".proposal")];
  let at = -1;
  const show = (n, from) => {
    at = cards.findIndex((c) => c.dataset.n === n);
    page.querySelectorAll(".on").forEach((el) => el.classList.remove("on"));
    const card = document.getElementById("p-" + n), words = card ? card.dataset.span : n; // pieces of a split share their words
    page.querySelectorAll(`.proposal[data-n="${n}"], a.span[data-n="${words}"]`).forEach((el) => el.classList.add("on"));
    const span = document.getElementById("s-" + words);
    if (span && from !== "span") span.scrollIntoView({ block: "center" });
    if (card) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: from === "span" ? "start" : "nearest" }); }
    history.replaceState(null, "", "#p-" + n);
  };
  page.addEventListener("click", (e) => {
    const span = e.target.closest("a.span"), head = e.target.closest(".proposal h3 a");
    if (!span && !head) return;
    e.preventDefault();
    show((span || head.closest(".proposal")).dataset.n, span ? "span" : "card");
  });
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && e.target.type !== "checkbox") return;
    if (e.key === "j" || e.key === "k") {
      const next = Math.min(cards.length - 1, Math.max(0, at + (e.key === "j" ? 1 : -1)));
      if (cards[next]) { show(cards[next].dataset.n, "card"); e.preventDefault(); }
      return;
    }
    if (e.key === "a") { // what is marked in the document becomes the new task's text
      const add = page.querySelector('a[href$="/add"]');
      if (!add) return;
      const marked = String(getSelection()).trim();
      location.href = add.href + (marked ? "?content=" + encodeURIComponent(marked.slice(0, 1500)) : "");
      e.preventDefault();
      return;
    }
    const act = "esmx".includes(e.key) && cards[at] ? cards[at].querySelector(`[data-key="${e.key}"]`) : null;
    if (act) { act.click(); e.preventDefault(); }
  });
  if (location.hash.startsWith("#p-")) show(location.hash.slice(3), "card");
})();
