// Asking: a question leaves the field, stands at the top while its answer grows below it, can be stopped, asked again
// and edited.
(() => {
  "use strict";
  const { find, all, write, folded, words, onready, press, hand, place, announce } = dateline;
  const LONGEST_FRAME_MILLISECONDS = 100;
  const chat = () => find("#conversation [role=log]");
  const typed = () => find("#question textarea");
  const instead = () => find("#instead textarea, #instead input");
  const busy = () => Boolean(find("#conversation :is(.answer .status, .question.waiting)"));

  // What was being typed comes back to the field, once what was put there in its place is sent or left.
  let draft = "";
  const editing = () => document.body.classList.contains("editing");

  // Gradio has to take in what was written before it is told to send it.
  function ask(question) {
    unedit();
    if (typed().value !== question) draft = typed().value;
    write(typed(), question);
    setTimeout(() => press("send"));
  }

  // An edited question takes the place of the last one.
  function edit() {
    const last = all("#conversation p.question:not(.waiting)").pop();
    if (!last || busy()) return;
    if (!editing()) draft = typed().value;
    write(typed(), last.innerText);
    write(instead(), "1");
    document.body.classList.add("editing");
    find("#ask").before(find("#editing"));
    find("#editing").hidden = false;
    announce(words.EDITING);
    typed().focus();
    typed().setSelectionRange(typed().value.length, typed().value.length);
  }

  function unedit() {
    if (!editing()) return;
    endEditing();
    giveBack();
  }

  function endEditing() {
    write(instead(), "");
    document.body.classList.remove("editing");
    find("#editing").hidden = true;
  }

  function giveBack() {
    write(typed(), draft);
    draft = "";
  }

  function again() {
    if (busy()) return;
    unedit();
    replaced = true;
    write(instead(), "again");
    setTimeout(() => press("send"));
  }

  function clear() {
    unedit();
    press("clear");
    dateline.setScope({ outlets: [], since: "", until: "", as_of: "" });
    typed().focus();
  }

  function restore(turns) {
    hand("kept", { turns }, "recall");
  }

  // A question whose turn has come is shown at the top, wherever the reader was; its answer grows below it.
  let answers = 0;
  function showQuestion(questions) {
    const begun = all("#conversation .answer").length;
    const question = questions[begun - 1];
    if (begun > answers && question) place(chat(), question.closest(".message-row"), 0);
    answers = begun;
  }

  // What is sent next must not take a place too; gradio has taken this in by then.
  const TAKEN_MILLISECONDS = 200;
  let sending = []; // what was sent and does not stand in the chat yet
  function noteSent() {
    if (instead().value !== "again") sending = [...sending.slice(-9), { text: typed().value, edited: editing() }];
    if (instead().value) setTimeout(() => write(instead(), ""), TAKEN_MILLISECONDS);
  }

  // A question leaves the field once it stands in the chat; what was typed since stays.
  let stood = [];
  let replaced = false; // whether the newest question took the place of the last one
  const inPlace = () => replaced;
  function empty(questions) {
    const stands = questions.map((question) => [folded(question.innerText), question.matches(".waiting")]);
    const isNew = ([text, waits], place) => text !== stood[place]?.[0] || (waits && !stood[place][1]);
    const fresh = stands.filter(isNew);
    stood = stands;
    for (const [text] of fresh) {
      const sent = sending.find((one) => folded(one.text) === text);
      if (sent) arrived(sent);
    }
  }

  function arrived(sent) {
    sending = sending.filter((one) => one !== sent);
    replaced = sent.edited;
    if (sent.edited && editing()) endEditing();
    const since = typed().value;
    if (since === sent.text) giveBack();
    else if (since.startsWith(sent.text)) write(typed(), since.slice(sent.text.length).trimStart());
  }

  // What waits for room, and is stopped before it began, comes back to the field.
  function takeBack() {
    const waiting = all("#conversation .question.waiting").pop();
    if (waiting && !find("#conversation .answer .status") && !typed().value.trim()) write(typed(), waiting.innerText);
  }

  // Whoever cannot see the answer grow is told when it stands.
  let working = false;
  function tellDone() {
    const now = busy();
    document.body.classList.toggle("asking", now);
    if (working && !now) announce(words.ANSWERED);
    working = now;
  }

  // Gradio names a message by its HTML, has a growing answer read out again and again, and makes what stands
  // there before the first question a landmark.
  function tidy() {
    chat()?.setAttribute("aria-live", "off");
    chat()?.setAttribute("aria-label", words.CONVERSATION);
    all("#conversation [data-testid][aria-label]").forEach((message) => message.removeAttribute("aria-label"));
    find("#conversation .placeholder-content")?.removeAttribute("role");
  }

  // Gradio draws a message anew when something is added to it; who had gone to a link of it stays there.
  let focused = null;
  document.addEventListener("focusin", (event) => (focused = event.target.closest?.("#conversation a") && event.target));
  function keepFocus() {
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    const same = all("#conversation a").find((link) => link.getAttribute("href") === focused.getAttribute("href"));
    same?.focus({ preventScroll: true }); // it may be drawn a moment later
  }

  // However often gradio changes the chat within a frame, it is looked at once, and soon where none is drawn.
  let looking = null;
  function lookSoon() {
    if (looking) return;
    const frame = requestAnimationFrame(lookNow);
    const wait = setTimeout(lookNow, LONGEST_FRAME_MILLISECONDS);
    looking = { frame, wait };
  }

  function lookNow() {
    cancelAnimationFrame(looking.frame);
    clearTimeout(looking.wait);
    looking = null;
    look();
  }

  const listeners = [];
  const onanswer = (listener) => listeners.push(listener);

  function look() {
    const questions = all("#conversation p.question");
    all("#conversation a[target]").forEach((link) => link.removeAttribute("target")); // gradio's; they open here
    tidy();
    showQuestion(questions);
    empty(questions);
    tellDone();
    keepFocus();
    listeners.forEach((listener) => listener());
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.follow");
    if (!link) return;
    event.preventDefault();
    if (link.closest("#reader")) dateline.leave();
    ask(link.textContent);
  }, true);

  document.addEventListener("click", (event) => {
    if (event.target.closest("#send")) noteSent();
    else if (event.target.closest("#stop")) takeBack();
  }, true);

  document.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (sends && event.target.closest("#question")) noteSent();
  }, true);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#skip")) return;
    event.preventDefault();
    typed().focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("#question")) unedit();
  });

  document.addEventListener("dateline:added", () => press("welcome")); // there is more to ask now

  onready(() => {
    typed().setAttribute("aria-label", words.QUESTION);
    new MutationObserver(lookSoon).observe(find("#conversation"), { childList: true, subtree: true });
    look();
  });

  Object.assign(dateline, { edit, unedit, again, clear, restore, onanswer, busy, inPlace });
})();
