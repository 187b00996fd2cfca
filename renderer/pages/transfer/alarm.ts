import type { client } from "../../rpc.ts";

export type Alarm = Awaited<ReturnType<typeof client.transfer.alarms>>["alarms"][number];
export type Evidence = Alarm["envelopes"][number];

/** Every alarm of one peer, newest first. */
export interface PeerAlarms {
  readonly peer: string;
  readonly forks: readonly Alarm[];
  readonly lineage: Alarm | undefined;
  readonly refused: readonly Alarm[];
  readonly unsigned: readonly Alarm[];
}

export function alarmsOf(alarms: readonly Alarm[], peer: string): PeerAlarms {
  const own = alarms.filter((alarm) => alarm.peer === peer);
  return {
    peer,
    forks: own.filter(({ kind }) => kind === "fork"),
    lineage: own.find(({ kind }) => kind === "lineage"),
    refused: own.filter(({ kind }) => kind === "refused"),
    unsigned: own.filter(({ kind }) => kind === "missing-receipt"),
  };
}

/** The worst of them: it leads the page and what it advises. */
export function leadOf({ forks, lineage, refused }: PeerAlarms): Alarm["kind"] {
  if (forks.length > 0) return "fork";
  if (lineage !== undefined) return "lineage";
  return refused.length > 0 ? "refused" : "missing-receipt";
}

/** What can be compared of two envelopes, in the order in which two operators read it out. */
export const comparedFields = [
  "sequence",
  "lineage",
  "key",
  "previous",
  "batch",
  "sha256",
  "createdAt",
  "parts",
] as const;
export type ComparedField = (typeof comparedFields)[number];

/** The fields in which two envelopes differ; parts differ by count or by bytes. */
export function differences(one: Evidence, other: Evidence): ReadonlySet<ComparedField> {
  return new Set(
    comparedFields.filter(
      (field) => one[field] !== other[field] || (field === "parts" && one.bytes !== other.bytes),
    ),
  );
}
