// Whether the server can be reached: it may have more questions than it takes, be stopped, and come back.
(() => {
  "use strict";
  const { find, all, words, write, fill, onready } = dateline;
  const UNANSWERED = "dateline.unanswered"; // in sessionStorage: what was being asked when the page is loaded anew
  const EVERY_MILLISECONDS = 500; // between two looks for the server, or for room in its queue
  const MOST_TRIES = 120; // for room
  const send = window.fetch;
  const pause = () => new Promise((resolve) => setTimeout(resolve, EVERY_MILLISECONDS));
  const typed = () => find("#question textarea");
  const told = document.createElement("p");
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

  // Gradio's streams end with the server; where one has ended for another reason, the server is there.
  function heard(response) {
    if (!response.body) return response;
    const [theirs, ours] = response.body.tee();
    ours.pipeTo(new WritableStream()).then(lost, (error) => error.name !== "AbortError" && lost());
    return new Response(theirs, response);
  }

  async function lost() {
    if (gone || leaving) return;
    gone = true;
    for (let missed = false; ; missed = true) {
      await pause();
      const status = await send("/", { method: "HEAD", cache: "no-store" }).then((reply) => reply.status).catch(() => 0);
      if (status === 200 && !missed) break; // it was there all the time
      if (status === 200) return comeBack();
      tell(status === 503 ? fill(words.SERVER_BACK, { stage: await stage() }) : words.SERVER_GONE);
    }
    gone = false;
  }

  const stage = () => send("/starting").then((reply) => reply.json()).then((state) => state.words).catch(() => "…");

  // The server knows this page no more. Loaded anew, it shows the conversation that the browser keeps.
  function comeBack() {
    const last = all("#conversation p.question").pop();
    const answered = last && !find(".answer .status", find("#conversation")) && !last.matches(".waiting");
    const open = typed().value || (last && !answered ? last.innerText : "");
    try {
      sessionStorage.setItem(UNANSWERED, open);
    } catch (error) {
      console.info(error.message);
    }
    location.reload();
  }

  function takeUp() {
    let open = null;
    try {
      open = sessionStorage.getItem(UNANSWERED);
      sessionStorage.removeItem(UNANSWERED);
    } catch (error) {
      console.info(error.message);
    }
    if (open && !typed().value) write(typed(), open);
  }

  // Gradio's own notes of errors are not shown; what they are about is said in the page's words.
  let notes = 0;
  function noted() {
    const now = all(".toast-body").length;
    if (now > notes && told.hidden) dateline.say(words.FAILED);
    notes = now;
  }

  window.fetch = async (resource, options) => {
    const path = new URL(resource.url ?? resource, location.href).pathname;
    if (path.endsWith("/queue/join")) return join(resource, options);
    const response = await send(resource, options);
    return /\/(?:heartbeat\/\w+|queue\/data)$/.test(path) ? heard(response) : response;
  };
  addEventListener("pagehide", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));

  onready(() => {
    told.id = "reaching";
    told.hidden = true;
    told.setAttribute("role", "status");
    document.body.append(told);
    takeUp();
    new MutationObserver(noted).observe(document.body, { childList: true, subtree: true });
  });
})();
