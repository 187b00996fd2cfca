import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestFrameBytes } from "./frame.ts";
import { FrameUnpacker, packFrame } from "./length-prefix.ts";

const frame = fc.oneof(
  fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
  fc.uint8Array(),
);

describe("frames on a byte stream", () => {
  test("come out as they went in, however the stream cuts them", () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.integer({ min: 1, max: 17 }), (frames, step) => {
        const stream = Buffer.concat(frames.map((one) => packFrame(one)));
        const unpacker = new FrameUnpacker();
        const out = [];
        for (let at = 0; at < stream.length; at += step)
          out.push(...unpacker.take(stream.subarray(at, at + step)));
        expect(out).toEqual(frames);
      }),
    );
  });

  test.each([
    ["a length of zero", Buffer.from([0, 0, 0, 0, 0])],
    ["a length above the cap", lengthOf(largestFrameBytes + 2)],
    ["the largest length there is", Buffer.from([255, 255, 255, 255, 0])],
    ["an unknown kind", Buffer.from([0, 0, 0, 2, 7, 1])],
    ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
  ])("refuse %s before anything is kept for it", (_what, bytes) => {
    expect(() => new FrameUnpacker().take(bytes)).toThrow(RangeError);
  });
});

function lengthOf(bytes: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes, 0);
  return head;
}
