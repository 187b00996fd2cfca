import type { Envelope } from "./format/envelope.ts";
import type { IncomingRow, PeerRow, StoreIn } from "./store-in.ts";

type Void = Envelope["voids"][number];

/** What the ledger says of a signed envelope (batch-format, What readers enforce, 3). */
export type Standing =
  /** It is the next one, or the next one again. `voids` are those that the ledger doesn't hold yet. */
  | {
      readonly kind: "next";
      readonly row: IncomingRow | null;
      readonly voids: readonly Void[];
      readonly note: string;
    }
  | { readonly kind: "already-imported" | "already-refused"; readonly row: IncomingRow }
  | { readonly kind: "older-than-expected"; readonly detail: string }
  | {
      readonly kind: "missing-before";
      readonly row: IncomingRow | null;
      readonly missing: readonly string[];
      readonly voids: readonly Void[];
    }
  | { readonly kind: "held"; readonly detail: string }
  | { readonly kind: "fork"; readonly detail: string; readonly other: IncomingRow | null };

/** What a look at the ledger needs of a number. */
export type KnownNumber = Pick<IncomingRow, "sequence" | "sha256" | "state">;

/** The ledger as it stands, or as it would stand after the batches before on the same medium. */
export interface LedgerView {
  lineage(peer: PeerRow): string | null;
  through(peer: number, lineage: string): number;
  at(peer: number, lineage: string, sequence: number): KnownNumber | undefined;
}

export function ledgerView(store: StoreIn): LedgerView {
  return {
    // Read again, because a batch before this one may have brought the lineage.
    lineage: (peer) => store.peer(peer.id)?.lineage ?? null,
    through: (peer, lineage) => store.through(peer, lineage),
    at: (peer, lineage, sequence) => store.at(peer, lineage, sequence),
  };
}

/** For an inspection: batches that would be imported count as imported for those after them. */
export class ForesightView implements LedgerView {
  readonly #below: LedgerView;
  readonly #lineages = new Map<number, string>();
  readonly #numbers = new Map<string, KnownNumber>();

  constructor(below: LedgerView) {
    this.#below = below;
  }

  assume(peer: number, lineage: string, number: KnownNumber): void {
    if (!this.#lineages.has(peer)) this.#lineages.set(peer, lineage);
    this.#numbers.set(`${peer}.${lineage}.${number.sequence}`, number);
  }

  lineage(peer: PeerRow): string | null {
    return this.#below.lineage(peer) ?? this.#lineages.get(peer.id) ?? null;
  }

  through(peer: number, lineage: string): number {
    let through = this.#below.through(peer, lineage);
    while (isDone(this.at(peer, lineage, through + 1))) through += 1;
    return through;
  }

  at(peer: number, lineage: string, sequence: number): KnownNumber | undefined {
    return this.#numbers.get(`${peer}.${lineage}.${sequence}`) ?? this.#below.at(peer, lineage, sequence);
  }
}

function isDone(number: KnownNumber | undefined): boolean {
  return number !== undefined && !isOpen(number);
}

function isOpen({ state }: KnownNumber): boolean {
  return state === "importing" || state === "verified" || state === "held";
}

/** Finds the place of an envelope in its sender's chain. Changes nothing. */
export function standingOf(
  view: LedgerView,
  store: StoreIn,
  peer: PeerRow,
  envelope: Envelope,
  sha256: string,
): Standing {
  const { sequence, from } = envelope;
  const taken = view.lineage(peer);
  if (taken !== null && taken !== from.lineage)
    return standingOfOtherLineage(store, peer, sha256, from.lineage);

  const at = (number: number) => view.at(peer.id, from.lineage, number);
  const stored = (number: number) => store.at(peer.id, from.lineage, number) ?? null;
  const voids = new Map<number, Void>();
  for (const voided of envelope.voids) {
    const known = at(voided.sequence);
    if (known?.state === "imported") {
      return fork(
        `it takes back number ${voided.sequence}, which was imported here`,
        stored(voided.sequence),
      );
    }
    if (known !== undefined && known.sha256 !== null && known.sha256 !== voided.sha256) {
      return fork(
        `it takes back another number ${voided.sequence} than the one seen here`,
        stored(voided.sequence),
      );
    }
    if (known === undefined || isOpen(known)) voids.set(voided.sequence, voided);
  }

  const known = at(sequence);
  if (known !== undefined) {
    if (known.sha256 === null) return older(sequence, "was skipped here");
    if (known.sha256 !== sha256)
      return fork(`another batch has number ${sequence} already`, stored(sequence));
    const row = stored(sequence);
    if (row !== null && known.state === "imported") return { kind: "already-imported", row };
    if (row !== null && known.state === "refused") return { kind: "already-refused", row };
    if (isDone(known))
      return older(sequence, known.state === "voided" ? "was taken back by its sender" : "was skipped here");
  }

  const isPassed = (number: number) => voids.has(number) || isDone(at(number));
  let next = view.through(peer.id, from.lineage) + 1;
  while (next < sequence && isPassed(next)) next += 1;
  if (sequence < next) return older(sequence, `lies before ${next}, the next one expected`);
  if (sequence > next) {
    return {
      kind: "missing-before",
      row: stored(sequence),
      voids: [...voids.values()],
      missing: missingNumbers(
        next,
        sequence,
        (number) => isPassed(number) || at(number)?.state === "verified",
      ),
    };
  }
  const before =
    sequence === 1 ? null : (voids.get(sequence - 1)?.sha256 ?? at(sequence - 1)?.sha256 ?? null);
  if (before !== null && before !== envelope.previous) {
    return fork(`it follows another number ${sequence - 1} than the one seen here`, stored(sequence - 1));
  }
  const note =
    sequence > 1 && before === null
      ? `follows the skipped number ${sequence - 1}, unseen: previous ${envelope.previous}`
      : "";
  return { kind: "next", row: stored(sequence), voids: [...voids.values()], note };
}

function standingOfOtherLineage(store: StoreIn, peer: PeerRow, sha256: string, lineage: string): Standing {
  const row = store.bySha256(peer.id, sha256);
  if (row?.state === "imported") return { kind: "already-imported", row };
  if (row?.state === "refused") return { kind: "already-refused", row };
  return {
    kind: "held",
    detail: `it is of lineage ${lineage}, which is not the one accepted from ${peer.name}`,
  };
}

function fork(detail: string, other: IncomingRow | null): Standing {
  return { kind: "fork", detail, other };
}

function older(sequence: number, what: string): Standing {
  return { kind: "older-than-expected", detail: `number ${sequence} ${what}` };
}

/** Beyond this many numbers looked at, the rest is named as one range. */
const lookedAt = 1000;

/** Runs of numbers from `from` to before `to` that are not here, as `12` or `14 to 20`. */
function missingNumbers(from: number, to: number, isHere: (number: number) => boolean): string[] {
  const runs: string[] = [];
  const stop = Math.min(to, from + lookedAt);
  let start: number | null = null;
  for (let number = from; number <= stop; number += 1) {
    const isMissing = number < stop && !isHere(number);
    if (isMissing) start ??= number;
    else if (start !== null) {
      runs.push(run(start, number - 1));
      start = null;
    }
  }
  if (stop < to) runs.push(run(stop, to - 1));
  return runs;
}

function run(first: number, last: number): string {
  return first === last ? `${first}` : `${first} to ${last}`;
}
