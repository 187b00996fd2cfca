import { expect, test } from "vitest";
import { alarmsOf, comparedFields, differences, type Alarm, type Evidence } from "./alarm.ts";

const evidence: Evidence = {
  batch: "b000040-2b7e90d1c46f8a35",
  sha256: "7".repeat(64),
  sequence: 40,
  lineage: "4f1d0c7be2a96358",
  key: `SHA256:${"G".repeat(43)}`,
  previous: "9".repeat(64),
  createdAt: "2026-11-20T10:31:06.000Z",
  parts: 61,
  bytes: 4000,
  bag: null,
  state: "imported",
  at: null,
  text: "{}",
  tagmanifest: null,
  signature: null,
};
const alarm = (kind: Alarm["kind"], peer: string): Alarm => ({
  kind,
  peer,
  since: "2026-11-21T09:24:33.000Z",
  sequence: 40,
  reason: null,
  detail: "",
  envelopes: [],
});

test("the same envelope differs in nothing, and each field that changes is named alone", () => {
  expect(differences(evidence, { ...evidence, at: evidence.createdAt, state: "kept" })).toEqual(new Set());
  const other = { ...evidence, sha256: "e".repeat(64), bytes: 1, createdAt: "2026-11-21T07:58:40.000Z" };
  expect([...differences(evidence, other)]).toEqual(["sha256", "createdAt", "parts"]);
  expect(comparedFields).toHaveLength(8);
});

test("alarms are told apart by peer and by kind", () => {
  const all = [alarm("fork", "low"), alarm("lineage", "low"), alarm("refused", "far"), alarm("fork", "low")];
  expect(alarmsOf(all, "low")).toMatchObject({ forks: [{}, {}], lineage: { kind: "lineage" }, refused: [] });
  expect(alarmsOf(all, "far")).toMatchObject({ forks: [], lineage: undefined, refused: [{}] });
});
