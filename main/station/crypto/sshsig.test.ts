import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";

import { generateSigningKeyPair } from "./ed25519.ts";
import {
  fingerprint,
  formatSshPublicKey,
  hasEndLine,
  parseSshPublicKey,
  signSshsig,
  verifySshsig,
} from "./sshsig.ts";

const folder = mkdtempSync(join(tmpdir(), "sshsig-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const namespace = "sallyport-batch@v1";
const message = Buffer.from("what was signed\n");
const pair = generateSigningKeyPair();
const armoured = signSshsig(message, namespace, pair);

/** Changes the blob inside the armour and puts the armour around it again. */
function rearmour(change: (blob: Buffer) => Buffer): string {
  const [begin, ...rest] = armoured.trimEnd().split("\n");
  const end = rest.pop();
  const blob = change(Buffer.from(rest.join(""), "base64"));
  return `${begin}\n${blob.toString("base64")}\n${end}\n`;
}

function reasonOf(text: string, of: Uint8Array = message): string {
  const verdict = verifySshsig(of, text, namespace);
  return verdict.ok ? "ok" : verdict.reason;
}

/** A signature by the real ssh-keygen with a new key of the given type. */
function keygenSignature(type: string, signNamespace: string, more: string[] = []) {
  const key = join(folder, `${type}-${Math.random()}`);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", key, "-C", ""]);
  const file = `${key}.message`;
  writeFileSync(file, message);
  execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-f", key, "-n", signNamespace, ...more, file], {
    stdio: "ignore",
  });
  return {
    armoured: readFileSync(`${file}.sig`, "utf8"),
    publicKey: readFileSync(`${key}.pub`, "utf8").trim(),
    fingerprint: execFileSync("ssh-keygen", ["-l", "-f", `${key}.pub`], { encoding: "utf8" }).split(" ")[1],
  };
}

describe("with ssh-keygen as the peer", () => {
  test("ssh-keygen -Y verify accepts what we sign, and refuses another namespace", () => {
    const signers = join(folder, "allowed_signers");
    writeFileSync(signers, `low namespaces="${namespace}" ${formatSshPublicKey(pair.publicKey)}\n`);
    const signature = join(folder, "m.sig");
    writeFileSync(signature, armoured);
    const verify = (ns: string, input: Buffer): number | null =>
      spawnSync("ssh-keygen", ["-Y", "verify", "-f", signers, "-I", "low", "-n", ns, "-s", signature], {
        input,
      }).status;
    expect(verify(namespace, message)).toBe(0);
    expect(verify(namespace, Buffer.from("other"))).not.toBe(0);
    expect(verify("sallyport-card@v1", message)).not.toBe(0);
  });

  test("we verify what ssh-keygen signs, with sha512 and with sha256", () => {
    for (const more of [[], ["-O", "hashalg=sha256"]]) {
      const peer = keygenSignature("ed25519", namespace, more);
      const verdict = verifySshsig(message, peer.armoured, namespace);
      expect(verdict).toMatchObject({ ok: true });
      if (!verdict.ok) throw new Error("unreachable");
      expect(formatSshPublicKey(verdict.publicKey)).toBe(peer.publicKey);
      expect(fingerprint(verdict.publicKey)).toBe(peer.fingerprint);
      expect(parseSshPublicKey(peer.publicKey)).toEqual(verdict.publicKey);
    }
  });

  test("our armour is byte for byte the form of ssh-keygen", () => {
    const peer = keygenSignature("ed25519", namespace).armoured.split("\n");
    expect(armoured.split("\n").map((line) => line.length)).toEqual(peer.map((line) => line.length));
  });

  test.each(["rsa", "ecdsa"])("a signature by an %s key is bad-key-type", (type) => {
    expect(reasonOf(keygenSignature(type, namespace).armoured)).toBe("bad-key-type");
  });

  test("a good signature in another namespace is wrong-namespace", () => {
    expect(reasonOf(keygenSignature("ed25519", "file").armoured)).toBe("wrong-namespace");
  });
});

