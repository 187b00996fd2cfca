import { type Frame, largestFrameBytes } from "./frame.ts";

/**
 * Frames on a byte stream: four bytes of length, big endian, of what follows; one byte that tells text (0) from bytes (1);
 * the frame. Only between processes of one station on one machine, so there is no version in it: both come from one package.
 */
const headBytes = 5;

/** Packs a frame for the stream. */
export function packFrame(frame: Frame): Buffer {
  const body = typeof frame === "string" ? Buffer.from(frame, "utf8") : frame;
  const packed = Buffer.allocUnsafe(headBytes + body.length);
  packed.writeUInt32BE(body.length + 1, 0);
  packed[4] = typeof frame === "string" ? 0 : 1;
  packed.set(body, headBytes);
  return packed;
}

/**
 * Takes chunks as they arrive and hands out whole frames. `take` throws a RangeError on a length or kind that no honest peer
 * sends; the stream is to be destroyed then. Never keeps more than one frame and one chunk.
 */
export class FrameUnpacker {
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;

  take(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#bufferedBytes < headBytes) return undefined;
    const head = this.#peekHead();
    const bodyBytes = head.readUInt32BE(0) - 1;
    const kind = head[4];
    if (bodyBytes < 0 || bodyBytes > largestFrameBytes || (kind !== 0 && kind !== 1)) {
      throw new RangeError("not a frame");
    }
    if (this.#bufferedBytes < headBytes + bodyBytes) return undefined;

    const all = this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const rest = all.subarray(headBytes + bodyBytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bufferedBytes = rest.length;
    const body = all.subarray(headBytes, headBytes + bodyBytes);
    return kind === 0 ? body.toString("utf8") : Uint8Array.from(body);
  }

  /** The first five bytes, without joining the chunks of a large frame again and again. */
  #peekHead(): Buffer {
    const first = this.#chunks[0];
    if (first && first.length >= headBytes) return first;
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] as Buffer;
  }
}
