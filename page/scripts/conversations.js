// The dialog that lists the conversations of this browser, to be opened, renamed, exported and deleted.
(() => {
  "use strict";
  const { find, all, words, limits, folded, fill, onready } = dateline;
  const { STORE, load, store, isFull, isHere, begin, open } = dateline.conversations;
  const OLDEST = 10; // conversations that are offered for deletion at a time
  const dialog = () => find("#conversations");
  let undone = []; // what the last deletion took away

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
    if (isHere(entry)) part(".open").setAttribute("aria-current", "true");
    part("input").value = entry.name;
    for (const button of li.querySelectorAll(".doing button"))
      button.setAttribute("aria-label", fill(words.DOING_NAMED, { doing: button.textContent, name: entry.name }));
    part(".open").onclick = () => {
      dialog().close();
      open(entry);
    };
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
    const named = folded(wanted).slice(0, limits.name) || entry.name;
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
    remove(load().filter((one) => !isHere(one)).slice(-OLDEST));
  }

  function showList() {
    const list = load();
    find("#conversations ul").replaceChildren(...list.map(item));
    find("#conversations .none").hidden = list.length > 0;
    find("#conversations .full").hidden = !isFull() || list.every(isHere);
    const [first, ...more] = undone;
    find("#conversations .undo").hidden = !first;
    find("#conversations .undo span").textContent = more.length
      ? fill(words.DELETED_SEVERAL, { count: undone.length })
      : fill(words.DELETED, { name: first?.name });
  }

  function show() {
    undone = [];
    showList();
    dialog().showModal();
  }

  function beginAnew() {
    dialog().close();
    begin();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest(".open-conversations")) show();
    else if (event.target.closest(".new-conversation")) beginAnew();
  });
  document.addEventListener("dateline:kept", () => dialog().open && showList());
  addEventListener("storage", (event) => {
    if (event.key === STORE && dialog()?.open && !find("#conversations form:not([hidden])")) showList();
  });

  onready(() => {
    find("#conversations .undo button").onclick = undo;
    find("#conversations .full button").onclick = removeOldest;
  });
})();
