import { argon2Sync, createHash } from "node:crypto";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { equalBytes } from "./compare.ts";
import { generateSigningKeyPair, signBytes, signingKeyPairFromSeed, verifyBytes } from "./ed25519.ts";
import { createSha256, hkdfSha256, hmacSha256, sha256, sha256Hex, sha512 } from "./hash.ts";
import { argon2id, argon2idFloor, calibrateArgon2id } from "./password.ts";
import { randomBytes, randomHex } from "./random.ts";
import {
  CannotOpenError,
  decrypt,
  encrypt,
  generateBoxKeyPair,
  openSealed,
  sealToPublicKey,
} from "./seal.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

describe("hashes", () => {
  test("give the published values of FIPS 180, RFC 4231 and RFC 5869", () => {
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256("abc").toString("hex")).toBe(sha256Hex("abc"));
    expect(sha512("abc").toString("hex").slice(0, 16)).toBe("ddaf35a193617aba");
    expect(hmacSha256(Buffer.alloc(20, 0x0b), "Hi There").toString("hex")).toBe(
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    );
    const okm = hkdfSha256(
      Buffer.alloc(22, 0x0b),
      hex("000102030405060708090a0b0c"),
      hex("f0f1f2f3f4f5f6f7f8f9"),
      42,
    );
    expect(okm.toString("hex")).toBe(
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    );
  });

  test("in pieces equal the hash of the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (pieces) => {
        const hash = createSha256();
        for (const piece of pieces) hash.update(piece);
        expect(hash.digestHex()).toBe(sha256Hex(Buffer.concat(pieces)));
      }),
    );
    const hash = createSha256();
    hash.update(Buffer.from("abc"));
    expect(hash.digest()).toEqual(sha256("abc"));
  });
});

test("random bytes have the asked length and differ", () => {
  expect(randomBytes(16)).toHaveLength(16);
  expect(randomHex(8)).toMatch(/^[0-9a-f]{16}$/);
  expect(randomHex(16)).not.toBe(randomHex(16));
});

test("bytes of different length or content are not equal", () => {
  expect(equalBytes(Buffer.from("a"), Buffer.from("a"))).toBe(true);
  expect(equalBytes(Buffer.from("a"), Buffer.from("b"))).toBe(false);
  expect(equalBytes(Buffer.from("a"), Buffer.from("ab"))).toBe(false);
});

describe("passwords", () => {
  test("the peer that Argon2id is held to gives the vector of RFC 9106, 5.3, whose four lanes libsodium can't do", () => {
    const tag = argon2Sync("argon2id", {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      parallelism: 4,
      tagLength: 32,
      memory: 32,
      passes: 3,
    });
    expect(tag.toString("hex")).toBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  });

  test("Argon2id gives what that peer, OpenSSL's implementation, gives", () => {
    const password = Buffer.from("correct horse battery staple");
    const salt = Buffer.from("sixteen salty by");
    for (const cost of [{ memoryKiB: 64, passes: 2 }, argon2idFloor]) {
      const peer = argon2Sync("argon2id", {
        message: password,
        nonce: salt,
        parallelism: 1,
        tagLength: 32,
        memory: cost.memoryKiB,
        passes: cost.passes,
      });
      expect(argon2id(password, salt, cost)).toEqual(peer);
    }
  });

  test("a salt of another length is refused", () => {
    expect(() => argon2id(Buffer.from("p"), Buffer.alloc(15), argon2idFloor)).toThrow(/salt/);
  });

  test("calibration never goes below 64 MiB and 3 passes", () => {
    expect(calibrateArgon2id(0, () => 0)).toEqual({ memoryKiB: 65536, passes: 3 });
  });

  test("calibration spends the time it is given, memory first", () => {
    // A clock on which every reading is 100 ms later: each run seems to take 100 ms.
    let now = 0;
    const clock = (): number => (now += 100);
    const cost = calibrateArgon2id(150, clock);
    expect(cost).toEqual({ memoryKiB: 65536, passes: 4 });
    const growing = calibrateArgon2id(
      200,
      (() => {
        const readings = [0, 100, 100, 300];
        return () => readings.shift() ?? 0;
      })(),
    );
    expect(growing).toEqual({ memoryKiB: 131072, passes: 3 });
  });
});

