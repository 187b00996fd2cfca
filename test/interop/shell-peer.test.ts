import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bags, Exported } from "../support/answers.ts";
import { bodies } from "../support/bodies.ts";
import { at, foundStation, trust } from "../support/stations.ts";
import type { Station } from "../support/stations.ts";

/** A peer that is nothing but two shell scripts over stock tools. */

const root = mkdtempSync(join(tmpdir(), "interop-shell-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const sender = join(root, "shell");
const lines = bodies.map(
  (body, index) =>
    `{"type":"request","id":"shell-${index}","revision":1,"createdAt":"2026-11-21T08:00:00.000Z","kind":"echo","user":"alice","body":${body}}`,
);

let high: Station;

function makeBag(medium: string, content: readonly string[], ...more: string[]): string {
  const file = join(root, "lines.jsonl");
  writeFileSync(file, content.map((text) => `${text}\n`).join(""));
  return execFileSync(script("make-bag.sh"), [sender, high.cardFile, file, medium, ...more])
    .toString()
    .trim();
}

beforeAll(async () => {
  high = await foundStation(root, "high", "response");
  execFileSync(script("make-card.sh"), [sender, "shell", "request"]);
  await trust(high, "shell", join(sender, "card"));
}, 60_000);

describe("a peer made of shell scripts", () => {
  const medium = join(root, "stick");

  test("its bag imports whole", async () => {
    const bag = makeBag(medium, lines);
    const { bags } = await at<Bags>(high, ["transfer", "import", "--medium", medium]);
    expect(bags).toEqual([
      {
        bag,
        batch: bag.replace(/\.v1$/, ""),
        sequence: 1,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        state: "imported",
        reason: null,
        used: true,
        imported: lines.length,
        duplicate: 0,
        quarantined: 0,
      },
    ]);
  });

  test("its next bag chains to the first", async () => {
    const first = execFileSync("sh", ["-c", `sha256sum ${medium}/sallyport/*/batch.json`])
      .toString()
      .slice(0, 64);
    const next = join(root, "stick-2");
    const more = lines.slice(0, 1).map((text) => text.replace("shell-0", "shell-next"));
    const bag = makeBag(next, more, "2", first);
    const looked = join(root, "looked.json");
    const importing = ["transfer", "import", "--medium", next, "--expect", looked];
    const inspected = await at<Bags>(high, ["transfer", "inspect", "--medium", next]);
    writeFileSync(looked, JSON.stringify({ bags: [{ bag, sha256: "0".repeat(64) }] }));
    await expect(at<Bags>(high, importing)).rejects.toThrow("is not the bag that was inspected");
    writeFileSync(looked, "[]");
    await expect(at<Bags>(high, importing)).rejects.toThrow("is not what `transfer inspect --json` prints");
    writeFileSync(looked, JSON.stringify(inspected));
    const { bags } = await at<Bags>(high, importing);
    expect(bags).toMatchObject([{ bag, sequence: 2, state: "imported", imported: 1 }]);
  });

  test("its answers open with age, zstd and jq, each body byte for byte", async () => {
    await at(high, ["requests", "run"]);
    const home = join(root, "stick-home");
    mkdirSync(home);
    const { volumes } = await at<Exported>(high, ["transfer", "export", "--to", "shell", "--medium", home]);
    const bag = join(home, "sallyport", volumes[0] ?? "");
    const open = `for part in "$1"/data/part-*; do age -d -i "$2" "$part" | zstd -d -q; done`;
    const opened = execFileSync("sh", ["-c", open, "sh", bag, join(sender, "identity.txt")]).toString();
    const answers = new Map<string, string>();
    for (const text of opened.split("\n").slice(0, -1)) {
      const record = JSON.parse(text) as { type: string; request: string };
      if (record.type === "response")
        answers.set(record.request, text.slice(text.indexOf('"body":') + 7, -1));
    }
    expect(bodies.map((_, index) => answers.get(`shell-${index}`))).toEqual(bodies);
    const have = `age -d -i "$2" "$1"/data/manifest.zst.age | zstd -d -q | jq -c .have.through`;
    expect(execFileSync("sh", ["-c", have, "sh", bag, join(sender, "identity.txt")]).toString()).toBe("2\n");
    const allowed = join(root, "allowed_signers");
    const card = JSON.parse(readFileSync(high.cardFile, "utf8").split("\n")[0] ?? "") as {
      signingKey: string;
    };
    writeFileSync(allowed, `high namespaces="sallyport-batch@v1" ${card.signingKey}\n`);
    const verify = `cd "$1" && sha256sum -c --quiet tagmanifest-sha256.txt manifest-sha256.txt && ssh-keygen -Y verify -f "$2" -I high -n sallyport-batch@v1 -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt`;
    expect(execFileSync("sh", ["-c", verify, "sh", bag, allowed]).toString()).toContain("Good");
  });
});