describe("cryptography comes before the namespace", () => {
  test("a bad signature in another namespace is bad-signature", () => {
    const other = signSshsig(message, "file", pair);
    expect(reasonOf(other, Buffer.from("changed"))).toBe("bad-signature");
  });

  test("a namespace changed in the blob is bad-signature", () => {
    const other = rearmour((blob) =>
      Buffer.from(blob.toString("latin1").replace("sallyport-batch@v1", "sallyport-catch@v1"), "latin1"),
    );
    expect(reasonOf(other)).toBe("bad-signature");
  });
});

describe("the armour and the blob have one form", () => {
  const cases: [string, string][] = [
    ["a byte after END", `${armoured}x`],
    ["a second LF after END", `${armoured}\n`],
    ["a second signature after the first", armoured + armoured],
    ["a line before BEGIN", `\n${armoured}`],
    ["CRLF line ends", armoured.replaceAll("\n", "\r\n")],
    ["white space in the base64", armoured.replace("U1NI", "U1 NI")],
    ["no base64 at all", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n"],
    [
      "base64 that is not canonical",
      rearmour((blob) => blob).replace(
        /(.)(=*)\n-----END/,
        (_, last: string, pad: string) => `${last === "A" ? "B" : "~"}${pad}\n-----END`,
      ),
    ],
    ["an empty file", ""],
    [
      "version 2",
      rearmour((blob) => Buffer.concat([blob.subarray(0, 9), Buffer.from([2]), blob.subarray(10)])),
    ],
    ["a byte after the blob", rearmour((blob) => Buffer.concat([blob, Buffer.from([0])]))],
    ["a blob cut short", rearmour((blob) => blob.subarray(0, -1))],
    ["another mark", rearmour((blob) => Buffer.concat([Buffer.from("SSHSIX"), blob.subarray(6)]))],
    [
      "a hash that is not ours",
      rearmour((blob) => Buffer.from(blob.toString("latin1").replace("sha512", "sha384"), "latin1")),
    ],
  ];
  test.each(cases)("%s is bad-signature", (_name, text) => {
    expect(reasonOf(text)).toBe("bad-signature");
  });

  test("a reserved field that is not empty is bad-signature", () => {
    const changed = rearmour((blob) => {
      const at = blob.indexOf("sallyport-batch@v1") + 18;
      return Buffer.concat([blob.subarray(0, at), Buffer.from([0, 0, 0, 1, 65]), blob.subarray(at + 4)]);
    });
    expect(reasonOf(changed)).toBe("bad-signature");
  });

  test("the last LF may be absent", () => {
    expect(reasonOf(armoured.trimEnd())).toBe("ok");
  });

  test("any flipped byte of the blob is refused, and nothing throws", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = rearmour((blob) => {
          const copy = Buffer.from(blob);
          copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ flip;
          return copy;
        });
        expect(reasonOf(changed)).not.toBe("ok");
      }),
    );
  });

  test("any bytes at all end in a verdict", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (blob) => {
        expect(reasonOf(rearmour(() => Buffer.from(blob)))).not.toBe("ok");
      }),
    );
  });
});

test("a signature without its END line is unfinished", () => {
  expect(hasEndLine(armoured)).toBe(true);
  expect(hasEndLine(Buffer.from(armoured.trimEnd()))).toBe(true);
  expect(hasEndLine(armoured.slice(0, -3))).toBe(false);
  expect(hasEndLine("")).toBe(false);
});

test("an SSH public key with a comment, a space or another type is not read", () => {
  const text = formatSshPublicKey(pair.publicKey);
  expect(parseSshPublicKey(text)).toEqual(pair.publicKey);
  for (const other of [
    `${text} comment`,
    ` ${text}`,
    `${text}\n`,
    text.replace("ssh-ed25519 ", "ssh-rsa "),
    "ssh-ed25519",
    `${text}AA`,
  ]) {
    expect(() => parseSshPublicKey(other)).toThrow(/ssh-ed25519/);
  }
});
