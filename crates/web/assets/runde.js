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

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
