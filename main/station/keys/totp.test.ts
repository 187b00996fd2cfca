import { describe, expect, test } from "vitest";
import { base32, codeOfStep, matchCode, otpauthUrl, stepOf } from "./totp.ts";

const secret = Buffer.from("12345678901234567890");

describe("the published vectors", () => {
  test.each([
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ])("RFC 6238 appendix B, SHA-1, at %i s", (seconds, code) => {
    expect(codeOfStep(secret, stepOf(new Date(seconds * 1000)), 8)).toBe(code);
  });

  test.each(
    ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"].map(
      (code, step) => [step, code] as const,
    ),
  )("RFC 4226 appendix D, count %i", (step, code) => {
    expect(codeOfStep(secret, step)).toBe(code);
  });

  test("RFC 4648 section 10, without padding", () => {
    const vectors = {
      f: "MY",
      fo: "MZXQ",
      foo: "MZXW6",
      foob: "MZXW6YQ",
      fooba: "MZXW6YTB",
      foobar: "MZXW6YTBOI",
    };
    for (const [text, code] of Object.entries(vectors)) expect(base32(Buffer.from(text))).toBe(code);
  });
});

describe("a code", () => {
  const expected = { step: 100, lastStep: 0, driftSteps: 0 };

  test("of this step, the one before and the one after is taken; none beyond", () => {
    for (const step of [99, 100, 101]) {
      expect(matchCode(secret, codeOfStep(secret, step), expected)).toEqual({ step, driftSteps: step - 100 });
    }
    expect(matchCode(secret, codeOfStep(secret, 98), expected)).toBeNull();
    expect(matchCode(secret, codeOfStep(secret, 102), expected)).toBeNull();
  });

  test("of a step that was used, or of an older one, is not taken", () => {
    expect(matchCode(secret, codeOfStep(secret, 100), { ...expected, lastStep: 100 })).toBeNull();
    expect(matchCode(secret, codeOfStep(secret, 99), { ...expected, lastStep: 100 })).toBeNull();
    expect(matchCode(secret, codeOfStep(secret, 101), { ...expected, lastStep: 100 })).not.toBeNull();
  });

  test("of a device whose clock is off is found at enrolment, and followed from there", () => {
    const code = codeOfStep(secret, 107);
    expect(matchCode(secret, code, expected)).toBeNull();
    expect(matchCode(secret, code, expected, true)).toEqual({ step: 107, driftSteps: 7 });
    expect(matchCode(secret, codeOfStep(secret, 128), { step: 120, lastStep: 107, driftSteps: 7 })).toEqual({
      step: 128,
      driftSteps: 8,
    });
    expect(matchCode(secret, codeOfStep(secret, 111), expected, true)).toBeNull();
  });

  test("with spaces is the same code, and what is no code is none", () => {
    const code = codeOfStep(secret, 100);
    expect(matchCode(secret, `${code.slice(0, 3)} ${code.slice(3)}`, expected)).not.toBeNull();
    for (const other of ["", "000", "not a code", code.slice(1)]) {
      expect(matchCode(secret, other, expected)).toBeNull();
    }
  });
});

test("the address names station and operator, escaped", () => {
  expect(otpauthUrl("low", "ada", secret)).toBe(
    "otpauth://totp/Sallyport%20low:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sallyport%20low&algorithm=SHA1&digits=6&period=30",
  );
});
