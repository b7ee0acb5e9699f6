// Conversations are kept in this browser, as the records in the chat's answers; one of them is open in each tab.
(() => {
  "use strict";
  const { find, all, words, fill, announce, onready } = dateline;
  const STORE = "dateline.conversations"; // in localStorage: {format, list: [{key, name, changed, turns}]}, newest first
  const OPEN = "dateline.open"; // in sessionStorage: the key of the conversation in this tab
  const FORMAT = 1;
  const MOST = 200; // conversations, and as many turns as are brought back of one
  const MOST_CHARACTERS = 4000000; // of the five million that a browser keeps of a page
  const OLDEST = 10; // conversations that are offered for deletion at a time

  const now = () => new Date().toISOString();
  const freshKey = () => crypto.getRandomValues(new Uint32Array(3)).join("-");
  const begins = (turns, start) => start.every((turn, place) => turns[place] === turn);
  const same = (turns, others) => turns.length === others.length && begins(turns, others);
  const dialog = () => find("#conversations");
  const shownTurns = () => all("#conversation a.record").map((link) => link.getAttribute("href").replace(/^#/, ""));

  let key = freshKey();
  let earlier = []; // turns of it that are not brought back into the chat, since they are too many
  let seen = []; // its turns as this tab last read or wrote them
  let awaited = null; // turns that Python has been asked to show again
  let leaving = null; // turns of the conversation that stands in the chat until then
  let usable = true;
  let full = false;
  let undone = []; // what the last deletion took away

  // What is said stands in the open dialog, else for a while at the foot of the page; a screen reader hears it.
  let fading = 0;
  function say(text) {
    const place = find("dialog[open] .said");
    if (place) return void (place.textContent = text);
    announce(text);
    const noted = find("#noted");
    noted.textContent = text;
    if (noted.hidePopover && noted.matches(":popover-open")) noted.hidePopover(); // it comes back above what is open now
    noted.showPopover?.();
    clearTimeout(fading);
    fading = setTimeout(() => noted.hidePopover?.(), 6000);
  }

  const told = new Set();
  function sayOnce(text) {
    if (!told.has(text)) say(text);
    told.add(text);
  }

  // What is stored

  const isEntry = (one) =>
    [one?.key, one?.name, one?.changed].every((text) => typeof text === "string") &&
    Array.isArray(one.turns) && one.turns.length > 0 && one.turns.every((turn) => typeof turn === "string");

  // Damaged data is moved aside, so that nothing is lost that someone could still read.
  function setAside(text) {
    localStorage.setItem(`${STORE}.damaged.${now()}`, text);
    localStorage.removeItem(STORE);
    sayOnce(words.CONVERSATIONS_DAMAGED);
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  function load() {
    let text = null;
    try {
      text = localStorage.getItem(STORE);
      if (text === null) return [];
      const stored = parsed(text);
      if (Number.isInteger(stored?.format) && stored.format !== FORMAT) {
        usable = false;
        sayOnce(words.CONVERSATIONS_OTHER);
        return [];
      }
      const list = Array.isArray(stored?.list) ? stored.list.filter(isEntry) : [];
      if (!Array.isArray(stored?.list) || list.length < stored.list.length) {
        setAside(text);
        if (list.length) localStorage.setItem(STORE, JSON.stringify({ format: FORMAT, list }));
      }
      return list;
    } catch {
      usable = false;
      sayOnce(text === null ? words.CONVERSATIONS_OFF : words.CONVERSATIONS_STUCK);
      return [];
    }
  }

  function store(list) {
    if (!usable) return false;
    const text = JSON.stringify({ format: FORMAT, list });
    full = text.length > MOST_CHARACTERS || list.length > MOST;
    try {
      localStorage.setItem(STORE, text);
    } catch {
      full = true;
      sayOnce(words.CONVERSATIONS_UNKEPT);
      return false;
    }
    if (full) sayOnce(words.CONVERSATIONS_FULL);
    return true;
  }

  function remember() {
    try {
      sessionStorage.setItem(OPEN, key);
    } catch {
      sayOnce(words.CONVERSATIONS_OFF);
    }
  }

  // The conversation in this tab

  const name = () => (find("#conversation p.question")?.innerText ?? "").replace(/\s+/g, " ").trim().slice(0, 200);

  function follow() {
    const turns = shownTurns();
    if (leaving && same(turns, leaving)) return;
    leaving = null;
    if (!turns.length || dateline.busy()) return;
    if (awaited) {
      if (turns.length < awaited.length && begins(awaited, turns)) return; // they still come
      if (!begins(turns, awaited)) [key, earlier, seen] = [freshKey(), [], []]; // the chat went on without them
      awaited = null;
    }
    const whole = [...earlier, ...turns];
    if (isForgotten(whole)) return bringBack(turns);
    if (!same(whole, seen)) save(whole);
  }

  // A server keeps the conversations of so many visitors; of one that it has left behind it knows no turn, and
  // answers as at a beginning.
  const standing = () => (dateline.inPlace() ? seen.slice(0, -1) : seen);
  const isForgotten = (whole) => seen.length > 0 && !begins(whole, standing());

  function bringBack(turns) {
    const whole = [...standing(), ...turns];
    save(whole);
    leaving = turns;
    recall({ key, turns: whole });
    say(words.BROUGHT_BACK);
  }

  // Where another tab has changed what is stored, or the chat holds other turns, this one goes on by itself.
  function save(turns) {
    const list = load();
    const entry = list.find((one) => one.key === key);
    const goesOn = entry && same(entry.turns, seen) && begins(turns, seen.slice(0, -1));
    if (seen.length && !goesOn) key = freshKey();
    const kept = { key, name: entry?.name || name(), changed: now(), turns };
    if (!store([kept, ...list.filter((one) => one.key !== key)])) return;
    seen = turns;
    remember();
    if (dialog().open) showList();
  }

  function begin() {
    [key, earlier, seen, awaited, leaving] = [freshKey(), [], [], null, shownTurns()];
    remember();
    dialog().close();
    dateline.clear();
  }

  function open(entry) {
    dialog().close();
    if (entry.key === key) return find("#question textarea").focus();
    leaving = shownTurns();
    recall(entry);
    find("#question textarea").focus();
  }

  function recall(entry) {
    [key, seen, earlier, awaited] = [entry.key, entry.turns, entry.turns.slice(0, -MOST), entry.turns.slice(-MOST)];
    remember();
    dateline.restore(awaited);
  }

  // The dialog

  const day = (moment) => {
    const date = new Date(moment);
    return isNaN(date) ? "" : date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  };
  const questions = (count) => (count === 1 ? words.ONE_QUESTION : fill(words.SEVERAL_QUESTIONS, { count }));

  function item(entry) {
    const made = find("#conversation-item").content.cloneNode(true);
    const part = (selector) => made.querySelector(selector);
    const li = part("li");
    part(".name").textContent = entry.name || words.CONVERSATION_UNNAMED;
    part(".details").textContent = [day(entry.changed), questions(entry.turns.length)].filter(Boolean).join(" · ");
    if (entry.key === key) part(".open").setAttribute("aria-current", "true");
    part("input").value = entry.name;
    for (const button of li.querySelectorAll(".doing button"))
      button.setAttribute("aria-label", fill(words.DOING_NAMED, { doing: button.textContent, name: entry.name }));
    part(".open").onclick = () => open(entry);
    part("button.rename").onclick = () => renaming(li, true);
    part(".cancel").onclick = () => renaming(li, false);
    part("button.export").onclick = () => dateline.offerExport({ turns: entry.turns, name: entry.name });
    part("button.delete").onclick = () => remove([entry]);
    part("form").onsubmit = (event) => {
      event.preventDefault();
      rename(entry, li.querySelector("input").value);
    };
    part("input").onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // which would close the dialog
      renaming(li, false);
    };
    return li;
  }

  function renaming(li, on) {
    li.querySelector("form").hidden = !on;
    for (const part of li.querySelectorAll(".open, .doing")) part.hidden = on;
    const field = li.querySelector(on ? "input" : "button.rename");
    field.focus();
    field.select?.();
  }

  function rename(entry, wanted) {
    const named = wanted.replace(/\s+/g, " ").trim().slice(0, 200) || entry.name;
    const list = load();
    store(list.map((one) => (one.key === entry.key ? { ...one, name: named } : one)));
    showList();
    const place = list.findIndex((one) => one.key === entry.key);
    all("#conversations button.rename")[place]?.focus();
  }

  function remove(entries) {
    const keys = new Set(entries.map((one) => one.key));
    const list = load();
    const gone = list.filter((one) => keys.has(one.key));
    if (!gone.length || !store(list.filter((one) => !keys.has(one.key)))) return showList();
    undone = gone;
    showList();
    find("#conversations .undo button").focus();
  }

  function undo() {
    const list = load();
    const back = undone.filter((entry) => !list.some((one) => one.key === entry.key));
    if (store([...list, ...back].sort((a, b) => (a.changed < b.changed ? 1 : -1)))) undone = [];
    showList();
    find("#conversations .open")?.focus();
  }

  function removeOldest() {
    remove(load().filter((one) => one.key !== key).slice(-OLDEST));
  }

  function showList() {
    const list = load();
    find("#conversations ul").replaceChildren(...list.map(item));
    find("#conversations .none").hidden = list.length > 0;
    find("#conversations .full").hidden = !full || !list.some((one) => one.key !== key);
    const [first, ...more] = undone;
    find("#conversations .undo").hidden = !first;
    find("#conversations .undo span").textContent = more.length
      ? fill(words.DELETED_SEVERAL, { count: undone.length })
      : fill(words.DELETED, { name: first?.name });
  }

  function show() {
    undone = [];
    find("#conversations .said").textContent = "";
    showList();
    dialog().showModal();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest(".open-conversations")) show();
    else if (event.target.closest(".new-conversation")) begin();
    else event.target.closest("dialog .close")?.closest("dialog").close();
  });
  addEventListener("storage", (event) => {
    if (event.key === STORE && dialog()?.open && !find("#conversations form:not([hidden])")) showList();
  });

  onready(() => {
    find("#conversations .undo button").onclick = undo;
    find("#conversations .full button").onclick = removeOldest;
    dateline.onanswer(follow);
    let opened = null;
    try {
      opened = sessionStorage.getItem(OPEN);
    } catch {
      sayOnce(words.CONVERSATIONS_OFF);
    }
    const entry = load().find((one) => one.key === opened);
    if (entry) recall(entry);
  });

  const conversation = () => ({ turns: [...earlier, ...shownTurns()], name: load().find((one) => one.key === key)?.name || name() });
  Object.assign(dateline, { say, conversation });
})();
