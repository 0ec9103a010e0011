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
