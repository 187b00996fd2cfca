#!/usr/bin/env node
// @ts-check
// Checks what a Sallyport station says about its audit log, without Sallyport: one file, Node 20 or later, no dependency,
// no network. It follows RFC 6962 and C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof and tlog-witness, so
// any tool that knows these can do the same. docs/audit.md explains each step.
//
// Exit codes: 0 verified, 1 not verified, 2 used wrongly.
import { createHash, createPublicKey, verify } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import process from "node:process";

const usage = `Usage:
  node verify-audit.mjs proof FILE --key VKEY [--witness VKEY]
      FILE is a .tlog-proof: one event is in the log that the key's owner signed.
  node verify-audit.mjs consistency FILE --old NOTE --key VKEY [--old-key VKEY]
      The log in FILE still begins with what it was in the checkpoint NOTE, which an earlier key may have signed.
  node verify-audit.mjs handover NOTE --old-key VKEY --key VKEY
      The owner of the old key vouched for the checkpoint NOTE together with the new key: a change of the log key.
  node verify-audit.mjs log EVENTS --checkpoint NOTE --key VKEY [--proofs PROOFS | --stub STUB] [--witness VKEY]
      EVENTS (JSON lines) is the whole log of the checkpoint; with PROOFS, each line is proved by itself; with STUB, it is the
      log after events that were purged, of which the signed stub stays.
  node verify-audit.mjs segment EVENTS --note NOTE --key VKEY
      EVENTS (JSON lines) is the segment that the log's key sealed: "age -d FILE | zstd -d" makes them of an exported file.

VKEY is a C2SP verifier key, such as low+8441dfee+AYE5dw6o..., from the station's card (logKey, witnessKey) or printed by
"sallyport audit checkpoint". Take it from somewhere else than the files that you check.`;

/** Said to people; ends the program with code 1. */
class NotVerified extends Error {}
/** Ends the program with code 2. */
class WrongUse extends Error {}

/** @typedef {{ name: string, id: string, type: number, key: Buffer }} VerifierKey */
/** @typedef {{ origin: string, size: bigint, root: Buffer }} Head */

// RFC 6962 section 2.1: a leaf and a node never hash alike.

/** @param {...Uint8Array} parts */
function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** @param {Uint8Array} bytes */
const leafHash = (bytes) => sha256(Uint8Array.of(0), bytes);
/** @param {Uint8Array} left @param {Uint8Array} right */
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/**
 * RFC 9162 section 2.1.3.2. Null when the proof can't be one for this place.
 * @param {Buffer} hash @param {bigint} index @param {bigint} size @param {Buffer[]} proof
 */
function rootFromInclusion(hash, index, size, proof) {
  if (index >= size || proof.length > 64) return null;
  let place = index;
  let last = size - 1n;
  let root = hash;
  for (const sibling of proof) {
    if (last === 0n) return null;
    if (place % 2n === 1n || place === last) {
      root = nodeHash(sibling, root);
      while (place % 2n === 0n && place !== 0n) [place, last] = [place / 2n, last / 2n];
    } else {
      root = nodeHash(root, sibling);
    }
    [place, last] = [place / 2n, last / 2n];
  }
  return last === 0n ? root : null;
}

/**
 * RFC 9162 section 2.1.4.2.
 * @param {Head} old @param {Head} now @param {Buffer[]} proof
 */
function isConsistent(old, now, proof) {
  if (old.size > now.size || proof.length > 64) return false;
  if (old.size === 0n) return proof.length === 0;
  if (old.size === now.size) return proof.length === 0 && old.root.equals(now.root);
  const isPowerOfTwo = (old.size & (old.size - 1n)) === 0n;
  const [first, ...rest] = isPowerOfTwo ? [old.root, ...proof] : proof;
  if (first === undefined) return false;
  let place = old.size - 1n;
  let last = now.size - 1n;
  while (place % 2n === 1n) [place, last] = [place / 2n, last / 2n];
  let before = first;
  let after = first;
  for (const hash of rest) {
    if (last === 0n) return false;
    if (place % 2n === 1n || place === last) {
      before = nodeHash(hash, before);
      after = nodeHash(hash, after);
      while (place % 2n === 0n && place !== 0n) [place, last] = [place / 2n, last / 2n];
    } else {
      after = nodeHash(after, hash);
    }
    [place, last] = [place / 2n, last / 2n];
  }
  return last === 0n && before.equals(old.root) && after.equals(now.root);
}

