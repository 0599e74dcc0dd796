// One press sends once; errors take the focus to their summary.
(function () {
  "use strict";
  function each(selector, action) { Array.prototype.forEach.call(document.querySelectorAll(selector), action); }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-submit-once") || event.defaultPrevented) { return; }
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    // After the browser has read which button was pressed.
    setTimeout(function () {
      form.querySelectorAll("button").forEach(function (button) {
        if (button.type === "submit" && !button.disabled) { button.disabled = true; button.setAttribute("data-paused", ""); }
      });
    }, 0);
  });

  window.addEventListener("pageshow", function () {
    each("[data-sent]", function (form) { form.removeAttribute("data-sent"); });
    each("[data-paused]", function (button) { button.disabled = false; button.removeAttribute("data-paused"); });
  });

  document.addEventListener("DOMContentLoaded", function () {
    var summary = document.querySelector("[data-error-summary]");
    if (summary) { summary.focus(); }
  });

  // A link of the summary goes to the field itself, or to the first control of its group.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-error-summary] a");
    var place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!place) { return; }
    var control = place.matches("input, select, textarea") ? place : place.querySelector("input:not([type=hidden]), select, textarea") || place;
    event.preventDefault();
    control.focus();
    (control.closest(".field, .row") || control).scrollIntoView({ block: "center" });
  });
})();
