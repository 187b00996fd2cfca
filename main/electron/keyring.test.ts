import { describe, expect, test } from "vitest";
import { createPassphraseKeeper, type Wrapping } from "./keyring.ts";
import type { Remembered, Settings } from "./settings.ts";

function settings(): Settings & { kept(): string } {
  const values: Record<string, unknown> = { kept: {} };
  return {
    get: (name) => values[name] as never,
    set: (name, value) => {
      values[name] = value;
    },
    kept: () => JSON.stringify(values),
  };
}

type Backend = ReturnType<Wrapping["getSelectedStorageBackend"]>;

function system(backend: Backend, { opens = true, stale = false } = {}): Wrapping {
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(true),
    encryptStringAsync: (text) => Promise.resolve(Buffer.from(Buffer.from(text).map((byte) => byte ^ 1))),
    decryptStringAsync: (bytes) =>
      opens
        ? Promise.resolve({
            result: Buffer.from(bytes.map((byte) => byte ^ 1)).toString(),
            shouldReEncrypt: stale,
          })
        : Promise.reject(new Error("another key")),
    getSelectedStorageBackend: () => backend,
  };
}

describe("keeping a passphrase under the system's keyring", () => {
  test.each<Backend>(["basic_text", "unknown"])("never happens where Linux has only %s", async (backend) => {
    const store = settings();
    const keeper = createPassphraseKeeper(system(backend), store, "linux", "/low");
    expect(await keeper.keep("a passphrase of mine")).toBe(false);
    expect(await keeper.state()).toEqual({ available: false, kept: false });
    expect(store.kept()).toBe('{"kept":{}}');
  });

  test("leaves nothing readable in the settings", async () => {
    const store = settings();
    const keeper = createPassphraseKeeper(system("kwallet6"), store, "linux", "/low");
    expect(await keeper.keep("a passphrase of mine")).toBe(true);
    expect(store.kept()).not.toContain("passphrase");
    expect(await keeper.recall()).toBe("a passphrase of mine");
  });

  test("is for one station each", async () => {
    const store = settings();
    await createPassphraseKeeper(system("kwallet6"), store, "linux", "/low").keep("of low, long enough");
    const high = createPassphraseKeeper(system("kwallet6"), store, "linux", "/high");
    expect(await high.recall()).toBeNull();
    expect((store.get("kept") as Remembered["kept"])["/low"]).toBeDefined();
  });

  test("is forgotten when the keyring is another one, or no longer opens it", async () => {
    const store = settings();
    await createPassphraseKeeper(system("kwallet6"), store, "linux", "/low").keep("a passphrase of mine");
    expect(
      await createPassphraseKeeper(system("gnome_libsecret"), store, "linux", "/low").recall(),
    ).toBeNull();
    expect(store.kept()).toBe('{"kept":{}}');
    await createPassphraseKeeper(system("kwallet6"), store, "linux", "/low").keep("a passphrase of mine");
    expect(
      await createPassphraseKeeper(system("kwallet6", { opens: false }), store, "linux", "/low").recall(),
    ).toBeNull();
    expect(store.kept()).toBe('{"kept":{}}');
  });

  test("is wrapped anew when the system's key has changed", async () => {
    const store = settings();
    const keeper = createPassphraseKeeper(system("kwallet6", { stale: true }), store, "linux", "/low");
    await keeper.keep("a passphrase of mine");
    expect(await keeper.recall()).toBe("a passphrase of mine");
    expect((await keeper.state()).kept).toBe(true);
  });
});