/**
 * Strict base64: what decodes must encode back to the same text.
 * @param {string} text
 */
function base64(text) {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}

/** @param {string} text @param {string} what @returns {Buffer} */
function hashLine(text, what) {
  const bytes = base64(text);
  if (bytes?.length !== 32) throw new NotVerified(`${what} is not a SHA-256 in base64: ${text.slice(0, 60)}`);
  return bytes;
}

/** C2SP signed-note, verifier keys. @param {string} text @returns {VerifierKey} */
function parseKey(text) {
  const [name = "", id = "", ...rest] = text.split("+");
  const bytes = base64(rest.join("+"));
  const type = bytes?.[0] ?? 0;
  if (bytes?.length !== 33 || (type !== 1 && type !== 4)) throw new WrongUse(`Not a verifier key: ${text}`);
  const expected = sha256(Buffer.from(`${name}\n`), bytes).toString("hex", 0, 4);
  if (id !== expected)
    throw new WrongUse(`The id of the verifier key is ${id}, but its name and key give ${expected}.`);
  return { name, id, type, key: bytes.subarray(1) };
}

/** @param {Buffer} message @param {Buffer} signature @param {Buffer} key */
function ed25519(message, signature, key) {
  // RFC 8410: an Ed25519 public key as SubjectPublicKeyInfo is these 12 bytes and the key.
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
  return (
    signature.length === 64 &&
    verify(null, message, createPublicKey({ key: spki, format: "der", type: "spki" }), signature)
  );
}

/**
 * C2SP signed-note: the text of a note that every given key has signed.
 * @param {string} note @param {VerifierKey[]} keys
 */
function openNote(note, keys) {
  const split = note.lastIndexOf("\n\n");
  // oxlint-disable-next-line no-control-regex -- signed-note forbids exactly these but LF
  if (split <= 0 || !note.endsWith("\n") || /[\u0000-\u0009\u000b-\u001f]/.test(note)) {
    throw new NotVerified("The checkpoint is not a signed note.");
  }
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split("\n");
  for (const key of keys) {
    const own = lines
      .map((line) => /^\u2014 (\S+) (\S+)$/u.exec(line))
      .filter((line) => line?.[1] === key.name)
      .map((line) => base64(line?.[2] ?? ""))
      .find((bytes) => bytes?.toString("hex", 0, 4) === key.id);
    if (own === undefined || own === null) {
      throw new NotVerified(
        `The checkpoint has no signature by ${key.name} (${key.id}): not verifiable with this key.`,
      );
    }
    const signature = own.subarray(4);
    const holds =
      key.type === 1
        ? ed25519(Buffer.from(text), signature, key.key)
        : signature.length === 72 &&
          ed25519(
            Buffer.from(`cosignature/v1\ntime ${signature.readBigUInt64BE()}\n${text}`),
            signature.subarray(8),
            key.key,
          );
    if (!holds) throw new NotVerified(`The signature by ${key.name} (${key.id}) does not hold.`);
  }
  return text;
}

/** C2SP tlog-checkpoint. @param {string} note @param {VerifierKey[]} keys @returns {Head} */
function openCheckpoint(note, keys) {
  const [origin = "", size = "", root = ""] = openNote(note, keys).split("\n");
  if (origin === "" || !/^(0|[1-9]\d{0,18})$/.test(size))
    throw new NotVerified("The note is not a checkpoint.");
  return { origin, size: BigInt(size), root: hashLine(root, "The checkpoint's root") };
}

