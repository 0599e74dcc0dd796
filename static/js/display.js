// The switch at the foot of the page works at once, without reloading: what was typed into a form stays.
(function () {
  "use strict";
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    if (!form.matches("[data-display]") || !button || !button.name) { return; }
    event.preventDefault();
    var data = new FormData(form);
    data.append(button.name, button.value);
    fetch(form.action, { method: "POST", body: data, redirect: "manual", credentials: "same-origin" }).then(function () {
      document.documentElement.setAttribute("data-" + button.name, button.value);
      form.querySelectorAll("[name=" + button.name + "]").forEach(function (other) {
        other.setAttribute("aria-pressed", String(other === button));
      });
    });
  });
})();
