import { readFileSync } from "node:fs";

/** One thing that a program told the disk, in the order in which it did; see recorder.c. */
export type DiskStep =
  | { readonly what: "create"; readonly path: string; readonly file: number }
  | { readonly what: "size"; readonly file: number; readonly bytes: number }
  | { readonly what: "write"; readonly file: number; readonly at: number; readonly bytes: Buffer }
  | { readonly what: "sync"; readonly file: number }
  | { readonly what: "sync-folder"; readonly path: string }
  | { readonly what: "make-folder"; readonly path: string }
  | { readonly what: "move"; readonly from: string; readonly to: string }
  | { readonly what: "remove"; readonly path: string }
  | { readonly what: "said"; readonly text: string };

/** Reads what recorder.c wrote. */
export function readRecording(path: string): DiskStep[] {
  const log = readFileSync(path);
  const steps: DiskStep[] = [];
  let at = 0;
  const number = (): number => {
    at += 8;
    return Number(log.readBigUInt64LE(at - 8));
  };
  const bytes = (): Buffer => {
    const length = number();
    at += length;
    return log.subarray(at - length, at);
  };
  const text = (): string => bytes().toString("utf8");
  const readers: Readonly<Record<string, () => DiskStep>> = {
    c: () => ({ what: "create", path: text(), file: number() }),
    t: () => ({ what: "size", file: number(), bytes: number() }),
    w: () => ({ what: "write", file: number(), at: number(), bytes: bytes() }),
    s: () => ({ what: "sync", file: number() }),
    d: () => ({ what: "sync-folder", path: text() }),
    m: () => ({ what: "make-folder", path: text() }),
    r: () => ({ what: "move", from: text(), to: text() }),
    u: () => ({ what: "remove", path: text() }),
    a: () => ({ what: "said", text: text() }),
  };
  while (at < log.byteLength) {
    const letter = String.fromCharCode(log[at] ?? 0);
    at += 1;
    const read = readers[letter];
    if (read === undefined) throw new Error(`the recording has an unknown step ${letter} at ${at - 1}`);
    steps.push(read());
  }
  return steps;
}
