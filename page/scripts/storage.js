// The conversations in this browser's storage: read as what may be damaged, and written as far as there is room.
(() => {
  "use strict";
  const { words, remembered, remember, sayOnce } = dateline;
  const STORE = "dateline.conversations"; // in localStorage: {format, list: [{key, name, changed, turns}]}, newest first
  const FORMAT = 1;
  const MOST = 200; // conversations
  const MOST_CHARACTERS = 4000000; // of the five million that a browser keeps of a page

  const freshKey = () => crypto.getRandomValues(new Uint32Array(3)).join("-");
  const written = (list) => JSON.stringify({ format: FORMAT, list });

  let usable = true;
  let full = false;

  const isEntry = (one) =>
    [one?.key, one?.name, one?.changed].every((text) => typeof text === "string") &&
    Array.isArray(one.turns) && one.turns.length > 0 && one.turns.every((turn) => typeof turn === "string");

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  function unusable(reason) {
    usable = false;
    sayOnce(reason);
    return [];
  }

  // Damaged data is moved aside, so that nothing is lost that someone could still read.
  function mended(text, list) {
    const aside = remember(`${STORE}.damaged.${new Date().toISOString()}`, text);
    if (!aside || !remember(STORE, list.length ? written(list) : null)) return unusable(words.CONVERSATIONS_STUCK);
    sayOnce(words.CONVERSATIONS_DAMAGED);
    return list;
  }

  // Two of one key would be opened, renamed and deleted as one.
  function withOwnKeys(list) {
    const keys = new Set(list.map((one) => one.key));
    if (keys.size === list.length) return list;
    const own = list.map((one) => (keys.delete(one.key) ? one : { ...one, key: freshKey() }));
    store(own);
    return own;
  }

  function load() {
    const text = remembered(STORE);
    if (text === null) return [];
    if (text === undefined) return unusable(words.CONVERSATIONS_OFF);
    const stored = parsed(text);
    if (Number.isInteger(stored?.format) && stored.format !== FORMAT) return unusable(words.CONVERSATIONS_OTHER);
    const listed = Array.isArray(stored?.list);
    const list = listed ? stored.list.filter(isEntry) : [];
    const sound = stored?.format === FORMAT && listed && list.length === stored.list.length;
    return withOwnKeys(sound ? list : mended(text, list));
  }

  // Tells if they are kept now.
  function store(list) {
    if (!usable) return false;
    const text = written(list);
    full = text.length > MOST_CHARACTERS || list.length > MOST;
    if (!remember(STORE, text)) {
      full = true;
      sayOnce(words.CONVERSATIONS_UNKEPT);
      return false;
    }
    if (full) sayOnce(words.CONVERSATIONS_FULL);
    return true;
  }

  dateline.conversations = { STORE, freshKey, load, store, isFull: () => full };
})();
