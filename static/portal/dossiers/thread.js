/* What has been on the screen for two seconds has been read: the mark is set without a reload. Without a script a button does it. */
const READ_AFTER = 2000;

for (const form of document.querySelectorAll("[data-thread-read]")) {
  const last = form.parentElement.querySelector(".portal-thread > li:last-child");
  if (!last) continue;
  let timer = null;
  const watch = new IntersectionObserver(([seen]) => {
    clearTimeout(timer);
    if (!seen.isIntersecting) return;
    timer = setTimeout(async () => {
      watch.disconnect();
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new FormData(form),
          headers: { "X-Requested-With": "fetch" },
          credentials: "same-origin",
          redirect: "manual",
        });
        // Who reads on with a screen reader keeps their place: only the button goes.
        if (answer.status === 204) form.querySelector("button").hidden = true;
      } catch {
        // No network: the button is still there.
      }
    }, READ_AFTER);
  });
  watch.observe(last);
}
