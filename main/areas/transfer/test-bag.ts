import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256Hex } from "../../station/crypto/hash.ts";
import { randomHex } from "../../station/crypto/random.ts";
import { fingerprint, parseSshPublicKey, signSshsig } from "../../station/crypto/sshsig.ts";
import { directionFrom } from "../../station/identity.ts";
import { writeTagFiles } from "./format/bag.ts";
import { writeEnvelope, type Envelope, type PartEntry, type VoidEntry } from "./format/envelope.ts";
import { haveNothing, writeManifest, type Have, type Manifest } from "./format/manifest.ts";
import {
  bagName,
  batchId,
  batchNamespace,
  manifestPartName,
  mediumFolder,
  parityName,
  partName,
  signatureName,
} from "./format/names.ts";
import { sealPart } from "./format/part.ts";
import { writeReceiptLine, writeRequestLine, writeResponseLine } from "./format/lines.ts";
import { receiptId, signReceipt, writeReceiptPayload, type ReceiptPayload } from "./format/receipt.ts";
import type { TestStation } from "./test-kernel.ts";

/** A batch sealed by a test station, with what the tests need to know of it. */
export interface TestBatch {
  readonly id: string;
  readonly sequence: number;
  readonly sha256: string;
  readonly envelope: Envelope;
  readonly envelopeBytes: Buffer;
  readonly ciphers: ReadonlyMap<string, Buffer>;
  readonly from: TestStation;
}

export interface TestBatchPlan {
  readonly from: TestStation;
  readonly to: TestStation;
  readonly sequence: number;
  readonly previous: TestBatch | string | null;
  /** Lines of each records part, each with its LF. */
  readonly parts: readonly (readonly Buffer[])[];
  readonly lineage?: string;
  readonly voids?: readonly VoidEntry[];
  readonly have?: Have;
  readonly parityOver?: readonly number[];
  readonly manifest?: (manifest: Manifest) => Manifest;
}

const createdAt = "2026-11-21T08:00:00.000Z";

/** Seals a batch with the codec alone; nothing of the writer's half is used. */
export async function sealTestBatch(plan: TestBatchPlan): Promise<TestBatch> {
  const { from, to, sequence } = plan;
  const id = batchId(sequence, randomHex(8));
  const recipient = to.kernel.keyring.ageRecipient();
  const ciphers = new Map<string, Buffer>();
  const entries: PartEntry[] = [];
  const plain: Manifest["parts"][number][] = [];
  const put = (name: string, bytes: Buffer) => {
    const sealed = sealPart(bytes, recipient);
    ciphers.set(name, sealed.cipher);
    const entry = { name, bytes: sealed.cipherBytes, sha256: sealed.cipherSha256 };
    return { entry, plain: { name, bytes: sealed.plainBytes, sha256: sealed.plainSha256 } };
  };
  for (const [index, lines] of plan.parts.entries()) {
    const part = put(partName(index + 1), Buffer.concat(lines));
    entries.push(part.entry);
    plain.push({ ...part.plain, records: lines.length });
  }
  const manifest: Manifest = {
    format: "sallyport-batch@v1",
    batch: id,
    from: from.identity.id,
    to: to.identity.id,
    sequence,
    parts: plain,
    files: [],
    counts: {},
    purpose: "",
    revoked: [],
    have: plan.have ?? haveNothing,
  };
  const manifestPart = put(manifestPartName, writeManifest(plan.manifest?.(manifest) ?? manifest));
  const parity =
    (plan.parityOver ?? []).length === 0 ? [] : [parityOf(plan.parityOver ?? [], ciphers, entries)];
  const previous =
    typeof plan.previous === "string" || plan.previous === null ? plan.previous : plan.previous.sha256;
  const envelope: Envelope = {
    format: "sallyport-batch@v1",
    id,
    from: { station: from.identity.id, key: keyOf(from), lineage: plan.lineage ?? from.identity.lineage },
    to: { station: to.identity.id, key: keyOf(to) },
    direction: directionFrom(from.identity.side),
    sequence,
    previous,
    createdAt,
    clock: "unsynchronised",
    parts: [manifestPart.entry, ...entries],
    parity,
    voids: plan.voids ?? [],
    checkpoint: null,
    witnessed: null,
  };
  const envelopeBytes = writeEnvelope(envelope);
  return { id, sequence, sha256: sha256Hex(envelopeBytes), envelope, envelopeBytes, ciphers, from };
}

