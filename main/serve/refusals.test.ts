import { expect, test } from "vitest";
import { Refusals } from "./refusals.ts";

test("the first refusal is told at once, the others of its minute as one number, and quiet ends it", () => {
  const told: string[] = [];
  let minute: () => void = () => {};
  const refusals = new Refusals(
    (reason, count) => told.push(`${count} ${reason}`),
    (run) => {
      minute = run;
    },
  );
  for (let times = 0; times < 1000; times += 1) refusals.note("wrong token");
  expect(told).toEqual(["1 wrong token"]);
  minute();
  expect(told).toEqual(["1 wrong token", "999 wrong token"]);
  minute();
  refusals.note("wrong token");
  expect(told.at(-1)).toBe("1 wrong token");
  refusals.note("wrong token");
  refusals.note("foreign host");
  refusals.flush();
  expect(told.slice(3)).toEqual(["1 foreign host", "1 wrong token"]);
});
