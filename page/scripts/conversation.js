// The conversation in this tab, kept as the records in the chat's answers, and what of it comes back after a reload.
(() => {
  "use strict";
  const { find, all, write, folded, words, limits, say, sayOnce, remembered, remember } = dateline;
  const { freshKey, load, store } = dateline.conversations;
  const OPEN = "dateline.open"; // in sessionStorage: the key of the conversation in this tab
  const UNANSWERED = "dateline.unanswered"; // there too: what was being asked or typed when the page was left

  const now = () => new Date().toISOString();
  const begins = (turns, start) => start.every((turn, place) => turns[place] === turn);
  const same = (turns, others) => turns.length === others.length && begins(turns, others);
  const typed = () => find("#question textarea");
  const links = (kinds) => all(`#conversation ${kinds}`);
  const recordsOf = (kinds) => links(kinds).map((link) => link.getAttribute("href").replace(/^#/, ""));
  const shownTurns = () => recordsOf("a.record");
  const everything = () => recordsOf(":is(a.record, a.unanswered)");

  let key = freshKey();
  let earlier = []; // turns of it that are not brought back into the chat, since they are too many
  let seen = []; // its turns as this tab last read or wrote them
  let awaited = null; // turns that Python has been asked to show again
  let leaving = []; // what stands in the chat until another conversation does

  const name = () => folded(find("#conversation p.question")?.innerText ?? "").slice(0, limits.name);
  const isHere = (entry) => entry.key === key;

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

  // Questions that have no answer yet are kept as such when they are left, but for the last ones that go elsewhere.
  function keepUnanswered(elsewhere = 0) {
    const left = isLeft() ? [] : recordsOf("a.unanswered");
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
    document.dispatchEvent(new CustomEvent("dateline:kept"));
  }

  // The next page in this tab opens it again.
  function mark() {
    if (!remember(OPEN, key, "sessionStorage")) sayOnce(words.CONVERSATIONS_OFF);
  }

  // What stands in the chat, and what may still come to stand in it.
  const left = () => [...new Set([...everything(), ...leaving, ...(awaited ?? [])])];

  function begin() {
    keepUnanswered();
    [key, earlier, seen, leaving, awaited] = [freshKey(), [], [], left(), null];
    mark();
    dateline.emptyReader();
    dateline.clear();
  }

  function open(entry) {
    if (!isHere(entry)) {
      keepUnanswered();
      leaving = left();
      recall(entry);
    }
    typed().focus();
  }

  // As many of the last ones as are brought back at a time.
  function firstShown(turns) {
    let first = turns.length;
    let room = limits.recalled;
    while (first > 0 && turns.length - first < limits.turns && (room -= turns[first - 1].length) > 0) first -= 1;
    return Math.min(first, Math.max(turns.length - 1, 0));
  }

  function recall(entry) {
    const first = firstShown(entry.turns);
    [key, seen, earlier, awaited] = [entry.key, entry.turns, entry.turns.slice(0, first), entry.turns.slice(first)];
    mark();
    dateline.restore(awaited);
  }

  // The question field has room for one: what is typed in it, else the last question without an answer. The others
  // stay in the conversation.
  function leave() {
    follow(); // what came with the last frame
    const text = typed()?.value ?? "";
    const last = text.trim() || isLeft() ? null : links("a.unanswered").pop()?.closest("p.question");
    const taken = remember(UNANSWERED, last ? last.innerText : text || null, "sessionStorage");
    keepUnanswered(taken && last ? 1 : 0);
  }

  function takeUp() {
    const text = remembered(UNANSWERED, "sessionStorage");
    remember(UNANSWERED, null, "sessionStorage");
    if (text && !typed().value) write(typed(), text);
  }

  addEventListener("pagehide", leave);

  dateline.onready(() => {
    dateline.onanswer(follow);
    const opened = remembered(OPEN, "sessionStorage");
    if (opened === undefined) sayOnce(words.CONVERSATIONS_OFF);
    const entry = load().find((one) => one.key === opened);
    if (entry) recall(entry);
    takeUp();
  });

  const conversation = () => ({ turns: [...earlier, ...shownTurns()], name: load().find(isHere)?.name || name() });
  Object.assign(dateline, { conversation });
  Object.assign(dateline.conversations, { isHere, begin, open });
})();