/** C2SP tlog-proof with the leaf as extra data. @param {string} path @param {VerifierKey[]} keys */
function verifyProof(path, keys) {
  const text = readFileSync(path, "utf8");
  const end = text.indexOf("\n\n");
  const [first, extra = "", index = "", ...hashes] = text.slice(0, Math.max(0, end)).split("\n");
  const leaf = extra.startsWith("extra ") ? base64(extra.slice(6)) : null;
  const place = /^index (0|[1-9]\d{0,18})$/.exec(index)?.[1];
  if (first !== "c2sp.org/tlog-proof@v1" || leaf === null || place === undefined) {
    throw new NotVerified("The file is not a tlog-proof that carries its event.");
  }
  const head = openCheckpoint(text.slice(end + 2), keys);
  const proof = hashes.map((line) => hashLine(line, "A line of the proof"));
  const root = rootFromInclusion(leafHash(leaf), BigInt(place), head.size, proof);
  if (root?.equals(head.root) !== true)
    throw new NotVerified("The event does not lead to the checkpoint's root.");
  expectNumber(leaf, BigInt(place) + 1n);
  return [
    `Verified: event ${BigInt(place) + 1n} is in ${head.origin}, signed at ${head.size} events.`,
    visible(leaf.toString("utf8")),
  ];
}

/**
 * A change of the log key: one checkpoint that both keys have signed.
 * @param {string} path @param {VerifierKey} old @param {VerifierKey} now
 */
function verifyHandover(path, old, now) {
  if (old.name === now.name && old.id === now.id) throw new WrongUse("The two keys are the same.");
  const head = openCheckpoint(readFileSync(path, "utf8"), [old, now]);
  return [
    `Verified: ${head.origin} at ${head.size} events is signed by ${old.name} (${old.id}) and by ${now.name} (${now.id}).`,
    "From there on take the new key. The event station.keys-rotated names it: prove that one under the old key, too.",
  ];
}

/** A consistency proof as C2SP tlog-witness takes it. @param {string} path @param {string} oldPath @param {VerifierKey[]} oldKeys @param {VerifierKey[]} keys */
function verifyConsistency(path, oldPath, oldKeys, keys) {
  const text = readFileSync(path, "utf8");
  const end = text.indexOf("\n\n");
  const [first = "", ...hashes] = text.slice(0, Math.max(0, end)).split("\n");
  const old = openCheckpoint(readFileSync(oldPath, "utf8"), oldKeys);
  const now = openCheckpoint(text.slice(end + 2), keys);
  if (first !== `old ${old.size}`) {
    throw new NotVerified(`The proof begins at "${first}", the old checkpoint has ${old.size} events.`);
  }
  if (old.origin !== now.origin) throw new NotVerified(`Two logs: ${old.origin} and ${now.origin}.`);
  const proof = hashes.map((line) => hashLine(line, "A line of the proof"));
  if (!isConsistent(old, now, proof)) {
    throw new NotVerified("The log does not begin with what it was: its history was rewritten.");
  }
  return [`Verified: ${now.origin} at ${now.size} events begins with what it was at ${old.size}.`];
}

/** @typedef {{ size: bigint, subtrees: Buffer[] }} Tree roots of perfect subtrees, largest first */

/** @param {Tree} tree @param {Buffer} line */
function appendLeaf(tree, line) {
  let node = leafHash(line);
  for (let rest = tree.size; rest % 2n === 1n; rest /= 2n)
    node = nodeHash(/** @type {Buffer} */ (tree.subtrees.pop()), node);
  tree.subtrees.push(node);
  tree.size += 1n;
  expectNumber(line, tree.size);
}

/** @param {Tree} tree */
function rootOf(tree) {
  const root = tree.subtrees.reduceRight(
    (right, left) => (right.length === 0 ? left : nodeHash(left, right)),
    Buffer.alloc(0),
  );
  return tree.size === 0n ? sha256() : root;
}

/**
 * The whole log, or events with a proof each. Reads line by line, so any size will do.
 * @param {string} path @param {string} checkpointPath @param {string | undefined} proofsPath
 * @param {string | undefined} stubPath @param {VerifierKey[]} keys
 */
