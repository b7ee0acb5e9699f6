// Which articles are asked: the browser's own calendar for days, and the scope set from elsewhere on the page.
(() => {
  "use strict";
  const { find, all, put, made, asked, fill, write, words, onready, press, hand, announce } = dateline;
  const LOST_MILLISECONDS = 2000;
  const DAYS = ["since", "until", "as-of"];

  // Days are ISO strings, "" for a side left open; what is not named stays, also of what is being set just now.
  let next = null;
  function handScope(parts, tries = 3) {
    const wanted = (next = { ...(next ?? scope()), ...parts });
    hand("wanted-scope", wanted, "set-scope");
    // Gradio may lose what is set while it loads.
    const isLost = () => next === wanted && JSON.stringify(scope()) !== JSON.stringify(wanted);
    setTimeout(() => tries > 1 && isLost() && handScope({}, tries - 1), LOST_MILLISECONDS);
  }

  function setScope(parts) {
    handScope(parts);
    announce(words.SCOPE_SET);
  }

  // What is chosen now, whether its fields are shown or not.
  function scope() {
    const told = find("#current-scope textarea, #current-scope input").value;
    return told ? JSON.parse(told) : { outlets: [], since: "", until: "", as_of: "" };
  }

  // An article is asked about by its outlet and day; what it answers is offered, and anything else can be typed.
  async function askAbout(article) {
    const { id, outlet, day } = article.dataset;
    setScope({ outlets: outlet ? [outlet] : [], since: day, until: day });
    if (!matchMedia("(max-width: 860px)").matches) find("#question textarea").focus();
    const place = find(".to-ask", article);
    place.textContent = words.FINDING_QUESTIONS;
    const show = (html) => {
      put(place, html);
      place.append(made("p", outlet || day ? words.NO_QUESTIONS : words.NO_SCOPE));
    };
    const refuse = (error) => (place.textContent = fill(words.QUESTIONS_FAILED, { reason: error.message }));
    await asked(`/article/${id}/questions`).then(show, refuse);
  }

  function fillIn({ question, scope }) {
    dateline.unedit();
    setScope(scope);
    write(find("#question textarea"), question);
    find("#question textarea").focus();
  }

  // Whatever a reader does to the fields goes on from what stands in them.
  for (const name of ["pointerdown", "keydown", "input"])
    document.addEventListener(name, (event) => event.target.closest?.("#scope, #clear-scope") && (next = null), true);

  // Gradio has to take a day in before it is told of it.
  let telling = 0;
  function changed() {
    clearTimeout(telling);
    telling = setTimeout(() => press("scope-changed"), 50);
  }
  document.addEventListener("dateline:added", () => handScope({})); // outlets and counts are others now

  onready(() => {
    all(DAYS.map((day) => `#${day} input, #${day} textarea`).join()).forEach((field) => {
      field.type = "date";
      field.addEventListener("change", changed);
    });
    const button = find("#scope-words");
    button.setAttribute("aria-controls", "scope");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      button.setAttribute("aria-expanded", String(document.body.classList.toggle("scoping")));
    });
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#clear-scope")) find("#scope-words").focus(); // it takes itself away
  }, true);

  Object.assign(dateline, { scope, setScope, askAbout, fillIn });
})();
