// The map of the district inside a plan: beside every «resource» the services can be chosen, and stand there as words.
(function () {
  "use strict";

  function add(area, words) {
    area.value = area.value.trim() ? area.value.replace(/\s+$/, "") + "\n" + words : words;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  }

  document.addEventListener("DOMContentLoaded", function () {
    var list = document.getElementById("services");
    if (!list) { return; }
    document.querySelectorAll("[data-fact='assignment.resource']").forEach(function (cell) {
      var area = cell.querySelector("textarea, input[type=text]");
      if (!area) { return; }
      var choice = document.createElement("select");
      choice.setAttribute("aria-label", list.dataset.choose + ": " + (area.labels[0] ? area.labels[0].textContent : ""));
      choice.add(new Option(list.dataset.choose, ""));
      list.querySelectorAll("li").forEach(function (each) { choice.add(new Option(each.dataset.words, each.dataset.words)); });
      choice.addEventListener("change", function () {
        if (choice.value) { add(area, choice.value); }
        choice.value = "";
      });
      area.after(choice);
    });
  });
})();
