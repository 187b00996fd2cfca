import { Refusal, type ErrorFacts } from "../../shared/errors.ts";

/** A row that people edit, as it stands now. */
export interface Edited {
  /** In words: `The note about high`. */
  readonly what: string;
  readonly version: number;
  readonly changedBy?: string | null;
  /** Its editable fields; the window lays them beside what was typed. */
  readonly fields: NonNullable<ErrorFacts["present"]>;
}

/**
 * Compare and set: throws `conflict` unless `seen` is the version that stands, and gives what stands there. To be
 * called in the transaction of the edit, so that of two who save at once exactly one does.
 */
export function expectVersion(seen: number, row: Edited): void {
  if (seen === row.version) return;
  const by = row.changedBy === undefined || row.changedBy === null ? "" : ` by ${row.changedBy}`;
  const how =
    seen > row.version
      ? `has version ${row.version}; there never was a version ${seen}`
      : `was changed meanwhile${by}: it has version ${row.version} now, and you began from ${seen}`;
  throw new Refusal(
    "conflict",
    `${row.what} ${how}. Nothing of yours was saved, and nothing of theirs is lost.`,
    {
      reason: "stale-version",
      present: { ...row.fields, version: row.version },
      remedy: "Lay both beside each other, choose, and save with the version that stands there now.",
    },
  );
}
