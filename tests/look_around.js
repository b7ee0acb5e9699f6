// Everything on the page that did not come from the page itself, as sentences.
(allowed) => {
    const { tags, links, snare } = allowed;
    const faults = window.ran ? ["a script ran"] : [];
    const place = (element) => element.outerHTML.slice(0, 120);
    if (document.baseURI !== location.origin + "/") faults.push("base " + document.baseURI);
    const never = "iframe frame object embed applet math foreignobject marquee video audio bgsound plaintext mglyph";
    for (const element of document.querySelectorAll(never.split(" ").join(","))) faults.push("tag " + place(element));
    const holding = new Set(["title", "data-quote", "data-outlet", "aria-label", "value", "placeholder"]);
    for (const element of document.querySelectorAll("body, body *")) {
        for (const { name, value } of element.attributes) {
            if (name.startsWith("on")) faults.push("handler " + place(element));
            if (!holding.has(name) && (value.includes(snare) || value.includes("window.ran")) && !(name === "href" && links.includes(value)) && !element.matches("a.record[href^='#']"))
                faults.push(`attribute ${name} of ` + place(element));
        }
    }
    const ours = /^(?:\/article\/[0-9a-f]{16}(?:\?[\w=&.~%-]*)?|#[\w-]*)$/;
    for (const link of document.querySelectorAll("a[href], area[href]")) {
        const to = link.getAttribute("href");
        if (!link.matches("a.record[href^='#']") && !ours.test(to) && !links.includes(to)) faults.push("link " + to.slice(0, 120));
    }
    const regions = ".answer, p.question, .placeholder, #reader .opened, #collection .overview, #collection .list, #conversations ul, #adding .became, #quoted, #noted, #announced";
    for (const region of document.querySelectorAll(regions))
        for (const element of region.querySelectorAll("*"))
            if (!tags.includes(element.localName) && !element.closest("#conversations li form")) faults.push("tag " + place(element));
    for (const id of ["reader", "send", "question", "conversation", "quoted", "announced", "masthead", "words", "limits", "shell"])
        if (document.querySelectorAll("#" + id).length !== 1) faults.push("not one #" + id);
    for (const name of ["open", "put", "find", "all"]) if (typeof window.dateline?.[name] !== "function") faults.push("no dateline." + name);
    if (document.querySelector !== Document.prototype.querySelector) faults.push("document is clobbered");
    if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the window");
    if (!document.querySelector("dialog[open]"))
        for (const selector of ["#send", "#question textarea", "#masthead .open-collection"]) {
            const part = document.querySelector(selector);
            const box = part.getBoundingClientRect();
            const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            if (!part.contains(over) && !(over?.closest("#masthead, #ask"))) faults.push(`covered ${selector} by ` + (over ? place(over) : "nothing"));
        }
    return [...new Set(faults)];
}
