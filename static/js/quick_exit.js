// Leave the site at once: blank the page, forget what was typed, put a neutral page in its place.
// Coming back with the browser's button only leads to the neutral page again.
(function () {
  "use strict";
  var LEFT = "quick-exit";
  var presses = [];

  function remembered() {
    try { return sessionStorage.getItem(LEFT); } catch (error) { return null; }
  }

  function leave(address) {
    try { sessionStorage.setItem(LEFT, address); } catch (error) { /* private window */ }
    document.title = " ";
    Array.prototype.forEach.call(document.forms, function (form) { form.reset(); });
    if (document.body) { document.body.hidden = true; }
    window.location.replace(address);
  }

  function cameBack(event) {
    var visit = performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
    return (event && event.persisted) || (visit && visit.type === "back_forward");
  }

  function guard(event) {
    var address = remembered();
    if (!address) { return; }
    if (cameBack(event)) {
      document.documentElement.hidden = true;
      window.location.replace(address);
    } else if (!event) {
      // Opened anew, on purpose.
      try { sessionStorage.removeItem(LEFT); } catch (error) { /* nothing to forget */ }
    }
  }

  guard();
  window.addEventListener("pageshow", function (event) { if (event.persisted) { guard(event); } });

  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-quick-exit]");
    if (!link) { return; }
    event.preventDefault();
    leave(link.href);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { presses = []; return; }
    presses = presses.concat(Date.now()).slice(-3);
    var link = document.querySelector("[data-quick-exit]");
    if (link && presses.length === 3 && presses[2] - presses[0] < 1500) { leave(link.href); }
  });
})();
