// The dialog that adds an article: a pasted text, a file or an address, with its progress and what became of it.
(() => {
  "use strict";
  const { words, limits, find, all, made, asked, fill, announce, onready } = window.dateline;

  onready(() => {
    const dialog = find("#adding");
    const form = find("form", dialog);
    const became = find(".became", dialog);
    const bar = find("progress", dialog);
    let busy = false;

    const chosen = () => form.elements.as.value;

    function choose() {
      for (const part of all("[class^=as-]", form)) part.hidden = part.className !== `as-${chosen()}`;
    }

    function work(is) {
      busy = is;
      find("button[type=submit]", form).disabled = is;
      find(".under-way", dialog).hidden = !is;
      bar.removeAttribute("value");
      find(".under-way label", dialog).textContent = chosen() === "address" ? `${words.ADDING_FETCHING} …` : words.ADDING_WORKING;
    }

    function fail(text) {
      became.replaceChildren(made("p", text, "fault"));
      became.scrollIntoView({ block: "nearest" });
    }

    function step(line) {
      find(".under-way label", dialog).textContent = line.words;
      if (line.total) {
        bar.max = line.total;
        bar.value = line.done;
      } else bar.removeAttribute("value");
    }

    function tell(done) {
      const told = made("p", done.told, done.articles.length ? "" : "fault");
      told.dir = "auto";
      became.replaceChildren(told);
      for (const reason of done.failures) became.append(made("p", reason, "fault"));
      if (done.remarks.length) became.append(made("p", words.ADDED_REMARK));
      const list = document.createElement("ul");
      for (const { id, title } of done.articles) {
        const button = Object.assign(made("button", fill(words.ADDED_OPEN, { title })), { type: "button", dir: "auto" });
        button.addEventListener("click", () => open(id));
        list.append(document.createElement("li"));
        list.lastChild.append(button);
      }
      became.append(list);
      became.scrollIntoView({ block: "nearest" });
      if (!done.articles.length) return;
      const how = chosen();
      form.reset();
      form.elements.as.value = how;
      document.dispatchEvent(new CustomEvent("dateline:added", { detail: done })); // for what shows counts
      if (done.articles.length > 1 || done.failures.length || done.remarks.length || !dialog.open) return;
      announce(done.told);
      became.replaceChildren();
      open(done.articles[0].id);
    }

    function open(id) {
      dialog.close();
      window.dateline.open(`/article/${id}`);
    }

    // Shows how far it is, and gives the last that was told; null where the server stopped telling.
    async function read(reply) {
      const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      let last = null;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return last;
        const lines = (rest + value).split("\n");
        rest = lines.pop();
        for (const line of lines) {
          last = JSON.parse(line);
          if ("stage" in last) step(last);
        }
      }
    }

    function sent() {
      const { text, title, outlet, day, file, address } = form.elements;
      if (chosen() === "address") return ["", JSON.stringify({ address: address.value.trim() })];
      if (chosen() === "text") {
        if (!text.value.trim()) return fail(words.ADDING_NO_TEXT);
        const pasted = { text: text.value, title: title.value, outlet: outlet.value, day: day.value };
        return ["", JSON.stringify(pasted)];
      }
      const [one] = file.files;
      if (!one) return fail(words.ADDING_NO_FILE);
      if (one.size > limits.file) return fail(words.ADDING_TOO_LARGE);
      return [`&name=${encodeURIComponent(one.name)}`, one];
    }

    // It may have been added also where the server was lost.
    const refused = ({ message }) => ({ error: message === words.NOT_REACHED ? words.ADDING_LOST : message });

    async function add() {
      const sending = sent();
      if (!sending) return;
      const [name, body] = sending;
      work(true);
      became.replaceChildren();
      try {
        const last = await asked(`/add?as=${chosen()}${name}`, { method: "POST", body }, read).catch(refused);
        if (last && "added" in last) tell(last);
        else fail(last?.error || words.ADDING_LOST);
      } finally {
        work(false);
      }
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!busy) add();
    });
    form.addEventListener("change", (event) => {
      if (event.target.name !== "as") return;
      became.replaceChildren();
      choose();
    });
    for (const kind of ["dragover", "drop"])
      dialog.addEventListener(kind, (event) => {
        event.preventDefault();
        if (kind === "dragover" || busy || !event.dataTransfer.files.length) return;
        form.elements.as.value = "file";
        choose();
        form.elements.file.files = event.dataTransfer.files;
      });
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".open-adding")) return;
      dialog.showModal();
      find(`.as-${chosen()} textarea, .as-${chosen()} input`, form).focus();
    });
  });
})();
