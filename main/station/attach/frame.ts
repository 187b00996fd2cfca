/**
 * One message of the wire between a face and the station: JSON text, or JSON followed by raw bytes.
 * A relay passes it on without looking inside.
 */
export type Frame = string | Uint8Array;

/**
 * The largest input of the contract is 16 Mi characters of text (`linesSource`), which JSON and UTF-8 turn into up to four
 * bytes each in all but contrived cases; anything larger goes through `uploads`. A frame above this closes its connection.
 */
export const largestFrameBytes = 64 * 1024 * 1024;

/** True for what may be passed on as a frame: right in type and within {@link largestFrameBytes}. */
export function isFrame(value: unknown): value is Frame {
  if (typeof value === "string") return value.length <= largestFrameBytes;
  return value instanceof Uint8Array && value.byteLength <= largestFrameBytes;
}
