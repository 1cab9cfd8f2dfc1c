/* In the admin's editors: a form leaves only when it can be saved. Signed out meanwhile, a page deleted by somebody
   else, no network: the text stays on the screen, with what to do. */
(function () {
  var form = null;
  var passing = false;
  var left = false;
  var choice = null;

  function say(text, link, address) {
    var list = document.querySelector("[data-w-messages-target=container]");
    if (!list) return;
    var item = document.createElement("li");
    item.className = "error";
    item.setAttribute("role", "alert");
    item.setAttribute("data-keep-text", "");
    item.appendChild(document.createTextNode(text));
    if (link) {
      var anchor = document.createElement("a");
      anchor.href = address;
      anchor.target = "_blank";
      anchor.className = "button button-small button-secondary";
      anchor.textContent = link;
      item.appendChild(document.createTextNode(" "));
      item.appendChild(anchor);
    }
    list.querySelectorAll("[data-keep-text]").forEach(function (old) {
      old.remove();
    });
    list.appendChild(item);
    list.parentElement.classList.add("appear");
    item.scrollIntoView({ block: "nearest" });
  }

  /* The button may be pressed again: Wagtail shows it as busy once pressed. */
  function release(submitter) {
    if (!submitter) return;
    submitter.setAttribute("data-w-progress-loading-value", "false");
    submitter.disabled = false;
  }

  function leave(submitter, token) {
    var field = form.querySelector("[name=csrfmiddlewaretoken]");
    // Signing in again, in another tab, changed the token.
    if (field) field.value = token;
    if (submitter && submitter.name) {
      // The button may be shown as busy, and a disabled button is not sent.
      choice = document.createElement("input");
      choice.type = "hidden";
      choice.name = submitter.name;
      choice.value = submitter.value;
      form.appendChild(choice);
    }
    left = true;
    passing = true;
    form.requestSubmit();
    passing = false;
  }

  function check(event) {
    if (passing || event.target !== form || (form.getAttribute("method") || "").toLowerCase() !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    var page = /\/admin\/pages\/(\d+)\/edit\//.exec(window.location.pathname);
    fetch("/admin/presence/" + (page ? "?page=" + page[1] : ""), { redirect: "manual", credentials: "same-origin" })
      .then(function (response) {
        if (response.type === "opaqueredirect" || response.status === 403) {
          say(
            "Votre session a expiré. Rien de ce que vous avez écrit n’est perdu\u00a0: connectez-vous dans un autre onglet, puis revenez enregistrer ici.",
            "Se connecter (nouvel onglet)",
            "/admin/login/"
          );
          return null;
        }
        if (!response.ok) throw new Error(response.status);
        return response.json();
      })
      .then(function (state) {
        if (!state) return;
        if (state.page) return leave(event.submitter, state.token);
        say(
          "Cette page a été supprimée ou déplacée par une autre personne. Votre texte est encore ici\u00a0: copiez-le avant de quitter cet écran."
        );
      })
      .catch(function () {
        say("Le portail ne répond pas. Votre texte est encore ici\u00a0: vérifiez votre connexion, puis enregistrez de nouveau.");
      })
      .then(function () {
        if (!left) release(event.submitter);
      });
  }

  /* Come back to with the browser's own button: the button pressed before is not pressed again by the next one. */
  window.addEventListener("pageshow", function () {
    if (choice) choice.remove();
    choice = null;
    left = false;
  });

  document.addEventListener("DOMContentLoaded", function () {
    form = document.querySelector("form[data-edit-form]");
    // Captured at the window, before Wagtail's own listeners.
    if (form) window.addEventListener("submit", check, true);
  });
})();
