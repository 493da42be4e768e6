"use strict";
// Shows values beside sliders, greys an answer whose question was changed, and follows a comparison that runs.

const form = document.getElementById("question");
const answer = document.getElementById("answer");

function shortened(text) {
  const value = Number(text);
  return Number.isFinite(value) && text !== "" ? String(Number(value.toPrecision(4))) : text;
}

for (const slider of document.querySelectorAll(".slider")) {
  const input = slider.querySelector("input, select");
  const output = slider.querySelector("output");
  input.addEventListener("input", () => {
    if (output) output.textContent = shortened(input.value);
    slider.classList.toggle("changed", input.value !== slider.dataset.own);
    document.getElementById("changed-count").textContent = document.querySelectorAll(".slider.changed").length;
  });
  slider.querySelector(".reset").addEventListener("click", () => {
    input.value = slider.dataset.own;
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Values of sliders are sent as they are shown.
form.addEventListener("submit", () => {
  for (const slider of document.querySelectorAll(".slider")) {
    const input = slider.querySelector('input[type="range"]');
    if (input && slider.classList.contains("changed")) input.value = shortened(input.value);
  }
});

const before = new URLSearchParams(new FormData(form)).toString();
form.addEventListener("input", () => {
  const stale = new URLSearchParams(new FormData(form)).toString() !== before && document.getElementById("found") !== null;
  answer.classList.toggle("stale", stale);
  answer.querySelector(".stale-note").hidden = !stale;
});

const troubles = document.getElementById("troubles");
if (troubles) troubles.focus();

// Browsers bring back a page as it was left: look at it afresh.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

const standing = document.getElementById("standing");
if (standing && !standing.dataset.ended) follow(standing.dataset.job);

function follow(job) {
  const sentence = document.getElementById("sentence");
  const progress = document.getElementById("progress");
  const live = document.getElementById("live");
  let shown = "";
  let asked = "";
  let busy = false;
  const source = new EventSource(`/jobs/${job}/events`);

  async function refresh() {
    if (busy || asked === shown) return;
    busy = true;
    const wanted = asked;
    try {
      const found = await fetch(`/jobs/${job}/answer`);
      if (found.ok) {
        document.getElementById("found").innerHTML = await found.text();
        shown = wanted;
      }
    } finally {
      busy = false;
    }
    if (asked !== wanted) refresh();
  }

  let told = 0;
  source.addEventListener("message", (event) => {
    const at = JSON.parse(event.data);
    sentence.textContent = at.sentence;
    progress.max = at.total;
    progress.value = at.done;
    asked = at.answer;
    if (asked && asked !== shown) refresh();
    if (at.replicates !== told || at.ended) {
      told = at.replicates;
      live.textContent = at.ended ? at.sentence : `Answer from ${at.replicates} replicates.`;
    }
    if (at.ended) {
      source.close();
      progress.hidden = true;
      const cancel = document.getElementById("cancel");
      if (cancel) cancel.hidden = true;
    }
  });
  source.addEventListener("error", () => {
    sentence.textContent = source.readyState === EventSource.CLOSED
      ? "This page was started anew, and knows nothing of this comparison: open the address that the terminal shows, then press Compare."
      : "The page does not answer at the moment; trying again. Is colearn app still running in the terminal?";
  });
}
