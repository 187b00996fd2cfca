import * as z from "zod";

/** The fields that several areas share. Shapes are those of docs/format.md. */

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");
export const stationId = z.string().regex(/^[0-9a-f]{32}$/, "32 lower-case hex digits");
export const fingerprint = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, "SHA256: and 43 characters");
export const batchId = z.string().regex(/^b[0-9]{6,16}-[0-9a-f]{16}$/, "a batch id");
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "UTC with milliseconds");
export const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const sequence = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Of a row that people edit: who saves names the one that they read, and an older one is refused. */
export const version = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const side = z.enum(["request", "response"]);
export const people = z.enum(["one", "two"]);
export const direction = z.enum(["request-to-response", "response-to-request"]);

export const stationName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    "1 to 32 lower-case letters, digits or hyphens, not starting with a hyphen",
  );
export const operatorName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,31}$/, "1 to 32 lower-case letters, digits, dots, hyphens or underscores");
export const userName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "1 to 64 lower-case letters, digits, dots, hyphens or underscores");
export const recordId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "1 to 64 lower-case letters, digits, dots, hyphens or underscores");
export const requestKind = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, "1 to 32 lower-case letters, digits or hyphens, starting with a letter");

/** 15 characters or more, because it wraps keys (trust.md). 1,024 bounds the work, nothing else. */
export const newPassphrase = z.string().min(15, "15 characters or more").max(1024);
export const passphrase = z.string().min(1).max(1024);

/** A page of a list: at most 500 rows, keyset by the `next` of the page before. */
export const limit = z.number().int().min(1).max(500).default(100);
export const cursor = z.string().max(64).optional();
export const next = z.string().nullable();

/** An absolute path of a folder on this workstation. */
export const folder = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes("\0"), "no NUL");

/** Lines sent whole, or the id of an upload that holds them (for more than a few MiB). */
export const linesSource = z.union([
  z.strictObject({ text: z.string().max(16 * 1024 * 1024) }),
  z.strictObject({ upload: z.string().regex(/^[0-9a-f]{32}$/) }),
]);
