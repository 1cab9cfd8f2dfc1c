// What ical.js and node-ical make of calendars. `node judge.mjs from to file…` prints JSON as judge.py does.
import fs from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const [from, to, ...files] = process.argv.slice(2);
const FROM = new Date(`${from}T00:00:00Z`);
const TO = new Date(`${to}T00:00:00Z`);
const utc = (date) => date.toISOString().replace(".000Z", "Z");

// ical.js: series expanded by its own iterator, exceptions related, zones those of the file.
function byIcalJs(data) {
  const root = new ICAL.Component(ICAL.parse(data));
  ICAL.TimezoneService.reset();
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const text = (time) => (time.isDate ? time.toString() : utc(time.toJSDate()));
  const cancelled = (component) => component.getFirstPropertyValue("status") === "CANCELLED";
  const all = root.getAllSubcomponents("vevent");
  const found = [];
  for (const component of all.filter((each) => !each.hasProperty("recurrence-id"))) {
    if (cancelled(component)) continue;
    const uid = component.getFirstPropertyValue("uid");
    const exceptions = all.filter(
      (each) => each.hasProperty("recurrence-id") && each.getFirstPropertyValue("uid") === uid,
    );
    const event = new ICAL.Event(component, { exceptions });
    if (!event.isRecurring()) {
      found.push([text(event.startDate), text(event.endDate)]);
      continue;
    }
    const iterator = event.iterator();
    for (let next = iterator.next(), count = 0; next && count < 2000; next = iterator.next(), count += 1) {
      const details = event.getOccurrenceDetails(next);
      if (!cancelled(details.item.component)) found.push([text(details.startDate), text(details.endDate)]);
    }
  }
  return found;
}

// node-ical: its own expansion, between two days.
function byNodeIcal(data) {
  const found = [];
  const day = (date) =>
    `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
  for (const event of Object.values(nodeIcal.sync.parseICS(data))) {
    if (event.type !== "VEVENT" || event.status === "CANCELLED") continue;
    const whole = event.datetype === "date";
    const text = (date) => (whole ? day(date) : utc(date));
    if (!event.rrule) {
      found.push([text(event.start), text(event.end)]);
      continue;
    }
    for (const each of nodeIcal.expandRecurringEvent(event, { from: FROM, to: TO })) {
      if (each.event.status !== "CANCELLED") found.push([text(each.start), text(each.end)]);
    }
  }
  return found;
}

const said = { "ical.js": {}, "node-ical": {} };
for (const file of files) {
  const data = fs.readFileSync(file, "utf8");
  for (const [name, parse] of [["ical.js", byIcalJs], ["node-ical", byNodeIcal]]) {
    try {
      said[name][file] = parse(data).sort();
    } catch (error) {
      said[name][file] = { refused: `${error.name}: ${error.message}` };
    }
  }
}
process.stdout.write(JSON.stringify(said));
