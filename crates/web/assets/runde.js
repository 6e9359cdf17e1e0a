// Makes the forms nicer; every page works without it.
"use strict";

// An answer that was chosen just now can be taken back without saving first.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.form) return;
  const group = input.form.elements.namedItem(input.name);
  const inputs = group instanceof RadioNodeList ? [...group] : [input];
  if (input.type === "radio") withdrawable(input, inputs);
  if (input.type === "checkbox" && input.checked) standAlone(input, inputs);
});

function withdrawable(input, inputs) {
  const clear = inputs.find((other) => other.type === "radio" && other.value === "");
  if (!clear) return;
  clear.closest(".clear").hidden = input === clear;
  if (input === clear) input.checked = false;
}

// "None of these" and the other options shut each other out.
function standAlone(input, inputs) {
  const alone = "alone" in input.dataset;
  for (const other of inputs) {
    if (other !== input && (alone || "alone" in other.dataset)) other.checked = false;
  }
}

// What is written takes the boxes beside the field away, and a box takes away the other boxes.
document.addEventListener("input", (event) => {
  const question = event.target.closest(".question");
  const boxes = question ? [...question.querySelectorAll(".boxes input")] : [];
  for (const box of boxes) if (box !== event.target) box.checked = false;
  addUp(event.target.closest(".parts"));
});

// The sum of the parts follows what is written.
function addUp(parts) {
  const output = parts?.parentElement.querySelector(".sum output");
  if (!output) return;
  const read = (field) => Number(field.value.replace(/\s/g, "").replace(",", "."));
  const sum = [...parts.querySelectorAll("input")].map(read).reduce((sum, part) => sum + (part || 0), 0);
  const lang = document.documentElement.lang;
  output.textContent = sum.toLocaleString(lang, { maximumFractionDigits: 6, useGrouping: "min2" });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Saves a page of questions while it is being filled in, tells so quietly, and asks who else is
// here. The form has a name and counts how often it has been sent: what arrives late or twice has
// no effect.
const page = document.getElementById("page");
if (page && page.elements.namedItem(":form")) {
  savesItself(page);
  watchesOthers(page);
}

function savesItself(form) {
  const saved = form.querySelector("[data-saved]");
  const trouble = form.querySelector("[data-trouble]");
  const restful = 2000;
  let pause = restful;
  let timer = 0;
  let unsaved = false;
  let sending = false;
  let leaving = false;

  form.addEventListener("input", () => soon(1200));
  form.addEventListener("change", () => soon(300));
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    countUp();
  });
  window.addEventListener("online", () => unsaved && soon(0));
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    const chosen = [...form.querySelectorAll("[type=file]")].some((field) => field.files.length > 0);
    if ((unsaved || chosen) && !leaving) event.preventDefault();
  });

  function soon(wait) {
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function countUp() {
    const field = form.elements.namedItem(":form");
    const [token, step] = field.value.split(".");
    field.value = `${token}.${Number(step) + 1}`;
  }

  async function save() {
    if (sending || leaving) return;
    sending = true;
    unsaved = false;
    countUp();
    // A file is handed over by a button, with the whole page.
    const written = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    const body = new URLSearchParams(written);
    body.set(":go", "stay");
    const { words, again, refused } = await send(body);
    sending = false;
    trouble.textContent = words;
    if (again) {
      unsaved = true;
      saved.textContent = "";
      soon(pause);
      pause = Math.min(pause * 2, 30000);
    } else if (refused) {
      saved.textContent = "";
      unsaved = true;
    } else {
      pause = restful;
      if (unsaved) soon(300);
    }
  }

  // Returns what is in the way, whether trying again may help, and whether the page itself must be
  // turned to see why it cannot be saved.
  async function send(body) {
    try {
      const signal = AbortSignal.timeout(15000);
      const answer = await fetch(form.action, { method: "POST", body, signal });
      if (answer.ok) return { words: told(await answer.text()), again: false };
      const { session, failed, kept } = form.dataset;
      if (answer.status === 403) return { words: session, again: true };
      const passing = answer.status >= 500 || [408, 429].includes(answer.status);
      return passing ? { words: failed, again: true } : { words: kept, refused: true };
    } catch {
      return { words: form.dataset.offline, again: true };
    }
  }

  // Notes what the fields now show. Where somebody else has answered, the informant chooses when
  // the page is turned.
  function told(text) {
    const [[what, words], ...seen] =
      text.split("\n").filter(Boolean).map((line) => line.split("\t"));
    for (const [name, value] of seen) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    saved.textContent = what === "saved" ? words : "";
    return what === "conflict" ? words : "";
  }
}

function watchesOthers(form) {
  const present = form.querySelector("[data-present]");
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(`${form.action}/present`, { method: "POST" });
      const text = answer.ok ? await answer.text() : "";
      if (present.textContent !== text) present.textContent = text;
    } catch {
      present.textContent = "";
    }
  };
  ask();
  setInterval(ask, 20000);
}
