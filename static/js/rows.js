// Rows are added and removed by the server; here the page only comes back to where the person was.
(function () {
  "use strict";
  var KEY = "rows:" + window.location.pathname;

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[name=_add_row], [name=_remove_row]");
    if (!button) { return; }
    try { sessionStorage.setItem(KEY, JSON.stringify({ name: button.name, value: button.value })); } catch (error) { /* stay on top */ }
  });

  document.addEventListener("DOMContentLoaded", function () {
    var last;
    try {
      last = JSON.parse(sessionStorage.getItem(KEY));
      sessionStorage.removeItem(KEY);
    } catch (error) { last = null; }
    if (!last) { return; }
    var table = document.getElementById("table-" + last.value.split(":")[0]);
    if (!table) { return; }
    var rows = table.querySelectorAll(".row");
    var index = last.name === "_add_row" ? rows.length - 1 : Math.min(Number(last.value.split(":")[1]), rows.length - 1);
    var place = (rows[index] && rows[index].querySelector("input:not([type=hidden]), select, textarea")) || table;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  });
})();
