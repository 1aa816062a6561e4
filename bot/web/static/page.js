// The personal page: taps go to the server until it has confirmed them, and the cards stay live.
// Without this file the same forms work by themselves.
"use strict";

(() => {
  const BEAT_LOST = 40000; // the server sends a beat each 15 s
  const LOOK = 5000; // how often a page without a stream asks
  const PATIENCE = 10 * 60 * 1000; // after this a tap is not sent any more without being asked about
  const SETTLING = 300; // a button that moved is not tapped on purpose sooner
  const FRESH = 10000; // so long an answer stays whatever changes; later the changed page says more
  const QUIET = 700; // an answer that comes sooner needs no word about waiting
  const TIME_LIMIT = 10000;
  const FILE_TIME_LIMIT = 120000;

  const root = document.documentElement;
  const words = document.body.dataset;
  const address = "/p/" + words.page;
  const storeName = "taps:" + words.page;
  const find = (id) => document.getElementById(id);
  const main = find("main");
  const board = find("board");
  const place = find("answer-card");

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const parse = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  };
  const setText = (element, text) => {
    // Only when it changes: a screen reader reads out each time that it is set.
    if (element.textContent !== text) element.textContent = text;
  };

  // What is said

  let notifiedAt = 0;

  function notify(text) {
    const notice = find("notice");
    notifiedAt = Date.now();
    notice.textContent = "";
    if (!text) return;
    notice.append(text);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.textContent = "✕";
    close.setAttribute("aria-label", find("dismiss").textContent.trim());
    close.addEventListener("click", () => {
      notify("");
      if (isEnded) location.reload();
    });
    notice.append(close);
  }

  function announce(article) {
    const first = article.querySelector("h2, p");
    if (first) setText(find("said"), first.textContent);
  }

  // Live cards

  function tops() {
    const found = new Map();
    for (const button of main.querySelectorAll("button")) found.set(button, button.getBoundingClientRect().top);
    return found;
  }

  function markMoved(before) {
    for (const [button, top] of tops()) {
      if (before.has(button) && Math.abs(before.get(button) - top) < 8) continue;
      const mark = String(Date.now());
      button.dataset.moved = mark;
      setTimeout(() => {
        if (button.dataset.moved === mark) delete button.dataset.moved;
      }, SETTLING);
    }
  }

  const MARKS = ["data-moved", "data-sending", "aria-busy"];
  const bare = (part) => {
    const copy = part.cloneNode(true);
    for (const button of copy.querySelectorAll("button")) MARKS.forEach((mark) => button.removeAttribute(mark));
    return copy;
  };
  const isEqual = (present, fresh) => bare(present).isEqualNode(fresh);
  const partsOf = (article) => Array.from(article.querySelectorAll("[data-part]"));
  const nameOf = (part) => part.dataset.part;
  const shapeOf = (article) => partsOf(article).map(nameOf).join();
  const partOf = (article, name) => article.querySelector("[data-part=" + name + "]");

  function swap(old, fresh) {
    const active = document.activeElement;
    const held = active && old.contains(active) ? active : null;
    old.replaceWith(fresh);
    if (!held) return;
    const same = Array.from(fresh.querySelectorAll("button, a, input, textarea")).find(
      (element) => element.name === held.name && (element.value === held.value || element.name === "text"),
    );
    (same || fresh.closest("article") || main).focus({ preventScroll: true });
  }

  // Puts in place what has changed and nothing else, so that a field keeps what is being typed.
  function patch(old, fresh) {
    if (shapeOf(old) !== shapeOf(fresh)) {
      swap(old, fresh);
      return;
    }
    if (fresh.dataset.version) old.dataset.version = fresh.dataset.version;
    const field = old.querySelector("[name=text]");
    for (const part of partsOf(fresh)) {
      const present = partOf(old, nameOf(part));
      if (isEqual(present, part)) continue;
      // The card has taken in what was typed there.
      if (nameOf(part) === "lines" && field && field.value === field.dataset.sent) field.value = "";
      swap(present, part);
    }
  }

  // Takes in cards. With `keys` the board then has exactly those, in that order; without them nothing comes or
  // goes, as the answer to a tap may be older than what the stream has brought meanwhile.
  function merge(update) {
    if (update.language !== root.lang) {
      location.reload();
      return;
    }
    if (update.cards.length && Date.now() - notifiedAt > FRESH) notify("");
    const before = tops();
    for (const card of update.cards) {
      const old = find("live-" + card.key);
      if (old) renew(old, card, update.whole);
      else if (update.keys) bring(parse(card.html));
    }
    if (update.keys) arrange(update.keys);
    document.title = update.title;
    setText(document.querySelector("h1"), update.title);
    setText(document.querySelector(".person"), update.person);
    markMoved(before);
    showTaps();
  }

  function renew(old, card, isWhole) {
    const version = Number(old.dataset.version);
    if (isWhole ? version === card.version : version >= card.version) return;
    const titleOf = (article) => (article.querySelector("h2") || { textContent: "" }).textContent;
    const title = titleOf(old);
    patch(old, parse(card.html));
    const article = find("live-" + card.key);
    if (titleOf(article) !== title) announce(article);
  }

  function bring(article) {
    article.classList.add("fresh");
    board.append(article);
    announce(article);
  }

  function arrange(keys) {
    for (const article of Array.from(board.children)) {
      if (keys.includes(article.dataset.key)) continue;
      const hadFocus = article.contains(document.activeElement);
      article.remove();
      if (hadFocus) main.focus({ preventScroll: true });
    }
    keys.forEach((key, index) => {
      const article = find("live-" + key);
      if (article && board.children[index] !== article) board.insertBefore(article, board.children[index] || null);
    });
    showNothing();
  }

  function showNothing() {
    find("nothing").hidden = board.children.length + place.children.length > 0;
  }

  // The stream, and asking where there is none

  let isEnded = false;
  let stream = null;
  let heardAt = Date.now();
  let isLost = false;
  let isLooking = false;
  let reopenAt = 0;

  function heard() {
    heardAt = Date.now();
    if (!isLost) return;
    isLost = false;
    setText(find("connection"), "");
    setText(find("said"), words.online);
    hurry();
  }

  function lose() {
    if (isLost || document.hidden) return;
    isLost = true;
    setText(find("connection"), words.offline);
  }

  function hangUp() {
    if (stream) stream.close();
    stream = null;
  }

  function listen() {
    if (stream || isEnded || document.hidden || !window.EventSource) return;
    const opened = new EventSource(address + "/stream");
    stream = opened;
    opened.addEventListener("open", () => {
      heard();
      hurry();
    });
    opened.addEventListener("board", (event) => {
      heard();
      merge(JSON.parse(event.data));
    });
    opened.addEventListener("beat", heard);
    opened.addEventListener("ended", end);
    opened.addEventListener("error", () => {
      if (stream !== opened) return;
      if (opened.readyState === EventSource.CLOSED) {
        hangUp();
        reopenAt = Date.now() + 30000;
      }
      look();
    });
  }

  async function look() {
    if (isLooking || isEnded) return;
    isLooking = true;
    try {
      const response = await request(address + "/board", {}, TIME_LIMIT);
      if (response.status === 403 || response.status === 410) {
        end();
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const update = await response.json();
      heard();
      merge(update);
    } catch {
      lose();
    } finally {
      isLooking = false;
    }
  }

  // The page is bound to nobody any more. What it was told last ("not this person") is to be read before it goes.
  function end() {
    isEnded = true;
    hangUp();
    if (taps.length) notify(fill(words.lost, { what: taps.map((tap) => tap.label).join("; ") }));
    taps = [];
    storeTaps();
    showTaps();
    if (!find("notice").textContent) {
      location.reload();
      return;
    }
    board.textContent = "";
    clearAnswer();
  }

  function watch() {
    if (document.hidden) return;
    if (stream && Date.now() - heardAt > BEAT_LOST) hangUp();
    if (stream && stream.readyState === EventSource.OPEN) return;
    look();
    if (!stream && Date.now() > reopenAt) listen();
  }

  function resume() {
    if (document.hidden) {
      hangUp();
      return;
    }
    heardAt = Date.now();
    hangUp();
    listen();
    hurry();
  }

  // What was tapped and is not confirmed yet: one after the other, each until the server has answered it

  let taps = storedTaps();
  let tries = 0;
  let isSending = false;
  let wake = () => {};

  function storedTaps() {
    try {
      return JSON.parse(sessionStorage.getItem(storeName)) || [];
    } catch {
      return [];
    }
  }

  function storeTaps() {
    try {
      // A file cannot be stored; the page asks before it is left while one is on its way.
      sessionStorage.setItem(storeName, JSON.stringify(taps.filter((tap) => !tap.file)));
    } catch {
      // Without storage a tap lives as long as the page.
    }
  }

  function newEvent() {
    // Not randomUUID: browsers have it on HTTPS only, and the hall's own network is plain HTTP.
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // The server can be reached again: what waits is tried at once, and soon again if that was too soon. Not on
  // every sign of life: where taps alone fail, a thousand phones must not all try again with each change.
  function hurry() {
    tries = Math.min(tries, 1);
    wake();
  }

  const isOld = (tap) => Date.now() - tap.at > PATIENCE;

  async function request(url, options, limit) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), limit);
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(url, { headers, cache: "no-store", signal: control.signal, ...options });
      // A network's own log-in page is no answer of the server.
      if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error("no JSON");
      const text = await response.text();
      return { status: response.status, ok: response.ok, json: () => JSON.parse(text) };
    } finally {
      clearTimeout(timer);
    }
  }

  async function send(tap) {
    const form = new FormData();
    for (const [name, value] of Object.entries(tap.fields)) form.append(name, value);
    if (tap.file) form.append("file", tap.file, tap.file.name);
    try {
      const limit = tap.file ? FILE_TIME_LIMIT : TIME_LIMIT;
      const response = await request(address, { method: "POST", body: form }, limit);
      return response.status >= 500 || response.status === 429 ? null : response.json();
    } catch {
      return null;
    }
  }

  async function sendAll() {
    if (isSending) return;
    isSending = true;
    while (taps.length && !isOld(taps[0])) {
      const tap = taps[0];
      const slow = setTimeout(showTaps, QUIET);
      const answer = await send(tap);
      clearTimeout(slow);
      if (answer === null) {
        tries += 1;
        showTaps();
        const delay = Math.min(15000, 500 * 2 ** tries) * (0.7 + 0.6 * Math.random());
        await new Promise((resolve) => {
          wake = resolve;
          setTimeout(resolve, delay);
        });
        continue;
      }
      taps.shift();
      tries = 0;
      storeTaps();
      showTaps();
      take(answer, tap);
    }
    isSending = false;
    showTaps();
  }

  function take(answer, tap) {
    if (answer.fault === "page_ended" || answer.fault === "not_your_page") {
      end();
      return;
    }
    const field = tap.fields.key ? document.querySelector("#live-" + tap.fields.key + " [name=text]") : null;
    if (field && tap.fields.text) field.dataset.sent = tap.fields.text;
    if (tap.fields.send === "message" && find("message").value === tap.fields.text) find("message").value = "";
    notify(answer.notice);
    if (answer.card) showAnswer(parse(answer.card));
    else if (answer.keep === false) clearAnswer();
    if (answer.board) merge(answer.board);
    if (!stream || stream.readyState !== EventSource.OPEN) look();
  }

  function showAnswer(fresh) {
    const before = tops();
    const old = place.firstElementChild;
    const field = fresh.querySelector("[data-part=field]");
    const isSame = (name) => isEqual(partOf(old, name), partOf(fresh, name));
    if (old && field && partOf(old, "field") && isSame("lines") && isSame("field")) {
      // The same question again: what was typed stays, to be corrected.
      patch(old, fresh);
    } else {
      place.textContent = "";
      place.append(fresh);
    }
    find("dismiss").hidden = field !== null;
    showNothing();
    (place.querySelector("[data-part=field] [name]") || place.firstElementChild).focus();
    markMoved(before);
  }

  function clearAnswer() {
    const hadFocus = find("answer").contains(document.activeElement);
    place.textContent = "";
    find("dismiss").hidden = true;
    showNothing();
    if (hadFocus) main.focus({ preventScroll: true });
  }

  function showTaps() {
    const [tap] = taps;
    for (const button of document.querySelectorAll("button[name]")) {
      const key = button.form && button.form.elements.key ? button.form.elements.key.value : "";
      const isBusy = taps.some(({ fields }) => fields[button.name] === button.value && (fields.key || "") === key);
      button.toggleAttribute("data-sending", isBusy);
      if (isBusy) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
    const pending = find("pending");
    if (!tap) {
      setText(pending, "");
      return;
    }
    const time = new Date(tap.at).toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit" });
    const values = { what: tap.label, time };
    if (isOld(tap)) {
      if (isSending || pending.querySelector("button")) return;
      pending.textContent = fill(words.waiting, values) + " ";
      pending.append(
        choice(words.sendNow, () => {
          tap.at = Date.now();
        }),
        choice(words.discard, () => {
          taps.shift();
        }),
      );
    } else if (tries) {
      setText(pending, fill(words.retrying, values));
    } else if (Date.now() - tap.at >= QUIET) {
      setText(pending, fill(words.sending, values));
    }
  }

  function choice(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      act();
      find("pending").textContent = "";
      storeTaps();
      sendAll();
    });
    return button;
  }

  // Forms

  function isTooLong(field) {
    const over = Array.from(field.value.trim().normalize("NFC")).length - Number(field.dataset.limit);
    field.setCustomValidity(over > 0 ? fill(words.tooLong, { over, limit: field.dataset.limit }) : "");
    return over > 0;
  }

  const shortened = (text) => (text.length > 40 ? text.slice(0, 40) + "…" : text);

  function tapOf(form, button) {
    const fields = { event: newEvent() };
    if (form.elements.key) fields.key = form.elements.key.value;
    if (button.name) fields[button.name] = button.value;
    let label = button.textContent.trim();
    let file;
    const text = form.elements.text;
    if (text && text.value.trim()) {
      if (isTooLong(text)) {
        text.reportValidity();
        return null;
      }
      fields.text = text.value;
      if (fields.send) label = "“" + shortened(text.value.trim()) + "”";
    }
    const chosen = fields.send && form.elements.file ? form.elements.file.files[0] : undefined;
    if (chosen) {
      label = chosen.name;
      if (chosen.size > Number(words.fileLimit)) {
        fields.file_name = chosen.name;
        fields.file_size = String(chosen.size);
      } else {
        file = chosen;
      }
    }
    return { fields, label, file, at: Date.now() };
  }

  const isSameTap = (one, other) =>
    one.file === other.file &&
    ["key", "action", "send", "text"].every((name) => (one.fields[name] || "") === (other.fields[name] || ""));

  let lastButton = null;

  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("button[type=submit]");
      lastButton = button;
      // A tap that lands on a button which has just come under the finger was meant for something else.
      if (button && event.detail > 0 && button.dataset.moved) {
        event.preventDefault();
        notify(words.moved);
      }
    },
    true,
  );

  document.addEventListener("submit", (event) => {
    const form = event.target;
    // Browsers before 2022 do not name the button.
    const pressed = event.submitter || lastButton;
    const button = pressed && pressed.form === form ? pressed : form.querySelector("button[type=submit]");
    event.preventDefault();
    const tap = tapOf(form, button);
    if (!tap || (taps.length && isSameTap(taps[taps.length - 1], tap))) return;
    taps.push(tap);
    storeTaps();
    notify("");
    const greeting = document.querySelector("#answer > .notice");
    if (greeting) greeting.remove();
    showTaps();
    sendAll();
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.name === "file") field.setCustomValidity("");
    if (field.name === "text" && field.dataset.limit) isTooLong(field);
  });

  document.addEventListener(
    "invalid",
    (event) => {
      const field = event.target;
      const missing = field.name === "file" ? words.fileMissing : words.textMissing;
      if (field.validity.valueMissing) field.setCustomValidity(missing);
    },
    true,
  );

  find("dismiss").addEventListener("click", (event) => {
    event.preventDefault();
    clearAnswer();
  });

  window.addEventListener("beforeunload", (event) => {
    if (taps.some((tap) => tap.file)) event.preventDefault();
  });
  window.addEventListener("online", resume);
  window.addEventListener("offline", lose);
  window.addEventListener("pageshow", resume);
  window.addEventListener("pagehide", hangUp);
  document.addEventListener("visibilitychange", resume);
  setInterval(watch, LOOK);
  showTaps();
  sendAll();
})();
