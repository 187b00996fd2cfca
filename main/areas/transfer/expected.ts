import { Refusal } from "../../../shared/errors.ts";
import type { Survey } from "./survey.ts";

/** A bag as an inspection showed it: its name and the SHA-256 of its batch.json, null where that was not signed. */
export interface ExpectedBag {
  readonly bag: string;
  readonly sha256: string | null;
}

/**
 * Binds an import to what a person looked at (docs/format.md, What readers enforce): exactly these bags with exactly
 * these batches, none more.
 *
 * @throws Refusal `conflict` that names the first bag that differs; nothing was taken in yet
 */
export function expectInspected(
  { bags }: Pick<Survey, "bags">,
  expected: readonly ExpectedBag[],
  medium: string,
): void {
  const inspected = new Map(expected.map(({ bag, sha256 }) => [bag, sha256]));
  for (const { name, sha256 } of bags) {
    const before = inspected.get(name);
    if (before === undefined) throw differs(`${name} was not there when the medium was inspected`, medium);
    if (before !== sha256) throw differs(`${name} is not the bag that was inspected`, medium);
    inspected.delete(name);
  }
  const [gone] = inspected.keys();
  if (gone !== undefined) throw differs(`${gone} was inspected and is not there any more`, medium);
}

function differs(what: string, path: string): Refusal {
  return new Refusal("conflict", `The medium has changed: ${what}.`, {
    path,
    safe: "Nothing was imported.",
    remedy: "Inspect the medium again. If nobody changed it in between, do not trust it: ask for another.",
  });
}
