import type { Reader } from "../../station/store/reader.ts";
import type { RecordRange } from "./store-out.ts";

/** Lines of some records, and the last number among them. */
export interface Lines {
  readonly bytes: Buffer;
  readonly records: number;
  readonly toSeq: number;
}

/**
 * The lines of our records, made by SQLite itself: at half a million small records a second a loop in JavaScript
 * would cost more than compressing and encrypting them. The text is that of format/lines.ts, byte for byte (a test
 * compares them). Ids, names, kinds, times and states come from closed alphabets and need no escapes; a receipt's
 * payload and signature get them from json_quote.
 */
const line = `
  concat('{"type":"', type, '","id":"', id, '","revision":', revision, ',"createdAt":"', created_at, '",',
    iif(type = 'request', concat('"kind":"', kind, '","user":"', user, '","body":'),
      iif(type = 'response', concat('"request":"', request, '","status":"', status, '","body":'), '"payload":')),
    iif(type = 'receipt', concat(json_quote(body), ',"signature":', json_quote(signature)), body),
    '}\n')`;

/** By number, in the order of the file: the index would only add a look-up for each record. */
const sql = `
  SELECT CAST(group_concat(${line}, '') AS BLOB) AS bytes, count(*) AS records, max(seq) AS toSeq
  FROM (SELECT * FROM record NOT INDEXED WHERE origin = 0 AND peer IS ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?)`;

/** The first `limit` records of a range as lines, each ended by LF; null when it holds none. */
export function readLines(reader: Reader, range: RecordRange, limit: number): Lines | null {
  const { destination, fromSeq, toSeq } = range;
  const found = reader.prepare(sql).get(destination === 0 ? null : destination, fromSeq, toSeq, limit) as
    | Lines
    | { bytes: null };
  return found.bytes === null ? null : found;
}
