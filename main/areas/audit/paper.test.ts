import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../station/testing/open-test-station.ts";
import { readSource } from "../../station/print/html.ts";

let opened: TestStation;
let ada: TestClient;

beforeEach(async () => {
  opened = await openTestStation("request");
  ada = await opened.signedIn();
});
afterEach(() => opened.close());

/** The head of another station's log. */
async function foreignPaper() {
  const other = await openTestStation("request");
  try {
    const client = await other.signedIn();
    return await client.audit.printCheckpoint({});
  } finally {
    await other.close();
  }
}

describe("a printed checkpoint", () => {
  test("is one HTML file with note, QR code and short code, without script or address", async () => {
    const printed = await ada.audit.printCheckpoint({});
    expect(printed.code.replace("-", "")).toBe(printed.root.slice(0, 10));
    expect(printed.html).toContain(printed.code);
    expect(printed.html).toContain("<svg ");
    expect(printed.html).not.toMatch(/<script|https?:\/\/|src=|href=/);
    expect(JSON.parse(readSource(printed.html) ?? "")).toEqual({
      format: "sallyport-checkpoint@v1",
      events: printed.events,
    });
    expect(printed.document.blocks.find((block) => block.kind === "qr")).toMatchObject({
      text: printed.note,
    });
  });

  test("says the same at once, and that the log has grown later", async () => {
    const { note, events } = await ada.audit.printCheckpoint({});
    const first = await ada.audit.compareCheckpoint({ text: note });
    expect(first).toMatchObject({ verdict: "same", signed: true, alarm: false });
    // The comparison stands in the log itself.
    const second = await ada.audit.compareCheckpoint({ text: note });
    expect(second).toMatchObject({ verdict: "grown", paper: { events }, alarm: false });
  });

  test("is read with the faults of a scanner: other line ends, blanks, empty lines around it", async () => {
    const { note } = await ada.audit.printCheckpoint({});
    const scanned = `\r\n  ${note.replaceAll("\n", "  \r\n")}\r\n\r\n`;
    expect(await ada.audit.compareCheckpoint({ text: scanned })).toMatchObject({ signed: true });
  });

  test("is compared by its short code as hands type it", async () => {
    const { code, events } = await ada.audit.printCheckpoint({});
    const typed = ` ${code.toUpperCase().replace("-", " ").replaceAll("0", "O").replaceAll("1", "l")} `;
    expect(await ada.audit.compareCheckpoint({ code: typed, events })).toMatchObject({
      verdict: "same",
      signed: false,
    });
  });

  test("with a typing fault raises no alarm until somebody is sure", async () => {
    const { code, events } = await ada.audit.printCheckpoint({});
    const wrong = code.startsWith("a") ? `b${code.slice(1)}` : `a${code.slice(1)}`;
    const first = await ada.audit.compareCheckpoint({ code: wrong, events });
    expect(first).toMatchObject({ verdict: "differs", alarm: false });
    expect((await ada.audit.standing({})).alarms).toEqual([]);
    const second = await ada.audit.compareCheckpoint({ code: wrong, events, sure: true });
    expect(second).toMatchObject({ verdict: "differs", alarm: true });
    const [alarm] = (await ada.audit.standing({})).alarms;
    expect(alarm).toMatchObject({ kind: "paper-differs" });
    expect(readFileSync(String(alarm?.evidence["kept"]), "utf8")).toContain(wrong);
    await expect(ada.peers.add({ card: "" })).rejects.toMatchObject({ code: "not-ready" });
  });

  test("of more events than the log has is no agreement", async () => {
    const { code, events } = await ada.audit.printCheckpoint({});
    const later = await ada.audit.compareCheckpoint({ code, events: events + 500, sure: true });
    expect(later).toMatchObject({ verdict: "differs", before: null, alarm: true });
  });

  test("of another station is refused and raises nothing", async () => {
    const { note } = await foreignPaper();
    await expect(ada.audit.compareCheckpoint({ text: note })).rejects.toMatchObject({
      code: "refused",
      data: { reason: "other-log" },
    });
    expect((await ada.audit.standing({})).alarms).toEqual([]);
  });

  test("whose text was changed under its signature raises nothing: anybody can write that", async () => {
    const { note, events } = await ada.audit.printCheckpoint({});
    const forged = note.replace(`\n${events}\n`, `\n${events + 7}\n`);
    await expect(ada.audit.compareCheckpoint({ text: forged })).rejects.toMatchObject({
      data: { reason: "bad-signature" },
    });
    expect((await ada.audit.standing({})).alarms).toEqual([]);
  });

  test.each(["", "hello", "a\nb\nc\n", "\u2014 x y\n"])("that is none is refused: %j", async (text) => {
    await expect(ada.audit.compareCheckpoint({ text })).rejects.toMatchObject({ code: "bad-input" });
  });
});

test("a station put back whole, its head file too, agrees with itself; only the paper knows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-paper-"));
  const directory = join(folder, "station");
  const withClient = async <T>(work: (client: TestClient) => Promise<T>, side: "request" | null = null) => {
    const station = await openTestStation(side, { directory });
    try {
      return await work(await station.signedIn());
    } finally {
      await station.close();
    }
  };
  try {
    await withClient((client) => client.audit.standing({}), "request");
    cpSync(directory, join(folder, "copy"), { recursive: true });
    const printed = await withClient((client) => client.audit.printCheckpoint({}));
    rmSync(directory, { recursive: true });
    cpSync(join(folder, "copy"), directory, { recursive: true });
    await withClient(async (client) => {
      expect((await client.audit.standing({})).alarms).toEqual([]);
      // It goes on, and soon has as many events as before.
      while ((await client.audit.standing({})).events < printed.events)
        await client.audit.saveSearch(found());
      const compared = await client.audit.compareCheckpoint({ text: printed.note });
      expect(compared).toMatchObject({ verdict: "differs", signed: true, alarm: true });
      const [alarm] = (await client.audit.standing({})).alarms;
      expect(alarm).toMatchObject({
        kind: "paper-differs",
        evidence: { remembered: printed.events, rememberedRoot: printed.root },
      });
      expect(readFileSync(String(alarm?.evidence["kept"]), "utf8")).toBe(printed.note);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

let searches = 0;
const found = () => ({ name: `search ${(searches += 1)}`, query: "outcome:refused" });