describe("sealing", () => {
  test("opens with the same key and associated data, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (plain, associatedData) => {
        const key = randomBytes(32);
        const sealed = encrypt(key, plain, associatedData);
        expect(sealed).toHaveLength(plain.length + 40);
        expect(decrypt(key, sealed, associatedData)).toEqual(Buffer.from(plain));
      }),
    );
  });

  test("a wrong key, other associated data, a flipped bit and a short value throw", () => {
    const key = randomBytes(32);
    const sealed = encrypt(key, Buffer.from("secret"), "place");
    expect(() => decrypt(randomBytes(32), sealed, "place")).toThrow(CannotOpenError);
    expect(() => decrypt(key, sealed, "elsewhere")).toThrow(CannotOpenError);
    expect(() => decrypt(key, sealed.subarray(0, 39), "place")).toThrow(CannotOpenError);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => decrypt(key, changed, "place")).toThrow(CannotOpenError);
    }
  });

  test("two sealings of one text differ, because the nonce is fresh", () => {
    const key = randomBytes(32);
    expect(encrypt(key, Buffer.from("x"), "").equals(encrypt(key, Buffer.from("x"), ""))).toBe(false);
  });

  test("a sealed box opens with its own pair alone", () => {
    const pair = generateBoxKeyPair();
    const sealed = sealToPublicKey(Buffer.from("master key"), pair.publicKey);
    expect(openSealed(sealed, pair.publicKey, pair.secretKey).toString()).toBe("master key");
    expect(
      openSealed(sealToPublicKey(Buffer.alloc(0), pair.publicKey), pair.publicKey, pair.secretKey),
    ).toHaveLength(0);
    const stranger = generateBoxKeyPair();
    expect(() => openSealed(sealed, stranger.publicKey, stranger.secretKey)).toThrow(CannotOpenError);
    expect(() => openSealed(sealed.subarray(0, 47), pair.publicKey, pair.secretKey)).toThrow(CannotOpenError);
  });
});

describe("Ed25519", () => {
  test.each([
    [
      "test 1",
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "test 2",
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "test 3",
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ])("gives the signature of RFC 8032, 7.1, %s", (_name, seed, publicKey, message, signed) => {
    const pair = signingKeyPairFromSeed(hex(seed));
    expect(pair.publicKey.toString("hex")).toBe(publicKey);
    const signature = signBytes(hex(message), pair.secretKey);
    expect(signature.toString("hex")).toBe(signed);
    expect(verifyBytes(hex(message), signature, pair.publicKey)).toBe(true);
  });

  test("another message, key or length is false", () => {
    const pair = generateSigningKeyPair();
    const signature = signBytes(Buffer.from("m"), pair.secretKey);
    expect(verifyBytes(Buffer.from("m"), signature, pair.publicKey)).toBe(true);
    expect(verifyBytes(Buffer.from("n"), signature, pair.publicKey)).toBe(false);
    expect(verifyBytes(Buffer.from("m"), signature, generateSigningKeyPair().publicKey)).toBe(false);
    expect(verifyBytes(Buffer.from("m"), signature.subarray(1), pair.publicKey)).toBe(false);
    expect(verifyBytes(Buffer.from("m"), Buffer.concat([signature, signature]), pair.publicKey)).toBe(false);
    expect(verifyBytes(Buffer.from("m"), signature, pair.publicKey.subarray(1))).toBe(false);
  });

  test("S at or above the group order is false, though the equation holds", () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const pair = generateSigningKeyPair();
    const signature = signBytes(Buffer.from("m"), pair.secretKey);
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`);
    const raised = Buffer.from((s + order).toString(16).padStart(64, "0"), "hex").reverse();
    const malleable = Buffer.concat([signature.subarray(0, 32), raised]);
    expect(verifyBytes(Buffer.from("m"), malleable, pair.publicKey)).toBe(false);
  });

  test("small-order keys are false, though every message would verify under them", () => {
    // The eight points of small order, canonical and not (RFC 8032 leaves them to the implementation).
    const smallOrder = [
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for (const key of smallOrder) {
      for (const top of [0, 0x80]) {
        const publicKey = hex(key);
        publicKey[31] = (publicKey[31] ?? 0) | top;
        // With A of small order, R = A^-1-ish choices and S = 0 satisfy the cofactored equation.
        for (const r of smallOrder) {
          const signature = Buffer.concat([hex(r), Buffer.alloc(32)]);
          for (let n = 0; n < 4; n += 1) {
            const message = createHash("sha256").update(String(n)).digest();
            expect(verifyBytes(message, signature, publicKey)).toBe(false);
          }
        }
      }
    }
  });
});
