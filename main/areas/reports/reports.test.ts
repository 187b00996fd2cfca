import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../../shared/contract/operations.ts";
import { reportKind } from "../../../shared/contract/reports.ts";
import { sha256Hex } from "../../station/crypto/hash.ts";
import {
  openTestStation,
  type TestClient,
  type TestStation,
} from "../../station/testing/open-test-station.ts";
import { effectsOfTwo } from "./steps-for-two.ts";

let opened: TestStation;
let ada: TestClient;

/** What somebody may put into a field that ends up in a report, to make a reader's browser run it or show it wrongly. */
const payloads = [
  "<img src=x onerror=alert(1)>",
  "</td></table><script>alert(1)</script>",
  '"><svg/onload=alert(1)>',
  "<style>*{display:none}</style>",
  '<meta http-equiv="refresh" content="0;url=https://example.org/">',
  "' onmouseover='alert(1)",
  "=HYPERLINK(1)",
  "&lt;b&gt;",
  "a\u202eexe.txt\u202c b\u200bc\u0007",
  "</title><base href=//example.org>",
];

beforeAll(async () => {
  opened = await openTestStation("request");
  ada = await opened.signedIn();
  for (const [place, payload] of payloads.entries()) {
    await ada.audit.saveSearch({ name: `p${place}`, query: payload });
  }
  for (const payload of payloads.filter((one) => !one.includes("\u0007"))) {
    await ada.audit.saveSearch({ name: payload.slice(0, 60), query: "x" });
  }
});
afterAll(() => opened.close());

describe.each(reportKind.options)("a report of the kind %s", (kind) => {
  test("names the checkpoint and the input that it was made from, and is the same to the byte later", async () => {
    const made = await ada.reports.make({ kind });
    expect(made.sha256).toBe(sha256Hex(made.html));
    const { checkpoints } = await ada.audit.checkpoints({ limit: 1 });
    expect(made.html).toContain(checkpoints[0]?.root);
    // The log goes on; the report stands.
    await ada.audit.saveSearch({ name: `after ${kind}`, query: "x" });
    expect(await ada.reports.recompute({ html: made.html })).toMatchObject({
      same: true,
      sha256: made.sha256,
      sha256Now: made.sha256,
      firstDifference: null,
    });
  });

  test("that was changed by a letter is not the same, and the line is named", async () => {
    const { html } = await ada.reports.make({ kind });
    const changed = html.replace("</title>", "!</title>");
    const compared = await ada.reports.recompute({ html: changed });
    const line = changed.split("\n").findIndex((text) => text.includes("!</title>")) + 1;
    expect(compared).toMatchObject({ same: false, firstDifference: line });
  });

  test("runs nothing and loads nothing, whatever stands in the log", async () => {
    const { html } = await ada.reports.make({ kind });
    expect(html).toContain(`content="default-src 'none'; style-src 'sha256-`);
    const body = html.slice(html.indexOf("<body>"));
    const tags = new Set([...body.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name?.toLowerCase()));
    for (const tag of tags) {
      expect("body main h1 h2 p bdi em dl dt dd table thead tbody tr th td pre div svg path html").toContain(
        String(tag),
      );
    }
    // No element has an attribute that a value could have become.
    for (const [element] of body.matchAll(/<[a-z][^>]*>/gi)) {
      expect(element).toMatch(
        /^<[a-z0-9]+(?: class="[a-z]+"| scope="col"| viewBox="[\d ]+"| role="img"| aria-label="[^"<>]*"| d="[^"<>]*")*\/?>$/,
      );
    }
    expect(["\u202e", "\u202c", "\u200b", "\u0007"].filter((mark) => html.includes(mark))).toEqual([]);
  });
});

test("the review holds the payloads as text, with their marks named", async () => {
  const { html } = await ada.reports.make({ kind: "review", from: 1 });
  expect(html).toContain("&#60;img src&#61;x onerror&#61;alert(1)&#62;");
  expect(html).toContain("<em>U+202E</em>exe.txt<em>U+202C</em>");
});

test("the review counts what there is: every event of its range once", async () => {
  const made = await ada.reports.make({ kind: "review", from: 3 });
  const counted = made.document.blocks.find((block) => block.kind === "table" && block.columns[0] === "what");
  const rows = counted?.kind === "table" ? counted.rows : [];
  expect(rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(made.to - made.from + 1);
});

test("every step for two is known to the report of exceptions by the events it leaves", () => {
  const forTwo = operations.filter(({ access }) => access.twoPersons === true).map(({ name }) => name);
  expect(Object.keys(effectsOfTwo).toSorted()).toEqual(forTwo.toSorted());
});

test("what is no report, or another station's, is refused", async () => {
  for (const html of ["", "<html></html>", '<meta name="sallyport-source" content="{}">']) {
    await expect(ada.reports.recompute({ html })).rejects.toMatchObject({ code: "bad-input" });
  }
  const other = await openTestStation("request");
  const { html } = await (await other.signedIn()).reports.make({ kind: "integrity" });
  await other.close();
  await expect(ada.reports.recompute({ html })).rejects.toMatchObject({ code: "not-found" });
});
