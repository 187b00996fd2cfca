import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostileCase } from "../case.ts";
import { imports, refused } from "../case.ts";
import { contentOf, rewrite, signatureName, tagmanifestName } from "../forge/bag.ts";
import type { BagPlan, Files } from "../forge/bag.ts";
import { makeSigningKey } from "../forge/identity.ts";
import { armourSignature, publicKeyBlob, signMessage } from "../forge/sshsig.ts";
import type { SignatureChanges } from "../forge/sshsig.ts";

/** Step 2, first half: who signed the tagmanifest, and how. */

const namespace = "sallyport-batch@v1";

/** The order of the ed25519 group (RFC 8032 section 5.1), little-endian, to shift S by. */
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;

function addGroupOrder(raw: Buffer): Buffer {
  const s = BigInt(`0x${Buffer.from(raw.subarray(32)).reverse().toString("hex")}`) + groupOrder;
  const moved = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
  return Buffer.concat([raw.subarray(0, 32), moved]);
}

function flipBit(raw: Buffer): Buffer {
  const flipped = Buffer.from(raw);
  flipped[5] = (flipped[5] ?? 0) ^ 1;
  return flipped;
}

function bent(name: string, signature: SignatureChanges, ...reasons: string[]): HostileCase {
  return { name, bag: { changes: { signature } }, expect: refused(...reasons) };
}

/** Signs with a key of another type through ssh-keygen itself. */
function signedByKeygen(...typeFlags: string[]): (message: Uint8Array) => string {
  return (message) => {
    const scratch = mkdtempSync(join(tmpdir(), "forge-key-"));
    try {
      const key = join(scratch, "key");
      execFileSync("ssh-keygen", ["-q", "-N", "", "-f", key, ...typeFlags]);
      writeFileSync(join(scratch, "message"), message);
      const args = ["-q", "-Y", "sign", "-n", namespace, "-f", key, join(scratch, "message")];
      execFileSync("ssh-keygen", args, { stdio: "ignore" });
      return readFileSync(join(scratch, "message.sig"), "utf8");
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  };
}

function onSignature(change: (text: string) => string): BagPlan {
  return { changes: { after: (files: Files) => rewrite(files, signatureName, change) } };
}

function insertIntoBase64(extra: string): (text: string) => string {
  return (text) => text.replace("SIGNATURE-----\n", `SIGNATURE-----\n${extra}`);
}

const stranger = makeSigningKey();

export const signatureCases: readonly HostileCase[] = [
  bent("a bit of the signature is flipped", { rawSignature: flipBit }, "bad-signature"),
  bent("the signature is all zeros", { rawSignature: () => Buffer.alloc(64) }, "bad-signature"),
  bent("the signature is one byte short", { rawSignature: (raw) => raw.subarray(1) }, "bad-signature"),
  bent("S is moved by the order of the group", { rawSignature: addGroupOrder }, "bad-signature"),
  bent("the version is 2", { version: 2 }, "bad-signature"),
  bent("the version is 0", { version: 0 }, "bad-signature"),
  bent("the magic is another", { magic: "SSHSIX" }, "bad-signature"),
  bent("the reserved field is not empty", { reserved: "x" }, "bad-signature"),
  bent("the hash is named sha1", { hashName: "sha1" }, "bad-signature"),
  bent("the hash named is not the one used", { hashName: "sha256" }, "bad-signature"),
  bent("bytes follow the signature in the blob", { blobTail: Buffer.from("x") }, "bad-signature"),
  bent(
    "a small-order public key that anything verifies under",
    {
      publicKeyBlob: publicKeyBlob(Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])),
      rawSignature: () => Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]),
    },
    "bad-signature",
  ),
  bent(
    "the trusted key is shown and a stranger's key signed",
    { rawSignature: () => Buffer.from("ab".repeat(64), "hex") },
    "bad-signature",
  ),
  bent("the namespace is that of receipts", { namespace: "sallyport-receipt@v1" }, "wrong-namespace"),
  bent("the namespace is that of cards", { namespace: "sallyport-card@v1" }, "wrong-namespace"),
  bent("the namespace is empty", { namespace: "" }, "wrong-namespace", "bad-signature"),
  bent("the namespace is of a later format", { namespace: "sallyport-batch@v2" }, "wrong-namespace"),
  bent(
    "a flipped bit comes before a wrong namespace",
    { namespace: "sallyport-receipt@v1", rawSignature: flipBit },
    "bad-signature",
  ),
  {
    name: "sha256 inside the signature is read too",
    bag: { changes: { signature: { hash: "sha256" } } },
    expect: imports(),
  },
  {
    name: "a valid signature by an RSA key",
    bag: { changes: { signer: signedByKeygen("-t", "rsa", "-b", "2048") } },
    expect: refused("bad-key-type"),
  },
  {
    name: "a valid signature by an ECDSA key",
    bag: { changes: { signer: signedByKeygen("-t", "ecdsa", "-b", "256") } },
    expect: refused("bad-key-type"),
  },
  {
    name: "a valid signature by a stranger's key",
    bag: { changes: { signer: (message) => signMessage(message, stranger, namespace) } },
    expect: refused("untrusted-signer"),
  },
  {
    name: "a wrong namespace comes before an untrusted signer",
    bag: { changes: { signer: (message) => signMessage(message, stranger, "git") } },
    expect: refused("wrong-namespace"),
  },
  {
    name: "a stranger's bag with a bad envelope is an untrusted signer's first",
    seal: { envelope: (envelope) => void (envelope["extra"] = 1) },
    bag: { changes: { signer: (message) => signMessage(message, stranger, namespace) } },
    expect: refused("untrusted-signer"),
  },
  {
    name: "the signature is over the payload manifest instead",
    prepare: () => ({
      bag: {
        changes: {
          after: (files) => {
            const signature = signMessage(contentOf(files, "manifest-sha256.txt"), stranger, namespace);
            files.set(signatureName, Buffer.from(signature));
          },
        },
      },
    }),
    expect: refused("bad-signature"),
  },
  {
    name: "the tagmanifest gained a space after it was signed",
    bag: {
      changes: { after: (files) => rewrite(files, tagmanifestName, (text) => `${text} `) },
    },
    expect: refused("bad-signature"),
  },
  {
    name: "text follows the END line",
    bag: onSignature((text) => `${text}more\n`),
    expect: refused("bad-signature"),
  },
  {
    name: "a second signature follows",
    bag: onSignature((text) => text + text),
    expect: refused("bad-signature"),
  },
  {
    name: "text stands before the BEGIN line",
    bag: onSignature((text) => `x\n${text}`),
    expect: refused("bad-signature"),
  },
  {
    name: "the armour is not base64",
    bag: onSignature(insertIntoBase64("!!!!\n")),
    expect: refused("bad-signature"),
  },
  {
    name: "the armour holds nothing",
    bag: onSignature(() => armourSignature(Buffer.alloc(0))),
    expect: refused("bad-signature"),
  },
  {
    name: "a length inside the blob points past its end",
    bag: onSignature(() =>
      armourSignature(Buffer.concat([Buffer.from("SSHSIG"), Buffer.from("00000001ffffffff", "hex")])),
    ),
    expect: refused("bad-signature"),
  },
  {
    name: "the armour is of another PEM kind",
    bag: onSignature((text) => text.replaceAll("SSH SIGNATURE", "PGP SIGNATURE")),
    expect: { state: "interrupted", reason: ["interrupted"], used: false },
  },
];
