"use strict";
// Draws a single run: a sample of people as dots that go to a space and leave it.

const SVG = "http://www.w3.org/2000/svg";
const sentence = document.getElementById("watch-sentence");
const stage = document.getElementById("stage");
const picture = document.getElementById("picture");
const slider = document.getElementById("week");
const play = document.getElementById("play");
const counts = document.getElementById("counts");
let run = null;
let dots = [];
let timer = null;

for (const button of document.querySelectorAll(".arm-button")) {
  button.addEventListener("click", () => load(button));
}

async function load(button) {
  stop();
  sentence.textContent = "Making one world: some seconds.";
  try {
    const found = await fetch(button.dataset.address);
    const content = await found.json();
    if (content.error) {
      sentence.textContent = content.error;
      return;
    }
    run = content;
  } catch {
    sentence.textContent = "The page does not answer. Is coworksim app still running in the terminal?";
    return;
  }
  sentence.textContent = `${button.textContent}: a single run. ${run.sample} of ${run.people} people are drawn.`;
  slider.max = run.weeks.length;
  slider.value = 1;
  stage.hidden = false;
  prepare();
  show();
}

function made(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

function prepare() {
  picture.replaceChildren();
  const letters = Object.keys(run.spaces);
  const across = letters.length > 1 ? 2 : 1;
  const height = 430 / Math.max(Math.ceil(letters.length / across), 1);
  run.seats = across === 1 ? 20 : 9;
  letters.forEach((letter, at) => {
    const place = { x: 400 + 180 * (at % across), y: 20 + height * Math.floor(at / across) };
    const box = { ...place, width: across === 1 ? 345 : 165, height: height - 12 };
    run.boxes = Object.assign(run.boxes || {}, { [letter]: box });
    picture.append(made("rect", { ...box, rx: 6, class: "space" }));
    picture.append(made("text", { x: box.x + 8, y: box.y + 16 }, `Space ${at + 1}, ${run.spaces[letter]}`.slice(0, 26)));
  });
  picture.append(made("text", { x: 10, y: 36 }, "Not in a space"));
  dots = Array.from({ length: run.sample }, (_, at) => {
    const dot = made("g", {});
    dot.append(made("circle", { r: 4.4, class: "out" }), made("rect", { x: -4.4, y: -4.4, width: 8.8, height: 8.8, class: "paid" }));
    picture.append(dot);
    return { dot, x: 18 + 14.5 * (at % 25), y: 52 + 16 * Math.floor(at / 25) };
  });
}

function show() {
  const at = Number(slider.value) - 1;
  const week = run.weeks[at];
  const seats = {};
  dots.forEach(({ dot, x, y }, who) => {
    const where = week.where[who];
    let place = [x, y];
    if (where !== "." && run.boxes[where]) {
      const box = run.boxes[where];
      const seat = (seats[where] = (seats[where] ?? -1) + 1);
      place = [box.x + 16 + 16 * (seat % run.seats), box.y + 34 + 16 * Math.floor(seat / run.seats)];
    }
    dot.setAttribute("transform", `translate(${place[0]} ${place[1]})`);
    dot.setAttribute("class", where === "." ? "is-out" : week.paid[who] === "1" ? "is-paid" : "is-in");
  });
  counts.textContent = `Week ${at + 1} of ${run.weeks.length}: ${week.members} of ${run.people} people are members, `
    + `of ${week.paid_people} of them a part of the fee is paid this week.`;
  slider.setAttribute("aria-valuetext", `week ${at + 1}`);
}

function stop() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play";
}

slider.addEventListener("input", () => {
  stop();
  show();
});

play.addEventListener("click", () => {
  if (timer !== null) {
    stop();
    return;
  }
  if (slider.value === slider.max) slider.value = 1;
  play.textContent = "Stop";
  timer = setInterval(() => {
    slider.value = Number(slider.value) + 1;
    show();
    if (slider.value === slider.max) stop();
  }, 250);
});
