// Makes the list of units searchable. The list is whole without it: counties, with links to each.
(function () {
  "use strict";
  var main = document.querySelector("main[data-search]");
  if (!main) return;
  var sections = Array.prototype.slice.call(main.querySelectorAll("section"));
  var items = sections.map(function (section) {
    return Array.prototype.slice.call(section.querySelectorAll("li"));
  });

  var form = document.createElement("form");
  form.setAttribute("role", "search");
  form.className = "unit-search";
  var label = document.createElement("label");
  label.htmlFor = "unit-search";
  label.textContent = main.dataset.search;
  var field = document.createElement("input");
  field.type = "search";
  field.id = "unit-search";
  field.autocomplete = "off";
  field.setAttribute("aria-describedby", "unit-found");
  var found = document.createElement("p");
  found.id = "unit-found";
  found.setAttribute("role", "status");
  form.append(label, field, found);
  main.querySelector(".contents").before(form);

  // Letters are compared without their accents, so that "Alta" finds "Áltá"; å, æ and ø stay themselves.
  function plain(text) {
    return text.toLowerCase().replace(/å/g, "\u0001").normalize("NFD").replace(/[\u0300-\u036f]/g, "")
      .replace(/\u0001/g, "å").trim();
  }

  function search() {
    var wanted = plain(field.value);
    var count = 0;
    sections.forEach(function (section, place) {
      var county = plain(section.querySelector("h2").textContent);
      var of_county = wanted !== "" && county.indexOf(wanted) === 0;
      var shown = items[place].filter(function (item) {
        var name = plain(item.querySelector("a").textContent);
        item.hidden = !(of_county || name.indexOf(wanted) >= 0);
        return !item.hidden;
      });
      section.hidden = shown.length === 0;
      count += shown.length;
    });
    main.querySelector(".contents").hidden = wanted !== "";
    found.textContent = wanted === "" ? "" : main.dataset.found.replace("{n}", count);
  }

  field.addEventListener("input", search);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = main.querySelector("section:not([hidden]) li:not([hidden]) a");
    if (first && field.value.trim() !== "") first.focus();
  });
})();
