// Keeps a draft on the server while it is typed. The words that are shown come from the page.
(function () {
  "use strict";
  var PAUSE = 800;
  var FIRST_RETRY = 3000;
  var LAST_RETRY = 60000;

  document.querySelectorAll("form[data-autosave-url]").forEach(function (form) {
    var state = form.querySelector("[data-saved-state]") || document.querySelector("[data-saved-state]");
    var banner = form.querySelector("[data-autosave-banner]") || document.querySelector("[data-autosave-banner]");
    var text = form.dataset;
    var timer = null;
    var retry = FIRST_RETRY;
    var changes = 0; // typed so far
    var saved = 0; // of these, on the server
    var busy = false;
    var stopped = false; // another window is ahead: do not overwrite it
    var leaving = false; // the form itself is being sent
    var pressed = null; // a button that waits for the save under way

    function say(words, kind) {
      if (!state) { return; }
      state.textContent = words;
      state.setAttribute("data-state", kind);
    }

    function warn(words, link) {
      if (!banner) { return; }
      banner.textContent = words || "";
      banner.hidden = !words;
      if (words && link) {
        var anchor = document.createElement("a");
        anchor.href = link;
        anchor.target = "_blank";
        anchor.rel = "noopener";
        anchor.textContent = text.textLogin;
        banner.append(" ", anchor);
      }
    }

    function later(delay) {
      clearTimeout(timer);
      timer = setTimeout(save, delay);
    }

    function token() {
      var found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      var field = form.querySelector("[name=csrfmiddlewaretoken]");
      return found ? decodeURIComponent(found[1]) : field ? field.value : "";
    }

    function answers() {
      var data = new FormData(form);
      Array.from(data.entries()).forEach(function (entry) {
        if (entry[1] instanceof File) { data.delete(entry[0]); }
      });
      // A file question keeps the ids of its files under the same name: put them back.
      form.querySelectorAll("input[type=file]").forEach(function (input) {
        form.querySelectorAll("input[type=hidden]").forEach(function (kept) {
          if (kept.name === input.name && !data.getAll(kept.name).includes(kept.value)) { data.append(kept.name, kept.value); }
        });
      });
      // Signing in again in another tab changes the token.
      data.set("csrfmiddlewaretoken", token());
      return data;
    }

    function save() {
      clearTimeout(timer);
      if (busy || stopped || leaving || saved === changes) { return; }
      busy = true;
      var sending = changes;
      say(text.textSaving, "saving");
      fetch(text.autosaveUrl, {
        method: "POST",
        body: answers(),
        credentials: "same-origin",
        redirect: "manual",
        headers: { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token(), "Accept": "application/json" },
      }).then(function (response) {
        if (response.ok) { return response.json().then(function (answer) { kept(answer, sending); }); }
        if (response.status === 409) {
          stopped = true;
          say("", "waiting");
          return response.json().then(function (answer) { warn(answer.message || text.textConflict); });
        }
        if (response.status === 401 || response.status === 403 || response.type === "opaqueredirect") {
          say("", "waiting");
          warn(text.textSignedOut, text.loginUrl);
          later(retry);
          retry = Math.min(retry * 2, LAST_RETRY);
          return null;
        }
        if (response.status >= 500 || response.status === 429) { throw new Error(String(response.status)); }
        say("", "waiting");
        warn(text.textRefused);
        return null;
      }).catch(function () {
        say(text.textOffline, "waiting");
        later(retry);
        retry = Math.min(retry * 2, LAST_RETRY);
      }).finally(function () {
        var button = pressed;
        busy = false;
        pressed = null;
        if (button) { form.requestSubmit(button); }
      });
    }

    function kept(answer, sending) {
      var version = form.querySelector("[name=version]");
      if (version) { version.value = answer.version; }
      saved = sending;
      retry = FIRST_RETRY;
      warn("");
      say(text.textSaved + " " + answer.saved_at, "saved");
      form.dispatchEvent(new CustomEvent("draft-saved", { bubbles: true, detail: answer }));
      if (saved !== changes) { later(PAUSE); }
    }

    form.addEventListener("input", function () { changes += 1; later(PAUSE); });
    form.addEventListener("change", save);
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) { return; }
      clearTimeout(timer);
      if (busy) {
        // The save under way brings a new version number, which must go with the form.
        event.preventDefault();
        pressed = event.submitter;
        return;
      }
      var field = form.querySelector("[name=csrfmiddlewaretoken]");
      if (field) { field.value = token(); }
      leaving = true;
    });
    document.addEventListener("visibilitychange", save);
    window.addEventListener("focus", save);
    window.addEventListener("online", save);
    window.addEventListener("pageshow", function () { leaving = false; });
    window.addEventListener("beforeunload", function (event) {
      if (!leaving && saved !== changes) { event.preventDefault(); }
    });
  });
})();
