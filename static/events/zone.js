// Beside the hours of an event, those of the reader's own clock where they differ. Without scripts the zone's text remains.
const parts = { day: "numeric", hour: "2-digit", minute: "2-digit", month: "numeric", year: "numeric" };
const wall = (instant, zone) => new Intl.DateTimeFormat("fr-FR", { ...parts, timeZone: zone }).format(instant);

for (const time of document.querySelectorAll("time[data-zone]")) {
  const [start, end] = [new Date(time.dateTime), new Date(time.dataset.end)];
  if (Number.isNaN(start.valueOf()) || Number.isNaN(end.valueOf())) continue;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (wall(start, own) === wall(start, time.dataset.zone) && wall(end, own) === wall(end, time.dataset.zone)) continue;
  const told = new Intl.DateTimeFormat("fr-FR", {
    day: "numeric", hour: "2-digit", minute: "2-digit", month: "long", timeZoneName: "short", weekday: "long",
  });
  const text = document.createElement("span");
  text.className = "events-mention events-own-hour";
  text.textContent = `À votre heure : ${told.formatRange(start, end)}`;
  (time.parentElement.querySelector(".events-mention") || time).after(text);
}
