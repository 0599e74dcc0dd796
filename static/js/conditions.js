// Shows what the server says after each save: which questions are asked now, what the form has computed, who else is here.
(function () {
  "use strict";
  function each(selector, action, root) { Array.prototype.forEach.call((root || document).querySelectorAll(selector), action); }

  function show(place, isAsked) {
    var wasAsked = !place.hasAttribute("data-not-asked");
    if (isAsked === wasAsked || (!isAsked && place.contains(document.activeElement))) { return ""; }
    place.toggleAttribute("data-not-asked", !isAsked);
    var name = isAsked && place.closest("form") && place.querySelector("h2, h3, label, legend, .label");
    return name ? name.textContent.trim() : "";
  }

  document.addEventListener("draft-saved", function (event) {
    var answer = event.detail;
    var appeared = [];
    each("[data-question]", function (place) {
      var name = show(place, answer.hidden.indexOf(place.dataset.question) < 0);
      if (name) { appeared.push(name); }
    });
    each("[data-appeared]", function (status) {
      if (appeared.length) { status.textContent = status.dataset.words + " " + appeared.join("; "); }
    });
    each("[data-given]", function (place) {
      var words = answer.given[place.dataset.given];
      if (words !== undefined && place.textContent !== (words || "—")) { place.textContent = words || "—"; }
    });
    each("[data-others]", function (place) {
      if (place.textContent !== answer.others) { place.textContent = answer.others; }
      place.hidden = !answer.others;
    });
  });

  // The field for the reason of a gap goes away while there is no gap.
  function filled(control) {
    return control.type === "radio" || control.type === "checkbox" ? control.checked && control.value !== "" : control.value.trim() !== "";
  }

  document.addEventListener("input", function (event) {
    var item = event.target.closest(".item");
    var gap = item && item.querySelector("[data-gap]");
    if (!gap || gap.contains(event.target)) { return; }
    var controls = Array.prototype.filter.call(item.querySelectorAll("input:not([type=hidden]), textarea, select"), function (control) { return !gap.contains(control); });
    gap.hidden = controls.some(filled) && !gap.querySelector("input").value;
  });
})();
