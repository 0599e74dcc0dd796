// The builder of a form shows what concerns the chosen kind of question, and folds away what is not worked on.
// Without it every field of every question is there; nothing is ever removed, so that what was typed comes back.
(function () {
  "use strict";
  var COLUMN_PARTS = { choices: ["radio"], expression: ["computed"] };
  var ITEM_PARTS = { scale: ["checklist"], weight: ["checklist"], choices: ["matrix"] };
  var FOLD_FROM = 4;
  var KIND = "select[name$='-field_type']";

  function each(root, selector, action) { Array.prototype.forEach.call(root.querySelectorAll(selector), action); }
  function has_errors(place) { return Boolean(place.querySelector(".w-field--error, .error-message, .help-critical, [aria-invalid=true]")); }
  function show(place, isWanted) { place.hidden = !isWanted && !has_errors(place); }

  function show_parts(block, parts, kind) {
    Object.keys(parts).forEach(function (name) {
      each(block, "[data-contentpath='" + name + "']", function (part) { show(part, parts[name].indexOf(kind) >= 0); });
    });
  }

  function look_after(row) {
    var select = row.querySelector(KIND);
    if (!select) { return; }
    each(row, "[data-of-kinds]", function (place) {
      // A new question has no kind yet: then only what every kind has is asked.
      show(place, place.dataset.ofKinds.split(" ").indexOf(select.value) >= 0);
    });
    each(row, "[data-contentpath='columns'] select[name$='-value-kind']", function (kind) {
      show_parts(kind.closest("[data-contentpath]:not([data-contentpath='kind'])"), COLUMN_PARTS, kind.value);
    });
    each(row, "[data-contentpath='items']", function (items) { show_parts(items, ITEM_PARTS, select.value); });
    each(row, "[data-fold]", fold);
    name_heading(row, select);
  }

  function name_heading(row, select) {
    var heading = row.querySelector("[data-panel-heading-text]");
    var label = row.querySelector("[name$='-label']");
    var shown = heading.querySelector(".builder-name") || heading.appendChild(document.createElement("span"));
    var words = label.value.trim().slice(0, 80);
    var kind = select.value ? select.options[select.selectedIndex].text : "";
    var text = words ? " · " + words + (kind ? " (" + kind.toLowerCase() + ")" : "") : "";
    shown.className = "builder-name";
    if (shown.textContent !== text) { shown.textContent = text; }
  }

  // A group inside a question is folded by a button in its heading, unless something is filled in there.
  function fold(group) {
    if (group.dataset.folds) { return; }
    group.dataset.folds = "yes";
    var heading = group.querySelector(":scope > h3");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "builder-fold";
    button.textContent = heading.textContent.trim();
    heading.textContent = "";
    heading.appendChild(button);
    function set(isOpen) {
      button.setAttribute("aria-expanded", String(isOpen));
      group.toggleAttribute("data-folded", !isOpen);
    }
    button.addEventListener("click", function () { set(button.getAttribute("aria-expanded") !== "true"); });
    var typed = group.querySelectorAll("input[type=text]:not([readonly]), textarea");
    set(has_errors(group) || Array.prototype.some.call(typed, function (input) { return input.value.trim() !== ""; }));
  }

  function rows() { return document.querySelectorAll("[data-inline-panel-child]"); }
  function look_after_all() { Array.prototype.forEach.call(rows(), look_after); }

  function toggle(row, isOpen) {
    var button = row.querySelector("[data-panel-toggle]");
    if (button && (button.getAttribute("aria-expanded") === "true") !== isOpen) { button.click(); }
  }

  function fold_questions() {
    var questions = Array.prototype.filter.call(rows(), function (row) { return row.querySelector(KIND); });
    if (questions.length < FOLD_FROM) { return; }
    questions.forEach(function (row) { if (!has_errors(row)) { toggle(row, false); } });
  }

  function open_target() {
    var target = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
    var row = target && target.closest("[data-inline-panel-child]");
    if (row) { toggle(row, true); target.scrollIntoView(); }
  }

  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector(KIND) || document.querySelector("template[id$='-EMPTY_FORM_TEMPLATE']");
    form = form && form.closest("form");
    if (!form) { return; }
    look_after_all();
    // Wagtail makes its own toggles work when the page is ready, too; this must come after it.
    window.setTimeout(function () { look_after_all(); fold_questions(); open_target(); }, 0);
    form.addEventListener("change", look_after_all);
    form.addEventListener("input", function (event) {
      var row = event.target.name && /-label$/.test(event.target.name) && event.target.closest("[data-inline-panel-child]");
      if (row && row.querySelector(KIND)) { name_heading(row, row.querySelector(KIND)); }
    });
    window.addEventListener("hashchange", open_target);
    var waiting = false;
    new MutationObserver(function (changes) {
      var isNew = changes.some(function (change) {
        return Array.prototype.some.call(change.addedNodes, function (node) { return node.querySelector && node.querySelector("input, select, textarea"); });
      });
      if (waiting || !isNew) { return; }
      waiting = true;
      window.requestAnimationFrame(function () { waiting = false; look_after_all(); });
    }).observe(form, { childList: true, subtree: true });
  });
})();