async function verifyLog(path, checkpointPath, proofsPath, stubPath, keys) {
  const head = openCheckpoint(readFileSync(checkpointPath, "utf8"), keys);
  if (proofsPath !== undefined) return verifyEach(path, proofsPath, head);
  const stub = stubPath === undefined ? null : openSegment(readFileSync(stubPath, "utf8"), keys);
  if (stub !== null && (stub.purged === null || stub.origin !== head.origin)) {
    throw new NotVerified("The stub is not one of a purge of this log.");
  }
  const tree = stub === null ? { size: 0n, subtrees: [] } : stub.after;
  for await (const line of linesOf(path)) appendLeaf(tree, line);
  if (tree.size !== head.size)
    throw new NotVerified(`The file has ${tree.size} events, the checkpoint ${head.size}.`);
  if (!rootOf(tree).equals(head.root)) {
    throw new NotVerified("The events do not lead to the checkpoint's root: at least one was changed.");
  }
  if (stub === null)
    return [`Verified: the whole log ${head.origin}, ${tree.size} events, each as it was signed.`];
  return [
    `Verified: the log ${head.origin} after event ${stub.to}, ${tree.size - stub.to} events, each as it was signed.`,
    `Events 1 to ${stub.to} were purged (the last of them ${visible(stub.purged ?? "")}): the signed stub has their tree, not their words.`,
  ];
}

/** A sealed segment: the tree before it, with these events, is the tree after it. @param {string} path @param {string} notePath @param {VerifierKey[]} keys */
async function verifySegment(path, notePath, keys) {
  const segment = openSegment(readFileSync(notePath, "utf8"), keys);
  const tree = segment.before;
  const hash = createHash("sha256");
  for await (const line of linesOf(path)) {
    appendLeaf(tree, line);
    hash.update(line).update("\n");
  }
  if (tree.size !== segment.to)
    throw new NotVerified(`The file ends at event ${tree.size}, the segment at ${segment.to}.`);
  if (hash.digest("hex") !== segment.sha256 || !rootOf(tree).equals(rootOf(segment.after))) {
    throw new NotVerified("The events are not those that were sealed: at least one was changed.");
  }
  return [`Verified: events ${segment.from} to ${segment.to} of ${segment.origin}, each as it was sealed.`];
}

/**
 * The signed text of a segment or of the stub that stays of it; docs/audit.md has its lines.
 * @param {string} note @param {VerifierKey[]} keys
 */
function openSegment(note, keys) {
  const lines = openNote(note, keys).split("\n");
  const [format = "", origin = "", events = "", times = "", sum = "", before = "", after = "", sealed = ""] =
    lines;
  const numbers = /^events ([1-9]\d{0,15}) ([1-9]\d{0,15})$/.exec(events);
  const sha = /^sha256 ([0-9a-f]{64}) \d+$/.exec(sum)?.[1];
  const purged = /^purged (\S+ by .+)$/.exec(lines[8] ?? "")?.[1] ?? null;
  const isStub = format === "sallyport-stub@v1";
  if ((!isStub && format !== "sallyport-segment@v1") || isStub !== (purged !== null)) {
    throw new NotVerified("The note is not that of a segment or a stub.");
  }
  if (numbers === null || sha === undefined || !times.startsWith("times ") || !sealed.startsWith("sealed ")) {
    throw new NotVerified("The note of the segment is not whole.");
  }
  const from = BigInt(numbers[1] ?? "0");
  const to = BigInt(numbers[2] ?? "0");
  return {
    origin,
    from,
    to,
    sha256: sha,
    purged,
    before: treeLine(before, "before", from - 1n),
    after: treeLine(after, "after", to),
  };
}

/** @param {string} line @param {string} name @param {bigint} size @returns {Tree} */
function treeLine(line, name, size) {
  const [first, ...hashes] = line.split(" ");
  const bits = size.toString(2).replaceAll("0", "").length;
  if (first !== name || hashes.length !== bits)
    throw new NotVerified(`The tree ${name} the segment is not one of ${size} events.`);
  return { size, subtrees: hashes.map((hash) => hashLine(hash, `A hash of the tree ${name} the segment`)) };
}

