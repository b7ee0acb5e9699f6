// The page of those who wait: what is being done, until the page itself can be shown, or why it never will.
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const main = find("main");
  const told = JSON.parse(main.dataset.told);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let shown = Boolean(find(".error").textContent);

  function show(state) {
    find(".gone").hidden = true;
    if (state.error && !shown) {
      shown = true;
      find(".error").textContent = state.error;
      find(".under-way").hidden = true;
      find(".stopped").hidden = false;
    } else if (!state.error && shown) {
      location.reload();
    }
    const bar = find("progress");
    find("label").textContent = state.words;
    if (find(".spoken").textContent !== state.stage) find(".spoken").textContent = state.stage;
    if (state.total) {
      bar.max = state.total;
      bar.value = state.done;
    } else bar.removeAttribute("value");
  }

  async function look() {
    try {
      const reply = await fetch(main.dataset.route, { cache: "no-store" });
      const state = await reply.json();
      if (state.ready) return location.reload();
      show(state);
    } catch {
      if (!shown) {
        find(".gone").textContent = told.gone;
        find(".gone").hidden = false;
      }
    }
    setTimeout(look, shown ? 2000 : 500);
  }
  const light = () => document.documentElement.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", light);
  light();
  setTimeout(look, 500);
})();
