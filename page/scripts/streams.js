// Gradio 6.31's page loses a question that is accepted while it is being told to close the stream of the one
// before: it takes the stream for open, then closes it, and the new question waits for ever. So the news that
// a question is accepted is held back until the open stream has named that question, or the page has closed it.
(() => {
  const LONGEST_NEWS = 1_000_000; // characters; news of a question names it in its last ones
  const EARLY_MILLISECONDS = 1000; // what gradio does when the page is loaded has ended by then
  const send = window.fetch;
  // Gradio may have asked before this was here; until that has ended, its stream cannot be watched.
  const isLate = performance.getEntriesByType("resource").some((entry) => entry.name.includes("/queue/"));
  const begun = isLate ? new Promise((resolve) => setTimeout(resolve, EARLY_MILLISECONDS)) : Promise.resolve();
  let stream = null; // what the page's open stream has told, and who waits for what it tells

  function opened(request) {
    const watched = { told: "", waiting: new Set() };
    watched.closed = new Promise((resolve) => request.signal.addEventListener("abort", resolve));
    watched.closed.then(() => stream === watched && (stream = null));
    return watched;
  }

  async function watch(body, watched) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (let news = await reader.read(); !news.done; news = await reader.read()) {
        watched.told = (watched.told + news.value).slice(-LONGEST_NEWS);
        watched.waiting.forEach((look) => look());
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error; // the page closed it, as `closed` tells
    }
  }

  function named(watched, question) {
    return new Promise((resolve) => {
      const look = () => {
        if (!watched.told.includes(question)) return;
        watched.waiting.delete(look);
        resolve();
      };
      watched.waiting.add(look);
      look();
    });
  }

  window.fetch = async (resource, options) => {
    const request = new Request(resource, options);
    const path = new URL(request.url).pathname;
    if (path.endsWith("/queue/data")) {
      const watched = (stream = opened(request));
      const response = await send(request);
      if (!response.body) return response;
      const [theirs, ours] = response.body.tee();
      watch(ours, watched);
      return new Response(theirs, response);
    }
    if (path.endsWith("/queue/join")) await begun;
    const response = await send(request);
    if (path.endsWith("/queue/join") && response.ok && stream) {
      const question = (await response.clone().json()).event_id;
      if (stream) await Promise.race([named(stream, question), stream.closed]);
    }
    return response;
  };
})();
