import type { LineReason } from "../../../../shared/contract/reasons.ts";
import { depthCap, lineCapBytes, membersCap } from "./caps.ts";
import { closedObject, ShapeError, text } from "./closed.ts";
import { FormatFault, LineFault } from "./fault.ts";
import type { TopMember } from "./json-scan.ts";
import type { JsonLimits } from "./line-json.ts";
import { checkJson, lineLimits } from "./line-json.ts";
import { kindPattern, recordIdPattern, timePattern } from "./names.ts";
import type { ReceiptPayload } from "./receipt.ts";
import { parseReceiptPayload, receiptId } from "./receipt.ts";

type Common = { readonly id: string; readonly revision: number; readonly createdAt: string };
export type RequestRecord = Common & {
  readonly type: "request";
  readonly kind: string;
  readonly user: string;
};
export type ResponseRecord = Common & {
  readonly type: "response";
  readonly request: string;
  readonly status: "ok" | "error";
};
export type ReceiptRecord = Common & {
  readonly type: "receipt";
  readonly payload: string;
  readonly signature: string;
};
export type LineRecord = RequestRecord | ResponseRecord | ReceiptRecord;

export type LineVerdict =
  | {
      readonly ok: true;
      readonly record: LineRecord;
      /** Where the source of `body` lies in the line; for a request and a response. */
      readonly body?: TopMember;
      /** The same as text, byte for byte, decoded when it is asked for. */
      readonly bodyText?: string;
      /** The parsed payload of a receipt. */
      readonly receipt?: ReceiptPayload;
    }
  | { readonly ok: false; readonly reason: LineReason; readonly detail: string };

export type BodyVerdict =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: LineReason };

/**
 * The most that a record writes around its body: fixed text, the longest ids, names and time come to
 * under 300 bytes. A body within `bodyLimits` fits a request, and the response that echoes it.
 */
const aroundBodyBytes = 512;
const fieldsOfRecord = 7;
export const bodyLimits: JsonLimits = {
  bytes: lineCapBytes - aroundBodyBytes,
  depth: depthCap - 1,
  members: membersCap - fieldsOfRecord,
};

/**
 * The lines of a records part, without their LF; views on the same memory.
 *
 * @throws FormatFault `unterminated-part` when the last byte isn't an LF (an empty part too)
 */
export function* splitLines(part: Buffer): Generator<Buffer, void, undefined> {
  if (part.at(-1) !== 0x0a) {
    throw new FormatFault("unterminated-part", "the last line does not end in LF");
  }
  for (let from = 0; from < part.byteLength;) {
    const to = part.indexOf(0x0a, from);
    yield part.subarray(from, to);
    from = to + 1;
  }
}

/** Checks one line (without LF) by every rule of step 5 that needs no ledger, in order. */
export function checkLine(bytes: Buffer): LineVerdict {
  const found = checkJson(bytes, lineLimits);
  if (typeof found === "string") return { ok: false, reason: found, detail: "" };
  if (bytes[0] !== 0x7b || bytes.at(-1) !== 0x7d) {
    return { ok: false, reason: "bad-json", detail: "the line is not { to }" };
  }
  try {
    return readRecord(new Members(bytes, found.top));
  } catch (error) {
    if (error instanceof LineFault) {
      return { ok: false, reason: error.reason, detail: error.message };
    }
    if (error instanceof ShapeError) {
      return { ok: false, reason: "bad-record", detail: error.message };
    }
    throw error;
  }
}

/**
 * Checks what a user submits as a body: any JSON value, by the same rules, so that nothing is taken
 * that the peer would refuse. White space around it is not part of it; a line end within would cut
 * the record in two and is `bad-json`.
 */
export function checkBody(bytes: Buffer): BodyVerdict {
  let from = 0;
  let to = bytes.byteLength;
  while (from < to && isSpace(bytes[from])) from += 1;
  while (to > from && isSpace(bytes[to - 1])) to -= 1;
  const body = bytes.subarray(from, to);
  const found = checkJson(body, bodyLimits);
  if (typeof found === "string") return { ok: false, reason: found };
  if (body.includes(0x0a)) return { ok: false, reason: "bad-json" };
  return { ok: true, text: body.toString("utf8") };
}

/** Line of a request, with its LF. `bodyText` passed {@link checkBody} and is not touched. */
export function writeRequestLine(request: Omit<RequestRecord, "type">, bodyText: string): Buffer {
  return lineOf(
    `{"type":"request",${commonText(request)},"kind":${JSON.stringify(request.kind)},` +
      `"user":${JSON.stringify(request.user)},"body":${bodyText}}\n`,
  );
}

/** Line of a response, with its LF. */
export function writeResponseLine(response: Omit<ResponseRecord, "type">, bodyText: string): Buffer {
  return lineOf(
    `{"type":"response",${commonText(response)},"request":${JSON.stringify(response.request)},` +
      `"status":${JSON.stringify(response.status)},"body":${bodyText}}\n`,
  );
}

/** Line of a receipt, with its LF. */
export function writeReceiptLine(receipt: Omit<ReceiptRecord, "type">): Buffer {
  return lineOf(
    `{"type":"receipt",${commonText(receipt)},"payload":${JSON.stringify(receipt.payload)},` +
      `"signature":${JSON.stringify(receipt.signature)}}\n`,
  );
}

function commonText({ id, revision, createdAt }: Common): string {
  return `"id":${JSON.stringify(id)},"revision":${revision},"createdAt":${JSON.stringify(createdAt)}`;
}

