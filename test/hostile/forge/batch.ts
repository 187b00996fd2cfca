import { randomBytes } from "node:crypto";
import { encryptAge } from "./age.ts";
import type { Identity, Recipient } from "./identity.ts";
import { sha256Hex } from "./records.ts";
import { compress } from "./zstd.ts";

/** Sealing: from lines to ciphertexts and an envelope, with a hook at every step. */

// Envelopes and manifests are bent in every way, so their fields are open here on purpose.
export type Loose = Record<string, unknown>;

export interface PartPlan {
  plain: Uint8Array;
  /** Records claimed in the manifest; the number of LF when absent. */
  records?: number;
}

/** What may be bent while a batch is sealed; everything absent is honest. */
export interface SealChanges {
  /** The zstd step; part 0 is the manifest. */
  compress?: (plain: Uint8Array, part: number) => Uint8Array;
  /** The age step; part 0 is the manifest. */
  encrypt?: (compressed: Uint8Array, part: number) => Uint8Array;
  /** Rewrites the manifest object in place, or its text. */
  manifest?: (manifest: Loose) => void;
  manifestText?: (text: string) => string | Uint8Array;
  /** Rewrites the envelope object in place, or its text. */
  envelope?: (envelope: Loose) => void;
  envelopeText?: (text: string) => string | Uint8Array;
}

export interface BatchPlan {
  from: Identity;
  to: Recipient;
  sequence: number;
  previous: string | null;
  parts: readonly PartPlan[];
  lineage?: string;
  have?: Loose;
  changes?: SealChanges;
}

/** A sealed batch: ciphertexts by name in import order, and the envelope over them. */
export interface Sealed {
  id: string;
  sequence: number;
  from: Identity;
  envelope: Loose;
  envelopeBytes: Buffer;
  /** SHA-256 of batch.json: the identity of the batch. */
  sha256: string;
  parts: Map<string, Buffer>;
}

/** `data/part-00001.zst.age`; number 0 is the manifest. */
export function partName(number: number): string {
  return number === 0 ? "data/manifest.zst.age" : `data/part-${String(number).padStart(5, "0")}.zst.age`;
}

/** Whole lines as the plaintext of a part. */
export function partOf(lines: readonly (string | Uint8Array)[]): PartPlan {
  const pieces = lines.flatMap((text) => [Buffer.from(text as Uint8Array), Buffer.from("\n")]);
  return { plain: Buffer.concat(pieces), records: lines.length };
}

function countByType(parts: readonly PartPlan[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { plain } of parts) {
    const text = Buffer.from(plain).toString("latin1");
    for (const [, type = ""] of text.matchAll(/^\{"type":"([a-z]+)"/gm)) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
  return Object.fromEntries(counts);
}

function lineFeeds(plain: Uint8Array): number {
  let count = 0;
  for (const byte of plain) if (byte === 10) count++;
  return count;
}

/** Seals a plan; pure but for fresh randomness. */
export function seal(plan: BatchPlan): Sealed {
  const { from, to, sequence, changes = {} } = plan;
  const random = randomBytes(8).toString("hex");
  const id = `b${String(sequence).padStart(6, "0")}-${random}`;
  const sealPart = (plain: Uint8Array, part: number): Buffer => {
    const compressed = changes.compress?.(plain, part) ?? compress(plain);
    return Buffer.from(changes.encrypt?.(compressed, part) ?? encryptAge(compressed, to.ageRecipient));
  };
  const manifest: Loose = {
    format: "sallyport-batch@v1",
    batch: id,
    from: from.station,
    to: to.station,
    sequence,
    parts: plan.parts.map((part, index) => ({
      name: partName(index + 1),
      bytes: part.plain.length,
      sha256: sha256Hex(part.plain),
      records: part.records ?? lineFeeds(part.plain),
    })),
    files: [],
    counts: countByType(plan.parts),
    purpose: "",
    revoked: [],
    have: plan.have ?? { lineage: null, through: 0, also: [], safeThrough: 0 },
  };
  changes.manifest?.(manifest);
  const manifestText = `${JSON.stringify(manifest)}\n`;
  const manifestBytes = Buffer.from((changes.manifestText?.(manifestText) ?? manifestText) as Uint8Array);
  const plains = [manifestBytes, ...plan.parts.map((part) => part.plain)];
  const parts = new Map(plains.map((plain, part) => [partName(part), sealPart(plain, part)]));
  const envelope: Loose = {
    format: "sallyport-batch@v1",
    id,
    from: {
      station: from.station,
      key: from.signing.fingerprint,
      lineage: plan.lineage ?? from.lineage,
    },
    to: { station: to.station, key: to.fingerprint },
    direction: from.side === "request" ? "request-to-response" : "response-to-request",
    sequence,
    previous: plan.previous,
    createdAt: "2026-11-21T08:00:00.000Z",
    clock: "unsynchronised",
    parts: [...parts].map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256Hex(bytes),
    })),
    parity: [],
    voids: [],
    checkpoint: null,
    witnessed: null,
  };
  changes.envelope?.(envelope);
  const envelopeText = `${JSON.stringify(envelope)}\n`;
  const envelopeBytes = Buffer.from((changes.envelopeText?.(envelopeText) ?? envelopeText) as Uint8Array);
  return {
    id,
    sequence,
    from,
    envelope,
    envelopeBytes,
    sha256: sha256Hex(envelopeBytes),
    parts,
  };
}
