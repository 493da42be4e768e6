"use strict";
// Shows values beside sliders, greys an answer whose question was changed, and follows a comparison that runs.

const form = document.getElementById("question");
const answer = document.getElementById("answer");

function shortened(text) {
  const value = Number(text);
  return Number.isFinite(value) && text !== "" ? String(Number(value.toPrecision(4))) : text;
}

// A value can be typed as well as pulled: what is typed has no name, and goes into the slider.
function typing(input, output) {
  const typed = document.createElement("input");
  Object.assign(typed, { type: "number", step: "any", min: input.min, max: input.max, value: output.textContent, className: "typed" });
  typed.setAttribute("aria-label", `${input.labels[0].textContent}, as a number`);
  output.replaceWith(typed);
  typed.addEventListener("input", (event) => {
    event.stopPropagation();
    if (typed.value === "") return;
    input.value = typed.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  typed.addEventListener("change", () => { typed.value = shortened(input.value); });
  return typed;
}

for (const slider of document.querySelectorAll(".slider")) {
  const input = slider.querySelector("input, select");
  const output = slider.querySelector("output");
  const typed = output ? typing(input, output) : null;
  input.addEventListener("input", () => {
    if (typed && typed !== document.activeElement) typed.value = shortened(input.value);
    slider.classList.toggle("changed", input.value !== slider.dataset.own);
    document.getElementById("changed-count").textContent = document.querySelectorAll(".slider.changed").length;
  });
  slider.querySelector(".reset").addEventListener("click", () => {
    input.value = slider.dataset.own;
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// A policy that is added is for the same people, for as long and as much, as the first.
for (const kind of document.querySelectorAll("details.more .kind")) {
  let unused = kind.value === "none";
  kind.addEventListener("change", () => {
    if (unused && kind.value !== "none") {
      const arm = kind.name.split(".")[0];
      for (const name of ["months", "runs", "budget", "occupation", "career", "status", "income", "where", "new"]) {
        const from = form.elements[`a1.${name}`];
        const to = form.elements[`${arm}.${name}`];
        if (from.type === "checkbox") to.checked = from.checked;
        else to.value = from.value;
      }
    }
    unused = kind.value === "none";
  });
}

// Words are looked for without their endings, and names as they are said.
function plain(text) {
  return text.toLowerCase().replaceAll(/[-_.]/g, " ");
}

const find = document.getElementById("find");
find.closest(".find").hidden = false;
find.addEventListener("input", (event) => {
  event.stopPropagation();
  const word = plain(find.value.trim()).replace(/(ing|ed|d|s)$/, "");
  let found = 0;
  for (const group of document.querySelectorAll(".group")) {
    let here = 0;
    const whole = plain(group.querySelector("summary").textContent).includes(word);
    for (const slider of group.querySelectorAll(".slider")) {
      slider.hidden = !whole && !plain(slider.textContent).includes(word);
      if (!slider.hidden) here += 1;
    }
    group.hidden = here === 0;
    if (word !== "") group.open = here > 0;
    found += here;
  }
  document.getElementById("find-count").textContent = word === "" ? "" : `${found} found`;
});
find.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});

const copy = document.getElementById("copy");
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(window.location.href);
  document.getElementById("copied").textContent = "Copied. It holds the question as it was asked last.";
});

// Values of sliders are sent as they are shown.
form.addEventListener("submit", () => {
  for (const slider of document.querySelectorAll(".slider")) {
    const input = slider.querySelector('input[type="range"]');
    if (input && slider.classList.contains("changed")) input.value = shortened(input.value);
  }
});

function asked() {
  const said = new FormData(form);
  said.delete("known");
  return new URLSearchParams(said).toString();
}

const before = asked();
form.addEventListener("input", () => {
  const stale = asked() !== before && document.getElementById("found") !== null;
  answer.classList.toggle("stale", stale);
  answer.querySelector(".stale-note").hidden = !stale;
});

const troubles = document.getElementById("troubles");
if (troubles) troubles.focus();

// What is hardly meant is told while the question is put together; who sees it may compare all the same.
const odd = document.getElementById("odd");
if (odd.dataset.unseen) odd.querySelector(".odd").focus();
let checks = 0;
let later = 0;

async function check(number) {
  const said = new URLSearchParams(new FormData(form));
  try {
    const found = await fetch("/check", { method: "POST", body: said });
    const text = found.ok ? (await found.text()).trim() : "";
    if (number !== checks) return;
    if (odd.innerHTML.trim() !== text) odd.innerHTML = text;
    document.getElementById("compare").textContent = text === "" ? "Compare" : "Compare all the same";
  } catch {
    // The page is gone; whoever presses Compare is told.
  }
}

form.addEventListener("input", () => {
  checks += 1;
  window.clearTimeout(later);
  later = window.setTimeout(check, 300, checks);
});

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
      : "The page does not answer at the moment; trying again. Is coworksim app still running in the terminal?";
  });
}
