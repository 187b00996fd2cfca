import { closeSync, openSync, writeSync } from "node:fs";

/**
 * Request lines as they stand in a part, made from a seed so that every run has the same bytes. Words and
 * numbers vary so that zstd finds about what it finds in real logs (4 to 5 to 1).
 */
export function writeRequestLines(path: string, bytes: number): { lines: number; bytes: number } {
  const file = openSync(path, "w");
  let written = 0;
  let lines = 0;
  let chunk: string[] = [];
  for (const body of bodies()) {
    lines += 1;
    chunk.push(
      `{"type":"request","id":"r-${lines.toString(36).padStart(12, "0")}","revision":1,` +
        `"createdAt":"2026-11-21T08:00:00.000Z","kind":"echo","user":"alice","body":${body}}\n`,
    );
    if (chunk.length < 5000) continue;
    written += writeSync(file, chunk.join(""));
    chunk = [];
    if (written >= bytes) break;
  }
  closeSync(file);
  return { lines, bytes: written };
}

/** Bodies alone, one a line, for submission. */
export function writeBodies(path: string, count: number): number {
  const file = openSync(path, "w");
  let written = 0;
  let chunk: string[] = [];
  let left = count;
  for (const body of bodies()) {
    chunk.push(`${body}\n`);
    left -= 1;
    if (chunk.length === 5000 || left === 0) {
      written += writeSync(file, chunk.join(""));
      chunk = [];
    }
    if (left === 0) break;
  }
  closeSync(file);
  return written;
}

const templates = [
  "Failed password for invalid user # from @ port & ssh2",
  "Received disconnect from @: 11: Bye Bye [preauth]",
  "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=@",
  "Invalid user # from @",
  "Accepted password for # from @ port & ssh2",
  "reverse mapping checking getaddrinfo for #.example [@] failed",
];

function* bodies(): Generator<string, never, undefined> {
  const next = random(20_261_121);
  for (let number = 1; ; number += 1) {
    const host = [next(256), next(256), next(256), next(256)].join(".");
    const content = (templates[next(templates.length)] ?? "")
      .replaceAll("@", host)
      .replaceAll("#", next(36 ** 5).toString(36))
      .replaceAll("&", String(next(65_536)));
    const time = new Date(1_760_000_000_000 + number * 977).toISOString();
    yield `{"line": ${number}, "time": "${time}", "process": ${next(32_768)}, "content": ${JSON.stringify(content)}}`;
  }
}

/** Mulberry32: small, fast and the same everywhere; nothing here needs secrecy. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
