/* Passkeys (WebAuthn). A button with data-passkey="add|use|sign-in" is hidden until the browser can do it.
   Needs mfa/js/webauthn-json.js, which turns the options and answers of the browser into JSON and back. */
(() => {
  "use strict";
  const buttons = document.querySelectorAll("[data-passkey]");
  const json = window.webauthnJSON;
  if (!buttons.length || !json || !window.PublicKeyCredential) return;

  const options = () => JSON.parse(document.getElementById("passkey-options").textContent);

  async function credential(button, form) {
    if (button.dataset.passkey === "add") {
      const asked = options().creation_options;
      const alone = form.querySelector("[name=passwordless]");
      const chosen = asked.publicKey.authenticatorSelection;
      if (alone) {
        chosen.residentKey = alone.checked ? "required" : "discouraged";
        chosen.requireResidentKey = alone.checked;
        if (alone.checked) chosen.userVerification = "required";
      }
      return json.create(asked);
    }
    if (button.dataset.passkey === "use") return json.get(options().request_options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return json.get((await answer.json()).request_options);
  }

  buttons.forEach((button) => {
    const form = button.closest("form");
    const problem = document.getElementById("passkey-problem");
    button.closest("[data-passkey-block]").hidden = false;
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      try {
        form.querySelector("[name=credential]").value = JSON.stringify(await credential(button, form));
        form.submit();
      } catch (error) {
        problem.hidden = false;
        problem.focus();
      }
    });
  });
})();
