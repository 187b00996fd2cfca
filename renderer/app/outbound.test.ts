import { expect, test } from "vitest";
import { countOutbound } from "./outbound.ts";

test("only another machine counts as outbound", () => {
  const entries = [
    "http://127.0.0.1:4000/a.js",
    "http://127.0.0.1:4001/b.js",
    "https://example.org/",
    "data:text/plain,x",
  ].map((name) => ({ name }));
  expect(countOutbound(entries, "127.0.0.1:4000")).toBe(2);
});
