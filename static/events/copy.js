// Copy what a field holds: the button names the field, and where to say that it is done.
for (const button of document.querySelectorAll("[data-copy-from]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copyFrom);
    const status = document.getElementById(button.dataset.copyStatus);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.copied;
    } catch {
      status.textContent = "La copie n’est pas permise : l’adresse est sélectionnée, copiez-la au clavier.";
    }
  });
}
