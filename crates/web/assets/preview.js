// Loads a page of the preview again when a file of the survey has been saved.
"use strict";

const version = document.currentScript.dataset.version;

async function look() {
  try {
    const response = await fetch("/version", { cache: "no-store" });
    if (response.ok && (await response.text()) !== version) location.reload();
  } catch {
    // The preview has ended; the page stays as it is.
  }
}

setInterval(look, 1000);
