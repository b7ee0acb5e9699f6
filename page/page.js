// A click on a citation asks Python for its article; the article is then shown at the marked words.
// Enter on a focused link is a click too. Escape, or "Back to the answer", returns to the citation.
(() => {
  let opened = "";

  const citation = (hash) => document.querySelector(`#conversation a.cite[href="${CSS.escape(hash)}"]`);

  function show() {
    const article = opened && document.querySelector(`#reader article[id="${CSS.escape(opened.slice(1))}"]`);
    if (!article) return false;
    const mark = article.querySelector("mark.chosen");
    (mark || article).scrollIntoView({ block: mark ? "center" : "start" });
    article.tabIndex = -1;
    article.setAttribute("aria-label", "Article: " + article.querySelector("h2").textContent);
    article.focus({ preventScroll: true });
    return true;
  }

  function open(hash) {
    citation(opened)?.removeAttribute("aria-current");
    opened = hash;
    citation(opened)?.setAttribute("aria-current", "true");
    if (show()) return;
    const field = document.querySelector("#reference textarea, #reference input");
    const reference = hash.slice(1);
    field.value = field.value === reference ? reference + " " : reference; // only a change is told to Python
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function back() {
    const link = opened && citation(opened);
    if (link) link.scrollIntoView({ block: "center" });
    if (link) link.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#conversation a.cite, #reader a.return");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".return")) back();
    else open(link.hash);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest("#reader")) back();
  });

  // A new question is shown at the top, wherever the reader was; the answer then grows below it.
  let asked = 0;

  function showQuestion() {
    const questions = document.querySelectorAll("#conversation p.question");
    if (questions.length > asked) questions[questions.length - 1].scrollIntoView({ block: "start" });
    asked = questions.length;
  }

  new MutationObserver((changes) => {
    showQuestion();
    const added = changes.flatMap((change) => [...change.addedNodes]);
    if (added.some((node) => node.matches?.("#reader article") || node.querySelector?.("#reader article"))) show();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
