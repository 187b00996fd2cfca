import { expect, test } from "vitest";
import { keyAction } from "./keys.ts";

const press = (key: string, held: Partial<Record<"ctrlKey" | "altKey" | "metaKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});

test("Ctrl and a number open the page of that place; a number without a page does nothing", () => {
  expect(keyAction(press("2", { ctrlKey: true }), false)).toEqual({ kind: "page", path: "/transfer" });
  expect(keyAction(press("9", { ctrlKey: true }), false)).toBeNull();
});

test("Ctrl K and Ctrl L work even while somebody types", () => {
  expect(keyAction(press("k", { ctrlKey: true }), true)).toEqual({ kind: "palette" });
  expect(keyAction(press("L", { ctrlKey: true }), true)).toEqual({ kind: "lock" });
});

test("a question mark in a field is a letter", () => {
  expect(keyAction(press("?"), true)).toBeNull();
  expect(keyAction(press("?"), false)).toEqual({ kind: "keys" });
});

test("Alt and the arrows go back and forth", () => {
  expect(keyAction(press("ArrowLeft", { altKey: true }), false)).toEqual({ kind: "back" });
  expect(keyAction(press("ArrowRight", { altKey: true }), false)).toEqual({ kind: "forward" });
});
