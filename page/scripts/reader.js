// A click on a citation opens its article beside the chat, at the marked words. Enter on a focused link is a click
// too. Escape, or "Back to the answer", returns to where it was opened from.
(() => {
  "use strict";
  const { words, find, all, put, made, asked, fill, announce, onready } = dateline;
  const NARROW = matchMedia("(max-width: 860px)");
  let opened = ""; // the address of the article that is shown, or is being fetched
  let origin = null; // what was clicked, to come back to
  let asking = null; // the request under way
  let left = null; // where the focus was when it was asked for
  let current = ""; // the span that one has come to

  const reader = () => find("#reader");
  const article = () => find("#reader article");
  const top = (element) => element.getBoundingClientRect().top;

  // The spans of the article that are marked, in order. Where spans lie in each other or overlap, a mark is a
  // piece of several.
  function spans() {
    const found = new Map();
    for (const piece of all("#reader mark"))
      for (const at of piece.dataset.at.split(" ")) found.set(at, [...(found.get(at) ?? []), piece]);
    const edges = (span) => span.at.split("-").map(Number);
    return [...found]
      .map(([at, pieces]) => ({ at, pieces }))
      .sort((one, other) => edges(one)[0] - edges(other)[0] || edges(one)[1] - edges(other)[1]);
  }

  // Scrolls one box, and never the window, as scrollIntoView would.
  function place(box, element, below) {
    box.scrollTop += top(element) - top(box) - box.clientTop - below;
  }

  function scrollTo(pieces) {
    const covered = find("#reader .bar").offsetHeight;
    const last = pieces[pieces.length - 1].getBoundingClientRect();
    const room = reader().clientHeight - covered - (last.bottom - top(pieces[0]));
    place(reader(), pieces[0], covered + Math.max(12, room / 2));
  }

  function count() {
    const every = spans();
    const at = every.findIndex((span) => span.at === current);
    find("#reader .marks").hidden = every.length === 0;
    find("#reader .place").textContent = fill(words.MARK_PLACE, { place: at + 1, count: every.length });
    all("#reader .previous, #reader .next").forEach((button) => (button.disabled = every.length < 2));
  }

  function choose({ at, pieces }) {
    all("#reader mark.chosen").forEach((mark) => (mark.className = "cited"));
    pieces.forEach((mark) => (mark.className = "chosen"));
    current = at;
    scrollTo(pieces);
    count();
  }

  function step(by) {
    const every = spans();
    const at = every.findIndex((span) => span.at === current);
    if (every.length) choose(every[(at + by + every.length) % every.length]);
    announce(find("#reader .place").textContent);
  }

  // A link may have chosen several spans, which are all strong then; one has come to the first of them.
  function show(html) {
    put(find("#reader .opened"), html);
    reader().scrollTop = 0;
    const every = spans();
    find("#reader .what").textContent = find("#reader .details bdi").textContent; // in view however far one reads
    const wanted = article().dataset.chosen.split(" ");
    const first = every.find((span) => wanted.includes(span.at));
    current = first?.at ?? "";
    if (first) scrollTo(first.pieces);
    else if (every.length) choose(every[0]);
    count();
    const to = find("#reader mark.chosen") ?? article(); // what is read out begins at the words
    to.tabIndex = -1;
    goTo(to);
  }

  function say(text, kind) {
    find("#reader .opened").replaceChildren(made("p", text, kind));
    find("#reader .marks").hidden = true;
    find("#reader .what").textContent = "";
  }

  function empty() {
    asking?.abort();
    [opened, origin] = ["", null];
    document.body.classList.remove("reading");
    say(words.READER_EMPTY, "empty");
  }

  // What gradio draws anew is another element with the same address.
  function opener() {
    if (origin?.isConnected) return origin;
    return opened && find(`#conversation a[href="${CSS.escape(opened)}"]`);
  }

  function mark(link) {
    all("a[aria-current]").forEach((other) => other !== link && other.removeAttribute("aria-current"));
    link?.setAttribute("aria-current", "true");
  }

  function slide() {
    if (document.body.classList.contains("reading")) return;
    document.body.classList.add("reading"); // on a narrow screen the reader stands in front of the chat
    if (NARROW.matches) history.pushState({ reading: true }, ""); // and the phone's own "back" leaves it
  }

  // Who has gone back, or elsewhere, while the article was fetched stays there.
  function goTo(element) {
    const stayed = [left, document.body].includes(document.activeElement);
    if (stayed && document.body.classList.contains("reading")) element.focus({ preventScroll: true });
  }

  async function open(address, from = null) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    opened = address;
    origin = from;
    mark(from?.closest("#conversation") ? from : null);
    slide();
    left = document.activeElement;
    if (!article()) say(words.OPENING, "empty");
    reader().setAttribute("aria-busy", "true");
    await asked(address, { signal }).then(show, (error) => signal.aborted || refuse(error.message));
    if (!signal.aborted) reader().removeAttribute("aria-busy"); // else another article is being opened
  }

  function refuse(reason) {
    say(fill(words.NOT_OPENED, { reason }), "empty failed");
    announce(find("#reader .opened").textContent);
    goTo(reader());
  }

  function back() {
    if (history.state?.reading && NARROW.matches) history.back();
    else leave();
  }

  function leave() {
    document.body.classList.remove("reading");
    const link = opener();
    const chat = find("#conversation [role=log]");
    if (!link) return find("#question textarea").focus();
    if (chat?.contains(link)) {
      const below = top(link) - top(chat);
      if (below < 0 || below > chat.clientHeight - link.offsetHeight) place(chat, link, chat.clientHeight / 2);
    }
    link.focus({ preventScroll: true });
  }

  addEventListener("popstate", () => document.body.classList.contains("reading") && NARROW.matches && leave());

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
    const link = event.target.closest('a[href^="/article/"]');
    if (!link) return;
    event.preventDefault();
    unhint();
    open(link.getAttribute("href"), link);
  }, true); // before gradio hears of it

  // The quote behind a link, and the day behind "yesterday", beside what is pointed at, tapped or focused.
  const tip = () => find("#quoted");

  function hint(element) {
    if (element.title) {
      element.dataset.quote = element.title;
      element.removeAttribute("title"); // or the browser shows it too
    }
    if (!element.dataset.quote) return;
    tip().textContent = element.dataset.quote;
    tip().hidden = false;
    element.setAttribute("aria-describedby", "quoted");
    const box = element.getClientRects()[0];
    const room = document.documentElement.clientWidth - tip().offsetWidth - 8;
    const above = box.top - tip().offsetHeight - 6;
    tip().style.left = `${Math.max(8, Math.min(box.left, room))}px`;
    tip().style.top = `${above > 0 ? above : box.bottom + 6}px`;
  }

  function unhint() {
    if (!tip() || tip().hidden) return;
    tip().hidden = true;
    find('[aria-describedby="quoted"]')?.removeAttribute("aria-describedby");
  }

  for (const name of ["pointerover", "focusin", "pointerdown"]) {
    document.addEventListener(name, (event) => {
      const element = event.target.closest?.(name === "pointerdown" ? ".day" : "a.cite, .day"); // a tap on a link opens it
      if (element) hint(element);
      else unhint();
    });
  }
  document.addEventListener("scroll", unhint, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    unhint();
    const opening = document.body.classList.contains("reading") && reader().ariaBusy === "true"; // the focus is not there yet
    if (event.target.closest("#reader") || opening) back();
  });

  // The link of what is open is known as such also once it is drawn anew.
  function remark() {
    if (opened && !find("#conversation a[aria-current]")) mark(find(`#conversation a[href="${CSS.escape(opened)}"]`));
  }

  onready(() => {
    dateline.onanswer(remark);
    find("#reader .return").addEventListener("click", back);
    find("#reader .previous").addEventListener("click", () => step(-1));
    find("#reader .next").addEventListener("click", () => step(1));
    find("#reader").addEventListener("click", (event) => {
      if (event.target.closest(".ask-about")) dateline.askAbout(article());
    });
  });

  Object.assign(dateline, { open, place, leave: back, emptyReader: empty });
})();
