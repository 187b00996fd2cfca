import { en } from "../../../shared/strings/en.ts";
import type { AuditEvent } from "../../station/audit/event.ts";
import { eventsOf } from "./read-log.ts";
import { detailsLine, table, text, type MakeBody } from "./report.ts";
import { effectsOfTwo, extraordinary } from "./steps-for-two.ts";

const words = en.reports.exceptions;

/** An agreement is used in the transaction of its step, so its event stands at most this far before the step's. */
const nearEvents = 8;

const operationOf = new Map(
  Object.entries(effectsOfTwo).flatMap(([operation, effects]) =>
    effects.map((effect) => [effect, operation] as const),
  ),
);

/** What two should have done, or one did alone: steps without an agreement, recovery, restores. And what two did do. */
export const exceptionsBody: MakeBody = async ({ kernel, from, to }) => {
  const alone: (string | number | null)[][] = [];
  const outside: (string | number | null)[][] = [];
  const together: (string | number | null)[][] = [];
  let used: AuditEvent | undefined;
  let two: string | null = null;
  const actions = [
    ...operationOf.keys(),
    ...extraordinary,
    "approvals.used",
    "station.became-two",
    "station.founded",
  ];
  for await (const event of eventsOf(kernel, { from: 1, to, actions })) {
    const { action, details } = event;
    if (action === "station.became-two" || (action === "station.founded" && details["people"] === "two")) {
      two ??= event.at;
    }
    if (action === "approvals.used") used = event;
    const operation = operationOf.get(action);
    const agreement = operation === undefined ? undefined : agreementFor(event, operation, used);
    if (agreement !== undefined) used = undefined;
    if (event.sequence < from) continue;
    const row = [event.sequence, event.at, event.actor, action, event.object, detailsLine(event)];
    if (extraordinary.includes(action)) outside.push(row);
    else if (operation !== undefined && agreement === undefined) {
      alone.push([...row, two === null ? words.ofOne : words.first]);
    } else if (agreement !== undefined) {
      together.push([...row.slice(0, 5), text(agreement.details["approver"]), agreement.object]);
    }
  }
  return {
    blocks: [
      { kind: "text", text: two === null ? words.stationOfOne : words.stationOfTwo(two) },
      table(words.alone, [...words.columns, words.why], alone),
      table(words.outside, words.columns, outside),
      table(words.together, [...words.columns.slice(0, 5), words.approver, words.approval], together),
    ],
  };
};

/** The agreement that this step used, when the last one used was for it, by the same person, in the same transaction. */
function agreementFor(
  event: AuditEvent,
  operation: string,
  used: AuditEvent | undefined,
): AuditEvent | undefined {
  if (used === undefined || used.details["operation"] !== operation) return undefined;
  return used.actor === event.actor && event.sequence - used.sequence <= nearEvents ? used : undefined;
}
