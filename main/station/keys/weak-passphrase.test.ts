import { expect, test } from "vitest";
import { refuseWeakPassphrase, weakness } from "./weak-passphrase.ts";

test.each([
  "aaaaaaaaaaaaaaaaaaaa",
  "abcabcabcabcabcabc",
  "passwordpassword1",
  "Password123456789!",
  "qwertyuiop1234567890",
  "letmeinletmein2024",
  "1qaz2wsx1qaz2wsx",
  "welcome to sallyport 1",
  "ada.ada.operator.123",
])("%s is refused", (passphrase) => {
  expect(weakness(passphrase, ["ada", "low"])).not.toBeNull();
  expect(() => refuseWeakPassphrase(passphrase, ["ada", "low"])).toThrow("At passphrase");
});

test.each([
  "a passphrase of many words",
  "tidal lantern forget oboe",
  "8f1d0c77a2b94e6583",
  "größere Vögel fliegen später",
  "中文密码可以有十五个字符才够长呢",
])("%s passes", (passphrase) => {
  expect(weakness(passphrase, ["ada", "low"])).toBeNull();
});
