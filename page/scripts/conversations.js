// The conversation in this tab, kept as the records in the chat's answers, and the dialog that lists all that are kept.
(() => {
  "use strict";
  const { find, all, words, fill, say, sayOnce, remembered, remember } = dateline;
  const { STORE, freshKey, load, store, isFull } = dateline.conversations;
  const OPEN = "dateline.open"; // in sessionStorage: the key of the conversation in this tab
  const MOST_TURNS = 200; // that are brought back of one
  const OLDEST = 10; // conversations that are offered for deletion at a time

  const now = () => new Date().toISOString();
  const begins = (turns, start) => start.every((turn, place) => turns[place] === turn);
  const same = (turns, others) => turns.length === others.length && begins(turns, others);
  const dialog = () => find("#conversations");
  const shown = (links) => all(`#conversation ${links}`).map((link) => link.getAttribute("href").replace(/^#/, ""));
  const shownTurns = () => shown("a.record");
  const everything = () => shown(":is(a.record, a.unanswered)");

  let key = freshKey();
  let earlier = []; // turns of it that are not brought back into the chat, since they are too many
  let seen = []; // its turns as this tab last read or wrote them
  let awaited = null; // turns that Python has been asked to show again
  let leaving = []; // what stands in the chat until another conversation does
  let undone = []; // what the last deletion took away

  // The conversation in this tab

  const name = () => (find("#conversation p.question")?.innerText ?? "").replace(/\s+/g, " ").trim().slice(0, 200);

  // Gradio draws a conversation part by part: until it stands, the chat holds some of the one before and some of it.
  function isLeft() {
    const stand = everything();
    const arrived = awaited ? begins(shownTurns(), awaited) : !stand.some((one) => leaving.includes(one));
    return !arrived && stand.every((one) => leaving.includes(one) || awaited?.includes(one));
  }

  // While a question is asked again, the chat holds less than what is stored; that stays until the answer stands.
  function follow() {
    if (isLeft()) return;
    leaving = [];
    const turns = shownTurns();
    if (!turns.length) return;
    if (awaited && !begins(turns, awaited)) [key, earlier, seen] = [freshKey(), [], []]; // it went on without them
    awaited = null;
    const whole = [...earlier, ...turns];
    if (begins(seen, whole)) return;
    if (isForgotten(whole)) bringBack(turns);
    else save(whole);
  }

  const unanswered = () => (isLeft() ? [] : all("#conversation a.unanswered").map((link) => link.closest("p.question")));

  // Questions that have no answer yet are kept as such when they are left, but for the last ones that go elsewhere.
  function keepUnanswered(elsewhere = 0) {
    const left = isLeft() ? [] : shown("a.unanswered");
    const whole = [...earlier, ...shownTurns()];
    const kept = left.slice(0, left.length - elsewhere);
    if (kept.length) save([...(begins(seen, whole) ? seen : whole), ...kept]);
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

  addEventListener("pagehide", () => key && follow()); // what came with the last frame

  // Where another tab has changed what is stored, or the chat holds other turns, this one goes on by itself.
  function save(turns) {
    const list = load();
    const entry = list.find((one) => one.key === key);
    const goesOn = entry && same(entry.turns, seen) && begins(turns, seen.slice(0, -1));
    if (seen.length && !goesOn) key = freshKey();
    const kept = { key, name: entry?.name || name(), changed: now(), turns };
    if (!store([kept, ...list.filter((one) => one.key !== key)])) return;
    seen = turns;
    mark();
    if (dialog().open) showList();
  }

  // The next page in this tab opens it again.
  function mark() {
    if (!remember(OPEN, key, "sessionStorage")) sayOnce(words.CONVERSATIONS_OFF);
  }

  function begin() {
    keepUnanswered();
    [key, earlier, seen, awaited, leaving] = [freshKey(), [], [], null, everything()];
    mark();
    dialog().close();
    dateline.clear();
  }

  function open(entry) {
    dialog().close();
    if (entry.key === key) return find("#question textarea").focus();
    keepUnanswered();
    leaving = everything();
    recall(entry);
    find("#question textarea").focus();
  }

  function recall(entry) {
    [key, seen, earlier, awaited] = [entry.key, entry.turns, entry.turns.slice(0, -MOST_TURNS), entry.turns.slice(-MOST_TURNS)];
    mark();
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
    find("#conversations .full").hidden = !isFull() || !list.some((one) => one.key !== key);
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

  dateline.onready(() => {
    find("#conversations .undo button").onclick = undo;
    find("#conversations .full button").onclick = removeOldest;
    dateline.onanswer(follow);
    const opened = remembered(OPEN, "sessionStorage");
    if (opened === undefined) sayOnce(words.CONVERSATIONS_OFF);
    const entry = load().find((one) => one.key === opened);
    if (entry) recall(entry);
  });

  const conversation = () => ({ turns: [...earlier, ...shownTurns()], name: load().find((one) => one.key === key)?.name || name() });
  Object.assign(dateline, { conversation, unanswered, keepUnanswered });
})();
