// Everything works without this file: it tells what is too large before it is sent, shows how far a file has come,
// and looks again while something still lies in the inbox.
"use strict";

for (const form of document.querySelectorAll("form[data-most]")) {
  const files = form.querySelector("input[type=file]");
  const said = form.querySelector("[data-said]");
  const bar = form.querySelector("progress");
  form.addEventListener("submit", (event) => {
    const large = [...files.files].filter((one) => one.size > Number(form.dataset.most));
    said.hidden = large.length === 0;
    said.textContent = large.map((one) => `${one.name}: ${form.dataset.large}`).join("; ");
    if (large.length) {
      event.preventDefault();
      return;
    }
    bar.hidden = false;
    bar.removeAttribute("value");
    form.querySelector("button").disabled = true;
  });
}

const again = document.querySelector("[data-again]");
if (again) {
  // by its address: what was sent is not sent once more
  setTimeout(() => {
    if (!document.querySelector("input[type=file]").files.length) location.replace("/tha-tep");
  }, Number(again.dataset.again) * 1000);
}

// a button that decides is pressed once
for (const form of document.querySelectorAll("form.decide")) {
  form.addEventListener("submit", () => {
    form.querySelector("button").disabled = true;
  });
}

// a search answers while it is typed: the same page is asked for, and its part that was found takes the place of this one
for (const form of document.querySelectorAll("form[data-live]")) {
  const part = form.dataset.live;
  let timer = 0;
  let asked = 0;
  const look = async () => {
    const mine = (asked += 1);
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector(part);
    // an answer that comes late is no answer to what stands there now
    if (mine !== asked || !found) return;
    document.querySelector(part).replaceChildren(...found.childNodes);
    history.replaceState(null, "", address);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  };
  // a word that is still being composed (tiê, then tiến) is not searched for
  form.addEventListener("input", (event) => event.isComposing || soon());
  form.addEventListener("compositionend", soon);
}

// what was sent is looked for again while it is under way
const waited = document.querySelector("[data-reload]");
if (waited) {
  const before = JSON.stringify([...document.querySelectorAll("form.fill [name]")].map((one) => one.value));
  setTimeout(() => {
    const now = JSON.stringify([...document.querySelectorAll("form.fill [name]")].map((one) => one.value));
    if (before === now) location.reload();
  }, Number(waited.dataset.reload) * 1000);
}

// a form that is filled in: saved and judged by itself, its faults beside the places that were touched
const filled = document.querySelector("form.fill");
if (filled) {
  const said = filled.querySelector("[data-said]");
  const count = filled.querySelector("[data-count]");
  const version = filled.querySelector("[name=lan]");
  const touched = new Set();
  let isAsking = false;
  let isWanted = false;
  let isLost = false;
  let timer = 0;

  const item = ([weight, name, text, mend]) => {
    const made = document.createElement("li");
    made.className = weight;
    const strong = document.createElement("strong");
    strong.textContent = name;
    made.append(strong, ` ${text}`);
    if (mend) {
      const how = document.createElement("span");
      how.className = "mend";
      how.textContent = mend;
      made.append(" ", how);
    }
    return made;
  };
  // the list of a place's faults; made where the page has none yet, and named by the place it is about
  const listOf = (name) => {
    const known = filled.querySelector(`[data-told="${CSS.escape(name)}"]`);
    const place = filled.querySelector(`.box [name="${CSS.escape(name)}"]`);
    if (known || !place) return known;
    const made = document.createElement("ul");
    made.className = "told";
    made.id = `loi.${name}`;
    made.dataset.told = name;
    place.closest(".box").append(made);
    const about = place.getAttribute("aria-describedby");
    place.setAttribute("aria-describedby", [about, made.id].filter(Boolean).join(" "));
    return made;
  };
  const tell = (told) => {
    const places = [...filled.querySelectorAll("[data-told]")].map((list) => list.dataset.told);
    for (const name of new Set([...places, ...Object.keys(told)])) {
      const found = told[name] || [];
      const list = "all" in filled.dataset || touched.has(name) ? listOf(name) : null;
      if (!list) continue;
      list.replaceChildren(...found.map(item));
      for (const box of filled.querySelectorAll(`.box [name="${CSS.escape(name)}"]`)) {
        if (found.some(([weight]) => weight === "block")) box.setAttribute("aria-invalid", "true");
        else box.removeAttribute("aria-invalid");
      }
    }
  };
  const ask = async () => {
    if (isLost) return;
    if (isAsking) {
      isWanted = true;
      return;
    }
    isAsking = true;
    try {
      const answer = await fetch(filled.dataset.check, { method: "POST", body: new FormData(filled) });
      if (answer.status === 401) {
        said.textContent = filled.dataset.over;
      } else {
        const told = await answer.json();
        isLost = Boolean(told.is_lost);
        said.textContent = told.saved ? `${told.saved}. ${told.said}` : told.said;
        said.classList.toggle("bad", !told.saved);
        said.classList.toggle("notice", !told.saved);
        if (told.saved) {
          version.value = told.version;
          if (count) count.textContent = told.said;
          tell(told.told);
        }
      }
    } catch {
      said.textContent = filled.dataset.away;
    }
    isAsking = false;
    if (isWanted) {
      isWanted = false;
      ask();
    }
  };
  filled.addEventListener("change", (event) => {
    touched.add(event.target.name);
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  });
  // a button waits for what is being saved: else it would come with a version that is old by then
  filled.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!isAsking) return;
    event.preventDefault();
    isWanted = false;
    const button = event.submitter;
    const wait = setInterval(() => {
      if (isAsking) return;
      clearInterval(wait);
      filled.requestSubmit(button);
    }, 50);
  });
}

// what has changed is told, not loaded: whoever is writing something keeps it
const live = document.querySelector("[data-live]");
if (live) {
  let since = live.dataset.live;
  let stream;
  const listen = () => {
    stream = new EventSource(`/su-kien?tu=${since}`);
    stream.addEventListener("changed", (event) => {
      since = event.data;
      live.firstElementChild.hidden = false;
    });
  };
  listen();
  // a browser keeps few connections to one office: windows that nobody looks at need none
  document.addEventListener("visibilitychange", () => {
    stream.close();
    if (!document.hidden) listen();
  });
}
