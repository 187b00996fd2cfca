// Seals a file of lines into parts on disk, as an export does once its lines are packed: cut at line ends, compressed,
// encrypted, hashed, synced, then the manifest, the envelope, the tag files and the signature.
// Prints {"seconds", "maxRssMiB", "parts"}: the time without the start of Node and of the threads, because a station is open already,
// and without counting lines, because a station knows how many records it seals.
import { closeSync, fsyncSync, openSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { defaultConfiguration } from "../main/station/configuration.ts";
import { createPool } from "../main/station/pool/pool.ts";
import type { SealTasks } from "./seal-worker.ts";
import { cutAtLines } from "./slices.ts";
import { generateSigningKeyPair } from "../main/station/crypto/ed25519.ts";
import { sha256Hex } from "../main/station/crypto/hash.ts";
import { randomHex } from "../main/station/crypto/random.ts";
import { signSshsig, fingerprint } from "../main/station/crypto/sshsig.ts";
import { writeTagFiles } from "../main/areas/transfer/format/bag.ts";
import { writeEnvelope, type Envelope, type PartEntry } from "../main/areas/transfer/format/envelope.ts";
import { haveNothing, writeManifest, type PlainPart } from "../main/areas/transfer/format/manifest.ts";
import {
  batchFormat,
  batchId,
  batchNamespace,
  manifestPartName,
  partName,
} from "../main/areas/transfer/format/names.ts";
import { sealPart } from "../main/areas/transfer/format/part.ts";

const [source = "", folder = "", recipient = "", worker = ""] = process.argv.slice(2);
const partBytes = defaultConfiguration.transfer.partMiB * 2 ** 20;

const pool = createPool<SealTasks>(pathToFileURL(worker));
// As a station that is open has its threads already.
await Promise.all(Array.from({ length: pool.threads }, () => pool.run("warm", null)));
const slices = cutAtLines(source, partBytes, pool.threads);

const begun = performance.now();
const parts: { position: number; plain: PlainPart; cipher: PartEntry }[] = [];
const running = new Set<Promise<void>>();
for (const [index, { at, bytes, records }] of slices.entries()) {
  const position = index + 1;
  const name = partName(position);
  const path = join(folder, `part-${position}`);
  const task = pool.run("seal-slice", { source, at, bytes, recipient, path }).then(async (sealed) => {
    await syncFile(path);
    parts.push({
      position,
      plain: { name, bytes: sealed.plainBytes, sha256: sealed.plainSha256, records },
      cipher: { name, bytes: sealed.bytes, sha256: sealed.sha256 },
    });
  });
  running.add(task);
  void task.finally(() => running.delete(task));
  if (running.size > pool.threads) await Promise.race(running);
}
await Promise.all(running);
parts.sort((a, b) => a.position - b.position);

const id = batchId(1, randomHex(8));
const [from, to] = [randomHex(16), randomHex(16)];
const signing = generateSigningKeyPair();
const manifest = sealPart(
  writeManifest({
    format: batchFormat,
    batch: id,
    from,
    to,
    sequence: 1,
    parts: parts.map((part) => part.plain),
    files: [],
    counts: { request: parts.reduce((sum, part) => sum + (part.plain.records ?? 0), 0) },
    purpose: "",
    revoked: [],
    have: haveNothing,
  }),
  recipient,
);
const envelope: Envelope = {
  format: batchFormat,
  id,
  from: { station: from, key: fingerprint(signing.publicKey), lineage: randomHex(8) },
  to: { station: to, key: fingerprint(generateSigningKeyPair().publicKey) },
  direction: "request-to-response",
  sequence: 1,
  previous: null,
  createdAt: new Date().toISOString(),
  clock: "unsynchronised",
  parts: [
    { name: manifestPartName, bytes: manifest.cipherBytes, sha256: manifest.cipherSha256 },
    ...parts.map((part) => part.cipher),
  ],
  parity: [],
  voids: [],
  checkpoint: null,
  witnessed: null,
};
const envelopeBytes = writeEnvelope(envelope);
const tags = writeTagFiles({
  envelopeBytes,
  envelope,
  volume: 1,
  volumeCount: 1,
  parts: envelope.parts,
  readme: "bench\n",
});
writeFileSync(join(folder, "manifest"), manifest.cipher);
await syncFile(join(folder, "manifest"));
for (const [name, bytes] of tags) writeFileSync(join(folder, name), bytes);
const tagmanifest = tags.get("tagmanifest-sha256.txt") ?? Buffer.alloc(0);
writeFileSync(join(folder, "signature"), signSshsig(tagmanifest, batchNamespace, signing));
const directory = openSync(folder, "r");
fsyncSync(directory);
closeSync(directory);
const seconds = (performance.now() - begun) / 1000;
await pool.close();

writeFileSync(join(folder, "parts.json"), JSON.stringify(parts));
process.stdout.write(
  JSON.stringify({
    seconds,
    maxRssMiB: process.resourceUsage().maxRSS / 1024,
    parts: parts.length,
    sha256: sha256Hex(envelopeBytes),
  }),
);

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.datasync();
  await file.close();
}
