// What the page's scripts share: its words and limits, what is asked of the server, putting its HTML into the page,
// saying something, and telling gradio's fields.
(() => {
  "use strict";
  // What the server's fragments are made of; anything else in them is left out, whatever wrote it.
  const TAGS = new Set("a article bdi button details div h2 h3 header li mark ol p section span summary time ul".split(" "));
  const ATTRIBUTES = new Set(
    "aria-hidden aria-label aria-labelledby aria-live aria-pressed class datetime dir href id lang rel role tabindex target title type".split(" ")
  );
  const MOST_OF_A_REASON = 300; // characters of what a server says that it will not do
  const ADDRESS = /^(?:\/article\/[0-9a-f]{16}(?:\?[\w=&.~%-]*)?|#[\w=&.~%-]*|https?:\/\/[^\s\\]+)$/;

  const find = (selector, within = document) => within.querySelector(selector);
  const [words, limits] = ["#words", "#limits"].map((part) => JSON.parse(find(part).textContent));
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  function isKept(element, { name, value }) {
    if (name === "href") return ADDRESS.test(value);
    if (name === "type") return value === "button";
    return ATTRIBUTES.has(name) || name.startsWith("data-");
  }

  function cleaned(html) {
    const made = new DOMParser().parseFromString(html, "text/html");
    for (const element of all("*", made.body)) {
      if (!TAGS.has(element.localName)) element.remove();
      else for (const attribute of [...element.attributes]) if (!isKept(element, attribute)) element.removeAttribute(attribute.name);
    }
    return made.body.childNodes;
  }

  function put(element, html) {
    element.replaceChildren(...cleaned(html));
  }

  function made(name, text, className = "") {
    return Object.assign(document.createElement(name), { textContent: text, className });
  }

  // Asks the server and gives the text of its reply, or what `read` makes of it. What goes wrong is an Error whose
  // message is for the reader; a request that is taken back stays the AbortError it is.
  async function asked(address, options = {}, read = (reply) => reply.text()) {
    const unreached = (error) => {
      throw error.name === "AbortError" ? error : new Error(words.NOT_REACHED, { cause: error });
    };
    const reply = await fetch(address, options).catch(unreached);
    if (reply.ok) return read(reply).catch(unreached);
    throw new Error((await reply.text().catch(unreached)).slice(0, MOST_OF_A_REASON));
  }

  // Gradio hears of an input, and of a change only after it.
  function write(field, text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const folded = (text) => text.replace(/\s+/g, " ").trim();
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  let told = null;
  function announce(text) {
    told ??= find("#announced");
    told.textContent = ""; // the same words twice are told twice
    requestAnimationFrame(() => (told.textContent = text));
  }

  // What is said stands in the open dialog, else for a while at the foot of the page; a screen reader hears it.
  let fading = 0;
  function say(text) {
    const place = find("dialog[open] .said");
    if (place) return void (place.textContent = text);
    announce(text);
    const noted = find("#noted");
    noted.textContent = text;
    if (noted.hidePopover && noted.matches(":popover-open")) noted.hidePopover(); // it comes back above what is open now
    noted.showPopover?.();
    clearTimeout(fading);
    fading = setTimeout(() => noted.hidePopover?.(), 6000);
  }

  document.addEventListener("click", (event) => event.target.closest("dialog .close")?.closest("dialog").close());

  // What is said in a dialog is gone when it is opened again.
  document.addEventListener("close", (event) => find(".said", event.target)?.replaceChildren(), true);

  const said = new Set();
  function sayOnce(text) {
    if (!said.has(text)) say(text);
    said.add(text);
  }

  const waiting = [];
  let ready = false;
  const onready = (begin) => (ready ? begin() : waiting.push(begin));

  const PARTS = ["#question textarea", "#conversation :is([role=log], .placeholder)", "#scope-words", "#as-of :is(input, textarea)"];
  const isReady = () => PARTS.every((part) => find(part)); // gradio's, which come one by one

  function lay() {
    const made = document.createElement("template");
    made.innerHTML = JSON.parse(find("#shell").textContent); // the page's own markup, of its templates
    document.body.append(made.content);
    document.body.prepend(find("#masthead"));
    const look = () => {
      if (!isReady()) return false;
      ready = true;
      waiting.splice(0).forEach((begin) => begin());
      return true;
    };
    if (look()) return;
    const watch = new MutationObserver(() => look() && watch.disconnect());
    watch.observe(document.documentElement, { childList: true, subtree: true });
  }

  // A button or a field of gradio that readers do not see; each hands one thing to Python.
  const press = (name) => find(`#${name}`).click();
  function hand(name, value, then) {
    write(find(`#${name} textarea, #${name} input`), JSON.stringify(value));
    setTimeout(() => press(then)); // gradio has to take it in first
  }

  // The page's own links that do something instead of leading somewhere are buttons, which Space presses too.
  document.addEventListener("keydown", (event) => {
    const link = event.key === " " && event.target.closest?.("a[role=button]");
    if (!link) return;
    event.preventDefault(); // which would scroll
    link.click();
  });

  // Storage can be turned off or full. Gives null where nothing is kept, undefined where nothing can be read.
  function remembered(key, storage = "localStorage") {
    try {
      return window[storage].getItem(key);
    } catch (error) {
      console.info(error.message);
      return undefined;
    }
  }

  // Tells if it is kept; null is kept as nothing.
  function remember(key, value, storage = "localStorage") {
    try {
      if (value === null) window[storage].removeItem(key);
      else window[storage].setItem(key, value);
      return true;
    } catch (error) {
      console.info(error.message);
      return false;
    }
  }

  // Gradio takes light and dark from the system, by a class of its own; a reader's choice goes before.
  const DARK = "dateline.dark";
  function light() {
    const button = find("#masthead .change-light");
    const show = () => (button.textContent = document.body.classList.contains("dark") ? words.LIGHT : words.DARK);
    const chosen = remembered(DARK);
    if (chosen) document.body.classList.toggle("dark", chosen === "1");
    button.addEventListener("click", () => {
      remember(DARK, document.body.classList.toggle("dark") ? "1" : "0");
      show();
    });
    show();
  }
  onready(light);

  window.dateline = {
    words, limits, find, all, put, made, asked, write, folded, fill, announce, say, sayOnce, onready, press, hand, remembered, remember,
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", lay);
  else lay();
})();
