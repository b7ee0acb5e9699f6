// Whether the server can be reached: it may have more questions than it takes, be stopped, and come back.
(() => {
  "use strict";
  const { all, find, made, words, fill, onready } = dateline;
  const EVERY_MILLISECONDS = 500; // between two looks for the server, or for room in its queue
  const LOOK_MILLISECONDS = 2000; // while an answer is under way
  const MOST_TRIES = 120; // for room
  const send = window.fetch;
  const pause = () => new Promise((resolve) => setTimeout(resolve, EVERY_MILLISECONDS));
  const told = Object.assign(made("div", ""), { id: "reaching", hidden: true });
  let gone = false;
  let leaving = false;

  function tell(text) {
    told.textContent = text;
    told.hidden = !text;
  }

  // A question that finds no room waits here for it.
  async function join(resource, options) {
    let waits = false;
    for (let tries = 1; ; tries++) {
      const response = await send(resource, options).catch((error) => {
        lost();
        throw error;
      });
      if (gone) return response;
      if (response.status !== 503) {
        if (waits || !told.hidden) tell("");
        return response;
      }
      tell(tries < MOST_TRIES ? words.QUEUE_WAITS : words.QUEUE_FULL);
      if (tries === MOST_TRIES) return response;
      waits = true;
      await pause();
    }
  }

  // Gradio's streams are left alone: streams.js reads them already, and their order matters.
  async function lost() {
    if (gone || leaving) return;
    gone = true;
    for (let missed = false; ; missed = true) {
      await pause();
      const status = await send("/", { method: "HEAD", cache: "no-store" }).then((reply) => reply.status).catch(() => 0);
      if (status === 200 && !missed) break; // it was there all the time
      if (status === 200) return location.reload(); // the server knows this page no more
      told.classList.add("lost");
      tell(status === 503 ? fill(words.SERVER_BACK, { stage: await stage() }) : words.SERVER_GONE);
    }
    gone = false;
  }

  const stage = () => send("/starting").then((reply) => reply.json()).then((state) => state.words).catch(() => "…");

  // Gradio's own notes of errors are not shown; what they are about is said in the page's words.
  let notes = 0;
  function noted() {
    const now = all(".toast-body").length;
    if (now > notes && told.hidden) dateline.say(words.FAILED);
    notes = now;
  }

  window.fetch = (resource, options) => {
    const path = new URL(resource.url ?? resource, location.href).pathname;
    return path.endsWith("/queue/join") ? join(resource, options) : send(resource, options);
  };
  setInterval(() => dateline.busy?.() && lost(), LOOK_MILLISECONDS);
  addEventListener("pagehide", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));

  onready(() => {
    told.setAttribute("role", "status");
    find("#masthead").append(told);
    new MutationObserver(noted).observe(document.body, { childList: true, subtree: true });
  });
})();
