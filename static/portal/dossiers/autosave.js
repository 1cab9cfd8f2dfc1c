// A draft saves itself: three seconds after the last keystroke, without its files, which leave by themselves.
// Without this script the button « Enregistrer le brouillon » does the same.
const form = document.querySelector("form[data-autosave]");
const status = document.querySelector("[data-autosave-status]");
const PAUSE = 3000;

if (form && status) {
  const version = form.elements.namedItem("_version");
  let timer = 0;
  let sending = false;
  let again = false;
  let stopped = false;

  const tell = (text) => { status.textContent = text; };

  const body = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.append("_auto", "1");
    return data;
  };

  const save = async () => {
    if (stopped) return;
    if (sending) { again = true; return; }
    sending = true;
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: body(), redirect: "manual", headers: { Accept: "application/json" } });
      if (answer.status === 200) {
        version.value = (await answer.json()).version;
        tell(`Brouillon enregistré à ${new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" })}.`);
      } else if (answer.status === 409) {
        stopped = true;
        tell((await answer.json()).message);
      } else if (answer.type === "opaqueredirect" || answer.status === 403) {
        stopped = true;
        tell("Votre session est terminée. Ce que vous avez saisi reste ici : reconnectez-vous dans un autre onglet, puis enregistrez.");
      } else {
        tell("L’enregistrement automatique n’a pas abouti ; il recommencera. Vous pouvez aussi enregistrer par le bouton.");
      }
    } catch {
      tell("Le portail ne répond pas. Ce que vous avez saisi reste ici et sera enregistré dès que possible.");
      timer = setTimeout(save, 4 * PAUSE);
    } finally {
      sending = false;
      if (again) { again = false; timer = setTimeout(save, PAUSE); }
    }
  };

  const later = (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // What is sent by a button is saved by it.
  form.addEventListener("submit", () => { clearTimeout(timer); stopped = true; });
}
