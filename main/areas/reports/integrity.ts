import { en } from "../../../shared/strings/en.ts";
import { heartbeatActions } from "../../station/audit/heartbeat.ts";
import { eventsOf } from "./read-log.ts";
import { detailsLine, table, tally, text, type MakeBody } from "./report.ts";

const words = en.reports.integrity;

const aboutLog = [
  "audit.alarm-raised",
  "audit.alarm-settled",
  "audit.checkpoint-compared",
  "station.restored",
  "station.head-abandoned",
  "peers.log-accepted",
  "audit.segment-sealed",
  "audit.segment-exported",
  "audit.hold-set",
  "audit.hold-lifted",
  "audit.purge-begun",
  "audit.segment-purged",
];
const presence = [heartbeatActions.silent, heartbeatActions.clockStepped];
const brackets = [heartbeatActions.opened, heartbeatActions.closed, heartbeatActions.heartbeat];

/** That the log is what was signed, and everything that ever spoke against it or for it. */
export const integrityBody: MakeBody = async (input) => {
  const { kernel, checkpoints, checkpoint, from, to, purged } = input;
  const about: (string | number | null)[][] = [];
  const silences: (string | number | null)[][] = [];
  const witnessed: string[] = [];
  const opened: string[] = [];
  const actions = [...aboutLog, ...presence, ...brackets, "transfer.batch-imported"];
  for await (const event of eventsOf(kernel, { from, to, actions })) {
    const row = [event.sequence, event.at, event.actor, event.action, event.outcome, detailsLine(event)];
    if (aboutLog.includes(event.action)) about.push(row);
    else if (presence.some((action) => action === event.action)) silences.push(row);
    else if (event.action === "transfer.batch-imported") {
      witnessed.push(`${text(event.details["peer"])}\n${text(event.details["ownLog"])}`);
    } else opened.push(event.action);
  }
  const signed = checkpoints.list(Number.MAX_SAFE_INTEGER, checkpoint.size + 1);
  const first = signed.at(-1);
  return {
    blocks: [
      { kind: "text", text: words.statement(checkpoint.size, purged) },
      {
        kind: "facts",
        rows: [
          { name: words.signedHeads, value: String(signed.length) },
          { name: words.firstHead, value: first === undefined ? "-" : `${first.size}, ${first.signedAt}` },
          ...[...tally(opened)].map(([action, count]) => ({ name: action, value: String(count) })),
        ],
      },
      table(words.about, words.columns, about),
      table(words.silences, words.columns, silences),
      table(
        words.witnessed,
        words.witnessColumns,
        [...tally(witnessed)].map(([pair, count]) => [...pair.split("\n"), count]),
      ),
      { kind: "exact", title: words.note, text: checkpoint.note },
      { kind: "text", text: words.limits },
    ],
  };
};
