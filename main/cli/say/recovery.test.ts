import { describe, expect, test } from "vitest";
import { writeShareLines } from "../../../shared/share-lines.ts";
import type { Desk } from "../desk.ts";
import { givenShares } from "./recovery.ts";

/** A desk at which these lines are typed, one after the other. */
function typing(lines: readonly string[]): { desk: Desk; said: string[]; left: string[] } {
  const left = [...lines];
  const said: string[] = [];
  const desk = {
    secret: () => Promise.resolve(left.shift() ?? ""),
    note: (sentence: string) => void said.push(sentence),
  } as unknown as Desk;
  return { desk, said, left };
}

const share = (bytes: number) => writeShareLines(Uint8Array.from({ length: bytes }, (_none, at) => at * 7));

describe("shares that are typed", () => {
  test("end by themselves with a shorter line, and the list of them with an empty one", async () => {
    const [one, two] = [share(73), share(80)];
    const { desk, said, left } = typing([...one, ...two.map((line) => line.toLowerCase()), ""]);
    const given = await givenShares({}, desk);
    expect(given).toEqual([one, two].map((lines) => lines.join("\n").replaceAll(" ", "")));
    expect(said).toEqual([]);
    expect(left).toEqual([]);
  });

  test("are asked for again at the line that was typed wrong", async () => {
    const [first = "", ...rest] = share(73);
    const wrong = first.replace(/^./, (letter) => (letter === "7" ? "8" : "7"));
    const { desk, said } = typing([wrong, first, ...rest, ""]);
    expect(await givenShares({ shares: "-" }, desk)).toEqual([
      [first, ...rest].join("\n").replaceAll(" ", ""),
    ]);
    expect(said).toEqual(["That line is typed wrong, or is not line 1. Once more."]);
  });

  test("whose last line is full end with an empty one", async () => {
    const full = share(45);
    expect(full.at(-1)?.replaceAll(" ", "")).toHaveLength(20);
    const { desk } = typing([...full, "", ""]);
    expect(await givenShares({}, desk)).toEqual([full.join("\n").replaceAll(" ", "")]);
  });
});
