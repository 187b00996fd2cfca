import { expect, test } from "vitest";
import { noteRates, ratePoints } from "./rates.ts";

const job = (doneBytes: number, name = "copy") => ({
  job: "j1",
  steps: [{ name, state: "running", doneBytes }],
});

test("a rate is synced bytes over the time between two snapshots", () => {
  noteRates([job(0)], 1000);
  noteRates([job(10 * 1_048_576)], 2000);
  expect(ratePoints("j1")).toEqual([{ atSeconds: 2, mebibytesPerSecond: 10 }]);
});

test("a new step starts its own count, and never gives a negative rate", () => {
  noteRates([job(5, "read-back")], 3000);
  noteRates([job(1_048_581, "read-back")], 4000);
  expect(ratePoints("j1").at(-1)).toEqual({ atSeconds: 4, mebibytesPerSecond: 1 });
});

test("snapshots that come too close together are counted with the next", () => {
  noteRates([job(2_097_157, "read-back")], 4050);
  noteRates([job(3_145_733, "read-back")], 5000);
  expect(ratePoints("j1").at(-1)).toEqual({ atSeconds: 5, mebibytesPerSecond: 2 });
});

test("a job that was not seen running has no rate", () => {
  expect(ratePoints("unknown")).toEqual([]);
});
