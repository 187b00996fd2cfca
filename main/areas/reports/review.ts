import { en } from "../../../shared/strings/en.ts";
import { eventsOf } from "./read-log.ts";
import { detailsLine, table, tally, type MakeBody } from "./report.ts";

const words = en.reports.review;

/** Areas whose every change a reviewer reads; work with records is counted. */
const sensitiveAreas = new Set(["operators", "approvals", "recovery", "peers", "audit", "signoffs"]);
const sensitive = new Set([
  "station.founded",
  "station.became-two",
  "station.identity-handed-out",
  "station.keys-rotated",
  "station.restored",
  "station.review-finished",
  "station.silent",
  "station.clock-stepped",
  "session.factor-reset",
  "session.profile-set",
  "session.recovery-code-used",
  "transfer.number-skipped",
  "transfer.batch-given-up",
  "transfer.fork-seen",
  "transfer.fork-settled",
]);

/** What a reviewer goes through: what was refused, what changed the station, and how much of everything there was. */
export const reviewBody: MakeBody = async ({ kernel, from, to }) => {
  const actions: string[] = [];
  const actors: string[] = [];
  const bad: (string | number | null)[][] = [];
  const changes: (string | number | null)[][] = [];
  for await (const event of eventsOf(kernel, { from, to })) {
    actions.push(`${event.action}\n${event.outcome}`);
    actors.push(`${event.actor}\n${event.outcome}`);
    const row = [event.sequence, event.at, event.actor, event.action, event.object, detailsLine(event)];
    const area = event.action.split(".", 1)[0] ?? "";
    if (event.outcome !== "done") bad.push(row);
    else if (sensitiveAreas.has(area) || sensitive.has(event.action)) changes.push(row);
  }
  const counted = (values: readonly string[]) =>
    [...tally(values)].map(([pair, count]) => [...pair.split("\n"), count]);
  return {
    blocks: [
      { kind: "text", text: words.statement },
      table(words.bad, words.columns, bad),
      table(words.changes, words.columns, changes),
      table(words.actors, words.actorColumns, counted(actors)),
      table(words.actions, words.actionColumns, counted(actions)),
    ],
  };
};
