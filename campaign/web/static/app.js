// What pages do with JavaScript beyond htmx: a drop zone with progress. Without it, every form works as a form.
"use strict";

function watchDropZone(zone) {
  const form = zone.closest("form");
  const input = form.querySelector('input[type="file"]');
  const bar = form.querySelector("progress");
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; }
  });
  form.addEventListener("submit", (event) => {
    if (!input.files.length || !bar) { return; }
    event.preventDefault();
    send(form, bar);
  });
}

function send(form, bar) {
  const request = new XMLHttpRequest();
  bar.hidden = false;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) { bar.max = event.total; bar.value = event.loaded; }
  });
  request.addEventListener("load", () => {
    if (request.status < 400) { location.assign(request.responseURL); return; }
    // The answer is a whole page of ours that says why.
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    bar.hidden = true;
    document.querySelector("main").replaceWith(answer.querySelector("main"));
  });
  request.addEventListener("error", () => { bar.hidden = true; form.submit(); });
  request.open("POST", form.action);
  request.send(new FormData(form));
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".drop").forEach(watchDropZone);
});
