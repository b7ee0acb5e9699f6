// The collection in a dialog: what there is to read, by day and outlet, a list of its articles, and a search.
(() => {
  "use strict";
  const { words, find, all, put, made, asked, fill } = dateline;
  const REST_MILLISECONDS = 250; // of the keyboard, before what was typed is looked for
  const EVERYTHING = { outlets: [], since: "", until: "" };
  let scope = EVERYTHING; // what is looked through, which is also what is asked
  let opener = null;
  let rest = 0;
  const underWay = new Map(); // the request of each part, which a newer one overtakes

  const dialog = () => find("#collection");
  const within = (selector) => find(selector, dialog());
  const every = (selector) => all(selector, dialog());

  // A live region of its own: what lies behind a dialog is not read out.
  function tell(text) {
    within(".announced").textContent = text;
  }

  function address(path, more = {}) {
    const query = new URLSearchParams(scope.outlets.map((name) => ["outlet", name]));
    for (const [name, value] of Object.entries({ since: scope.since, until: scope.until, ...more })) {
      if (value) query.set(name, value);
    }
    return `${path}?${query}`;
  }

  function say(place, text, kind, again = null) {
    place.replaceChildren(made("p", text, kind));
    if (!again) return;
    const button = Object.assign(made("button", words.TRY_AGAIN), { type: "button" });
    button.addEventListener("click", again);
    place.append(button);
    tell(text);
  }

  async function load(part, place, from, show) {
    underWay.get(part)?.abort();
    const asking = new AbortController();
    underWay.set(part, asking);
    const { signal } = asking;
    const again = () => load(part, place, from, show);
    const failed = (error) => {
      if (!signal.aborted) say(place, fill(words.COLLECTION_FAILED, { reason: error.message }), "failed", again);
    };
    if (!place.hasChildNodes() || place.querySelector(".failed")) say(place, words.COLLECTION_LOADING, "loading");
    place.setAttribute("aria-busy", "true");
    await asked(from, { signal }).then(show, failed);
    if (!signal.aborted) place.removeAttribute("aria-busy"); // else a newer one has taken its place
  }

  // What there is

  // Whether a button has the place of one that was there before: its outlet, or the day its bar began with.
  function stands({ dataset }, { dataset: before }) {
    if (before.outlet) return dataset.outlet === before.outlet;
    return dataset.until >= before.since && dataset.since <= before.until;
  }

  function showOverview(html) {
    const place = within(".overview");
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    put(place, html);
    const bars = every(".bar");
    const same = focused && every(".bar, button.outlet").find((one) => stands(one, focused));
    const stop = same?.matches(".bar") ? same : bars.find((bar) => bar.ariaPressed === "true") ?? bars[0];
    rove(stop);
    stop?.setAttribute("aria-describedby", "days-hint"); // said to who comes to the bars, and not at each of them
    if (focused) (same ?? bars[0] ?? within(".words")).focus();
  }

  // One stop for the Tab key, from which arrow keys lead on.
  function rove(to) {
    every(".bar").forEach((bar) => (bar.tabIndex = bar === to ? 0 : -1));
  }

  function step(event) {
    const bars = every(".bar");
    const at = bars.indexOf(event.target.closest(".bar"));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const bar = bars[Math.max(0, Math.min(to, bars.length - 1))];
    rove(bar);
    bar.focus();
  }

  function narrow(change) {
    scope = { ...scope, ...change };
    dateline.setScope(change);
    look(true);
  }

  function chooseDays({ dataset, ariaPressed }) {
    const days = ariaPressed === "true" ? { since: "", until: "" } : { since: dataset.since, until: dataset.until };
    narrow(days);
  }

  function chooseOutlet({ dataset, ariaPressed }) {
    const others = scope.outlets.filter((name) => name !== dataset.outlet);
    narrow({ outlets: ariaPressed === "true" ? others : [...others, dataset.outlet] });
  }

  // Its articles

  function list(told = false) {
    clearTimeout(rest);
    load("articles", within(".list"), address("/articles", { words: within(".words").value.trim() }), (html) => {
      put(within(".list"), html);
      if (told) tell(within(".list > p").textContent);
    });
  }

  function more(button) {
    const place = document.createElement("div");
    const from = address("/articles", { words: within(".words").value.trim(), page: button.dataset.page });
    button.replaceWith(place);
    load("articles", place, from, (html) => {
      put(place, html);
      find(".open", place)?.focus();
      tell(fill(words.ARTICLES_LOADED, { count: all(".open", place).length }));
    });
  }

  function look(told = false) {
    load("overview", within(".overview"), address("/collection"), showOverview);
    list(told);
  }

  function open(button) {
    opener = button;
    scope = dateline.scope();
    dialog().showModal();
    look();
  }

  document.addEventListener("click", (event) => {
    const pressed = (selector) => event.target.closest(selector);
    if (pressed(".open-collection")) open(pressed(".open-collection"));
    if (!pressed("#collection")) return;
    if (pressed(".bar")) chooseDays(pressed(".bar"));
    else if (pressed("button.outlet")) chooseOutlet(pressed("button.outlet"));
    else if (pressed(".show-all")) narrow(EVERYTHING);
    else if (pressed(".more")) more(pressed(".more"));
  });

  // Before the reader hears of it: an article opens beside the chat, once the dialog no longer covers it.
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("#collection a.open");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    dialog().close();
    dateline.open(link.getAttribute("href"), opener);
  }, true);

  document.addEventListener("input", (event) => {
    if (!event.target.matches("#collection .words")) return;
    clearTimeout(rest);
    rest = setTimeout(() => list(true), REST_MILLISECONDS);
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.closest?.("#collection")) return;
    if (event.key === "Enter" && event.target.matches(".words")) list(true);
    else step(event);
  });
})();