function lineOf(line: string): Buffer {
  const bytes = Buffer.from(line);
  if (bytes.byteLength - 1 > lineCapBytes) {
    throw new LineFault("line-too-long", `the record takes ${bytes.byteLength} bytes of 1 MiB`);
  }
  return bytes;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The members of a record, read straight from the line's bytes, so that a body is never parsed. */
class Members {
  readonly #bytes: Buffer;
  readonly #members: readonly TopMember[];
  readonly #keys: readonly string[];

  constructor(bytes: Buffer, members: readonly TopMember[]) {
    this.#bytes = bytes;
    this.#members = members;
    // One character a byte: cheap to cut, and the same as UTF-8 for the keys that are known. Up to the last key
    // alone: behind it stands, as a rule, a body that may have a mebibyte.
    const line = bytes.toString("latin1", 0, members.at(-1)?.keyTo ?? 0);
    this.#keys = members.map(({ keyFrom, keyTo }) => unquote(line.slice(keyFrom, keyTo)));
  }

  /** There is exactly one member for each key (the scan has seen that none comes twice). */
  expectKeys(keys: readonly string[]): void {
    for (const key of this.#keys) {
      if (!keys.includes(key)) {
        throw new ShapeError(`unknown field ${JSON.stringify(key.slice(0, 64))}`);
      }
    }
    for (const key of keys) this.#member(key);
  }

  /** Where a member's value lies in the line. */
  place(key: string): TopMember {
    return this.#member(key);
  }

  /** The source text of a member's value. */
  source(key: string): string {
    const { from, to } = this.place(key);
    return this.#bytes.toString("utf8", from, to);
  }

  text(key: string): string {
    const source = this.source(key);
    if (!source.startsWith('"')) throw new ShapeError(`At ${key}: expected text`);
    return unquote(source);
  }

  textLike(key: string, pattern: RegExp): string {
    const found = this.text(key);
    if (!pattern.test(found)) throw new ShapeError(`At ${key}: not in its form`);
    return found;
  }

  integer(key: string): number {
    const source = this.source(key);
    const value = integerPattern.test(source) ? Number(source) : 0;
    if (value < 1 || value > Number.MAX_SAFE_INTEGER) {
      throw new ShapeError(`At ${key}: expected an integer from 1`);
    }
    return value;
  }

  #member(key: string): TopMember {
    const member = this.#members[this.#keys.indexOf(key)];
    if (member === undefined) throw new ShapeError(`At ${key}: missing`);
    return member;
  }
}

const integerPattern = /^[1-9][0-9]{0,15}$/;

/** What a JSON string (known to be one) stands for. */
function unquote(source: string): string {
  return source.includes("\\") ? (JSON.parse(source) as string) : source.slice(1, -1);
}

const statusPattern = /^(?:ok|error)$/;
/** A part's bodies together are as large as the part: they are not decoded unless somebody asks. */
class LineWithBody {
  readonly ok = true;
  readonly record: LineRecord;
  readonly body: TopMember;
  readonly #members: Members;

  constructor(record: LineRecord, members: Members) {
    this.record = record;
    this.body = members.place("body");
    this.#members = members;
  }

  get bodyText(): string {
    return this.#members.source("body");
  }
}

const requestKeys = ["type", "id", "revision", "createdAt", "kind", "user", "body"];
const responseKeys = ["type", "id", "revision", "createdAt", "request", "status", "body"];
const receiptKeys = ["type", "id", "revision", "createdAt", "payload", "signature"];

function readRecord(members: Members): LineVerdict {
  const type = members.text("type");
  if (type === "request") return readRequest(members);
  if (type === "response") return readResponse(members);
  if (type === "receipt") return readReceipt(members);
  throw new LineFault("unknown-type", `the type ${JSON.stringify(type.slice(0, 64))} is not known`);
}

function readCommon(members: Members): Common {
  return {
    id: members.textLike("id", recordIdPattern),
    revision: members.integer("revision"),
    createdAt: members.textLike("createdAt", timePattern),
  };
}

function readRequest(members: Members): LineVerdict {
  members.expectKeys(requestKeys);
  const common = readCommon(members);
  expectFirstRevision(common);
  const record: RequestRecord = {
    type: "request",
    ...common,
    kind: members.textLike("kind", kindPattern),
    user: members.textLike("user", recordIdPattern),
  };
  return new LineWithBody(record, members);
}

function readResponse(members: Members): LineVerdict {
  members.expectKeys(responseKeys);
  const common = readCommon(members);
  expectFirstRevision(common);
  const request = members.textLike("request", recordIdPattern);
  const status = members.textLike("status", statusPattern) === "ok" ? "ok" : "error";
  if (status === "error") {
    const body = JSON.parse(members.source("body")) as unknown;
    const { code, message } = closedObject(body, "body", ["code", "message"]);
    text(code, "body.code");
    text(message, "body.message");
  }
  const record: ResponseRecord = { type: "response", ...common, request, status };
  return new LineWithBody(record, members);
}

function readReceipt(members: Members): LineVerdict {
  members.expectKeys(receiptKeys);
  const record: ReceiptRecord = {
    type: "receipt",
    ...readCommon(members),
    payload: members.text("payload"),
    signature: members.text("signature"),
  };
  const receipt = parseReceiptPayload(record.payload);
  if (record.id !== receiptId(receipt)) {
    throw new ShapeError(`At id: expected ${receiptId(receipt)}`);
  }
  return { ok: true, record, receipt };
}

function expectFirstRevision({ revision }: Common): void {
  if (revision !== 1) throw new ShapeError("At revision: expected 1");
}
