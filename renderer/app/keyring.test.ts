import { expect, test } from "vitest";
import { readKeyring } from "./keyring.ts";

test("anything but a clear yes of the shell means that there is no keyring", () => {
  expect(readKeyring({ available: true, kept: true })).toEqual({ available: true, kept: true });
  expect(readKeyring({ available: "yes" })).toEqual({ available: false, kept: false });
  expect(readKeyring(null)).toEqual({ available: false, kept: false });
});
