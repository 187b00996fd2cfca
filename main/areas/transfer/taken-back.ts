import { parseEnvelope } from "./format/envelope.ts";
import type { Standing } from "./standing.ts";
import type { Survey, SurveyedBatch } from "./survey.ts";
import { plainVerdict, type Verdict } from "./verdict.ts";

/** Batches of a medium that a later one on it takes back: hash of the batch, and id of the one that says so. */
export type TakenBack = ReadonlyMap<string, string>;

/**
 * Voids are read before numbers are compared, and a stick that nobody cleared still carries the batch that was given
 * up. Landed in order, it would be imported first and the void behind it would be a fork.
 */
export function takenBackOn({ batches }: Pick<Survey, "batches">): TakenBack {
  const byPlace = new Map<string, string[]>();
  for (const { peer, lineage, sequence, sha256 } of batches) {
    const place = placeOf(peer, lineage, sequence);
    byPlace.set(place, [...(byPlace.get(place) ?? []), sha256]);
  }
  const takenBack = new Map<string, string>();
  for (const batch of batches) {
    if (!batch.hasVoids) continue;
    const { id, voids } = parseEnvelope(batch.envelope());
    for (const { sequence, sha256 } of voids) {
      if (byPlace.get(placeOf(batch.peer, batch.lineage, sequence))?.includes(sha256) === true)
        takenBack.set(sha256, id);
    }
  }
  return takenBack;
}

/** The verdict of a batch that must not land because of what lies beside it; null for every other. */
export function takenBackVerdict(
  takenBack: TakenBack,
  { sha256, sequence }: SurveyedBatch,
  standing: Standing,
): Verdict | null {
  const by = takenBack.get(sha256);
  if (by === undefined || (standing.kind !== "next" && standing.kind !== "missing-before")) return null;
  return plainVerdict("older-than-expected", {
    detail: `number ${sequence} was taken back by its sender, in ${by} on this medium`,
  });
}

function placeOf(peer: number, lineage: string, sequence: number): string {
  return `${peer}.${lineage}.${sequence}`;
}