/** Seals the batches of one sender for one reader, each after the one before. */
export type Next = (parts: TestBatchPlan["parts"], more?: Partial<TestBatchPlan>) => Promise<TestBatch>;

export function chainOf(from: TestStation, to: TestStation): Next {
  let last: TestBatch | null = null;
  return async (parts, more = {}) => {
    const sequence = (last?.sequence ?? 0) + 1;
    last = await sealTestBatch({ from, to, sequence, previous: last, parts, ...more });
    return last;
  };
}

function keyOf({ kernel }: TestStation): string {
  return fingerprint(parseSshPublicKey(kernel.keyring.signingPublicKey()));
}

function parityOf(over: readonly number[], ciphers: Map<string, Buffer>, entries: readonly PartEntry[]) {
  const members = over.map((number) => ciphers.get(partName(number)) ?? Buffer.alloc(0));
  const bytes = Buffer.alloc(Math.max(...members.map((member) => member.byteLength)));
  for (const member of members)
    for (const [at, byte] of member.entries()) bytes[at] = (bytes[at] ?? 0) ^ byte;
  const name = parityName(1);
  ciphers.set(name, bytes);
  const of = over.map((number) => entries[number - 1]?.name ?? "");
  return { name, bytes: bytes.byteLength, sha256: sha256Hex(bytes), of };
}

export function newMedium(): string {
  return mkdtempSync(join(tmpdir(), "medium-"));
}

/** Writes one volume of a batch; `carries` are names of parts beside the manifest, all when absent. */
export function layBag(medium: string, batch: TestBatch, volume = 1, carries?: readonly string[]): string {
  const { envelope, envelopeBytes, ciphers, from } = batch;
  const parts = [...envelope.parts, ...envelope.parity].filter(
    ({ name }) => name === manifestPartName || carries === undefined || carries.includes(name),
  );
  const files = writeTagFiles({ envelopeBytes, envelope, volume, volumeCount: 1, parts, readme: "" });
  for (const { name } of parts) files.set(name, ciphers.get(name) ?? Buffer.alloc(0));
  const tagmanifest = files.get("tagmanifest-sha256.txt") ?? Buffer.alloc(0);
  files.set(
    signatureName,
    Buffer.from(signSshsig(tagmanifest, batchNamespace, from.kernel.keyring.signing())),
  );
  const name = bagName(batch.id, volume);
  for (const [file, bytes] of files) {
    const path = join(medium, mediumFolder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return name;
}

export function requestLine(id: string, body = `{ "id":"${id}"}`): Buffer {
  return writeRequestLine({ id, revision: 1, createdAt, kind: "echo", user: "alice" }, body);
}

export function responseLine(id: string, request: string, body = "[1]"): Buffer {
  return writeResponseLine({ id, revision: 1, createdAt, request, status: "ok" }, body);
}

export function receiptLine(signer: TestStation, facts: Partial<ReceiptPayload>): Buffer {
  const payload: ReceiptPayload = {
    batch: "b000001-0000000000000000",
    batchSha256: "0".repeat(64),
    sequence: 1,
    state: "imported",
    reason: null,
    counts: { imported: 0, duplicate: 0, quarantined: 0 },
    people: "one",
    page: 1,
    pages: 1,
    exceptions: [],
    ...facts,
  };
  const text = writeReceiptPayload(payload);
  const signature = signReceipt(text, signer.kernel.keyring.signing());
  return writeReceiptLine({ id: receiptId(payload), revision: 1, createdAt, payload: text, signature });
}
