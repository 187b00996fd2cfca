import { batchReasonTexts, batchStateTexts, lineReasonTexts } from "../../../shared/strings/reasons.ts";

/** What the station and the page know of this machine; nothing is made up. */
export interface MachineFacts {
  readonly station: string;
  readonly version: string;
  readonly at: string;
  readonly zone: string;
  readonly processors: number;
  readonly fileSystem: string;
  readonly freeBytes: number;
  readonly auditEvents: number;
}

/** Requests of one kind, a body a line. */
interface SampleRequests {
  readonly kind: "echo" | "search";
  readonly bodies: readonly string[];
}

/** Three facts of this machine to be echoed, and two searches that the sample documents of the other side answer. */
export function sampleRequests(facts: MachineFacts): readonly SampleRequests[] {
  const { station, version, at, zone, processors, fileSystem, freeBytes, auditEvents } = facts;
  return [
    {
      kind: "echo",
      bodies: [
        { check: "disk", fileSystem, freeBytes },
        { check: "clock", at, zone },
        { check: "station", station, version, processors, auditEvents },
      ].map((body) => JSON.stringify(body)),
    },
    {
      kind: "search",
      bodies: ["signature", "another copy"].map((query) => JSON.stringify({ query, limit: 5 })),
    },
  ];
}

/** One document for each reason and state of the batch format: what it means and what to do. */
export function sampleDocuments(): readonly string[] {
  return [batchReasonTexts, batchStateTexts, lineReasonTexts].flatMap((texts) =>
    Object.entries(texts).map(([word, { sentence, remedy }]) => JSON.stringify({ word, sentence, remedy })),
  );
}
