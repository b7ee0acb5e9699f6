// What was being asked or typed when the page was left or loaded anew comes back to the question field.
(() => {
  "use strict";
  const { find, write, onready, remembered, remember } = dateline;
  const UNANSWERED = "dateline.unanswered"; // in sessionStorage
  const typed = () => find("#question textarea");

  // The field has room for one: what is typed in it, else the last question. The others stay in the conversation.
  function leave() {
    const words = typed()?.value ?? "";
    const questions = dateline.unanswered();
    const last = words.trim() ? null : questions.pop();
    const taken = remember(UNANSWERED, last ? last.innerText : words || null, "sessionStorage");
    dateline.keepUnanswered(taken && last ? 1 : 0);
  }

  function takeUp() {
    const words = remembered(UNANSWERED, "sessionStorage");
    remember(UNANSWERED, null, "sessionStorage");
    if (words && !typed().value) write(typed(), words);
  }

  addEventListener("pagehide", leave);
  onready(takeUp);
})();