/** @param {string} path @param {string} proofsPath @param {Head} head */
async function verifyEach(path, proofsPath, head) {
  const proofs = linesOf(proofsPath)[Symbol.asyncIterator]();
  let count = 0;
  for await (const line of linesOf(path)) {
    count += 1;
    const next = await proofs.next();
    if (next.done === true) throw new NotVerified(`Line ${count} of the events has no proof.`);
    const { index, hashes } = JSON.parse(next.value.toString("utf8"));
    if (!Number.isSafeInteger(index) || index < 0 || !Array.isArray(hashes))
      throw new NotVerified(`Proof ${count} is none.`);
    const proof = hashes.map((hash) => hashLine(String(hash), `A hash of proof ${count}`));
    if (rootFromInclusion(leafHash(line), BigInt(index), head.size, proof)?.equals(head.root) !== true) {
      throw new NotVerified(`Line ${count} does not lead to the checkpoint's root.`);
    }
    expectNumber(line, BigInt(index) + 1n);
  }
  if ((await proofs.next()).done !== true) throw new NotVerified("There are more proofs than events.");
  return [
    `Verified: ${count} events are in ${head.origin}, signed at ${head.size} events.`,
    "A selection: that nothing was left out between them is proved by the whole log alone.",
  ];
}

/** The event says the number of its place. @param {Buffer} leaf @param {bigint} number */
function expectNumber(leaf, number) {
  const said = /^\{"format":"sallyport-event@v1","sequence":(\d+),/.exec(leaf.toString("utf8", 0, 80))?.[1];
  if (said !== String(number))
    throw new NotVerified(`The event in place ${number} says that it is number ${said ?? "none"}.`);
}

/** Lines ended by LF; a last one without is one too. @param {string} path */
async function* linesOf(path) {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10)) {
      yield bytes.subarray(0, end);
      bytes = bytes.subarray(end + 1);
    }
    rest = bytes;
  }
  if (rest.length > 0) yield rest;
}

/** Text from a log must not steer a terminal. @param {string} text */
function visible(text) {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** @param {string[]} argv */
async function run(argv) {
  const [command, file, ...rest] = argv;
  /** @type {Map<string, string>} */
  const flags = new Map();
  for (let at = 0; at < rest.length; at += 2) {
    const [flag = "", value] = [rest[at], rest[at + 1]];
    if (
      !/^--(key|old|old-key|checkpoint|proofs|stub|note|witness)$/.test(flag) ||
      value === undefined ||
      flags.has(flag)
    ) {
      throw new WrongUse(usage);
    }
    flags.set(flag, value);
  }
  /** @param {string} flag */
  const need = (flag) => {
    const value = flags.get(flag);
    if (value === undefined) throw new WrongUse(usage);
    return value;
  };
  if (file === undefined) throw new WrongUse(usage);
  const witness = flags.get("--witness");
  const keys = [parseKey(need("--key")), ...(witness === undefined ? [] : [parseKey(witness)])];
  if (command === "handover") {
    return verifyHandover(file, parseKey(need("--old-key")), parseKey(need("--key")));
  }
  if (command === "proof") return verifyProof(file, keys);
  if (command === "consistency") {
    const before = flags.get("--old-key");
    return verifyConsistency(file, need("--old"), before === undefined ? keys : [parseKey(before)], keys);
  }
  if (command === "log") {
    if (flags.has("--proofs") && flags.has("--stub")) throw new WrongUse(usage);
    return verifyLog(file, need("--checkpoint"), flags.get("--proofs"), flags.get("--stub"), keys);
  }
  if (command === "segment") return verifySegment(file, need("--note"), keys);
  throw new WrongUse(usage);
}

try {
  process.stdout.write(`${(await run(process.argv.slice(2))).join("\n")}\n`);
} catch (error) {
  const said = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof WrongUse ? "" : "NOT VERIFIED: "}${said}\n`);
  process.exitCode = error instanceof WrongUse ? 2 : 1;
}
