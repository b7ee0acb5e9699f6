// What can be done with an answer: copy it, export it, share its question, say whether it helped, ask again.
(() => {
  "use strict";
  const { find, all, words, limits, asked, folded, fill, onready, say } = dateline;
  const FRAGMENT = "#ask=";
  const MOST_CHARACTERS = 200000; // of a link; a character may take twelve there
  const MOST_OUTLETS = 1000; // this and the next as Python takes them
  const MOST_IN_OUTLET = 500;
  const MOST_IN_A_NAME = 80; // characters of the question that a button is told apart by
  const DAYS = ["since", "until", "as_of"];

  const recordOf = (link) => find("a.record", link.closest(".answer"))?.getAttribute("href").replace(/^#/, "") ?? "";

  function post(address, body, read) {
    const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return asked(address, options, read).catch((error) => {
      throw new Error(fill(words.NOT_DONE, { reason: error.message }));
    });
  }

  const exported = (kind, turns, name = "", read) => post(`/export?as=${kind}`, { turns, name: name.slice(0, limits.name) }, read);

  // Copying

  // The words of an exported page, without its own title and the links inside it.
  function pasted(page) {
    const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
    main.querySelectorAll("h1, .spoken").forEach((element) => element.remove());
    main.querySelectorAll("a[href^='#']").forEach((link) => link.replaceWith(link.textContent));
    return main.innerHTML;
  }

  async function copy(link) {
    const [text, page] = await Promise.all(["text", "html"].map((kind) => exported(kind, [recordOf(link)])));
    if (await copyBoth(text, pasted(page))) say(words.COPIED);
    else await copyText(text, words.COPIED);
  }

  // Tells if the browser takes both forms; one that does not may still take text.
  async function copyBoth(text, html) {
    if (!window.ClipboardItem || !navigator.clipboard?.write) return false;
    const blob = (words, type) => new Blob([words], { type });
    const item = new ClipboardItem({ "text/plain": blob(text, "text/plain"), "text/html": blob(html, "text/html") });
    return navigator.clipboard.write([item]).then(() => true, () => false);
  }

  async function copyText(text, done) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      throw new Error(words.NOT_COPIED);
    }
    say(done);
  }

  // Exporting

  let offered = { turns: [], name: "" };

  // `turn` is one answer of the conversation `turns`, which may be exported by itself.
  function offerExport({ turn = "", turns, name }) {
    offered = { turn, turns, name };
    const one = find("#export [value=answer]");
    one.disabled = !turn;
    (turn ? one : find("#export [value=conversation]")).checked = true;
    find("#export fieldset").hidden = !turn || turns.length < 2;
    find("#export").showModal();
    find("#export .kinds button").focus();
  }

  function fileName(reply) {
    const full = /filename\*=UTF-8''([\w%.~-]+)/.exec(reply.headers.get("content-disposition") ?? "");
    return full ? decodeURIComponent(full[1]) : "dateline";
  }

  async function download(kind) {
    const alone = find("#export [value=answer]").checked;
    const read = async (reply) => ({ download: fileName(reply), href: URL.createObjectURL(await reply.blob()) });
    const file = await exported(kind, alone ? [offered.turn] : offered.turns, alone ? "" : offered.name, read);
    const link = Object.assign(document.createElement("a"), file);
    link.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 60000);
    find("#export").close();
    say(fill(words.EXPORTED, { file: link.download }));
  }

  // Sharing: what is asked stands behind the #, which no browser sends to a server.

  async function unpacked(record) {
    const base64 = record.replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).json();
  }

  async function share(link) {
    const { question, scope } = (await unpacked(recordOf(link))).answer;
    const shared = { question, outlets: scope.outlets };
    for (const side of DAYS) if (scope[side]) shared[side] = scope[side];
    if (!shared.outlets.length) delete shared.outlets;
    const fragment = FRAGMENT + encodeURIComponent(JSON.stringify(shared));
    if (!wanted(fragment)) return say(words.LINK_TOO_LONG);
    const address = location.origin + "/" + fragment;
    try {
      await copyText(address, words.LINK_COPIED);
    } catch {
      find("#sharing input").value = address;
      find("#sharing").showModal();
      find("#sharing input").select();
    }
  }

  const TURNING = /[\u202a-\u202e\u2066-\u2069]/g; // what turns words around would not stand in the chat either
  const isText = (value, most) => typeof value === "string" && value.trim() !== "" && [...value].length <= most;

  function isDay(value) {
    const day = /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(value + "T00:00:00Z") : NaN;
    return !isNaN(day) && day.toISOString().startsWith(value);
  }

  // Reads what a link fills in; null for anything that no link of ours holds.
  function wanted(fragment) {
    if (fragment.length > MOST_CHARACTERS) return null;
    let found;
    try {
      found = JSON.parse(decodeURIComponent(fragment.slice(FRAGMENT.length)));
    } catch {
      return null;
    }
    const outlets = found?.outlets ?? [];
    if (!isText(found?.question, limits.question)) return null;
    if (!Array.isArray(outlets) || outlets.length > MOST_OUTLETS || !outlets.every((one) => isText(one, MOST_IN_OUTLET))) return null;
    if (!DAYS.every((side) => found[side] === undefined || (typeof found[side] === "string" && isDay(found[side])))) return null;
    const scope = { outlets };
    for (const side of DAYS) scope[side] = found[side] ?? "";
    return { question: found.question.replace(TURNING, ""), scope };
  }

  function readLink() {
    if (!location.hash.startsWith(FRAGMENT)) return;
    const found = wanted(location.hash);
    history.replaceState(null, "", location.pathname + location.search);
    if (found) dateline.fillIn(found);
    say(found ? words.LINK_FILLED_IN : words.LINK_BROKEN);
  }

  // What readers think

  const judged = new Map(); // a record → whether it helped
  let judging = {};

  async function judge(link, helpful) {
    const kept = recordOf(link);
    await post("/feedback", { kept, helpful });
    judged.set(kept, helpful);
    judging = { kept, helpful };
    decorate();
    find("#judging-reason").value = "";
    find("#judging").showModal();
  }

  async function giveReason() {
    const reason = find("#judging-reason").value.trim();
    if (reason) await post("/feedback", { ...judging, reason: reason.slice(0, limits.reason) });
    find("#judging").close();
    say(words.THANK_YOU);
  }

  // Under each answer

  const ACTS = {
    copy,
    export: async (link) => offerExport({ turn: recordOf(link), ...dateline.conversation() }),
    share,
    again: async () => dateline.again(),
    edit: async () => dateline.edit(),
    helpful: (link) => judge(link, true),
    unhelpful: (link) => judge(link, false),
  };

  const act = (link) => link.getAttribute("href").slice(1);

  // Gradio's cleaner leaves no roles in a message, so they are put there once it stands.
  function decorate() {
    all("#conversation a.follow").forEach((link) => set(link, "role", "button"));
    const questions = all("#conversation p.question");
    all("#conversation .answer").forEach((answer, place) => {
      const name = shortened(folded(questions[place]?.innerText ?? ""));
      for (const link of all("a.act", answer)) decorateAct(link, name);
    });
  }

  const set = (link, name, value) => link.getAttribute(name) === value || link.setAttribute(name, value);
  const shortened = (text) => (text.length > MOST_IN_A_NAME ? `${text.slice(0, MOST_IN_A_NAME)} …` : text);

  function decorateAct(link, name) {
    set(link, "role", "button");
    set(link, "aria-label", fill(words.DOING_NAMED, { doing: link.textContent, name }));
    if (!act(link).endsWith("helpful")) return;
    set(link, "aria-pressed", String(judged.get(recordOf(link)) === (act(link) === "helpful")));
  }

  const saying = (work) => work.catch((error) => say(error.message));

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#conversation a.act");
    if (!link) return;
    event.preventDefault();
    const done = Object.hasOwn(ACTS, act(link)) && ACTS[act(link)];
    if (done) saying(done(link));
  }, true);

  addEventListener("hashchange", readLink);

  onready(() => {
    find("#export .kinds").addEventListener("click", (event) => event.target.value && saying(download(event.target.value)));
    find("#judging form").addEventListener("submit", (event) => {
      event.preventDefault();
      saying(giveReason());
    });
    dateline.onanswer(decorate);
    decorate();
    readLink();
  });

  Object.assign(dateline, { offerExport });
})();
