// What pages do with JavaScript beyond htmx: a drop zone with progress. Without it, every form works as a form.
"use strict";

function watchDropZone(zone) {
  const form = zone.closest("form");
  const input = form.querySelector('input[type="file"]');
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change"));
    }
  });
  input.addEventListener("change", () => refuseTooLarge(form, input));
  form.addEventListener("submit", (event) => {
    if (!input.files.length || !form.querySelector(".upload")) { return; }
    event.preventDefault();
    if (!refuseTooLarge(form, input)) { send(form); }
  });
}

function refuseTooLarge(form, input) {
  const most = Number(form.dataset.mostBytes || Infinity);
  const large = input.files.length > 0 && input.files[0].size > most;
  tellTrouble(form, large ? `The sheet is larger than ${form.dataset.most}; split it into several.` : "");
  return large;
}

function tellTrouble(form, text) {
  const trouble = form.querySelector(".trouble");
  if (trouble) { trouble.hidden = !text; trouble.textContent = text; }
}

function send(form) {
  const part = form.querySelector(".upload");
  const bar = part.querySelector("progress");
  const told = part.querySelector(".told");
  const button = form.querySelector("button");
  const ended = (text) => { part.hidden = true; button.disabled = false; tellTrouble(form, text); };
  const request = new XMLHttpRequest();
  part.hidden = false;
  button.disabled = true;
  told.textContent = "Uploading";
  tellTrouble(form, "");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) { bar.max = event.total; bar.value = event.loaded; }
  });
  request.upload.addEventListener("load", () => { told.textContent = "Uploaded; the sheet is being kept"; });
  request.addEventListener("load", () => {
    // A sheet that was kept has an address of its own, whatever is said of it there.
    if (request.responseURL !== form.action) { location.assign(request.responseURL); return; }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const said = answer.querySelector('[role="alert"]');
    ended(said ? said.textContent : "That was not possible; nothing was kept.");
  });
  request.addEventListener("error", () => {
    ended("The upload did not arrive, and nothing was kept of it. See that the server runs, and send it again.");
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".drop").forEach(watchDropZone);
});
