// Gradio 6.31's page loses a question that is accepted while it is being told to close the stream of the one
// before: it takes the stream for open, then closes it, and the new question waits for ever. So the news that
// a question is accepted is held back until a stream has named that question, or the page has closed the open one.
(() => {
  const LONGEST_NEWS = 1_000_000; // characters; news of a question names it in its last ones
  const EARLY_MILLISECONDS = 1000; // what gradio does when the page is loaded has ended by then
  const send = window.fetch;
  // Gradio may have asked before this was here; until that has ended, its stream cannot be watched.
  const isLate = performance.getEntriesByType("resource").some((entry) => entry.name.includes("/queue/"));
  const begun = isLate ? new Promise((resolve) => setTimeout(resolve, EARLY_MILLISECONDS)) : Promise.resolve();
  let told = ""; // by all streams: one may have told all of a question before it is known to be accepted
  const waiting = new Set(); // who looks at it when there is more
  let closed = null; // resolves when the page closes the stream that is open

  function opened(request) {
    const own = new Promise((resolve) => request.signal.addEventListener("abort", resolve));
    own.then(() => closed === own && (closed = null));
    return own;
  }

  async function watch(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (let news = await reader.read(); !news.done; news = await reader.read()) {
        told = (told + news.value).slice(-LONGEST_NEWS);
        waiting.forEach((look) => look());
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error; // the page closed it, as `closed` tells
    }
  }

  function named(question) {
    return new Promise((resolve) => {
      const look = () => {
        if (!told.includes(question)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  }

  window.fetch = async (resource, options) => {
    const request = new Request(resource, options);
    const path = new URL(request.url).pathname;
    if (path.endsWith("/queue/data")) {
      closed = opened(request);
      const response = await send(request);
      if (!response.body) return response;
      const [theirs, ours] = response.body.tee();
      watch(ours);
      return new Response(theirs, response);
    }
    if (path.endsWith("/queue/join")) await begun;
    const response = await send(request);
    if (path.endsWith("/queue/join") && response.ok && closed) {
      const question = (await response.clone().json()).event_id;
      if (closed) await Promise.race([named(question), closed]);
    }
    return response;
  };
})();
