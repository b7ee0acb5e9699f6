// A click on a citation asks Python for its article; the article is then shown at the marked words.
// Enter on a focused link is a click too. Escape, or "Back to the answer", returns to the citation.
(() => {
  let opened = "";

  const find = (selector) => document.querySelector(selector);
  const chat = () => find("#conversation [role=log]");
  const citation = (hash) => find(`#conversation a.cite[href="${CSS.escape(hash)}"]`);
  const typed = () => find("#question textarea");
  const words = (text) => text.replace(/\s+/g, " ").trim();
  const top = (element) => element.getBoundingClientRect().top;

  // Scrolls one box, and never the window, as scrollIntoView would.
  function place(box, element, below) {
    box.scrollTop += top(element) - top(box) - box.clientTop - below;
  }

  function write(field, text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show() {
    const article = opened && find(`#reader article[id="${CSS.escape(opened.slice(1))}"]`);
    if (!article) return false;
    find("#layout").classList.add("reading"); // on a narrow screen the reader stands in front of the chat
    const reader = find("#reader");
    const title = article.querySelector("h2");
    const mark = article.querySelector("mark.chosen");
    reader.scrollTop = 0;
    if (mark) {
      const covered = parseFloat(getComputedStyle(title).top) + title.offsetHeight;
      const room = reader.clientHeight - covered - mark.getBoundingClientRect().height;
      place(reader, mark, covered + Math.max(12, room / 2));
    }
    article.tabIndex = -1;
    article.setAttribute("aria-label", title ? "Article: " + title.textContent : "No article");
    article.focus({ preventScroll: true });
    return true;
  }

  function open(hash) {
    citation(opened)?.removeAttribute("aria-current");
    opened = hash;
    citation(opened)?.setAttribute("aria-current", "true");
    if (show()) return;
    const field = find("#reference textarea, #reference input");
    const reference = hash.slice(1);
    write(field, field.value === reference ? reference + " " : reference); // only a change is told to Python
  }

  function back() {
    find("#layout").classList.remove("reading");
    const link = opened && citation(opened);
    if (!link) return;
    const below = top(link) - top(chat());
    if (below < 0 || below > chat().clientHeight - link.offsetHeight) place(chat(), link, chat().clientHeight / 2);
    link.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest('#conversation button[aria-label="Clear"]')) typed().focus();
    const link = event.target.closest("#conversation a.cite, #reader a.return");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".return")) back();
    else open(link.hash);
  }, true); // before gradio hears of it: Clear takes its own button away

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("#reader")) back();
  });

  // A question whose turn has come is shown at the top, wherever the reader was; its answer grows below it.
  let answers = 0;

  function showQuestion(questions) {
    const begun = document.querySelectorAll("#conversation .answer").length;
    const question = questions[begun - 1];
    if (begun > answers && question) place(chat(), question.closest(".message-row"), 0);
    answers = begun;
  }

  // A question leaves the field once it stands in the chat; what was typed since stays.
  let asked = 0;

  function empty(questions) {
    if (questions.slice(asked).some((question) => words(question.innerText) === words(typed().value))) write(typed(), "");
    asked = questions.length;
  }

  new MutationObserver((changes) => {
    const questions = [...document.querySelectorAll("#conversation p.question")];
    showQuestion(questions);
    empty(questions);
    const added = changes.flatMap((change) => [...change.addedNodes]);
    if (added.some((node) => node.matches?.("#reader article") || node.querySelector?.("#reader article"))) show();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
