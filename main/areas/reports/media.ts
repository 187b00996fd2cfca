import type { PrintedBlock } from "../../../shared/contract/printed.ts";
import { en } from "../../../shared/strings/en.ts";
import type { AuditEvent } from "../../station/audit/event.ts";
import { eventsOf } from "./read-log.ts";
import { table, text, type MakeBody } from "./report.ts";

const words = en.reports.media;

const imports = [
  "transfer.batch-imported",
  "transfer.batch-verified",
  "transfer.batch-refused",
  "transfer.batch-held",
  "transfer.fork-seen",
];
const actions = [
  "transfer.batch-sealed",
  "transfer.copy-begun",
  "transfer.batch-copied",
  "transfer.copy-stopped",
  "transfer.medium-read",
  ...imports,
];

type Row = (string | number | null)[];

/** Each medium by the path where it was mounted: what went onto it, what came from it, who, and how it ended. */
export const mediaBody: MakeBody = async ({ kernel, from, to }) => {
  const media = new Map<string, Row[]>();
  const sealed = new Map<string, AuditEvent>();
  /** Batches of an import that has not named its medium yet; it does at its end. */
  const arriving = new Map<string, AuditEvent[]>();
  const note = (medium: string, row: Row): void => {
    const rows = media.get(medium) ?? [];
    rows.push(row);
    media.set(medium, rows);
  };
  const row = (event: AuditEvent, batch: string, about: string): Row => [
    event.sequence,
    event.at,
    event.actor,
    words.acts[event.action] ?? event.action,
    batch,
    about,
  ];
  // What a batch holds was said when it was sealed, which may be long before it is copied.
  for await (const event of eventsOf(kernel, { from: 1, to, actions })) {
    if (event.action === "transfer.batch-sealed") sealed.set(event.object, event);
    if (event.sequence < from) continue;
    const medium = text(event.details["medium"]);
    switch (event.action) {
      case "transfer.batch-sealed":
        break;
      case "transfer.copy-begun":
        note(medium, row(event, event.object, words.sealed(facts(sealed.get(event.object)))));
        break;
      case "transfer.batch-copied":
        note(medium, row(event, event.object, words.readBack(text(event.details["readBack"]))));
        break;
      case "transfer.copy-stopped":
        note(medium, row(event, event.object, text(event.details["code"])));
        break;
      case "transfer.medium-read": {
        for (const one of arriving.get(event.actor) ?? []) {
          note(event.object, row(one, one.object, words.arrived(arrivedFacts(one))));
        }
        arriving.delete(event.actor);
        note(event.object, row(event, "", words.read(countsOf(event))));
        break;
      }
      default:
        arriving.set(event.actor, [...(arriving.get(event.actor) ?? []), event]);
    }
  }
  for (const [, left] of [...arriving].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const one of left) note(words.noMedium, row(one, one.object, words.arrived(arrivedFacts(one))));
  }
  const blocks: PrintedBlock[] = [...media]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([medium, rows]) =>
      table({ title: medium, about: words.rows(rows.length), empty: "" }, words.columns, rows),
    );
  return {
    blocks: [
      { kind: "text", text: words.statement },
      ...(blocks.length === 0 ? [{ kind: "text" as const, text: words.none }] : blocks),
    ],
  };
};

function facts(event: AuditEvent | undefined): { peer: string; records: string; sha256: string } {
  const details = event?.details ?? {};
  return {
    peer: text(details["peer"]),
    records: text(details["records"]),
    sha256: text(details["sha256"]),
  };
}

function arrivedFacts({ details }: AuditEvent): { peer: string; sha256: string; rest: string } {
  const rest = ["imported", "duplicates", "quarantined", "reason"]
    .filter((name) => details[name] !== undefined && details[name] !== null)
    .map((name) => `${name} ${text(details[name])}`);
  return { peer: text(details["peer"]), sha256: text(details["sha256"]), rest: rest.join(", ") };
}

function countsOf({ details }: AuditEvent): string {
  return ["bags", "imported", "refused", "ignored"]
    .map((name) => `${name} ${text(details[name])}`)
    .join(", ");
}
